from __future__ import annotations

import gzip
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nncore.data.idx import MAX_BYTES, read_idx
from nncore.errors import DataError

Idx = Callable[[np.ndarray], bytes]
IMAGES = np.random.default_rng(0).integers(0, 256, (7, 4, 3)).astype(np.uint8)


def write(folder: Path, data: bytes) -> Path:
    path = folder / "train-images-idx3-ubyte"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzipped"])
def test_values_and_shape_come_back(
    tmp_path: Path, idx: Idx, pack: Callable[[bytes], bytes]
) -> None:
    array = read_idx(write(tmp_path, pack(idx(IMAGES))), dimensions=3)
    assert array.dtype == np.uint8
    assert array.flags.c_contiguous
    np.testing.assert_array_equal(array, IMAGES)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda data: b"", "not an IDX file"),
        (lambda data: b"\x89PNG\r\n\x1a\n" + data, "not an IDX file"),
        (lambda data: data[:10], "cut short within its header"),
        (lambda data: data[:-1], "84 values, 83 came"),
        (lambda data: data + b"x", "longer than its header says"),
        (lambda data: data[:2] + b"\x0d" + data[3:], "0x0d"),
        (lambda data: data[:3] + b"\x01" + data[4:], "mixed up"),
        (lambda data: data[:4] + b"\0\0\0\0" + data[8:], "is empty"),
        (lambda data: data[:4] + b"\xff" * 12, "more than the 2,147,483,648"),
        (lambda data: data[:4] + struct.pack(">3I", 60000, 28, 28), "47,040,000 values, 0 came"),
    ],
)
@pytest.mark.parametrize("zipped", [False, True], ids=["plain", "gzipped"])
def test_spoiled_file_is_refused_by_name(
    tmp_path: Path, idx: Idx, spoil: Callable[[bytes], bytes], words: str, zipped: bool
) -> None:
    data = spoil(idx(IMAGES))
    path = write(tmp_path, gzip.compress(data) if zipped else data)
    with pytest.raises(DataError) as caught:
        read_idx(path, dimensions=3)
    if zipped and "47,040,000" in words:
        words = "compressed bytes can hold"
    assert words in str(caught.value)
    assert path.name in str(caught.value)


def test_truncated_gzip_is_refused_at_every_length(tmp_path: Path, idx: Idx) -> None:
    packed = gzip.compress(idx(IMAGES))
    for length in range(len(packed)):
        with pytest.raises(DataError):
            read_idx(write(tmp_path, packed[:length]), dimensions=3)


def test_wrong_checksum_is_refused(tmp_path: Path, idx: Idx) -> None:
    packed = bytearray(gzip.compress(idx(IMAGES)))
    packed[-8] ^= 1
    with pytest.raises(DataError, match="damaged"):
        read_idx(write(tmp_path, bytes(packed)), dimensions=3)


def test_decompression_bomb_is_not_unpacked(tmp_path: Path, idx: Idx) -> None:
    # 84 values promised, 200 million packed: what is read must not depend on what is packed.
    bomb = gzip.compress(idx(IMAGES) + bytes(200_000_000), compresslevel=1)
    path = write(tmp_path, bomb)
    import tracemalloc

    tracemalloc.start()
    with pytest.raises(DataError, match="longer than its header"):
        read_idx(path, dimensions=3)
    assert tracemalloc.get_traced_memory()[1] < 2 * len(bomb) + 1_000_000
    tracemalloc.stop()


def test_oversized_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)  # Sparse: takes no room on the disk.
    with pytest.raises(DataError, match="larger than"):
        read_idx(path, dimensions=3)


def test_folder_in_place_of_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="not a file"):
        read_idx(tmp_path, dimensions=3)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_mutated_files_raise_nothing_but_data_errors(
    tmp_path: Path, idx: Idx, data: st.DataObject
) -> None:
    whole = idx(IMAGES)
    if data.draw(st.booleans()):
        whole = gzip.compress(whole, mtime=0)
    mutated = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 4))):
        mutated[data.draw(st.integers(0, len(mutated) - 1))] = data.draw(st.integers(0, 255))
    try:
        array = read_idx(write(tmp_path, bytes(mutated)), dimensions=3)
    except DataError:
        return
    assert array.size == IMAGES.size
