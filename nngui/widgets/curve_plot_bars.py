"""CurveItem: a line, drawn as solid bars where it goes up and down within every pixel column."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from pyqtgraph.Qt import internals
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPaintEngine, QPainter

Array = NDArray[Any]


class CurveItem(pg.PlotCurveItem):
    """A line of pieces, or one bar for each bucket of samples.

    Two antialiased pieces for each bucket leave stripes between pixel columns, and take 5 ms for
    1,500 buckets; bars with hard edges, side by side, leave none and take 0.9 ms. A drawing that is
    not of pixels keeps the line.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.setSegmentedLineMode("on")
        self._bars: Array | None = None
        self._rects: Any = internals.PrimitiveArray(QRectF, 4)

    @property
    def bars(self) -> Array | None:
        """What is drawn for the line: left, bottom, width and height of each bar (bars, 4)."""
        return self._bars

    def show_bars(self, bars: Array | None) -> None:
        """Draw bars (bars, 4) and not the line; with None the line again. `setData` follows."""
        self._bars = bars
        if bars is not None:
            self._rects.resize(len(bars))
            self._rects.ndarray()[:] = bars

    def paint(self, p: QPainter, opt: Any, widget: Any) -> None:
        in_pixels = p.paintEngine().type() is not QPaintEngine.Type.SVG
        if self._bars is None or not in_pixels:
            super().paint(p, opt, widget)
            return
        p.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(self.opts["pen"].color())
        p.drawRects(*self._rects.drawargs())


def bars_of(places: Array, heights: Array, scale: float) -> Array | None:
    """The bars that cover what a line through minima and maxima does.

    Args:
        places: Each bucket's middle twice (2 buckets,).
        heights: Each bucket's minimum and maximum (2 buckets,); NaN where there is none.
        scale: Pixels for each unit of height.

    Returns:
        Left, bottom, width and height of each bar (bars, 4), meeting its neighbor to the right;
        None if these are single samples and not buckets.
    """
    if len(places) < 4 or places[0] != places[1]:
        return None
    low, high = heights[0::2].copy(), heights[1::2].copy()
    low[:-1], high[:-1] = np.fmin(low[:-1], heights[3::2]), np.fmax(high[:-1], heights[2:-1:2])
    width = places[2] - places[0]
    bars = np.empty((len(low), 4))
    # Not from the middles: the last bucket's lies elsewhere until it is full.
    bars[:, 0] = places[0] - width / 2 + width * np.arange(len(low))
    bars[:, 1] = low - 0.5 / scale
    bars[:, 2] = width
    bars[:, 3] = high - low + 1 / scale
    return bars[np.isfinite(bars[:, 3])]
