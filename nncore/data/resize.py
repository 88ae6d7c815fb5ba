"""Resizes gray pictures without losing thin strokes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def resize(picture: NDArray[Any], rows: int, columns: int) -> NDArray[np.float32]:
    """Resize a gray picture, each axis by itself.

    An axis that shrinks averages exactly the area that a new pixel covers, so that no thin stroke
    falls between the samples; one that grows interpolates between the pixels' centers.

    Args:
        picture: (rows, columns), any numbers.
        rows: Rows of the result.
        columns: Columns of the result.

    Returns:
        float32 (rows, columns).
    """
    gray: NDArray[np.float32] = picture.astype(np.float32, copy=False)
    tall = np.matmul(_weights(gray.shape[0], rows), gray)
    return np.matmul(tall, _weights(gray.shape[1], columns).T)


def _weights(source: int, target: int) -> NDArray[np.float32]:
    """The matrix (target, source) that resizes one axis; each row adds up to 1."""
    step = source / target
    begins = np.arange(target)[:, None] * step
    pixels = np.arange(source)[None, :]
    if step >= 1:
        overlap = np.minimum(begins + step, pixels + 1) - np.maximum(begins, pixels)
        weights = np.maximum(overlap, 0)
    else:
        centers = np.clip(begins + step / 2 - 0.5, 0, source - 1)
        weights = np.maximum(1 - np.abs(centers - pixels), 0)
    weights /= weights.sum(axis=1, keepdims=True)
    return weights.astype(np.float32)
