"""CurveLines: the items that draw one curve of one run; imports pyqtgraph."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen

from nngui.theme import Theme
from nngui.widgets.curve_plot_bars import CurveItem, bars_of
from nngui.widgets.curve_plot_dashes import cut_dashes
from nngui.widgets.curve_plot_series import Series
from nngui.widgets.curve_plot_sign import BEHIND, FULL, PREVIOUS
from nngui.widgets.curve_plot_spec import CurveSpec, Quantity

Array = NDArray[Any]

_ROUND_UP_TO = 100
"""Points up to which a line gets round joints; of 1500 they take 14 ms."""
_CALM = 20
"""How many times its own height a line may go up and down and still be drawn thick."""
_DOTS_UP_TO = 60
_DOT_DISTANCE = 9
"""Least distance of two values that get a dot each [pixels]."""
_DOT = 6.5
_THICK, _THIN = 2.0, 1.0
_DASH, _GAP = 8.0, 5.0
"""[pixels]"""
_BACK = 0.5
"""Depth behind all lines."""
_EMPTY = np.empty(0)


class CurveLines:
    """One curve of one run: a line, its smoothed companion, and dots where values are few.

    Args:
        view: Where the items live.
        spec: The curve.
        faint: Whether it belongs to the previous run.
    """

    def __init__(self, view: pg.ViewBox, spec: CurveSpec, *, faint: bool) -> None:
        self.spec = spec
        self._faint = faint
        self._strength = PREVIOUS if faint else FULL
        self._depth = 1 if faint else 3
        self.line = _add_item(view, self._depth)
        self.smooth_line = _add_item(view, 2 if faint else 4)
        self.dots = _add_item(view, 1 if faint else 5)
        self._colors: dict[float, QColor] = {}
        self._ratio = 1.0
        self._raw: tuple[Array, Array] = _EMPTY, _EMPTY
        self._smoothed: tuple[Array, Array] | None = None
        self._extent: tuple[float, float] | None = None
        self._looked_at: tuple[Any, ...] = ()
        self._drawn: tuple[Any, ...] = ()

    def set_theme(self, theme: Theme) -> None:
        """Take on the colors of a theme; seen after the next `draw`."""
        self._drawn = ()
        color, ground = theme.color(self.spec.role), theme.color("surface")
        # Opaque: where the pieces of a translucent line overlap it would be darker.
        self._colors = {share: _mix(color, ground, share) for share in (FULL, PREVIOUS, BEHIND)}

    def clear(self) -> None:
        """Draw nothing."""
        self._looked_at = self._drawn = ()
        for item in (self.line, self.smooth_line, self.dots):
            _erase(item)

    def look(
        self, series: Series, span: tuple[float, float], columns: int, scale: tuple[Quantity, bool]
    ) -> tuple[float, float] | None:
        """Work out what `draw` will draw: the stretch of a series that is in sight.

        Args:
            series: The values. When they are smoothed, the current run's smoothed line lies over
                the faint values; of the previous run only the smoothed line is drawn.
            span: Left and right end of the view.
            columns: Width of the view [pixels].
            scale: The quantity shown, and whether on a logarithmic axis.

        Returns:
            The lowest and highest position of the values in view on the vertical axis, or None.
        """
        looked_at = series, series.state, span, columns, scale
        if looked_at == self._looked_at:
            return self._extent
        self._looked_at, self._drawn = looked_at, ()
        quantity, log = scale
        places, values = series.points(*span, columns)
        self._raw = places, quantity.positions(values, log=log)
        self._smoothed = None
        if series.smoothing > 0:
            # A smoothed curve has no peaks to keep: half the columns look the same.
            places, values = series.points(*span, columns // 2, smooth=True)
            self._smoothed = places, quantity.positions(values, log=log)
        places, heights = self._raw
        inside = (places >= span[0]) & (places <= span[1])
        heights = heights[np.isfinite(heights) & inside]
        self._extent = (float(heights.min()), float(heights.max())) if len(heights) else None
        return self._extent

    def draw(self, scale: tuple[float, float], ratio: float) -> None:
        """Draw what `look` found.

        Args:
            scale: Pixels for each unit of the axes, across and up.
            ratio: Dots of the device for each pixel.
        """
        if (scale, ratio) == self._drawn:
            return
        self._drawn = scale, ratio
        self._ratio = ratio
        smooth = self._smoothed is not None
        if smooth and self._faint:
            _erase(self.line)
            _erase(self.dots)
        else:
            strength = BEHIND if smooth else self._strength
            # The previous run's smoothed line must not vanish behind the current run's values.
            self.line.setZValue(_BACK if smooth else self._depth)
            self._draw_line(self.line, *self._raw, scale, strength, thin=smooth)
            self._draw_dots(*self._raw, scale, strength)
        if self._smoothed is not None:
            self._draw_line(self.smooth_line, *self._smoothed, scale, self._strength)
        else:
            _erase(self.smooth_line)

    def _draw_line(
        self,
        item: CurveItem,
        places: Array,
        heights: Array,
        scale: tuple[float, float],
        strength: float,
        *,
        thin: bool = False,
    ) -> None:
        """Set an item's data; what is not finite becomes a gap and never reaches the item."""
        finite, whole = np.isfinite(heights), (places, heights)
        connect: Any = "all"
        if not finite.all():
            kept = np.flatnonzero(finite)
            places, heights = places[kept], heights[kept]
            connect = np.append(np.diff(kept) == 1, False)[: len(kept)]
        calm = _is_calm(heights)
        pen = self._pen(_THIN if thin or not calm else _THICK, strength)
        item.show_bars(None if calm or self.spec.dashed else bars_of(*whole, scale[1]))
        few = len(places) <= _ROUND_UP_TO
        pen.setCapStyle(Qt.PenCapStyle.RoundCap if few else Qt.PenCapStyle.SquareCap)
        if self.spec.dashed:
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            places, heights = _cut(places, heights, connect, scale)
            connect = "pairs"
        item.setData(places, heights, connect=connect, skipFiniteCheck=True, pen=pen)
        item.show()

    def _draw_dots(
        self, places: Array, heights: Array, scale: tuple[float, float], strength: float
    ) -> None:
        finite = np.isfinite(heights)
        places, heights = places[finite], heights[finite]
        count = len(places)
        if count == 0 or count > _DOTS_UP_TO or (count > 1 and scale[0] < _DOT_DISTANCE):
            _erase(self.dots)
            return
        pen = self._pen(_DOT, strength)
        square, round_ = Qt.PenCapStyle.SquareCap, Qt.PenCapStyle.RoundCap
        pen.setCapStyle(square if self.spec.dashed else round_)
        # Lines almost without length: their caps are the dots.
        across = np.repeat(places, 2)
        across[1::2] += 0.05 / scale[0]
        up = np.repeat(heights, 2)
        self.dots.setData(across, up, connect="pairs", skipFiniteCheck=True, pen=pen)
        self.dots.show()

    def _pen(self, width: float, strength: float) -> QPen:
        # A cosmetic pen is as wide in dots of the device, however dense they are.
        pen = QPen(self._colors[strength], width * self._ratio)
        pen.setCosmetic(True)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        return pen


