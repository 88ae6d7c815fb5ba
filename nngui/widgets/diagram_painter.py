"""Paints the picture of a network: lines, block, circles, labels."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from nngui.theme import Theme
from nngui.widgets.diagram_layout import SMALLEST_CIRCLE, Column

SHADES = 6
"""How many strengths of a line are told apart."""
PLAIN_SHARE = 0.35
"""How much of its color a line without a weight keeps, where lines are far apart."""
DOT = 1.3
"""Radius of the ellipsis's dots [pixels]."""


@dataclass(frozen=True)
class DiagramLayer:
    """What the picture says about a layer.

    Attributes:
        units: How many.
        name: Beneath the number, as in "ReLU" or "softmax".
        tooltip: What its tooltip says.
    """

    units: int
    name: str
    tooltip: str = ""


def paint_diagram(
    painter: QPainter,
    theme: Theme,
    layers: Sequence[DiagramLayer],
    columns: Sequence[Column],
    strengths: Sequence[NDArray[np.float64]],
    size: QSizeF,
) -> None:
    """Paint the whole picture.

    Args:
        painter: Onto what.
        theme: Its colors.
        layers: Inputs, hidden layers, output.
        columns: Where they stand.
        strengths: What the lines show (circles of the layer, circles below), -1 to 1, or nothing.
        size: Of the picture [pixels].
    """
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for index, (below, above) in enumerate(itertools.pairwise(columns)):
        if strengths:
            _paint_weights(painter, theme, below, above, strengths[index])
        else:
            lines = [_line(below, above, i, j) for i, j in _pairs(below, above)]
            _draw(painter, _faded(theme, "muted", _share(below, above)), lines)
    _paint_block(painter, theme, columns[0])
    for column in columns[1:]:
        _paint_circles(painter, theme, column, column is columns[-1])
    _paint_labels(painter, theme, layers, columns, size)


def _pairs(below: Column, above: Column) -> itertools.product[tuple[int, int]]:
    return itertools.product(range(len(below.places)), range(len(above.places)))


def _line(below: Column, above: Column, i: int, j: int) -> QLineF:
    start, end = below.x + below.half, above.x - above.half
    return QLineF(start, below.places[i], end, above.places[j])


def _share(below: Column, above: Column) -> float:
    """Short lines lie close together and would make a solid block."""
    return PLAIN_SHARE * min(1.0, max(0.4, (above.x - below.x) / 60))


def _faded(theme: Theme, role: str, share: float) -> QColor:
    """A color mixed with the window's: opaque lines are painted three times as fast."""
    color, back = theme.color(role), theme.color("window")

    def mix(front: int, behind: int) -> int:
        return round(share * front + (1 - share) * behind)

    return QColor(
        mix(color.red(), back.red()),
        mix(color.green(), back.green()),
        mix(color.blue(), back.blue()),
    )


def _draw(painter: QPainter, color: QColor, lines: list[QLineF]) -> None:
    if lines:
        # No wider: a wider line takes twice the time.
        painter.setPen(QPen(color, 1))
        painter.drawLines(lines)


def _paint_weights(
    painter: QPainter,
    theme: Theme,
    below: Column,
    above: Column,
    strengths: NDArray[np.float64],
) -> None:
    """Weak lines first, so that strong ones lie above them."""
    shades: dict[tuple[int, str], list[QLineF]] = {}
    for i, j in _pairs(below, above):
        strength = float(strengths[j, i])
        shade = min(SHADES, math.ceil(abs(strength) * SHADES))
        if shade:
            role = "positive" if strength > 0 else "negative"
            shades.setdefault((shade, role), []).append(_line(below, above, i, j))
    for (shade, role), lines in sorted(shades.items()):
        _draw(painter, _faded(theme, role, shade / SHADES), lines)


def _paint_block(painter: QPainter, theme: Theme, column: Column) -> None:
    """The inputs as a block with lines across, for the bands that its lines stand for."""
    bands = len(column.places)
    height = (column.places[-1] - column.places[0]) * bands / max(bands - 1, 1) or 12.0
    middle = (column.places[0] + column.places[-1]) / 2
    block = QRectF(column.x - column.half, middle - height / 2, 2 * column.half, height)
    radius = min(3.0, column.half)
    painter.setPen(QPen(theme.color("muted"), 1))
    painter.setBrush(theme.color("raised"))
    painter.drawRoundedRect(block, radius, radius)
    across = [
        QLineF(block.left() + 1, y, block.right() - 1, y)
        for y in (block.top() + block.height() * band / bands for band in range(1, bands))
    ]
    _draw(painter, theme.color("border"), across)


def _paint_circles(painter: QPainter, theme: Theme, column: Column, is_output: bool) -> None:
    radius = column.half
    color = theme.color("best" if is_output else "accent")
    if radius < SMALLEST_CIRCLE:
        painter.setPen(QPen(color, 2 * radius, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawPoints([QPointF(column.x, y) for y in column.places])
        return
    painter.setPen(QPen(color, 1.4))
    painter.setBrush(theme.color("surface"))
    for y in column.places:
        painter.drawEllipse(QPointF(column.x, y), radius, radius)
    if column.gap is not None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("muted"))
        dot = min(DOT, radius / 2)
        for step in (-1, 0, 1):
            painter.drawEllipse(QPointF(column.x, column.gap + step * 3.2 * dot), dot, dot)


def _paint_labels(
    painter: QPainter,
    theme: Theme,
    layers: Sequence[DiagramLayer],
    columns: Sequence[Column],
    size: QSizeF,
) -> None:
    """Numbers, and names beneath them, as far as there is room; first and last come first."""
    metrics = painter.fontMetrics()
    lines = (
        ("text", size.height() - 2 * metrics.height(), [f"{layer.units:,}" for layer in layers]),
        ("muted", size.height() - metrics.height(), [layer.name for layer in layers]),
    )
    for role, top, texts in lines:
        painter.setPen(theme.color(role))
        taken: list[QRectF] = []
        order = [0, len(layers) - 1, *range(1, len(layers) - 1)]
        for index in order:
            width = metrics.horizontalAdvance(texts[index])
            left = columns[index].x - width / 2
            left = max(0.0, min(left, size.width() - width))
            place = QRectF(left, top, width, metrics.height())
            if all(not place.adjusted(-5, 0, 5, 0).intersects(other) for other in taken):
                painter.drawText(place, Qt.AlignmentFlag.AlignCenter, texts[index])
                taken.append(place)
