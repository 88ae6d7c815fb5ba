"""Reads an image file or a pasted image into ink for the draw pad; safe to run in any thread."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage, QImageReader

from nncore.data.digits import image_to_ink
from nncore.errors import DataError

FORMATS = ("png", "jpg", "jpeg", "bmp", "gif", "webp", "tif", "tiff", "pbm", "pgm", "ppm", "ico")
"""Endings offered for opening. SVG is left out: it is a program to draw, not a picture."""
MAX_PIXELS = 50_000_000
MAX_BYTES = 200_000_000


def read_image_file(path: Path) -> NDArray[np.uint8]:
    """Read the ink of an image file.

    Args:
        path: An image in one of `FORMATS`, told by its content and not by its name.

    Returns:
        Bright ink on dark paper, uint8 (rows, columns).

    Raises:
        DataError: If it cannot be read, is too large, or holds no ink; the message names the file.
    """
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise DataError(f"{path.name} is a folder. Choose an image file.")
    except OSError as error:
        raise DataError(f"{path.name} cannot be opened: {error.strerror}.") from None
    if size > MAX_BYTES:
        raise DataError(
            f"{path.name} has {size / 1e6:,.0f} MB; images up to {MAX_BYTES / 1e6:.0f} MB can be "
            "read. Save a smaller copy."
        )
    reader = QImageReader(str(path))
    reader.setDecideFormatFromContent(True)
    reader.setAutoTransform(True)
    kind = bytes(reader.format().data()).decode("ascii", "replace")
    if not reader.canRead() or kind not in FORMATS:
        raise DataError(
            f"{path.name} is not an image that can be read here. Choose a PNG, JPEG, BMP, GIF or "
            "WebP file."
        )
    # Asked before anything is read: a small file can stand for a picture that fills the memory.
    _check_size(path.name, reader.size())
    image = reader.read()
    if image.isNull():
        raise DataError(f"{path.name} is damaged ({reader.errorString()}). Save it again.")
    return ink_of_image(image, path.name)


def ink_of_image(image: QImage, name: str = "the pasted image") -> NDArray[np.uint8]:
    """The ink of a picture, whichever of ink and paper is the darker one.

    Args:
        image: Of any format.
        name: What to call it in a message.

    Returns:
        Bright ink on dark paper, uint8 (rows, columns).

    Raises:
        DataError: If it is empty, too large, or holds no ink.
    """
    if image.isNull():
        raise DataError(f"There are no pixels in {name}. Copy a picture first.")
    _check_size(name, image.size())
    ink = image_to_ink(_gray(image))
    if not ink.any():
        raise DataError(
            f"Nothing stands out from the background in {name}. Choose a picture of one digit on "
            "plain paper."
        )
    return np.rint(ink * 255).astype(np.uint8)


def _check_size(name: str, size: QSize) -> None:
    if size.isValid() and size.width() * size.height() > MAX_PIXELS:
        raise DataError(
            f"There are too many pixels in {name}: {size.width():,} × {size.height():,}. Up to "
            f"{MAX_PIXELS / 1e6:.0f} million can be read; save a smaller copy."
        )


def _gray(image: QImage) -> NDArray[np.uint8]:
    """The brightness of a picture (rows, columns); what is transparent becomes the paper."""
    if image.hasAlphaChannel():
        image = _on_paper(image)
    gray = image.convertToFormat(QImage.Format.Format_Grayscale8)
    # Each row is padded to a multiple of 4 bytes.
    memory = np.frombuffer(gray.constBits(), np.uint8)
    rows = memory.reshape(gray.height(), gray.bytesPerLine())
    return rows[:, : gray.width()].copy()


def _on_paper(image: QImage) -> QImage:
    """Lay a picture with transparent parts on paper that its ink stands out from."""
    image = image.convertToFormat(QImage.Format.Format_ARGB32)
    pixels = np.frombuffer(image.constBits(), np.uint8)
    pixels = pixels.reshape(image.height(), image.width(), 4).astype(np.float32)
    alpha = pixels[..., 3:] / 255
    shown = float(alpha.sum())
    brightness = float((pixels[..., :3] * alpha).sum()) / (3 * shown) if shown else 0.0
    paper = 0.0 if brightness > 127 else 255.0
    mixed = pixels[..., :3] * alpha + paper * (1 - alpha)
    mixed = np.concatenate([mixed, np.full_like(alpha, 255)], axis=2)
    data = np.ascontiguousarray(np.rint(mixed).astype(np.uint8))
    rows, columns = alpha.shape[:2]
    flat = QImage(data.data, columns, rows, columns * 4, QImage.Format.Format_ARGB32)
    return flat.copy()
