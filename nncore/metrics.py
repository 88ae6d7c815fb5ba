"""Figures of how good a network is on labeled samples."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nncore.errors import DataError
from nncore.features import scale_pixels
from nncore.network import PREDICTION_ROWS, Network

Array = NDArray[np.floating[Any]]
Labels = NDArray[np.integer[Any]]


class Figures(NamedTuple):
    """Mean loss [nats for cross-entropy] and accuracy [fraction] over a set of samples."""

    loss: float
    accuracy: float


def are_correct(logits: Array, labels: Labels) -> NDArray[np.bool_]:
    """Whether the largest logit is the true class's; on a tie the first class counts.

    Args:
        logits: (..., classes, batch).
        labels: True classes (..., batch).

    Returns:
        Booleans (..., batch).
    """
    return logits.argmax(axis=-2) == labels


def measure(network: Network, images: NDArray[np.uint8], labels: Labels) -> Figures:
    """Loss and accuracy of a network on stored samples.

    Args:
        network: The network.
        images: Pixels (samples, features).
        labels: True classes (samples,).

    Returns:
        The figures; where the outputs overflow, a loss that is no finite number.

    Raises:
        DataError: If there are no samples.
    """
    if len(images) == 0:
        raise DataError("There are no samples to measure the network on.")
    loss, correct = 0.0, 0
    for start in range(0, len(images), PREDICTION_ROWS):
        rows = slice(start, start + PREDICTION_ROWS)
        logits = network.predict_logits(scale_pixels(images[rows])).T
        with np.errstate(over="ignore", invalid="ignore"):
            losses = network.config.loss.values(logits, labels[rows])
        loss += float(losses.sum(dtype=np.float64))
        correct += int(np.count_nonzero(are_correct(logits, labels[rows])))
    return Figures(loss / len(images), correct / len(images))


def confusion_matrix(labels: Labels, predicted: Labels, classes: int) -> NDArray[np.int64]:
    """How often each true class (row) was taken for each class (column).

    Args:
        labels: True classes (samples,).
        predicted: Predicted classes (samples,).
        classes: Number of classes.

    Returns:
        Counts (classes, classes).
    """
    flat = labels.astype(np.int64) * classes + predicted
    return np.bincount(flat, minlength=classes * classes).reshape(classes, classes)


class ClassFigures(NamedTuple):
    """Figures of one class.

    Attributes:
        precision: Of the samples given this class, the fraction that has it; 0 if none was given
            it.
        recall: Of the samples that have this class, the fraction given it; 0 if there are none.
        f1: Harmonic mean of both.
        samples: How many have this class.
    """

    precision: float
    recall: float
    f1: float
    samples: int


def class_figures(confusion: NDArray[np.int64]) -> list[ClassFigures]:
    """Precision, recall and F1 of each class from a confusion matrix (classes, classes)."""
    figures: list[ClassFigures] = []
    for index, right in enumerate(confusion.diagonal().tolist()):
        given, real = int(confusion[:, index].sum()), int(confusion[index].sum())
        precision = right / given if given else 0.0
        recall = right / real if real else 0.0
        f1 = 2 * right / (given + real) if given + real else 0.0
        figures.append(ClassFigures(precision, recall, f1, real))
    return figures
