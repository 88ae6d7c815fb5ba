"""What is written part by part is what the library writes and reads."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import safetensors
import safetensors.numpy

from nncore.tensor_writer import tensor_writer

TENSORS = {
    "weights": np.arange(12, dtype=np.float32).reshape(3, 4),
    "odd": np.arange(3, dtype=np.float32),
    "figures": np.linspace(0, 1, 10).reshape(5, 2),
    "nothing": np.empty((0, 7)),
    "number": np.array(0.5),
    "turned": np.arange(6, dtype=np.float32).reshape(2, 3).T,
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "tensors.safetensors"
    with path.open("wb") as file:
        tensor_writer(TENSORS, {"what": 'a "test" — ü'})(file)
    return path


def test_the_library_reads_what_was_written(path):
    read = safetensors.numpy.load_file(path)
    assert set(read) == set(TENSORS)
    for name, array in TENSORS.items():
        np.testing.assert_array_equal(read[name], array)
        assert read[name].dtype == array.dtype
        assert read[name].shape == array.shape
    with safetensors.safe_open(path, "numpy") as file:
        assert file.metadata() == {"what": 'a "test" — ü'}


def test_the_numbers_lie_where_their_items_are_aligned(path):
    data = path.read_bytes()
    length = int.from_bytes(data[:8], "little")
    assert length % 8 == 0
    assert len(data) == 8 + length + sum(array.nbytes for array in TENSORS.values())
    header = json.loads(data[8 : 8 + length])
    for name, array in TENSORS.items():
        assert header[name]["data_offsets"][0] % array.itemsize == 0
