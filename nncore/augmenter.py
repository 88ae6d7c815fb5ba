"""Augmenter: what an epoch's images look like, block by block, from the seed alone."""

from __future__ import annotations

from typing import Self

import numpy as np
from numpy.typing import NDArray

from nncore.augmentations import Augmentation
from nncore.random_streams import Purpose, stream

PIXELS_AT_ONCE = 480_000
"""Pixels of a block, 612 MNIST images: many enough to be worth a stream, and soon done (1.5 ms)."""


class Augmenter:
    """Augments an epoch's samples in blocks of fixed places, each from a stream of its own.

    So a block's images depend on the seed, the epoch and their order alone, and a run may be
    resumed at any of them, whatever the batches are.

    Attributes:
        block: Samples of a block.
    """

    def __init__(self, augmentation: Augmentation, image_shape: tuple[int, int], seed: int) -> None:
        """Prepare a run's augmentation.

        Args:
            augmentation: What happens to each image.
            image_shape: (rows, columns) [pixels].
            seed: The run's.
        """
        self._augmentation = augmentation
        self._image_shape = image_shape
        self._seed = seed
        self.block = max(1, PIXELS_AT_ONCE // (image_shape[0] * image_shape[1]))

    @classmethod
    def of(cls, augmentation: Augmentation, image_shape: tuple[int, int], seed: int) -> Self | None:
        """The same, or None where nothing happens to the images."""
        return cls(augmentation, image_shape, seed) if augmentation.is_used else None

    def apply(self, images: NDArray[np.uint8], epoch: int, number: int) -> None:
        """Augment one block in place.

        Args:
            images: All samples of the epoch, in its order (samples, features).
            epoch: From 1.
            number: Of the block, from 0.
        """
        rows = images[number * self.block : (number + 1) * self.block]
        rng = stream(self._seed, Purpose.AUGMENTATION, epoch, number)
        augmented = self._augmentation.apply(rows.reshape(-1, *self._image_shape), rng)
        rows[...] = augmented.reshape(rows.shape)
