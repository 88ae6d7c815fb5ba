"""IDX files written by hand, not by the reader's own code."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np

from nncore.data import Dataset


def idx_bytes(array: np.ndarray) -> bytes:
    """The IDX form of a uint8 array."""
    header = struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape)
    return header + array.astype(np.uint8).tobytes()


def write_idx_folder(folder: Path, dataset: Dataset) -> Path:
    """Write a data set as a folder of four plain IDX files."""
    folder.mkdir(parents=True, exist_ok=True)
    for part, images, labels in (
        ("train", dataset.train_images, dataset.train_labels),
        ("t10k", dataset.test_images, dataset.test_labels),
    ):
        pictures = images.reshape(len(images), *dataset.image_shape)
        (folder / f"{part}-images-idx3-ubyte").write_bytes(idx_bytes(pictures))
        (folder / f"{part}-labels-idx1-ubyte").write_bytes(idx_bytes(labels))
    return folder
