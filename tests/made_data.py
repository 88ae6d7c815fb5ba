"""Small made-up data sets that a network can learn in a moment."""

from __future__ import annotations

import numpy as np

from nncore.data import Dataset


def make_dataset(
    samples: int = 120,
    classes: int = 3,
    side: int = 4,
    noise: int = 40,
    seed: int = 0,
    dark: tuple[int, ...] = (),
) -> Dataset:
    """Noisy copies of one random picture for each class, the classes as even as they can be.

    Pixels that are `dark` are 0 in all training images, but not in the test images.
    """
    rng = np.random.default_rng([seed, 20])
    pictures = rng.integers(0, 256 - noise, (classes, side * side))

    def draw(count: int) -> tuple[np.ndarray, np.ndarray]:
        labels = rng.permutation(np.arange(count) % classes).astype(np.int64)
        grain = rng.integers(0, noise + 1, (count, side * side))
        return (pictures[labels] + grain).astype(np.uint8), labels

    train_images, train_labels = draw(samples)
    train_images[:, list(dark)] = 0
    test_images, test_labels = draw(30)
    names = tuple(f"class {index}" for index in range(classes))
    return Dataset(
        "made up", train_images, train_labels, test_images, test_labels, names, (side, side)
    )
