"""Dataset: images and labels for training and for the last test; Split: what is held back."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from nncore.errors import DataError

# Gives the split a stream of random numbers of its own: the same seed also starts the weights.
_SPLIT_STREAM = 0x5B117


@dataclass(frozen=True)
class Split:
    """Which training images train and which are held back.

    Attributes:
        train_indices: Ascending indices into the training images, int64.
        validation_indices: The other ones, ascending, int64.
    """

    train_indices: NDArray[np.int64]
    validation_indices: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Dataset:
    """Images with labels; treat the arrays as read-only.

    Attributes:
        name: What `load_dataset` takes to load it again.
        train_images: uint8 (samples, features), C-contiguous; features are rows × columns.
        train_labels: int64 (samples,), indices into `class_names`.
        test_images: uint8 (samples, features), for the last test only.
        test_labels: int64 (samples,).
        class_names: What the labels stand for.
        image_shape: (rows, columns) of one image [pixels].
    """

    name: str
    train_images: NDArray[np.uint8]
    train_labels: NDArray[np.int64]
    test_images: NDArray[np.uint8]
    test_labels: NDArray[np.int64]
    class_names: tuple[str, ...]
    image_shape: tuple[int, int]

    def __post_init__(self) -> None:
        if len(self.class_names) < 2:
            came = len(self.class_names)
            raise DataError(f"{self.name}: at least 2 classes are needed, got {came}.")
        for part, images, labels in (
            ("training", self.train_images, self.train_labels),
            ("test", self.test_images, self.test_labels),
        ):
            self._check(part, images, labels)

    def _check(self, part: str, images: NDArray[np.uint8], labels: NDArray[np.int64]) -> None:
        """Raise DataError unless images and labels fit each other and the description."""
        rows, columns = self.image_shape
        if images.dtype != np.uint8 or images.shape != (len(labels), rows * columns):
            raise DataError(
                f"{self.name}: the {part} images must be uint8 of shape "
                f"{(len(labels), rows * columns)}, got {images.dtype} of {images.shape}."
            )
        if not images.flags.c_contiguous:
            raise DataError(f"{self.name}: the {part} images must be C-contiguous.")
        if labels.dtype != np.int64 or labels.ndim != 1:
            raise DataError(f"{self.name}: the {part} labels must be int64 in one dimension.")
        if labels.size and not 0 <= int(labels.min()) <= int(labels.max()) < len(self.class_names):
            raise DataError(
                f"{self.name}: the {part} labels must be 0 to {len(self.class_names) - 1}, "
                f"got {labels.min()} to {labels.max()}."
            )

    @property
    def features(self) -> int:
        """Values of one image."""
        return self.image_shape[0] * self.image_shape[1]

    @property
    def classes(self) -> int:
        """How many classes there are."""
        return len(self.class_names)

    @cached_property
    def fingerprint(self) -> str:
        """What tells the training images and labels from any others, 32 characters."""
        digest = hashlib.blake2b(digest_size=16)
        for array in (self.train_images, self.train_labels):
            digest.update(str(array.shape).encode())
            digest.update(np.ascontiguousarray(array).data)
        return digest.hexdigest()

    def split(self, fraction: float, seed: int) -> Split:
        """Hold back a part of the training images, each class in proportion.

        Every training image is in exactly one of the two parts. Of each class, the number held back
        is the exact share rounded down or up, so that the total is the rounded exact total.

        Args:
            fraction: The part to hold back, in (0, 1).
            seed: The same seed gives the same split.

        Raises:
            DataError: If the fraction leaves nothing on one side.
        """
        if not 0 < fraction < 1:
            raise DataError(f"data.validation_fraction must be in (0, 1), got {fraction}.")
        counts = np.bincount(self.train_labels, minlength=self.classes)
        held_back = _shares(counts, fraction)
        total = int(held_back.sum())
        if not 0 < total < len(self.train_labels):
            raise DataError(
                f"data.validation_fraction of {fraction} splits the {len(self.train_labels):,} "
                f"training images into {len(self.train_labels) - total:,} and {total:,}. "
                "Choose one that leaves some on both sides."
            )
        rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(_SPLIT_STREAM,)))
        is_held_back = np.zeros(len(self.train_labels), dtype=np.bool_)
        for label, count in enumerate(held_back):
            members = np.flatnonzero(self.train_labels == label)
            is_held_back[rng.permutation(members)[:count]] = True
        return Split(np.flatnonzero(~is_held_back), np.flatnonzero(is_held_back))


def _shares(counts: NDArray[np.integer], fraction: float) -> NDArray[np.int64]:
    """Whole shares of each class that add up to the rounded total (largest remainders first)."""
    exact = counts * fraction
    shares = np.floor(exact).astype(np.int64)
    missing = round(float(exact.sum())) - int(shares.sum())
    shares[np.argsort(shares - exact, kind="stable")[:missing]] += 1
    return shares
