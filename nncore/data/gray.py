"""What counts as a gray picture."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nncore.errors import DataError


def check_gray(picture: NDArray[Any]) -> None:
    """Raise DataError unless this is one gray picture (rows, columns) of finite numbers."""
    if picture.ndim != 2 or picture.size == 0:
        raise DataError(f"A picture must be gray (rows, columns), got shape {picture.shape}.")
    if not np.isfinite(picture).all():
        raise DataError("A picture's pixels must be finite numbers, got NaN or infinity.")
