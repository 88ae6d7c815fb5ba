"""Dropout: activations left out at random in training, so that none relies on a few others."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

Array = NDArray[np.floating[Any]]

DRAWS = 65_536
"""A share is kept to in steps of 1 / DRAWS: two random bytes decide about each activation."""


class DropoutMask:
    """Leaves a share of the activations out and scales the others up by 1 / (1 - share).

    h = a m with m = 0 with probability p, else 1 / (1 - p), anew for each sample and activation, so
    that the mean stays as it is and prediction needs no mask ("inverted", as in PyTorch's Dropout).
    Source: Srivastava et al. 2014, Dropout: a simple way to prevent neural networks from
    overfitting, scaled in training (its section 10).

    Args:
        share: p, the share left out, above 0 and below 1.
        capacity: Samples of the largest batch.
        units: Activations of a sample.
        dtype: Of the activations.
    """

    def __init__(self, share: float, capacity: int, units: int, dtype: DTypeLike) -> None:
        self._limit = np.uint16(round(share * DRAWS))
        self._mask: Array = np.ones((capacity, units), dtype)
        self._applied = np.empty_like(self._mask)
        self._is_kept = np.empty(capacity * units, np.bool_)
        self._scale = self._mask.dtype.type(1 / (1 - share))

    @classmethod
    def of(cls, share: float, capacity: int, units: int, dtype: DTypeLike) -> DropoutMask | None:
        """A mask for a share, None where nothing is left out."""
        return cls(share, capacity, units, dtype) if share > 0 else None

    def draw(self, rng: np.random.Generator, batch: int) -> None:
        """Draw the mask of the next batch.

        Raw bits in pairs of bytes: 75 us for 128 × 512, where `rng.random` takes 350.
        """
        rows = self._mask[:batch]
        numbers = rng.bit_generator.random_raw(-(-rows.size // 4)).view(np.uint16)[: rows.size]
        is_kept = self._is_kept[: rows.size]
        np.greater_equal(numbers, self._limit, out=is_kept)
        np.multiply(is_kept.reshape(rows.shape), self._scale, out=rows)

    def rows(self, batch: int) -> Array:
        """The factors m of a batch (batch, units)."""
        return self._mask[:batch]

    def apply(self, a: Array) -> Array:
        """The activations that are left, a m (batch, units), until the next call; `a` is kept."""
        return np.multiply(a, self._mask[: len(a)], out=self._applied[: len(a)])

    def applied(self, batch: int) -> Array:
        """What `apply` returned last for a batch of this size."""
        return self._applied[:batch]
