"""A strict reader of the IDX format, plain or gzipped.

An IDX file is two zero bytes, a type, the number of dimensions, each dimension as a big-endian
unsigned 32-bit integer, and then the elements, last dimension fastest.
Source: Yann LeCun, http://yann.lecun.com/exdb/mnist/ ("File formats").
"""

from __future__ import annotations

import math
import struct
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nncore.errors import DataError

MAX_BYTES = 2**31  # Unpacked; MNIST's training images are 47 million.
_GZIP = b"\x1f\x8b"
_UNSIGNED_BYTE = 0x08
# What a compressed byte can hold at most (https://zlib.net/zlib_tech.html): a header that promises
# more is lying, and nothing needs to be unpacked to know it.
_MAX_RATIO = 1032
_AGAIN = "Download it again."


def read_idx(path: Path, dimensions: int) -> NDArray[np.uint8]:
    """Read the unsigned bytes of an IDX file; a gzipped one is told by its content.

    Args:
        path: The file.
        dimensions: How many dimensions it must have: 3 for images, 1 for labels.

    Returns:
        A read-only array shaped as the file says.

    Raises:
        DataError: If it cannot be read, is not such a file, is cut short, has bytes to spare, is
            empty or is larger than `MAX_BYTES`.
    """
    try:
        if not path.is_file():
            raise DataError(f"{path} is not a file. Put the IDX file itself there.")
        if path.stat().st_size > MAX_BYTES:
            raise DataError(f"{path} is larger than {MAX_BYTES:,} bytes. Use a smaller set.")
        data = path.read_bytes()
    except OSError as error:
        reason = error.strerror
        raise DataError(f"{path} cannot be read: {reason}. Check its permissions.") from None
    if data[:2] == _GZIP:
        shape, content = _unpack(path, data, dimensions)
    else:
        header = 4 + 4 * dimensions
        shape = _shape(path, data[:header], dimensions)
        # A view, not a copy: the array keeps the file's bytes alive.
        content = memoryview(data)[header:]
    expected = math.prod(shape)
    if len(content) != expected:
        fault = "cut short" if len(content) < expected else "longer than its header says"
        came = f"{len(content):,} came" if len(content) < expected else "more came"
        raise DataError(f"{path} is {fault}: it promises {expected:,} values, {came}. {_AGAIN}")
    return np.frombuffer(content, np.uint8).reshape(shape)


def _shape(path: Path, header: bytes, dimensions: int) -> tuple[int, ...]:
    """The dimensions that a header states, after checking that this is the right kind of file."""
    if len(header) < 4 or header[:2] != b"\0\0":
        raise DataError(f"{path} is not an IDX file. Use the files in the form MNIST comes in.")
    if header[2] != _UNSIGNED_BYTE:
        raise DataError(
            f"{path} holds values of type 0x{header[2]:02x}. "
            "Use one with unsigned bytes (0x08), as MNIST has."
        )
    if header[3] != dimensions:
        kinds = {1: "labels", 3: "images"}
        raise DataError(
            f"{path} has {header[3]} dimensions where {dimensions} were expected"
            f"{' (' + kinds[dimensions] + ')' if dimensions in kinds else ''}. "
            "Check that images and labels are not mixed up."
        )
    if len(header) < 4 + 4 * dimensions:
        raise DataError(f"{path} is cut short within its header. {_AGAIN}")
    shape = struct.unpack(f">{dimensions}I", header[4:])
    words = " × ".join(f"{length:,}" for length in shape)
    if 0 in shape:
        raise DataError(f"{path} is empty: its dimensions are {words}. Use a file with samples.")
    if math.prod(shape) > MAX_BYTES:
        raise DataError(
            f"{path} promises {words} values, more than the {MAX_BYTES:,} that can be read. "
            f"{_AGAIN}"
        )
    return shape


def _unpack(path: Path, data: bytes, dimensions: int) -> tuple[tuple[int, ...], bytes]:
    """Unpack a gzipped IDX file, never beyond one value more than its header promises."""
    stream = zlib.decompressobj(wbits=31)  # 31: a gzip wrapper, whose checksum zlib verifies.
    try:
        shape = _shape(path, stream.decompress(data, 4 + 4 * dimensions), dimensions)
        expected = math.prod(shape)
        if expected > _MAX_RATIO * len(data):
            raise DataError(
                f"{path} is cut short: it promises {expected:,} values, more than its "
                f"{len(data):,} compressed bytes can hold. {_AGAIN}"
            )
        content = stream.decompress(stream.unconsumed_tail, expected + 1)
    except zlib.error:
        raise DataError(f"{path} is damaged: the compressed data do not add up. {_AGAIN}") from None
    if len(content) == expected and (not stream.eof or stream.unused_data):
        fault = "has bytes after its end" if stream.eof else "is cut short at its very end"
        raise DataError(f"{path} {fault}. {_AGAIN}")
    return shape, content
