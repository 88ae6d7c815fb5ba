"""Exponential smoothing of a growing curve, without the slow start of the plain formula."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

_MAX_BLOCK = 4096
_MAX_EXPONENT = 200 * math.log(10)
"""Largest natural logarithm of beta^-j worked with: float64 overflows at 308 ln 10."""


class Smoother:
    """The exponential moving average of a curve, with bias correction, fed piece by piece.

    s_t = beta s_(t-1) + (1 - beta) y_t with s_0 = 0, shown as s_t / (1 - beta^t): each value is the
    weighted mean of all samples up to it, the weights falling by beta for each step back.

    Values that are not finite are left out, and give NaN at their place.

    Args:
        beta: How much of the past is kept, in [0, 1); 0 gives the curve itself.

    Source: Kingma & Ba 2015, "Adam", section 3 (the bias correction of a moving average).
    """

    def __init__(self, beta: float) -> None:
        if not 0 <= beta < 1:
            raise ValueError(f"beta must be in [0, 1), got {beta}")
        self.beta = beta
        self._sum = 0.0
        self._count = 0

    def feed(self, values: NDArray[Any]) -> NDArray[np.float64]:
        """Smooth the next samples (count,) of the curve; returns as many values."""
        finite = np.isfinite(values)
        if finite.all():
            return self._feed_finite(np.asarray(values, np.float64))
        smooth = np.full(len(values), np.nan)
        smooth[finite] = self._feed_finite(np.asarray(values[finite], np.float64))
        return smooth

    def _feed_finite(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        if self.beta == 0 or len(values) == 0:
            return values
        smooth = self._sums(values)
        self._sum = float(smooth[-1])
        # beta^t is below float64's resolution from here on, so the correction is 1.
        ages = min(len(values), max(0, math.ceil(-40 / math.log(self.beta)) - self._count))
        times = np.arange(self._count + 1, self._count + 1 + ages)
        smooth[:ages] /= -np.expm1(times * math.log(self.beta))
        self._count += len(values)
        return smooth

    def _sums(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """The uncorrected averages s_t.

        Within a block from b on, s_(b+j) = beta^(j+1) (s_(b-1) + (1 - beta) sum_(i<=j) y_(b+i) /
        beta^(i+1)): a cumulative sum, done for all blocks at once. Blocks are short enough for
        beta^-(i+1) to stay finite; only their last values are carried on one by one.
        """
        block = min(_MAX_BLOCK, max(1, int(_MAX_EXPONENT / -math.log(self.beta))))
        block = min(block, len(values))
        powers = np.exp(np.arange(1, block + 1) * math.log(self.beta))
        blocks = -(-len(values) // block)
        sums = np.zeros((blocks, block))
        sums.ravel()[: len(values)] = values
        sums *= (1 - self.beta) / powers
        np.cumsum(sums, axis=1, out=sums)
        carry = self._sum
        carries = np.empty((blocks, 1))
        for number, total in enumerate(sums[:, -1].tolist()):
            carries[number] = carry
            carry = (carry + total) * powers[-1]
        sums += carries
        sums *= powers
        return sums.ravel()[: len(values)]
