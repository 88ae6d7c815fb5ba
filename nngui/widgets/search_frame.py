"""Frame: the axes of a search's plot, painted with their grid, ticks and titles."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from nngui.theme import Theme
from nngui.widgets.search_axis import Scale

_EVERY_ACROSS, _EVERY_UP = 90, 36
_ROOM = 3.0


class Frame(NamedTuple):
    """An area between two axes.

    Attributes:
        area: Where it is [pixels].
        across: Its horizontal axis.
        up: Its vertical axis.
    """

    area: QRectF
    across: Scale
    up: Scale

    def x(self, place: float) -> float:
        """Where a place from 0 to 1 of the horizontal axis is [pixels]."""
        return self.area.left() + place * self.area.width()

    def y(self, place: float) -> float:
        """Where a place from 0 to 1 of the vertical axis is [pixels]."""
        return self.area.bottom() - place * self.area.height()

    def has_room_for(self, at: QPointF) -> bool:
        """Whether a place is inside, or on the edge."""
        return self.area.adjusted(-_ROOM, -_ROOM, _ROOM, _ROOM).contains(at)

    def spans(self, shape: QRectF) -> dict[str, tuple[float, float] | None]:
        """The stretches of both axes that a rectangle covers; None of one with categories."""
        area = self.area
        sides = (
            ("across", self.across, (shape.left(), shape.right()), area.left(), area.width()),
            ("up", self.up, (-shape.bottom(), -shape.top()), -area.bottom(), area.height()),
        )
        return {
            name: None
            if scale.categories
            else (
                scale.value_at((ends[0] - first) / length),
                scale.value_at((ends[1] - first) / length),
            )
            for name, scale, ends, first, length in sides
        }


def paint_frame(painter: QPainter, box: QRectF, theme: Theme, across: Scale, up: Scale) -> Frame:
    """Paint two axes; returns the area between them."""
    metrics = QFontMetricsF(painter.font())
    line = metrics.height()
    ups = up.ticks(round(box.height() / _EVERY_UP))
    widths = [metrics.horizontalAdvance(text) for _, text in ups] or [20.0]
    left = min(max(widths), box.width() / 4)
    area = box.adjusted(left + line + 12, 6, -12, -2 * line - 10)
    frame = Frame(area, across, up)
    grid, muted = QPen(theme.color("grid"), 1), QPen(theme.color("muted"))
    for place, text in ups:
        y = frame.y(place)
        if not up.categories:
            painter.setPen(grid)
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
        painter.setPen(muted)
        room = QRectF(area.left() - left - 6, y - line / 2, left, line)
        elided = metrics.elidedText(text, Qt.TextElideMode.ElideRight, left)
        painter.drawText(room, _RIGHT, elided)
    crossings = across.ticks(round(area.width() / _EVERY_ACROSS))
    share = area.width() / max(len(crossings), 1) - 4
    for place, text in crossings:
        x = frame.x(place)
        if not across.categories:
            painter.setPen(grid)
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        painter.setPen(muted)
        wide = share if across.categories else max(share, metrics.horizontalAdvance(text))
        room = QRectF(x - wide / 2, area.bottom() + 3, wide, line)
        elided = metrics.elidedText(text, Qt.TextElideMode.ElideRight, wide + 1)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, elided)
    painter.setPen(QPen(theme.color("border"), 1))
    painter.drawLine(area.bottomLeft(), area.bottomRight())
    painter.drawLine(area.topLeft(), area.bottomLeft())
    _titles(painter, box, frame, theme)
    return frame


def _titles(painter: QPainter, box: QRectF, frame: Frame, theme: Theme) -> None:
    metrics, area = QFontMetricsF(painter.font()), frame.area
    line = metrics.height()
    painter.setPen(theme.color("text"))
    below = QRectF(area.left(), box.bottom() - line - 1, area.width(), line)
    text = metrics.elidedText(frame.across.title, Qt.TextElideMode.ElideRight, area.width())
    painter.drawText(below, Qt.AlignmentFlag.AlignCenter, text)
    paint_upwards(painter, frame.up.title, box.left(), area, box)


def paint_upwards(painter: QPainter, title: str, left: float, area: QRectF, box: QRectF) -> None:
    """Paint a title that is read upwards.

    Args:
        painter: Paints it, in its color and font.
        title: Its words.
        left: Its left edge [pixels].
        area: Beside which it stands, in the middle if it is short enough.
        box: What there is for a long one: also the height of the ticks' labels beneath.
    """
    metrics = QFontMetricsF(painter.font())
    line, reach = metrics.height(), box.height()
    painter.save()
    painter.translate(left, area.center().y())
    painter.rotate(-90)
    text = metrics.elidedText(title, Qt.TextElideMode.ElideRight, reach)
    beside = QRectF(-area.height() / 2, 0, area.height(), line)
    if metrics.horizontalAdvance(text) > area.height():
        beside = QRectF(-(box.bottom() - area.center().y()), 0, reach, line)
    painter.drawText(beside, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()


_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
