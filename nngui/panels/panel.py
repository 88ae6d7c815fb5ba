"""Panel: the frame of all side panels: one column, as high as its content."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from nngui.theme import SPACE


class Panel(QWidget):
    """A part of the sidebar, which does the scrolling.

    Attributes:
        column: Where a subclass puts its widgets.
    """

    revealWanted = Signal(QWidget)
    """A widget of the panel should be scrolled into view."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(SPACE, SPACE // 2, SPACE, SPACE)
        self.column.setSpacing(SPACE)
