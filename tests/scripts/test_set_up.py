from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import set_up

MAKE = "import sys; from scripts import set_up; set_up.make_environment(set_up.Path(sys.argv[1]))"


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    return tmp_path / "environment"


def test_environment_is_made_without_ensurepip(environment: Path, tmp_path: Path):
    """Debian's Python is one without, so this Python is made one."""
    (tmp_path / "ensurepip.py").write_text("raise ImportError('ensurepip is disabled')\n")
    without = os.environ | {"PYTHONPATH": str(tmp_path)}
    command = [sys.executable, "-c", MAKE, environment]
    subprocess.run(command, cwd=set_up.ROOT, env=without, check=True)
    done = subprocess.run([environment / "bin/python", "-c", "import pip"], capture_output=True)
    assert done.returncode == 1
    assert b"No module named 'pip'" in done.stderr


def test_working_environment_is_kept_and_a_broken_one_is_replaced(environment: Path):
    python = set_up.make_environment(environment)
    mark = environment / "mark"
    mark.touch()
    set_up.make_environment(environment)
    assert mark.exists()
    python.unlink()
    python.symlink_to("/no/such/python")
    set_up.make_environment(environment)
    assert not mark.exists()
    assert subprocess.run([python, "-c", ""]).returncode == 0


def test_unsupported_python_is_refused_in_words(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sys.version_info", (3, 10, 12))
    monkeypatch.setattr("sys.version", "3.10.12 (main)")
    monkeypatch.setattr("sys.argv", ["set_up.py", "run"])
    with pytest.raises(SystemExit, match=r"needs Python 3\.11 to 3\.14, this one is 3\.10\.12"):
        set_up.main()
