"""The signs for right and wrong, painted as shapes: no font is sure to have the glyphs."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

_CHECK = ((0.08, 0.55), (0.38, 0.85), (0.92, 0.18))
_CROSS = (((0.15, 0.15), (0.85, 0.85)), ((0.85, 0.15), (0.15, 0.85)))


def paint_verdict(painter: QPainter, box: QRectF, right: bool, color: QColor) -> None:
    """Paint a check mark or a cross into a box.

    Args:
        painter: Where to.
        box: A square [pixels].
        right: A check mark if so, else a cross.
        color: Of the strokes; the shape tells the verdict as well.
    """

    def point(x: float, y: float) -> QPointF:
        return QPointF(box.left() + x * box.width(), box.top() + y * box.height())

    path = QPainterPath()
    if right:
        start, middle, end = (point(*at) for at in _CHECK)
        path.moveTo(start)
        path.lineTo(middle)
        path.lineTo(end)
    else:
        for start, end in _CROSS:
            path.moveTo(point(*start))
            path.lineTo(point(*end))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    shape, join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
    painter.setPen(QPen(color, max(1.6, box.width() / 5), Qt.PenStyle.SolidLine, shape, join))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(path)
    painter.restore()
