"""Sets of labeled images, what a network predicts for them, and which of them a question picks."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nncore.data.dataset import Dataset, Split
from nncore.evaluation import Evaluation, evaluation_of
from nncore.features import scale_pixels
from nncore.network import Network

CHUNK = 512
"""Samples between two points where the work may be stopped."""

Floats = NDArray[np.floating[Any]]
Indices = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class SampleSet:
    """Some images of a dataset.

    Attributes:
        name: `validation`, `test` or `training`.
        images: All the images the indices point into, uint8 (images, features).
        indices: Which of them, int64 (samples,).
        labels: Their true classes, int64 (samples,).
        class_names: What the labels stand for.
        image_shape: (rows, columns) [pixels].
    """

    name: str
    images: NDArray[np.uint8]
    indices: Indices
    labels: Indices
    class_names: tuple[str, ...]
    image_shape: tuple[int, int]

    def __len__(self) -> int:
        return len(self.indices)

    def image(self, sample: int) -> NDArray[np.uint8]:
        """The pixels of one sample, a view of (rows, columns)."""
        return self.images[self.indices[sample]].reshape(self.image_shape)


def sample_sets(dataset: Dataset, split: Split) -> Mapping[str, SampleSet]:
    """The sets of a dataset by name; validation first, for it is what progress is judged by."""

    def part(name: str, images: NDArray[np.uint8], labels: Indices, indices: Indices) -> SampleSet:
        return SampleSet(
            name, images, indices, labels[indices], dataset.class_names, dataset.image_shape
        )

    train, labels = dataset.train_images, dataset.train_labels
    tests = np.arange(len(dataset.test_labels))
    return {
        "validation": part("validation", train, labels, split.validation_indices),
        "test": part("test", dataset.test_images, dataset.test_labels, tests),
        "training": part("training", train, labels, split.train_indices),
    }


@dataclass(frozen=True, eq=False)
class Predictions:
    """What one network says about every sample of a set; arrays of (samples,) unless said.

    Attributes:
        probabilities: float32 (samples, classes).
        predicted: The most probable class.
        confidence: Its probability.
        losses: The network's loss on each sample.
        correct: Whether predicted and true class are the same.
        by_confidence: Samples in ascending order of confidence, ties by index.
        by_loss: Samples in ascending order of loss, ties by index.
        evaluation: What the predictions come to; None if there are no samples.
    """

    probabilities: Floats
    predicted: Indices
    confidence: Floats
    losses: Floats
    correct: NDArray[np.bool_]
    by_confidence: Indices
    by_loss: Indices
    evaluation: Evaluation | None = None

    @property
    def right(self) -> int:
        """How many are right."""
        return int(np.count_nonzero(self.correct))


def predict_set(samples: SampleSet, network: Network) -> Generator[None, None, Predictions]:
    """Predict a whole set, a chunk at a time; may be stopped at each yield.

    Args:
        samples: Images with as many pixels as the network has inputs.
        network: Its parameters must stay as they are meanwhile.
    """
    count = len(samples)
    probabilities = np.empty((count, network.classes), np.float32)
    outputs = np.empty((network.classes, count), network.parameters.dtype)
    losses = np.empty(count, np.float32)
    features = np.empty((CHUNK, samples.images.shape[1]), network.parameters.dtype)
    loss = network.config.loss
    for start in range(0, count, CHUNK):
        chunk = slice(start, min(start + CHUNK, count))
        images = samples.images[samples.indices[chunk]]
        x = scale_pixels(images, features[: len(images)])
        logits = np.ascontiguousarray(network.predict_logits(x).T)
        outputs[:, chunk] = logits
        losses[chunk] = loss.values(logits, samples.labels[chunk])
        loss.probabilities(logits, logits)
        probabilities[chunk] = logits.T
        yield
    evaluation = evaluation_of(outputs, samples.labels, loss) if count else None
    predicted = outputs.argmax(0)
    confidence = np.take_along_axis(probabilities, predicted[:, None], 1)[:, 0]
    return Predictions(
        probabilities,
        predicted,
        confidence,
        losses,
        predicted == samples.labels,
        np.argsort(confidence, kind="stable"),
        np.argsort(losses, kind="stable"),
        evaluation,
    )


class Verdict(Enum):
    """Which samples are wanted, by how they were predicted."""

    ALL = "all"
    RIGHT = "right"
    WRONG = "wrong"


class SortKey(Enum):
    """What samples are ordered by."""

    INDEX = "index"
    CONFIDENCE = "confidence"
    LOSS = "loss"


@dataclass(frozen=True)
class SampleQuery:
    """Which samples to show, in which order.

    Attributes:
        verdict: All, the right or the wrong ones.
        true_class: Only those of this class, if any.
        predicted_class: Only those predicted to be of this class, if any.
        sort: What to order them by.
        descending: Largest first.
    """

    verdict: Verdict = Verdict.ALL
    true_class: int | None = None
    predicted_class: int | None = None
    sort: SortKey = SortKey.INDEX
    descending: bool = False

    @property
    def needs_predictions(self) -> bool:
        """Whether it can be answered only with predictions."""
        return (
            self.verdict is not Verdict.ALL
            or self.predicted_class is not None
            or self.sort is not SortKey.INDEX
        )


def select(samples: SampleSet, predictions: Predictions | None, query: SampleQuery) -> Indices:
    """The samples a query picks, in its order, as positions in the set.

    Without predictions, a query for right, wrong or a predicted class picks none, and an order by
    confidence or loss is the order of the set.
    """
    keep = np.ones(len(samples), np.bool_)
    if query.true_class is not None:
        keep &= samples.labels == query.true_class
    order = np.arange(len(samples))
    if predictions is None:
        if query.verdict is not Verdict.ALL or query.predicted_class is not None:
            keep[:] = False
    else:
        if query.verdict is not Verdict.ALL:
            keep &= predictions.correct == (query.verdict is Verdict.RIGHT)
        if query.predicted_class is not None:
            keep &= predictions.predicted == query.predicted_class
        if query.sort is SortKey.CONFIDENCE:
            order = predictions.by_confidence
        elif query.sort is SortKey.LOSS:
            order = predictions.by_loss
    if query.descending:
        order = order[::-1]
    return order[keep[order]]
