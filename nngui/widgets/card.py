"""Card: a titled surface that parts of a view are grouped on."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from nngui.theme import RADIUS, SPACE, Theme, theme_of


class Card(QWidget):
    """A title above a column of widgets; `header` takes more beside it or in its place."""

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = QLabel(title)
        font = QFont(self._title.font())
        font.setWeight(QFont.Weight.DemiBold)
        self._title.setFont(font)
        self.header = QHBoxLayout()
        self.header.setSpacing(SPACE)
        if title:
            self.header.addWidget(self._title)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(SPACE + 4, SPACE, SPACE + 4, SPACE + 4)
        self.column.setSpacing(SPACE)
        self.column.addLayout(self.header)

    def setTitle(self, title: str) -> None:
        """Change the title."""
        self._title.setText(title)

    def title(self) -> str:
        """The title shown."""
        return self._title.text()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_card(painter, self.rect(), theme_of(self.palette()))
        painter.end()


def paint_card(painter: QPainter, rect: QRect, theme: Theme) -> QRectF:
    """Paint the surface of a card, with its border.

    Args:
        painter: Draws with smooth edges from here on.
        rect: All of it.
        theme: Colors.

    Returns:
        What lies within the border.
    """
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(theme.color("border"))
    painter.setBrush(theme.color("surface"))
    frame = QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5)
    painter.drawRoundedRect(frame, RADIUS, RADIUS)
    return frame
