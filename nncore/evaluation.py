"""Evaluation: everything that is told about a network on labeled samples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nncore.errors import DataError
from nncore.features import scale_pixels
from nncore.losses import Loss
from nncore.metrics import (
    Calibration,
    ClassFigures,
    are_correct,
    calibration,
    class_figures,
    confusion_matrix,
    true_class_ranks,
)
from nncore.network import PREDICTION_ROWS, Network

Array = NDArray[np.floating[Any]]
Labels = NDArray[np.integer[Any]]

TOP_KS = (2, 3, 5)
"""How many guesses a network may have in the accuracies that are told beside the usual one."""


@dataclass(frozen=True, eq=False)
class Evaluation:
    """The figures of a network on some samples.

    Attributes:
        samples: How many there were.
        loss: Their mean [nats for cross-entropy].
        accuracy: The fraction that is right.
        top: Top-k accuracy by k, for each of `TOP_KS` that is below the number of classes: with as
            many guesses as classes nothing is wrong.
        calibration: How sure the network was, and how often right.
        confusion: How often each true class (row) was taken for each class (column).
        per_class: Precision, recall and F1 of each class.
    """

    samples: int
    loss: float
    accuracy: float
    top: Mapping[int, float]
    calibration: Calibration
    confusion: NDArray[np.int64]
    per_class: tuple[ClassFigures, ...]


def evaluate(network: Network, images: NDArray[np.uint8], labels: Labels) -> Evaluation:
    """Every figure of a network on stored samples.

    Args:
        network: The network.
        images: Pixels (samples, features).
        labels: True classes (samples,).

    Raises:
        DataError: If there are no samples.
    """
    logits = np.empty((network.classes, len(images)), network.parameters.dtype)
    for start in range(0, len(images), PREDICTION_ROWS):
        rows = slice(start, start + PREDICTION_ROWS)
        logits[:, rows] = network.predict_logits(scale_pixels(images[rows])).T
    return evaluation_of(logits, labels, network.config.loss)


def evaluation_of(logits: Array, labels: Labels, loss: Loss) -> Evaluation:
    """Every figure of some outputs.

    Args:
        logits: Outputs before the output activation (classes, samples).
        labels: True classes (samples,).
        loss: The network's; it also says what the probabilities are.

    Raises:
        DataError: If there are no samples.
    """
    if not len(labels):
        raise DataError("There are no samples to measure the network on.")
    classes = len(logits)
    correct, ranks = are_correct(logits, labels), true_class_ranks(logits, labels)
    predicted = logits.argmax(axis=0)
    probabilities = np.empty_like(logits)
    with np.errstate(over="ignore", invalid="ignore"):
        losses = loss.values(logits, labels)
        loss.probabilities(logits, probabilities)
    confidence = np.take_along_axis(probabilities, predicted[np.newaxis], axis=0)[0]
    confusion = confusion_matrix(labels, predicted, classes)
    return Evaluation(
        samples=len(labels),
        loss=float(losses.mean(dtype=np.float64)),
        accuracy=float(correct.mean()),
        top={k: float(np.mean(ranks < k)) for k in TOP_KS if k < classes},
        calibration=calibration(confidence, correct),
        confusion=confusion,
        per_class=tuple(class_figures(confusion)),
    )
