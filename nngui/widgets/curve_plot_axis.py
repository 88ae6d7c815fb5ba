"""PlotAxis: an axis with few, nice ticks and a plain grid; imports pyqtgraph."""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPen

from nngui.theme import Theme
from nngui.widgets.curve_plot_placeholder import END_ROOM, TICK_GAP, axis_room
from nngui.widgets.curve_plot_ranges import linear_ticks, log_ticks

_EVERY_ACROSS = 90
_EVERY_UP = 34
"""Wanted distance of ticks [pixels]."""
_LEAST_UP = 24
"""Least distance of ticks on a logarithmic axis [pixels]."""


class PlotAxis(pg.AxisItem):
    """A vertical ("left") or horizontal ("bottom") axis.

    The grid is drawn opaque, at labeled ticks only, and kept as a picture: pyqtgraph's own
    takes 20 ms a frame on a wide plot, this one 1 ms, and nothing while the ranges stay.
    """

    def __init__(self, orientation: str, font: QFont, *, whole: bool) -> None:
        super().__init__(orientation, showValues=True)
        self._whole = whole
        self._log = False
        self._grid_pen = QPen()
        self._font = font
        self.enableAutoSIPrefix(False)
        self.setTickFont(font)
        assert self.label is not None  # pyqtgraph sets it to None when the axis is closed.
        self.label.setFont(font)
        self.setStyle(tickLength=0, tickTextOffset=TICK_GAP, autoExpandTextSpace=False)
        width, height = axis_room(font)
        if orientation == "left":
            self.setWidth(width)
        else:
            self.setHeight(height)
        self.setGrid(255)
        self.setZValue(-200)
        self.set_cached(True)

    def set_cached(self, cached: bool) -> None:
        """Keep the drawn axis as a picture, or draw it each time (for exports)."""
        mode = self.CacheMode.DeviceCoordinateCache if cached else self.CacheMode.NoCache
        self.setCacheMode(mode)

    def set_theme(self, theme: Theme) -> None:
        """Take on the colors of a theme."""
        self._grid_pen = QPen(theme.color("grid"), 0)
        self.setPen(QPen(theme.color("border"), 0))
        self.setTextPen(QPen(theme.color("muted"), 0))

    def set_log(self, log: bool) -> None:
        """Label the ticks as powers of ten, or as they are."""
        self._log = log
        self.picture = None
        self.update()

    def boundingRect(self) -> QRectF:
        # With a grid, pyqtgraph drops the texts at both ends of the axis, which stand out a little.
        return super().boundingRect().adjusted(-END_ROOM, -END_ROOM, END_ROOM, END_ROOM)

    def resizeEvent(self, ev: Any = None) -> None:
        """Put the title at the outer edge of the axis, at the middle of its length."""
        self.picture = None
        if self.label is None:
            return
        box, size = self.label.boundingRect(), self.size()
        if self.orientation == "left":
            self.label.setPos(-4, size.height() / 2 + box.width() / 2)
        else:
            self.label.setPos(size.width() / 2 - box.width() / 2, size.height() - box.height() + 3)

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, Any]]:
        if self._log:
            return [(1.0, log_ticks(minVal, maxVal, round(size / _LEAST_UP)))]
        most = round(size / (_EVERY_UP if self.orientation == "left" else _EVERY_ACROSS))
        return [linear_ticks(minVal, maxVal, most, whole=self._whole)]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        if self._log:
            return [number_text(10**value) for value in values]
        if self._whole:
            return [f"{value:,.0f}" for value in values]
        return [number_text(value, spacing) for value in values]

    def drawPicture(self, p: QPainter, axisSpec: Any, tickSpecs: Any, textSpecs: Any) -> None:
        p.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        p.setPen(self._grid_pen)
        for _, start, end in tickSpecs:
            p.drawLine(QPointF(start), QPointF(end))
        pen, start, end = axisSpec
        p.setPen(pen)
        p.drawLine(QPointF(start), QPointF(end))
        p.setFont(self._font)
        p.setPen(self.textPen())
        for rect, flags, text in textSpecs:
            p.drawText(QRectF(rect), int(flags) | int(Qt.TextFlag.TextDontClip), text)


def number_text(value: float, spacing: float | None = None) -> str:
    """A tick's number, short enough for the axis; `spacing` tells how many decimals matter."""
    if value == 0:
        return "0"
    if not 1e-4 < abs(value) < 1e5:
        return f"{value:.0e}".replace("e-0", "e-").replace("e+0", "e").replace("e+", "e")
    if spacing is None:
        return f"{value:.4g}"
    decimals = 0
    while decimals < 6 and abs(round(spacing, decimals) - spacing) > 1e-9 * spacing:
        decimals += 1
    return f"{value:.{decimals}f}"
