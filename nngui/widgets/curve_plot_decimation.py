"""MinMaxPyramid: draws any stretch of a long curve with few points and loses no peak."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


class MinMaxPyramid:
    """Minima and maxima of a growing curve over buckets of 2, 4, 8, ... samples.

    Each level is built from the one below as the curve grows, so a frame costs what is new plus
    the points it draws, not the length of the curve. Buckets lie at multiples of their size, so
    what was drawn does not flicker while the curve grows.

    Values that are not finite count as missing: a bucket without any finite value is NaN.
    """

    def __init__(self) -> None:
        self._values: Array = np.empty(0)
        self._levels: list[_Level] = []

    def __len__(self) -> int:
        return len(self._values)

    @property
    def values(self) -> Array:
        """The samples themselves, (samples,)."""
        return self._values

    def update(self, values: Array) -> None:
        """Take over a curve that begins with the samples seen before, (samples,)."""
        self._values = values
        lower: _Level | None = None
        for number in range(1, max(len(values), 1).bit_length()):
            if number > len(self._levels):
                self._levels.append(_Level())
            level = self._levels[number - 1]
            count = len(values) >> number
            if level.count == count:
                return
            if lower is None:
                minima = maxima = _only_finite(values[2 * level.count : 2 * count])
            else:
                minima = lower.minima[2 * level.count : 2 * count]
                maxima = lower.maxima[2 * level.count : 2 * count]
            level.extend(np.fmin(minima[0::2], minima[1::2]), np.fmax(maxima[0::2], maxima[1::2]))
            lower = level

    def window(self, first: int, stop: int, columns: int) -> tuple[Array, Array]:
        """Points to draw the samples `first` to `stop` in so many pixel columns.

        What is asked for may reach beyond the samples there are: the buckets are as large as if all
        were there. So a curve in the left half of a plot gets half the points, and its buckets stay
        the same while it grows.

        Args:
            first: Index of the first sample.
            stop: Index after the last sample.
            columns: Width [pixels].

        Returns:
            Positions in samples and values, (points,) each: the samples themselves when they are at
            most twice the columns, else the minimum and the maximum of each bucket, both at the
            bucket's middle, in at most as many buckets as columns, and one more. Gaps are NaN.
        """
        columns = max(columns, 2)
        asked = stop - first
        first, stop = max(first, 0), min(stop, len(self._values))
        if asked <= 2 * columns or stop <= first:
            here = np.arange(first, max(stop, first), dtype=np.float64)
            return here, _only_finite(self._values[first : max(stop, first)])
        number = (-(-asked // columns) - 1).bit_length()
        return self._buckets(number, first >> number, -(-stop >> number))

    def _buckets(self, number: int, first: int, stop: int) -> tuple[Array, Array]:
        """Two points for each bucket of level `number`, the unfinished last one included."""
        size = 1 << number
        # Of a curve shorter than one bucket there is no such level yet.
        level = self._levels[number - 1] if number <= len(self._levels) else _Level()
        whole = min(stop, level.count)
        values = np.empty((stop - first, 2), self._values.dtype)
        values[: whole - first, 0] = level.minima[first:whole]
        values[: whole - first, 1] = level.maxima[first:whole]
        middles = np.arange(first, stop, dtype=np.float64) * size + (size - 1) / 2
        if whole < stop:
            rest = _only_finite(self._values[whole * size :])
            values[-1] = np.fmin.reduce(rest), np.fmax.reduce(rest)
            middles[-1] = whole * size + (len(rest) - 1) / 2
        return np.repeat(middles, 2), values.ravel()


class _Level:
    """The finished buckets of one size."""

    def __init__(self) -> None:
        self.count = 0
        self._buffer: Array = np.empty((2, 0))

    @property
    def minima(self) -> Array:
        return self._buffer[0, : self.count]

    @property
    def maxima(self) -> Array:
        return self._buffer[1, : self.count]

    def extend(self, minima: Array, maxima: Array) -> None:
        count = self.count + len(minima)
        if count > self._buffer.shape[1]:
            buffer = np.empty((2, max(64, 2 * count)), minima.dtype)
            buffer[:, : self.count] = self._buffer[:, : self.count]
            self._buffer = buffer
        self._buffer[0, self.count : count] = minima
        self._buffer[1, self.count : count] = maxima
        self.count = count


def _only_finite(values: Array) -> Array:
    """The values with NaN in place of infinities."""
    finite = np.isfinite(values)
    return values if finite.all() else np.where(finite, values, np.nan)
