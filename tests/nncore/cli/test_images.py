from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from nncore.cli.images import MAX_PIXELS, read_gray
from nncore.errors import DataError

RAMP = np.arange(200, dtype=np.uint8).reshape(10, 20)


@pytest.mark.parametrize("suffix", ["png", "bmp", "gif", "tiff", "pgm", "webp"])
def test_gray_pictures_come_back(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    Image.fromarray(RAMP).save(path, **({"lossless": True} if suffix == "webp" else {}))
    np.testing.assert_allclose(read_gray(path), RAMP, atol=1)


def test_suffix_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    Image.fromarray(RAMP).save(path, format="PNG")
    np.testing.assert_array_equal(read_gray(path), RAMP)


def test_color_becomes_gray(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.new("RGB", (2, 1), (255, 0, 0)).save(path)
    assert read_gray(path).tolist() == [[76, 76]]  # ITU-R 601: 0.299 of red.


def test_fine_steps_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.fromarray(RAMP.astype(np.uint16) * 257).save(path)
    np.testing.assert_allclose(read_gray(path), RAMP / 199, atol=1e-4)


@pytest.mark.parametrize(("ink", "ground"), [(0, 255), (255, 0)])
def test_transparent_ground_stands_out_from_the_ink(tmp_path: Path, ink: int, ground: int) -> None:
    pixels = np.zeros((10, 10, 4), np.uint8)
    pixels[3:6, 3:6] = (ink, ink, ink, 255)
    path = tmp_path / "a.png"
    Image.fromarray(pixels).save(path)
    gray = read_gray(path)
    assert gray[4, 4] == ink
    assert gray[0, 0] == ground


def test_camera_rotation_is_undone(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    exif = Image.Exif()
    exif[0x0112] = 6  # Turn by 90 degrees clockwise to see it upright.
    Image.fromarray(RAMP).save(path, exif=exif)
    np.testing.assert_array_equal(read_gray(path), np.rot90(RAMP, -1))


def png_header(columns: int, rows: int) -> bytes:
    """A PNG that promises many pixels and holds a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    size = struct.pack(">IIBBBBB", columns, rows, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", size)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("side", [10_001, 14_000, 2**31 - 1])
def test_image_bomb_is_refused_unread(tmp_path: Path, side: int) -> None:
    assert side * side > MAX_PIXELS
    path = tmp_path / "bomb.png"
    path.write_bytes(png_header(side, side))
    with pytest.raises(DataError, match=r"bomb\.png"):
        read_gray(path)


@pytest.mark.parametrize(
    "data",
    [b"", b"text", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", png_header(30, 30)],
    ids=["empty", "text", "PostScript", "cut short"],
)
def test_what_is_no_image_is_named(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(data)
    with pytest.raises(DataError, match=r"a\.png"):
        read_gray(path)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data(), format=st.sampled_from(["PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP"]))
def test_damaged_images_raise_nothing_but_data_errors(
    tmp_path: Path, data: st.DataObject, format: str
) -> None:
    path = tmp_path / "a"
    Image.fromarray(RAMP).save(path, format=format)
    spoiled = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        spoiled[data.draw(st.integers(0, len(spoiled) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(spoiled[: data.draw(st.integers(1, len(spoiled)))])
    try:
        gray = read_gray(path)
    except DataError:
        return
    assert gray.ndim == 2
