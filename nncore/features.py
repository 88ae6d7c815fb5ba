"""From stored samples to what the network is fed: the one place where pixels are scaled."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

PIXEL_SCALE = 1 / 255
"""Factor from a stored pixel (0 to 255) to a feature (0 to 1)."""


def scale_pixels(
    images: NDArray[np.uint8], out: NDArray[np.floating[Any]] | None = None
) -> NDArray[np.floating[Any]]:
    """Scale pixels to features.

    Args:
        images: Pixels (batch, features), 0 to 255.
        out: Where the features go (batch, features), float32 or float64; a new float32 array if
            None.

    Returns:
        Features 0 to 1 (batch, features).
    """
    if out is None:
        out = np.empty(images.shape, np.float32)
    return np.multiply(images, out.dtype.type(PIXEL_SCALE), out=out)
