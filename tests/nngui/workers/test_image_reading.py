"""Images become ink whatever their polarity; what is no image is refused in words."""

from __future__ import annotations

import struct
import zlib

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from nncore.errors import DataError
from nngui.workers.image_reading import ink_of_image, read_image_file


def drawn(paper, ink, size=(101, 80), form=QImage.Format.Format_RGB32):
    """A vertical bar of ink in the middle of paper; an odd width, so that rows are padded."""
    image = QImage(*size, form)
    image.fill(QColor(paper))
    painter = QPainter(image)
    painter.setPen(QPen(QColor(ink), 9))
    painter.drawLine(50, 15, 50, 65)
    painter.end()
    return image


def is_bar(ink):
    columns = np.flatnonzero(ink.max(axis=0) > 128)
    rows = np.flatnonzero(ink.max(axis=1) > 128)
    return (
        abs(columns.mean() - 50) < 1.5
        and 6 < len(columns) < 12
        and abs(rows.mean() - 40) < 1.5
        and ink[:, :30].max() == 0
    )


@pytest.mark.parametrize(
    ("paper", "ink"), [("white", "black"), ("black", "white"), ("#ddd", "#113")]
)
def test_ink_is_bright_whichever_of_ink_and_paper_is_darker(tmp_path, paper, ink):
    path = tmp_path / "seven.png"
    assert drawn(paper, ink).save(str(path))
    read = read_image_file(path)
    assert read.dtype == np.uint8
    assert read.shape == (80, 101)
    assert is_bar(read)


@pytest.mark.parametrize("ink", ["black", "white"])
def test_transparent_paper_is_taken_as_what_the_ink_stands_out_from(ink):
    image = drawn("transparent", ink, form=QImage.Format.Format_ARGB32)
    assert is_bar(ink_of_image(image))


def test_content_counts_and_not_the_ending(tmp_path):
    path = tmp_path / "photo.jpg"
    assert drawn("white", "black").save(str(path), "PNG")
    assert is_bar(read_image_file(path))


def png_that_claims(width, height):
    """The head of a PNG file of any size, with hardly any content."""

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    content = chunk(b"IDAT", zlib.compress(b"\0" * 100))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + content + chunk(b"IEND", b"")


def test_huge_picture_in_a_small_file_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "bomb.png"
    path.write_bytes(png_that_claims(40_000, 30_000))
    with pytest.raises(DataError, match=r"in bomb\.png: 40,000 × 30,000.*smaller copy"):
        read_image_file(path)


@pytest.mark.parametrize("content", [b"", b"no image at all", b"<svg xmlns='x' width='9'/>"])
def test_what_is_no_image_is_refused_by_name(tmp_path, content):
    path = tmp_path / "notes.png"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"notes\.png is not an image"):
        read_image_file(path)


@pytest.mark.qt_log_ignore("libpng")
def test_damaged_image_is_refused_by_name(tmp_path):
    path = tmp_path / "half.png"
    assert drawn("white", "black").save(str(path))
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(DataError, match=r"half\.png is damaged"):
        read_image_file(path)


def test_missing_file_and_folder_are_told_apart(tmp_path):
    with pytest.raises(DataError, match=r"gone\.png cannot be opened: No such file"):
        read_image_file(tmp_path / "gone.png")
    with pytest.raises(DataError, match="is a folder"):
        read_image_file(tmp_path)


def test_blank_paper_holds_nothing_to_read():
    blank = QImage(40, 40, QImage.Format.Format_RGB32)
    blank.fill(QColor("white"))
    with pytest.raises(
        DataError, match="Nothing stands out from the background in the pasted image"
    ):
        ink_of_image(blank)
    with pytest.raises(DataError, match="no pixels"):
        ink_of_image(QImage())
