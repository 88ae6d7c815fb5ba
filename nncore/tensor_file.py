"""Reads a safetensors file in two steps: what it describes, and once that is checked, its numbers.

The format is eight bytes with the length of a JSON header, the header, and the numbers.
Source: https://huggingface.co/docs/safetensors (format).
"""

from __future__ import annotations

import json
import math
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

import numpy as np
import safetensors.numpy
from numpy.typing import DTypeLike, NDArray

from nncore.errors import ModelFileError
from nncore.normalizations import BATCH_COUNT

CHECKPOINT_FORMAT = "nnscratch-checkpoint"
"""What the metadata of a checkpoint name as its format; see `nncore.checkpoint`."""
MAX_FILE_BYTES = 2**31
MAX_HEADER_BYTES = 8_000_000
ITEM_BYTES = {"F16": 2, "F32": 4, "F64": 8}
COUNT_DTYPE = "I64"
"""Of the one tensor of whole numbers, `BATCH_COUNT`."""

_SAVE_AS = "Save the weights there as .safetensors and open that file."
_FOREIGN = (
    (b"PK", "is a ZIP archive, as .pt, .npz and .keras files are, which can hide pickled programs"),
    (b"\x89HDF", "is an HDF5 file, as Keras' .h5 files are"),
    (b"\x93NUMPY", "is a .npy file"),
    (b"\x1f\x8b", "is a gzip file"),
    (b"GGUF", "is a GGUF file"),
    (b"{", "is a text file, perhaps a configuration, which is opened as such"),
)
_TAKE_ANOTHER = "Open another copy of it."


@dataclass(frozen=True)
class TensorInfo:
    """What the header says about one tensor.

    Attributes:
        dtype: "F32" and so on.
        shape: Its dimensions.
    """

    dtype: str
    shape: tuple[int, ...]


@dataclass(frozen=True)
class TensorFile:
    """The checked header of a safetensors file.

    Attributes:
        path: The file.
        metadata: Texts by name.
        tensors: What it holds by name.
    """

    path: Path
    metadata: dict[str, str]
    tensors: dict[str, TensorInfo]

    @classmethod
    def open(cls, path: Path) -> TensorFile:
        """Read and check the header; the numbers stay on the disk.

        Raises:
            ModelFileError: If it is no safetensors file, is cut short, is too large, or says
                anything that does not add up.
        """
        try:
            if not path.is_file():
                what = "is a folder, not a file" if path.is_dir() else "does not exist"
                raise ModelFileError(f"{path} {what}. Choose a .safetensors file.")
            size = path.stat().st_size
            with path.open("rb") as file:
                header = _read_header(path, file, size)
        except OSError as error:
            raise _unreadable(path, error) from None
        metadata = _metadata(path, header.pop("__metadata__", {}))
        return cls(path, metadata, {name: _info(path, name, header[name]) for name in header})

    def load(self) -> dict[str, NDArray[np.float32]]:
        """Read the numbers.

        Returns:
            The tensors as float32, contiguous and finite.

        Raises:
            ModelFileError: If they do not match the header, or are not finite.
        """
        loaded = self._load()
        return {name: self._finite(name, loaded[name], np.float32) for name in self.tensors}

    def load_as_stored(self) -> dict[str, NDArray[Any]]:
        """Read the numbers as they are.

        Returns:
            The tensors in their own types, contiguous and finite.

        Raises:
            ModelFileError: If they do not match the header, or are not finite.
        """
        loaded = self._load()
        return {name: self._finite(name, loaded[name], loaded[name].dtype) for name in self.tensors}

    def _load(self) -> dict[str, NDArray[Any]]:
        try:
            data = self.path.read_bytes()
        except OSError as error:
            raise _unreadable(self.path, error) from None
        try:
            loaded = safetensors.numpy.load(data)
        except (KeyboardInterrupt, SystemExit):
            raise
        # The library promises no error types, and a panic of its Rust code is no Exception even.
        except BaseException as error:
            raise ModelFileError(f"{self.path} is damaged: {error}. {_TAKE_ANOTHER}") from None
        if {name: array.shape for name, array in loaded.items()} != {
            name: info.shape for name, info in self.tensors.items()
        }:
            raise ModelFileError(f"{self.path} changed while it was read. Open it again.")
        return loaded

    def _finite(self, name: str, array: NDArray[Any], dtype: DTypeLike) -> NDArray[Any]:
        with np.errstate(over="ignore"):
            numbers = np.ascontiguousarray(array, dtype)
        if not np.isfinite(numbers).all():
            raise ModelFileError(
                f"{self.path}: tensor {name} holds numbers that are NaN, infinite or beyond "
                "float32, as after a training that diverged. Open a model that was saved before."
            )
        return numbers


