"""Reads image files as gray pictures."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from nncore.errors import DataError

MAX_PIXELS = 100_000_000
# Not all that Pillow can open: some of its formats run other programs or are full of surprises.
FORMATS = ("PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP", "PPM")
_REMEDY = f"Save the picture as one of {', '.join(FORMATS)}."


def read_gray(path: Path) -> NDArray[Any]:
    """Read an image file.

    The camera's rotation is undone; what is transparent counts as white paper, or as black ground
    where the picture itself is white.

    Args:
        path: The file; of several frames the first is taken.

    Returns:
        (rows, columns), uint8 0 to 255, or float32 0 to 1 where the file has finer steps.

    Raises:
        DataError: If it is no image, is damaged, or has more than `MAX_PIXELS`.
    """
    if not path.is_file():
        what = "is a folder, not an image" if path.is_dir() else "does not exist"
        raise DataError(f"{path} {what}. Name an image file.")
    try:
        with warnings.catch_warnings():
            # Pillow only warns of a picture that is far too large, and of damage that it overlooks.
            warnings.simplefilter("error")
            with Image.open(path, formats=FORMATS) as image:
                columns, rows = image.size
                if rows * columns > MAX_PIXELS:
                    raise DataError(
                        f"{path} has {rows:,} × {columns:,} pixels, more than the {MAX_PIXELS:,} "
                        "that are read. Make it smaller."
                    )
                return _gray(ImageOps.exif_transpose(image))
    except DataError:
        raise
    except OSError as error:
        reason = error.strerror or "it is damaged or no image"
        raise DataError(f"{path} cannot be read: {reason}. {_REMEDY}") from None
    # A damaged file may make a decoder raise anything at all.
    except Exception:
        raise DataError(f"{path} cannot be read: it is damaged or no image. {_REMEDY}") from None


def _gray(image: Image.Image) -> NDArray[Any]:
    if image.mode.startswith(("I", "F")):
        fine = np.asarray(image, dtype=np.float32)
        return (fine - fine.min()) / max(float(np.ptp(fine)), 1.0)
    if not image.has_transparency_data:
        return np.asarray(image.convert("L"))
    layered = image.convert("LA")
    gray, alpha = (np.asarray(layered.getchannel(band), np.float32) for band in "LA")
    opaque = gray[alpha > 127]
    ground = 0.0 if opaque.size and np.median(opaque) > 127 else 255.0
    return np.rint(ground + (gray - ground) * (alpha / 255)).astype(np.uint8)
