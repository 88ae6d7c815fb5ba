"""Series: one growing curve with its smoothed companion, ready to be drawn and read."""

from __future__ import annotations

import math
from typing import Any

from numpy.typing import NDArray

from nngui.viewmodels.curves import GrowingArray
from nngui.widgets.curve_plot_decimation import MinMaxPyramid
from nngui.widgets.curve_plot_smoothing import Smoother

Array = NDArray[Any]

_AT_ONCE = 100_000
"""Values smoothed in one frame; a million would take 20 ms."""


class Series:
    """A curve whose first value stands at 1.

    Args:
        smoothing: How much of the past the smoothed companion keeps, in [0, 1); 0 means none.
    """

    def __init__(self, smoothing: float = 0.0) -> None:
        self._raw = MinMaxPyramid()
        self._smooth_values = GrowingArray()
        self._smooth = MinMaxPyramid()
        self._smoother = Smoother(smoothing)

    def __len__(self) -> int:
        return len(self._raw)

    @property
    def values(self) -> Array:
        """The values themselves, (count,)."""
        return self._raw.values

    @property
    def is_behind(self) -> bool:
        """Whether the smoothed companion of a long curve needs another `catch_up` or more."""
        return self.smoothing > 0 and len(self._smooth_values) < len(self)

    @property
    def state(self) -> tuple[int, int, float]:
        """Differs whenever there is something else to draw."""
        return len(self), len(self._smooth_values), self.smoothing

    @property
    def smoothing(self) -> float:
        """The smoothing in force."""
        return self._smoother.beta

    def set_smoothing(self, smoothing: float) -> None:
        """Smooth anew from the beginning, with another strength; `catch_up` does it."""
        if smoothing == self.smoothing:
            return
        self._smoother = Smoother(smoothing)
        self._smooth_values = GrowingArray()
        self._smooth = MinMaxPyramid()

    def update(self, values: Array) -> None:
        """Take over the curve (count,), which begins with the values seen before."""
        self._raw.update(values)

    def catch_up(self) -> None:
        """Smooth what is not smoothed yet, as much as fits into a frame."""
        if self.is_behind:
            start = len(self._smooth_values)
            fresh = self.values[start : start + _AT_ONCE]
            self._smooth_values.extend(self._smoother.feed(fresh))
            self._smooth.update(self._smooth_values.values)

    def points(
        self, low: float, high: float, columns: int, *, smooth: bool = False
    ) -> tuple[Array, Array]:
        """Points that draw the stretch from `low` to `high`, and one value beyond each end.

        Args:
            low: Left end.
            high: Right end.
            columns: Width [pixels].
            smooth: The smoothed companion instead of the values.

        Returns:
            Places and values, (points,) each; missing values are NaN. Of a smoothed companion with
            more values than columns, one point for each bucket.
        """
        pyramid = self._smooth if smooth else self._raw
        places, values = pyramid.window(math.floor(low) - 1, math.ceil(high), columns)
        if smooth and len(places) > 1 and places[0] == places[1]:
            # It has no peaks to keep: through the buckets' middles it is as smooth as it should be.
            places, values = places[0::2], (values[0::2] + values[1::2]) / 2
        return places + 1, values

    def at(self, place: int, *, smooth: bool = False) -> float | None:
        """The value at a place from 1; None beyond the ends."""
        values = self._smooth_values.values if smooth else self.values
        return float(values[place - 1]) if 1 <= place <= len(values) else None