def _read_header(path: Path, file: BinaryIO, size: int) -> dict[str, Any]:
    start = file.read(9)
    length = struct.unpack("<Q", start[:8])[0] if len(start) == 9 else 0
    # Looking for other formats comes second: a length may well look like another format's mark.
    if not 2 <= length <= MAX_HEADER_BYTES or start[8:] != b"{":
        raise ModelFileError(f"{path} {_what_it_is(start)}")
    if size > MAX_FILE_BYTES:
        raise ModelFileError(
            f"{path} has {size:,} bytes, more than the {MAX_FILE_BYTES:,} of the largest network "
            "that can be opened. Choose a smaller one."
        )
    if 8 + length > size:
        raise ModelFileError(f"{path} is cut short within its header. {_TAKE_ANOTHER}")
    try:
        header: dict[str, Any] = json.loads(b"{" + file.read(length - 1))
    except (ValueError, RecursionError):
        raise ModelFileError(f"{path}: its header is damaged. {_TAKE_ANOTHER}") from None
    _check_size(path, header, size - 8 - length)
    return header


def _what_it_is(start: bytes) -> str:
    """The other format that a file's first bytes belong to, and what to do about it."""
    for magic, words in _FOREIGN:
        if start.startswith(magic):
            return f"{words}. {_SAVE_AS}"
    if start[:1] == b"\x80" and start[1:2] in (b"\x02", b"\x03", b"\x04", b"\x05"):
        return f"is a pickle, which can run programs and is never opened. {_SAVE_AS}"
    return "is not a .safetensors file. Choose one that is."


def _check_size(path: Path, header: dict[str, Any], came: int) -> None:
    """Raise unless the tensors' sizes add up to the bytes that follow the header."""
    promised = 0
    for name, entry in header.items():
        if name != "__metadata__":
            info = _info(path, name, entry)
            item = 8 if info.dtype == COUNT_DTYPE else ITEM_BYTES[info.dtype]
            promised += item * math.prod(info.shape)
    if came != promised:
        fault = "cut short" if came < promised else "longer than its header says"
        raise ModelFileError(
            f"{path} is {fault}: {promised:,} bytes of numbers are promised, {came:,} came. "
            f"{_TAKE_ANOTHER}"
        )


def _metadata(path: Path, metadata: Any) -> dict[str, str]:
    entries = cast(dict[str, Any], metadata) if isinstance(metadata, dict) else None
    if entries is None or not all(isinstance(text, str) for text in entries.values()):
        raise ModelFileError(f"{path}: the description in its header is damaged. {_TAKE_ANOTHER}")
    return entries


def _info(path: Path, name: str, entry: Any) -> TensorInfo:
    fields = cast(dict[str, Any], entry) if isinstance(entry, dict) else {}
    dtype, shape = fields.get("dtype"), fields.get("shape")
    if not isinstance(dtype, str) or not isinstance(shape, list):
        raise ModelFileError(f"{path}: the header's entry on {name!r} is damaged. {_TAKE_ANOTHER}")
    lengths = cast(list[Any], shape)
    if len(lengths) > 8 or not all(type(length) is int and length >= 0 for length in lengths):
        raise ModelFileError(f"{path}: tensor {name!r} has no possible shape. {_TAKE_ANOTHER}")
    is_count = dtype == COUNT_DTYPE and name.rpartition(".")[2] == BATCH_COUNT
    if dtype not in ITEM_BYTES and not is_count:
        raise ModelFileError(
            f"{path}: tensor {name!r} holds {dtype[:20]} numbers; only {', '.join(ITEM_BYTES)} can "
            "be read. Convert it to float32 and save it again."
        )
    return TensorInfo(dtype, tuple(lengths))


def _unreadable(path: Path, error: OSError) -> ModelFileError:
    return ModelFileError(f"{path} cannot be read: {error.strerror}. Check its permissions.")
