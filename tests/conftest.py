"""The surroundings of every test: no screen, no settings of a person, one thread.

Set at import, because Qt and BLAS read them once, when they are loaded.
"""

from __future__ import annotations

import atexit
import importlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# Qt would take its theme and its fonts' size from the desktop that the tests happen to run on.
for name in ("QT_QPA_PLATFORMTHEME", "QT_STYLE_OVERRIDE", "QT_SCALE_FACTOR", "XDG_CURRENT_DESKTOP"):
    os.environ.pop(name, None)

_home = tempfile.TemporaryDirectory(prefix="nnscratch-tests-")
atexit.register(_home.cleanup)
HOME_VARIABLES = {
    "HOME": "",
    "USERPROFILE": "",
    "APPDATA": "roaming",
    "LOCALAPPDATA": "local",
    "XDG_CONFIG_HOME": "config",
    "XDG_DATA_HOME": "data",
    "XDG_CACHE_HOME": "cache",
    "XDG_STATE_HOME": "state",
}
for variable, folder in HOME_VARIABLES.items():
    path = Path(_home.name, folder)
    path.mkdir(exist_ok=True)
    os.environ[variable] = str(path)


def _why_no_qt() -> str:
    """Why Qt can't be loaded here; empty when it can."""
    try:
        importlib.import_module("PySide6.QtWidgets")
    except ImportError as error:
        return str(error)
    return ""


WHY_NO_QT = _why_no_qt()
NEEDS_QT = ("nngui", "integration")


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Without Qt's libraries the core can still be tested, but pytest-qt stops everything."""
    if WHY_NO_QT:
        pluginmanager.unregister(name="pytest-qt")


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave out what can't be imported without Qt; the summary says so."""
    inside = collection_path.relative_to(Path(__file__).parent).parts
    return True if WHY_NO_QT and inside[:1] and inside[0] in NEEDS_QT else None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was left out and why."""
    if WHY_NO_QT:
        for name in NEEDS_QT:
            terminalreporter.write_line(f"SKIPPED tests/{name}: Qt can't be loaded: {WHY_NO_QT}")


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    """Every test starts as on the first day: nothing is remembered from an earlier one."""
    yield
    for folder in set(HOME_VARIABLES.values()) - {""}:
        place = Path(_home.name, folder)
        if any(place.iterdir()):
            shutil.rmtree(place)
            place.mkdir()
