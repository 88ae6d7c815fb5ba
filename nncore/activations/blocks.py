"""Going through arrays a few rows at a time, so that temporaries stay small and in the cache."""

from __future__ import annotations

from collections.abc import Iterator

from nncore.activations.activation import Array

BLOCK = 8192
"""Numbers in a block."""


def blocks(*arrays: Array) -> Iterator[tuple[Array, ...]]:
    """Views of the same few rows of every array, from the first rows to the last.

    Formulas that need a temporary work on these, so that no memory of a batch's size is taken.

    Args:
        arrays: Each (batch, units).
    """
    batch, units = arrays[0].shape
    rows = max(1, BLOCK // max(1, units))
    for start in range(0, batch, rows):
        yield tuple(array[start : start + rows] for array in arrays)
