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
        theme = theme_of(self.palette())
        if not self._faulty and not theme.dark:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        # Fusion's own outline of a field can hardly be seen on a dark window.
        role, wide = ("wrong", _RING) if self._faulty else ("border", 1)
        painter.setPen(QPen(theme.color(role), wide))
        inner = QRectF(self.rect()).adjusted(wide / 2, wide / 2, -wide / 2, -wide / 2)
        painter.drawRoundedRect(inner, RADIUS / 2, RADIUS / 2)
        painter.end()
