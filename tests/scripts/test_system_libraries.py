from __future__ import annotations

import sys
from pathlib import Path

import pytest

from scripts import system_libraries

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux is asked")


@pytest.fixture
def lacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Pretend that the loader misses libraries for a Qt file, and that only `tools` are there."""

    def pretend(missing: dict[str, str], tools: tuple[str, ...] = ()) -> None:
        lines = [
            f'case "$*" in *{file}*) echo "\t{name} => not found";; esac'
            for name, file in missing.items()
        ]
        shell = '#!/bin/sh\necho "\tlibc.so.6 => /lib/libc.so.6 (0x00007f)"\n'
        for name, text in {"ldd": "\n".join(lines), **dict.fromkeys(tools, "")}.items():
            program = tmp_path / name
            program.write_text(f"{shell}{text}\n")
            program.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path))
        monkeypatch.setattr(system_libraries, "POSTGRESQL", tmp_path / "postgresql")

    return pretend


def test_nothing_is_missing_where_the_loader_finds_everything(lacks):
    lacks({})
    assert system_libraries.missing("run") == (set(), [])


def test_a_library_of_every_use_asks_for_the_offscreen_packages(lacks):
    lacks({"libEGL.so.1": "QtGui"})
    absent, packages = system_libraries.missing("run")
    assert absent == {"libEGL.so.1"}
    assert "libegl1" in packages
    assert "libxcb-cursor0" not in packages


def test_a_library_of_the_window_alone_asks_for_the_window_packages(lacks):
    lacks({"libxcb-cursor.so.0": "libqxcb"})
    absent, packages = system_libraries.missing("run")
    assert absent == {"libxcb-cursor.so.0"}
    assert "libxcb-cursor0" in packages
    assert "libegl1" not in packages


def test_only_the_tests_ask_for_a_screen_a_mouse_and_a_server(lacks, tmp_path: Path):
    lacks({}, tools=("xdotool",))
    assert system_libraries.missing("run") == (set(), [])
    absent, packages = system_libraries.missing("test")
    assert absent == {"Xvfb", "import", "pg_ctl"}
    assert packages == ["xvfb", "imagemagick", "postgresql"]
    (tmp_path / "postgresql/15/bin").mkdir(parents=True)
    (tmp_path / "postgresql/15/bin/pg_ctl").touch()
    assert "pg_ctl" not in system_libraries.missing("test")[0]


def test_without_root_the_exact_line_is_printed(
    lacks, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    lacks({"libxcb-cursor.so.0": "libqxcb"})
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setattr("sys.argv", ["system_libraries.py", "run"])
    with pytest.raises(SystemExit) as stopped:
        system_libraries.main()
    assert stopped.value.code == 1
    assert (
        "    sudo apt-get update && sudo apt-get install -y libxcb-cursor0 libxcb-icccm4 "
        "libxcb-keysyms1 libxcb-shape0 libxkbcommon-x11-0\n"
    ) in capsys.readouterr().err
