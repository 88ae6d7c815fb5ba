"""ThemeControls: the colors that were chosen, or those of the system, live."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from nngui.look import apply_theme
from nngui.viewmodels.workbench import Workbench


class ThemeControls(QObject):
    """Applies a theme and remembers it.

    Args:
        bench: Remembers the choice.
        parent: Owner.
    """

    def __init__(self, bench: Workbench, parent: QObject) -> None:
        super().__init__(parent)
        self._bench = bench
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_system_theme)

    def choose(self, choice: str) -> None:
        """Take one of `THEMES`."""
        self._bench.settings.theme = choice
        self._bench.remember()
        self._apply()

    @Slot()
    def _on_system_theme(self) -> None:
        if self._bench.settings.theme == "system":
            self._apply()

    def _apply(self) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            apply_theme(app, self._bench.settings.theme)
