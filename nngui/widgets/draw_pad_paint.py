"""How the draw pad looks: paper, ink, the ring of the pen, and the hint on an empty paper."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPalette, QPen

from nngui.theme import RADIUS, theme_of
from nngui.widgets.draw_pad_sheet import SIZE, InkSheet

_HINT = QColor(160, 166, 175)
_RING = QColor(160, 166, 175, 150)


@dataclass(frozen=True)
class PadLook:
    """What is drawn besides the ink.

    Attributes:
        hint: Words on the empty paper; empty for none.
        hover: Where the pen hovers, if it does [pixels of the widget].
        ring: Diameter of the pen's ring [pixels of the widget].
        focused: Whether the border stands out.
    """

    hint: str
    hover: QPointF | None
    ring: float
    focused: bool


def paint_pad(
    painter: QPainter, square: QRectF, sheet: InkSheet, look: PadLook, palette: QPalette
) -> None:
    """Paint the pad into a square of the widget."""
    theme = theme_of(palette)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    shape = QPainterPath()
    shape.addRoundedRect(square, RADIUS, RADIUS)
    painter.save()
    painter.setClipPath(shape)
    painter.drawImage(square, sheet.image)
    _paint_tail(painter, square, sheet)
    if look.hint:
        _paint_hint(painter, square, look.hint)
    if look.hover is not None:
        painter.setPen(QPen(_RING, 1))
        painter.drawEllipse(look.hover, look.ring / 2, look.ring / 2)
    painter.restore()
    width = 2 if look.focused else 1
    painter.setPen(QPen(theme.color("accent" if look.focused else "border"), width))
    inset = width / 2
    painter.drawRoundedRect(square.adjusted(inset, inset, -inset, -inset), RADIUS, RADIUS)


def _paint_tail(painter: QPainter, square: QRectF, sheet: InkSheet) -> None:
    tail = sheet.tail
    if tail is None:
        return
    painter.save()
    painter.translate(square.topLeft())
    painter.scale(square.width() / SIZE, square.height() / SIZE)
    painter.setPen(tail.pen)
    if tail.start != tail.end:
        painter.drawLine(tail.start, tail.end)
    painter.restore()


def _paint_hint(painter: QPainter, square: QRectF, hint: str) -> None:
    font = painter.font()
    font.setPointSizeF(font.pointSizeF() * 1.15)
    painter.setFont(font)
    painter.setPen(_HINT)
    words = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    painter.drawText(square.adjusted(12, 12, -12, -12), words, hint)