def _is_calm(heights: Array) -> bool:
    """Whether a line with many points goes up and down so little that it is cheap to draw thick."""
    if len(heights) < 2:
        return True
    return float(np.abs(np.diff(heights)).sum()) <= _CALM * float(np.ptp(heights))


def _cut(
    places: Array, heights: Array, connect: Any, scale: tuple[float, float]
) -> tuple[Array, Array]:
    """Cut a line with gaps into dashes; `connect` tells which points are joined to the next."""
    stretches = [slice(None)]
    if not isinstance(connect, str):
        ends = (np.flatnonzero(~connect) + 1).tolist()
        stretches = [slice(*pair) for pair in itertools.pairwise([0, *ends])]
    pieces = [cut_dashes(places[part], heights[part], scale, _DASH, _GAP) for part in stretches]
    cut = [np.concatenate(parts) for parts in zip(*pieces, strict=True)]
    return (cut[0], cut[1]) if cut else (_EMPTY, _EMPTY)


def _mix(color: QColor, ground: QColor, share: float) -> QColor:
    """A color laid over another with an opacity of `share`."""
    rest = 1 - share
    return QColor.fromRgbF(
        share * color.redF() + rest * ground.redF(),
        share * color.greenF() + rest * ground.greenF(),
        share * color.blueF() + rest * ground.blueF(),
    )


def _erase(item: CurveItem) -> None:
    if item.xData is not None and len(item.xData):
        item.setData(_EMPTY, _EMPTY)
        item.hide()  # The scene would ask it for its place, and paint it, in every frame.


def _add_item(view: pg.ViewBox, depth: int) -> CurveItem:
    item = CurveItem(antialias=True)
    item.setSegmentedLineMode("on")
    item.setZValue(depth)
    item.hide()
    view.addItem(item, ignoreBounds=True)
    return item
