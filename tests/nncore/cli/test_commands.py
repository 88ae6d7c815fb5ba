from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import nncore
from nncore import cli
from tests.nncore.cli.conftest import Nnscratch


def test_version_and_help_end_well(nnscratch: Nnscratch) -> None:
    assert nnscratch("--version") == (0, f"nnScratch {nncore.__version__}\n", "")
    ran = nnscratch("--help")
    assert ran.status == 0
    assert all(command in ran.out for command in ("train", "evaluate", "predict", "export"))


@pytest.mark.parametrize(
    "arguments",
    [
        ["tran"],
        ["--nonsense"],
        ["train", "--nonsense"],
        ["evaluate"],
        ["predict", "model.safetensors"],
        ["export", "model.safetensors"],
        ["train", "a.json", "b.json"],
    ],
    ids=" ".join,
)
def test_wrong_usage_ends_with_2_and_leaves_standard_output_empty(
    nnscratch: Nnscratch, arguments: list[str]
) -> None:
    ran = nnscratch(*arguments)
    assert ran.status == 2
    assert ran.out == ""
    assert "Error: " in ran.err


def test_failure_is_one_line(nnscratch: Nnscratch) -> None:
    for command in (["evaluate", "no.safetensors"], ["train", "no.json"]):
        ran = nnscratch(*command)
        assert ran.status == 1
        assert ran.out == ""
        assert ran.err.startswith("Error: ")
        assert ran.err.count("\n") == 1


def test_window_is_opened_without_arguments_and_without_the_command_lines_libraries() -> None:
    program = (
        "import sys, types; window = types.ModuleType('nngui.app');"
        "window.main = lambda: print('opened', {'typer', 'rich', 'PIL'} & set(sys.modules)) or 7;"
        "sys.modules['nngui.app'] = window; sys.argv = ['nnscratch'];"
        "from nncore.cli import main; sys.exit(main())"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert run.stdout == "opened set()\n"
    assert run.returncode == 7


def test_window_that_cannot_be_loaded_is_explained(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["nnscratch"])
    monkeypatch.setitem(sys.modules, "nngui.app", None)  # What Python itself does to forbid it.
    assert cli.main() == 1
    assert "window cannot be opened" in capsys.readouterr().err


def test_commands_work_without_qt(tmp_path: Path) -> None:
    program = (
        "import sys; sys.modules['PySide6'] = sys.modules['nngui'] = None;"
        "from nncore.cli import main; sys.argv = ['nnscratch', '--help']; sys.exit(main())"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, cwd=tmp_path)
    assert run.returncode == 0
