"""A folder with the four IDX files that MNIST and its relatives come in."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nncore.data.dataset import Dataset
from nncore.data.idx import read_idx
from nncore.errors import DataError

# The names as first published, and the spelling that some mirrors use.
_IMAGES = ("-images-idx3-ubyte", "-images.idx3-ubyte")
_LABELS = ("-labels-idx1-ubyte", "-labels.idx1-ubyte")


def load(folder: Path, name: str = "", class_names: tuple[str, ...] = ()) -> Dataset:
    """Read training and test images with their labels, each file gzipped or not.

    Args:
        folder: Holds `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`,
            `t10k-images-idx3-ubyte` and `t10k-labels-idx1-ubyte`, each plain or with `.gz`.
        name: The data set's name; the folder's path when empty.
        class_names: What the labels stand for; "0", "1", ... up to the largest training label when
            empty.

    Raises:
        DataError: If a file is missing, broken, or does not fit the others.
    """
    train_images, train_labels, shape = _part(folder, "train")
    test_images, test_labels, test_shape = _part(folder, "t10k")
    if test_shape != shape:
        raise DataError(
            f"{folder}: the training images are {shape[0]} × {shape[1]} pixels and the test images "
            f"{test_shape[0]} × {test_shape[1]}. Use files that belong together."
        )
    names = class_names or tuple(str(label) for label in range(int(train_labels.max()) + 1))
    for part, labels in (("train", train_labels), ("t10k", test_labels)):
        if int(labels.max()) >= len(names):
            raise DataError(
                f"{_find(folder, part, _LABELS)}: there is a label {labels.max()}, but only "
                f"the classes 0 to {len(names) - 1} are known. Use files that belong together."
            )
    return Dataset(
        name=name or str(folder),
        train_images=train_images,
        train_labels=train_labels,
        test_images=test_images,
        test_labels=test_labels,
        class_names=names,
        image_shape=shape,
    )


def _part(folder: Path, part: str) -> tuple[NDArray[np.uint8], NDArray[np.int64], tuple[int, int]]:
    """Images (samples, features), labels (samples,) and the images' (rows, columns)."""
    images_path, labels_path = _find(folder, part, _IMAGES), _find(folder, part, _LABELS)
    images = read_idx(images_path, dimensions=3)
    labels = read_idx(labels_path, dimensions=1)
    if len(images) != len(labels):
        raise DataError(
            f"{labels_path}: there are {len(labels):,} labels for the {len(images):,} images in "
            f"{images_path.name}. Use files that belong together."
        )
    rows, columns = images.shape[1:]
    # Wider than the file's bytes, so that nobody's arithmetic on labels wraps around at 256.
    return images.reshape(len(images), rows * columns), labels.astype(np.int64), (rows, columns)


def _find(folder: Path, part: str, endings: tuple[str, ...]) -> Path:
    for ending in endings:
        for suffix in (".gz", ""):
            path = folder / f"{part}{ending}{suffix}"
            if path.exists():
                return path
    raise DataError(
        f"{folder}: {part}{endings[0]} (or {part}{endings[0]}.gz) is missing. A data set is a "
        "folder with the images and labels of train and t10k as four IDX files."
    )
