"""PlotActions: the menu of a plot, at its button and under the right mouse button."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from nngui.icons import icon

ChoosePath = Callable[[QWidget, str, str, str], str]
"""Asks where to save: (parent, dialog title, suggested name, file filter) -> path or ""."""

FORMATS = {
    "png": (
        "Save picture as PNG…",
        "PNG picture (*.png)",
        "The plot as it looks, at twice its size.",
    ),
    "svg": (
        "Save picture as SVG…",
        "SVG picture (*.svg)",
        "The plot as lines and text that scale freely.",
    ),
    "csv": (
        "Save values as CSV…",
        "Comma-separated values (*.csv)",
        "Every recorded value, exactly.",
    ),
}
"""Ending -> words in the menu, file filter, help."""


def ask_where(parent: QWidget, title: str, suggested: str, file_filter: str) -> str:
    """Ask with the system's file dialog; "" when cancelled."""
    return QFileDialog.getSaveFileName(parent, title, suggested, file_filter)[0]


def with_ending(path: str, ending: str) -> Path:
    """The path, ending with `.ending` if it has no ending of its own."""
    return Path(path) if Path(path).suffix else Path(f"{path}.{ending}")


class PlotActions(QObject):
    """What can be done with a plot.

    Args:
        key: The plot's name, from which object names are made.
        title: The plot's name for people.
        parent: Owner of the menu.
    """

    exportAsked = Signal(str)
    """An ending of `FORMATS`."""

    def __init__(self, key: str, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._key = key
        self.menu = QMenu(parent)
        self.menu.setObjectName(f"{key}PlotMenu")
        self.menu.setToolTipsVisible(True)
        self.menu.setAccessibleName(f"Menu of the plot {title}")
        for ending, (text, _, tip) in FORMATS.items():
            action = self._add(f"save{ending.capitalize()}", text, tip)
            action.triggered.connect(partial(self.exportAsked.emit, ending))
        self.copy = self._add("copy", "Copy picture", "Puts the picture on the clipboard.")
        self.menu.addSeparator()
        self.log = self._add("log", "Logarithmic axis", "Equal factors take equal heights.")
        self.log.setCheckable(True)
        self.reset = self._add("reset", "Reset view", "Shows the whole run again (double click).")
        self.reset.setIcon(icon("reset"))
        self.reset.setEnabled(False)
        self.menu.addSeparator()
        self.save_all = self._add(
            "saveAll", "Save all curves as CSV…", "Every step and epoch of both runs in one table."
        )
        self.clear_previous = self._add(
            "clearPrevious", "Clear previous run", "Removes the faint curves of the run before."
        )
        self.clear_previous.setEnabled(False)

    def _add(self, name: str, text: str, tip: str) -> QAction:
        action = self.menu.addAction(text)
        action.setObjectName(f"{self._key}{name[0].upper()}{name[1:]}Action")
        action.setToolTip(tip)
        action.setShortcut(QKeySequence())
        return action
