"""BestMark: the dotted line and the diamond at a plot's best place; imports pyqtgraph."""

from __future__ import annotations

import math

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QPen

from nngui.theme import Theme


class BestMark:
    """Hidden until there is a best place.

    Args:
        view: Where the items live.
    """

    def __init__(self, view: pg.ViewBox) -> None:
        self.line = pg.InfiniteLine(angle=90, movable=False)
        self.diamond = pg.ScatterPlotItem(symbol="d", size=19, useCache=False, antialias=True)
        self.diamond.setBrush(None)
        self._shown: tuple[int | None, float, float] = None, math.nan, math.nan
        for item, depth in ((self.line, 0), (self.diamond, 6)):
            item.setZValue(depth)
            item.hide()
            view.addItem(item, ignoreBounds=True)

    def set_look(self, theme: Theme, ratio: float) -> None:
        """Take on a theme's color, for so many dots of the device for each pixel."""
        pen = QPen(theme.color("best"), 1.5 * ratio)
        pen.setCosmetic(True)
        pen.setDashPattern([1.0, 3.0])
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        self.line.setPen(pen)
        outline = QPen(theme.color("best"), 2 * ratio)
        outline.setCosmetic(True)
        self.diamond.setPen(outline)

    def show(self, place: int | None, height: float, crisp: float) -> None:
        """Mark a place, or none.

        Args:
            place: Where.
            height: Where the diamond stands, if that is a number.
            crisp: Nearest to the place where a line fills one column of pixels and not two by half.
        """
        if (place, height, crisp) == self._shown:
            return
        self._shown = place, height, crisp
        self.line.setVisible(place is not None)
        self.diamond.setVisible(place is not None and math.isfinite(height))
        if place is not None:
            self.line.setPos(crisp)
            if math.isfinite(height):
                self.diamond.setData([place], [height])
