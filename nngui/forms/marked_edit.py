"""MarkedEdit: a line of text that can be marked as one that cannot be used."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLineEdit, QWidget

from nngui.theme import RADIUS, theme_of

_RING = 2


class MarkedEdit(QLineEdit):
    """A line of text with a ring inside its frame while it is faulty."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._faulty = False

    @property
    def faulty(self) -> bool:
        """Whether it is marked."""
        return self._faulty

    def set_faulty(self, faulty: bool) -> None:
        """Mark it as one whose value cannot be used."""
        if faulty != self._faulty:
            self._faulty = faulty
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._faulty:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme_of(self.palette()).color("wrong"), _RING))
        inner = QRectF(self.rect()).adjusted(_RING / 2, _RING / 2, -_RING / 2, -_RING / 2)
        painter.drawRoundedRect(inner, RADIUS / 2, RADIUS / 2)
        painter.end()
