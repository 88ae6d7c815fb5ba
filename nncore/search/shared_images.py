"""The training images as files that all workers of a machine map into memory: one copy for all.

The test images are not among them, so that no worker can look at them.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from nncore.data import Dataset
from nncore.errors import DataError, FileWriteError

_IMAGES, _LABELS, _ABOUT = "train_images.npy", "train_labels.npy", "about.json"


def without_test(dataset: Dataset) -> Dataset:
    """The same data set with no test images in it."""
    return Dataset(
        dataset.name,
        dataset.train_images,
        dataset.train_labels,
        dataset.test_images[:0],
        dataset.test_labels[:0],
        dataset.class_names,
        dataset.image_shape,
    )


def share_images(dataset: Dataset, folder: Path) -> None:
    """Write the training part of a data set into a folder.

    Raises:
        FileWriteError: If it cannot be written.
    """
    about = {"name": dataset.name, "classes": dataset.class_names, "shape": dataset.image_shape}
    try:
        np.save(folder / _IMAGES, dataset.train_images, allow_pickle=False)
        np.save(folder / _LABELS, dataset.train_labels, allow_pickle=False)
        (folder / _ABOUT).write_text(json.dumps(about))
    except OSError as error:
        raise FileWriteError(
            f"The images cannot be put into {folder} for the workers: {error.strerror}. "
            "Free some space there."
        ) from None


def map_images(folder: Path) -> Dataset:
    """The data set that `share_images` wrote, without test images, mapped and not read.

    Raises:
        DataError: If it is not there.
    """
    try:
        about = json.loads((folder / _ABOUT).read_text())
        images = np.load(folder / _IMAGES, mmap_mode="r", allow_pickle=False)
        labels = np.load(folder / _LABELS, allow_pickle=False)
    except (OSError, ValueError) as error:
        raise DataError(f"The shared images in {folder} cannot be read: {error}.") from None
    rows, columns = about["shape"]
    return Dataset(
        about["name"],
        images,
        labels,
        images[:0],
        labels[:0],
        tuple(about["classes"]),
        (rows, columns),
    )
