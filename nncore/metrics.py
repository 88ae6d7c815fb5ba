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


CALIBRATION_BINS = 15
"""As Guo et al. 2017 have it."""


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
    is_largest = logits == np.maximum.reduce(logits, axis=-2, keepdims=True)
    if np.count_nonzero(is_largest) == labels.size:
        # No ties: 4 us for a batch of 500, where argmax over the short axis takes 14.
        return np.take_along_axis(is_largest, labels[..., np.newaxis, :], axis=-2)[..., 0, :]
    return logits.argmax(axis=-2) == labels


def true_class_ranks(logits: Array, labels: Labels) -> NDArray[np.int64]:
    """How many classes stand before the true one when they are ordered by their logits.

    On a tie the first class stands before the others, so that rank 0 is what `are_correct` calls
    right; an output that is no number stands before all.

    Args:
        logits: (classes, batch).
        labels: True classes (batch,).

    Returns:
        Ranks (batch,), from 0.
    """
    true = np.take_along_axis(logits, labels[np.newaxis].astype(np.intp), axis=0)
    is_earlier = np.arange(len(logits))[:, np.newaxis] < labels
    with np.errstate(invalid="ignore"):
        stands_before = ~(logits <= true) | ((logits == true) & is_earlier)
    return np.count_nonzero(stands_before, axis=0) - np.isnan(true[0])


def top_k_accuracy(logits: Array, labels: Labels, k: int) -> float:
    """The fraction of samples whose true class is among the k largest logits.

    Args:
        logits: (classes, samples).
        labels: True classes (samples,).
        k: How many guesses there are, from 1 to the number of classes.

    Raises:
        DataError: If there are not so many classes, or no samples.
    """
    if not 1 <= k <= len(logits):
        raise DataError(
            f"Top-{k} accuracy needs k from 1 to the {len(logits)} classes there are. "
            "Choose a smaller k."
        )
    if not len(labels):
        raise DataError("There are no samples to measure the network on.")
    return float(np.mean(true_class_ranks(logits, labels) < k))


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


class Calibration(NamedTuple):
    """Whether a network is right as often as it is sure, by bins of confidence of equal width.

    Bin m of M holds the samples whose confidence, the probability of the class they were given, is
    in (m / M, (m + 1) / M], m from 0; the first holds 0 too.

    Attributes:
        samples: In each bin (bins,).
        confidence: Mean confidence in each bin (bins,); 0 where there are no samples.
        accuracy: The fraction that is right in each bin (bins,); 0 where there are no samples.
    """

    samples: NDArray[np.int64]
    confidence: NDArray[np.float64]
    accuracy: NDArray[np.float64]

    @property
    def error(self) -> float:
        """Expected calibration error: Σ samples · |accuracy - confidence| / Σ samples.

        0 is best: of all that is said with 90 % confidence, 90 % is right.
        Source: Guo, Pleiss, Sun and Weinberger 2017, On calibration of modern neural networks,
        equation 3, with their bins.
        """
        gaps = np.abs(self.accuracy - self.confidence)
        return float(gaps @ self.samples) / int(self.samples.sum())


def calibration(
    confidence: Array, correct: NDArray[np.bool_], bins: int = CALIBRATION_BINS
) -> Calibration:
    """Compare how sure a network is with how often it is right.

    Args:
        confidence: The probability of the class that each sample was given (samples,).
        correct: Whether it has that class (samples,).
        bins: How many ranges of confidence are told apart.

    Raises:
        DataError: If there are no samples.
    """
    if not len(correct):
        raise DataError("There are no samples to measure the network on.")
    sure = confidence.astype(np.float64)
    of_sample = np.searchsorted(np.linspace(0, 1, bins + 1)[1:-1], sure, side="left")
    samples = np.bincount(of_sample, minlength=bins)
    most = np.maximum(samples, 1)
    sums = (np.bincount(of_sample, weights=each, minlength=bins) for each in (sure, correct))
    return Calibration(samples, *(total / most for total in sums))
