"""From any picture of a digit to the 28 × 28 pixels that MNIST would have made of it.

Source: LeCun, Cortes and Burges, http://yann.lecun.com/exdb/mnist/: "size normalized to fit in a
20x20 pixel box while preserving their aspect ratio [...] gray levels as a result of the
anti-aliasing technique [...] centered in a 28x28 image by computing the center of mass of the
pixels". What the page leaves open was measured on the 60,000 training images: the longer side is
20 pixels, the shift is by whole pixels, the center of mass lies at 14 ± 0.5 (pixel k's center at
coordinate k, so the middle is taken at 28 / 2 and not at 13.5), and the brightest pixel is 254 or
255.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nncore.data.gray import check_gray
from nncore.data.paper import image_to_ink
from nncore.data.resize import resize
from nncore.errors import DataError

__all__ = ["BOX", "MIDDLE", "SIZE", "image_to_ink", "prepare_digit"]

SIZE = 28
BOX = 20
MIDDLE = 14.0
# Fainter than this part of the brightest pixel is not ink when the digit's box is measured: the
# soft rim of an anti-aliased or enlarged stroke would make the box too large, and so the digit too
# small.
_FAINTEST_INK = 1 / 16


def prepare_digit(gray: NDArray[np.integer[Any]] | NDArray[np.floating[Any]]) -> NDArray[np.uint8]:
    """Prepare one digit as MNIST's were: crop, fit into 20 × 20, center by mass in 28 × 28.

    The ink's box is cropped, its longer side scaled to 20 pixels (area averaging when it shrinks,
    bilinear when it grows), the brightest pixel stretched to 255, and the whole moved so that the
    center of mass is within half a pixel of 14 in rows and columns (pixel k's center at coordinate
    k). Only where that would push ink over the edge, the move stops at the edge.

    Args:
        gray: (rows, columns), bright ink on a background of 0, on any scale.

    Returns:
        (28, 28); all zeros when there is no ink.

    Raises:
        DataError: If it is not one gray picture of finite, non-negative numbers.
    """
    check_gray(gray)
    if gray.min() < 0:
        raise DataError("A digit's ink must be 0 or more, got negative numbers.")
    picture = np.zeros((SIZE, SIZE), dtype=np.uint8)
    peak = float(gray.max())
    if peak == 0:
        return picture
    is_ink = gray > peak * _FAINTEST_INK
    rows = np.flatnonzero(is_ink.any(axis=1))
    columns = np.flatnonzero(is_ink.any(axis=0))
    ink = gray[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    scale = BOX / max(ink.shape)
    height, width = (max(1, round(side * scale)) for side in ink.shape)
    small = resize(ink, height, width)
    small *= 255 / small.max()
    top = _offset(small.sum(axis=1))
    left = _offset(small.sum(axis=0))
    picture[top : top + height, left : left + width] = np.rint(small)
    return picture


def _offset(mass: NDArray[np.float32]) -> int:
    """Where a digit begins in the 28 pixels, for its ink summed up along the other axis."""
    center = float(mass @ np.arange(len(mass), dtype=np.float32) / mass.sum())
    return min(max(round(MIDDLE - center), 0), SIZE - len(mass))
