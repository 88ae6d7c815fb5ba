"""The sign of a curve: a short line or mark in its color and style, for legends and read-outs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from nngui.theme import Theme

SIGN_WIDTH = 26
"""[pixels]"""
FULL, PREVIOUS, BEHIND = 1.0, 0.45, 0.25
"""How much of its color a curve keeps: the current run's, the previous run's, and recorded values
behind their smoothed line, which must let the previous run's smoothed line be seen."""


class Stroke(Enum):
    """How a curve is drawn."""

    SOLID = "solid"
    DASHED = "dashed"
    BEST = "best"
    """The dotted line and diamond of the best epoch."""


@dataclass(frozen=True)
class Sign:
    """Color, stroke and strength.

    Attributes:
        role: Color in the theme.
        stroke: How the line is drawn.
        strength: How much of its color it keeps.
        mark: Whether the line carries the dot of a value.
    """

    role: str
    stroke: Stroke = Stroke.SOLID
    strength: float = FULL
    mark: bool = True


def paint_sign(painter: QPainter, rect: QRectF, sign: Sign, theme: Theme) -> None:
    """Paint a sign into a rectangle, its line at the middle of the height."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    color = theme.color(sign.role, round(255 * sign.strength))
    pen = QPen(color, 2.0)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if sign.stroke is Stroke.DASHED:
        pen.setDashPattern([4.0, 2.5])
    elif sign.stroke is Stroke.BEST:
        pen.setWidthF(1.5)
        pen.setDashPattern([1.0, 2.0])
    painter.setPen(pen)
    middle = rect.center()
    painter.drawLine(QPointF(rect.left(), middle.y()), QPointF(rect.right(), middle.y()))
    if sign.stroke is Stroke.BEST:
        painter.setPen(QPen(color, 2.0))
        painter.setBrush(theme.color("surface"))
        painter.drawPolygon(_diamond(middle, 6))
    elif sign.mark:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        if sign.stroke is Stroke.DASHED:
            painter.drawRect(QRectF(middle.x() - 3, middle.y() - 3, 6, 6))
        else:
            painter.drawEllipse(middle, 3.25, 3.25)
    painter.restore()


def _diamond(center: QPointF, radius: float) -> QPolygonF:
    x, y = center.x(), center.y()
    corners = [(x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)]
    return QPolygonF([QPointF(*corner) for corner in corners])
