"""What tests of the window's parts share: a store, and a hand that fills in fields."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget
from shiboken6 import isValid

from nncore.config import RunConfig
from nngui.main_window import MainWindow
from nngui.viewmodels.config_store import ConfigStore
from nngui.viewmodels.run_state import RunState
from nngui.viewmodels.settings import Settings
from nngui.viewmodels.workbench import Workbench
from nngui.workers import garbage
from nngui.workers.garbage import GarbageSearch
from tests.idx_files import write_idx_folder
from tests.made_data import make_dataset

Enter = Callable[[QWidget, Any], None]


@pytest.fixture(autouse=True, scope="session")
def _garbage(qapp) -> Iterator[None]:
    """As in the program: no window dies in a thread that trains, or while another is painted."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(garbage, "SETTLING", 0)
        search = GarbageSearch()
    yield
    search.close()


@pytest.fixture(autouse=True)
def _bury(qapp, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let what was given up die now and in order.

    A store dies with its undo steps in whatever order the garbage collector takes them, and Qt
    then deletes a step twice; the program clears its one stack when it closes.
    """
    stores: list[ConfigStore] = []
    build = ConfigStore.__init__

    def remember(self: ConfigStore, *arguments: Any, **named: Any) -> None:
        build(self, *arguments, **named)
        stores.append(self)

    monkeypatch.setattr(ConfigStore, "__init__", remember)
    yield
    for store in stores:
        if isValid(store) and isValid(store.undoStack):
            store.undoStack.clear()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def store(qapp) -> ConfigStore:
    """A store with the default configuration."""
    return ConfigStore()


@pytest.fixture
def window(qtbot, tmp_path) -> Iterator[MainWindow]:
    """The whole window, ready to train on a small data set."""
    folder = write_idx_folder(tmp_path / "data", make_dataset(samples=120, classes=3, side=28))
    settings = Settings(tmp_path / "settings.json")
    settings.config = RunConfig.from_dict({"data": {"name": str(folder)}})
    window = MainWindow(Workbench(settings, tmp_path), "the log file")
    window.firstPainted.connect(window.bench.start)
    with qtbot.waitExposed(window):
        window.show()
    qtbot.waitUntil(lambda: window.bench.session.state is RunState.READY)
    yield window
    window.close()
    window.deleteLater()


@pytest.fixture
def enter(qapp) -> Enter:
    """Puts a value into a field with the keyboard, as a person would, without leaving the field."""

    def fill_in(widget: QWidget, value: Any) -> None:
        if isinstance(widget, QCheckBox):
            widget.click()
        elif isinstance(widget, QComboBox) and not widget.isEditable():
            place = widget.findData(value)
            assert place >= 0, f"{value} is not offered"
            # Setting the index alone is what a program does; a person's choice is also announced.
            widget.setCurrentIndex(place)
            widget.activated.emit(place)
        else:
            widget.setFocus()
            QTest.keyClick(widget, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
            QTest.keyClicks(widget, str(value)) if str(value) else QTest.keyClick(
                widget, Qt.Key.Key_Delete
            )

    return fill_in
