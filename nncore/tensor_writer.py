"""Writes a safetensors file part by part, so that other threads work meanwhile.

The library puts the whole file together in memory and holds Python's lock for it: 33 ms at 37 MB,
in which the window could not answer and a training in another thread would rest.
Source: https://huggingface.co/docs/safetensors (format).
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

_NAMES = {np.dtype(np.float32): "F32", np.dtype(np.float64): "F64"}
_ALIGNMENT = 8


def tensor_writer(
    tensors: Mapping[str, NDArray[np.floating[Any]]], metadata: Mapping[str, str]
) -> Callable[[BinaryIO], None]:
    """What writes some tensors into a file that it is given.

    Args:
        tensors: By name, float32 or float64; nobody may change them meanwhile.
        metadata: Texts by name.
    """
    # The largest items first, so that each tensor begins at a multiple of its own.
    order = sorted(tensors, key=lambda name: (-tensors[name].itemsize, name))
    header: dict[str, Any] = {"__metadata__": dict(metadata)}
    end = 0
    for name in order:
        array = tensors[name]
        start, end = end, end + array.nbytes
        shape = list(array.shape)
        header[name] = {
            "dtype": _NAMES[array.dtype],
            "shape": shape,
            "data_offsets": [start, end],
        }
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % _ALIGNMENT)

    def write(file: BinaryIO) -> None:
        file.write(struct.pack("<Q", len(text)) + text)
        for name in order:
            little_endian = tensors[name].astype(tensors[name].dtype.newbyteorder("<"), copy=False)
            if little_endian.size:
                file.write(np.ascontiguousarray(little_endian).data.cast("B"))

    return write
