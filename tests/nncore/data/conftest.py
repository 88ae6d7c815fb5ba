"""IDX files, and folders of them with one thing wrong."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.idx_files import idx_bytes

WriteFolder = Callable[..., Path]


@pytest.fixture
def idx() -> Callable[[np.ndarray], bytes]:
    return idx_bytes


@pytest.fixture
def write_folder(tmp_path: Path) -> WriteFolder:
    """Writes the four files; a keyword replaces an array, as in `t10k_labels=...`."""

    def write(zipped: bool = False, style: str = "-idx", **replaced: np.ndarray) -> Path:
        rng = np.random.default_rng(0)
        arrays = {
            "train_images": rng.integers(0, 256, (12, 3, 5)),
            "train_labels": np.arange(12) % 4,
            "t10k_images": rng.integers(0, 256, (6, 3, 5)),
            "t10k_labels": np.arange(6) % 4,
        } | replaced
        for key, array in arrays.items():
            part, kind = key.split("_")
            data = idx_bytes(array)
            dimensions = 3 if kind == "images" else 1
            name = f"{part}-{kind}{style}{dimensions}-ubyte{'.gz' if zipped else ''}"
            (tmp_path / name).write_bytes(gzip.compress(data) if zipped else data)
        return tmp_path

    return write
