"""PlotPlaceholder: an empty plot, painted without the plotting library, for the first moment."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from nngui.theme import theme_of

END_ROOM = 20
"""Above and beside a plot, for half a tick text [pixels]."""
TICK_GAP = 6
"""Between tick texts and the axis [pixels]."""


def axis_room(font: QFont) -> tuple[int, int]:
    """Width of a vertical and height of a horizontal axis, each with its title [pixels].

    They depend on the font alone, so plots align and nothing moves when numbers grow longer.
    """
    metrics = QFontMetricsF(font)
    width = metrics.horizontalAdvance("0.0005") + metrics.height() + 2 * TICK_GAP
    return round(width), round(2 * metrics.height() + 2 * TICK_GAP)


class PlotPlaceholder(QWidget):
    """Axes without ticks, where those of the plot will stand.

    Args:
        horizontal: Title of the horizontal axis.
        vertical: Title of the vertical axis.
        font: For the titles.
        parent: Owner.
    """

    def __init__(
        self, horizontal: str, vertical: str, font: QFont, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._titles = horizontal, vertical
        self.setFont(font)

    def set_vertical(self, title: str) -> None:
        """Change the title of the vertical axis."""
        self._titles = self._titles[0], title
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_of(self.palette())
        left, bottom = axis_room(self.font())
        area = QRectF(self.rect()).adjusted(left, END_ROOM // 2, -END_ROOM, -bottom)
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("surface"))
        painter.setPen(QPen(theme.color("grid"), 0))
        for part in range(5):
            y = round(area.top() + area.height() * part / 5)
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
        painter.setPen(QPen(theme.color("border"), 0))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        painter.drawLine(area.topLeft(), area.bottomLeft())
        painter.setPen(theme.color("muted"))
        center = Qt.AlignmentFlag.AlignCenter
        height = QFontMetricsF(self.font()).height()
        below = QRectF(area.left(), self.height() - height - 1, area.width(), height)
        painter.drawText(below, center, self._titles[0])
        painter.translate(0, area.center().y())
        painter.rotate(-90)
        beside = QRectF(-area.height() / 2, 0, area.height(), height)
        painter.drawText(beside, center, self._titles[1])
        painter.end()
