"""Learning-rate range test: what the loss does while the learning rate grows step by step.

Source: Smith 2017, Cyclical Learning Rates for Training Neural Networks, section 3.3, with the
geometric growth and the end at an exploding loss of fastai's `lr_find`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from nncore.batches import ShuffledBatches
from nncore.blas_threads import set_blas_threads
from nncore.config import RunConfig
from nncore.data import Dataset
from nncore.network import Network
from nncore.random_streams import Purpose, stream
from nncore.stepper import Stepper
from nncore.trainer import Trainer

LOWEST, HIGHEST, STEPS = 1e-6, 1.0, 120
LEAST_SAMPLES = 32 * STEPS
"""Small batches take more steps, so that so many samples are seen: their losses are noisy."""
SMOOTHING = 0.9
"""How much each earlier step's loss weighs against the one after it in the smoothed loss, in a test
of so many steps; in a longer one the mean is over as much of the range."""
EXPLODED = 4.0
"""The test ends when the smoothed loss is so many times its lowest."""
LEAST_FALL = 0.02
"""A smaller fall of the smoothed loss, as a share, is taken for chance."""
HEAD = 0.1
"""The part of a test at whose small rates nothing is learned yet; it tells level and noise."""
CHANCE = 3.0
"""A fall of fewer standard errors of the head's mean loss is taken for chance, too."""


class RangePoint(NamedTuple):
    """One step of the test.

    Attributes:
        learning_rate: The step's.
        loss: The batch's mean loss before the step.
        smoothed: Exponential mean of the losses until then, bias-corrected.
    """

    learning_rate: float
    loss: float
    smoothed: float


class Suggestion(NamedTuple):
    """What to make of a range test.

    Attributes:
        learning_rate: To be used; None where none can be named.
        reason: Why, in sentences for people.
    """

    learning_rate: float | None
    reason: str


def range_test(
    config: RunConfig,
    dataset: Dataset,
    network: Network | None = None,
    *,
    lowest: float = LOWEST,
    highest: float = HIGHEST,
    steps: int | None = None,
) -> Iterator[RangePoint]:
    """Train a copy for some steps, each with a larger learning rate than the one before.

    It may be left at any point. The optimizer, the batches and the penalties are the
    configuration's; schedule, averaging and augmentation are left out.

    Args:
        config: The experiment; its own learning rate does not matter.
        dataset: Samples; only those to train on are looked at.
        network: Start from these weights (they are copied) and not from the run's fresh ones.
        lowest: The first learning rate, above 0.
        highest: The last one.
        steps: How many steps, at least 2; `STEPS`, and more for small batches, if None.

    Yields:
        A point a step, until the range is through or the loss explodes; all of them are finite.

    Raises:
        NNError: If the configuration, the dataset or the network cannot be used for training.
    """
    trainer = Trainer(config, dataset, network)
    tested, size, count = trainer.network, trainer.batch_size, trainer.samples
    targets = config.network.loss.class_targets(tested.classes)
    images, labels = dataset.train_images, dataset.train_labels
    dtype = tested.parameters.dtype
    batches = ShuffledBatches(images, labels, trainer.split.train_indices, targets, size, dtype)
    stepper = Stepper(tested, config, size)
    set_blas_threads(1)
    per_pass = count // size
    if steps is None:
        steps = max(STEPS, -(-LEAST_SAMPLES // size))
    kept = SMOOTHING ** min(STEPS / steps, 1)
    mean, lowest_mean = 0.0, math.inf
    for step, rate in enumerate(np.geomspace(lowest, highest, steps).tolist()):
        if step % per_pass == 0:
            batches.shuffle(stream(config.training.seed, Purpose.RANGE_TEST, step // per_pass))
        start = step % per_pass * size
        taken = stepper.take(batches, start, start + size, size, config.optimizer, step, [rate])
        loss = float(taken.losses[0])
        mean = kept * mean + (1 - kept) * loss
        smoothed = mean / (1 - kept ** (step + 1))
        if not math.isfinite(smoothed):
            return
        yield RangePoint(rate, loss, smoothed)
        lowest_mean = min(lowest_mean, smoothed)
        if smoothed > EXPLODED * lowest_mean:
            return


def suggest(points: Sequence[RangePoint]) -> Suggestion:
    """A learning rate, from what `range_test` told.

    A tenth of the rate at which the smoothed loss was lowest: well before it begins to rise, and
    where it falls about as fast as it can.
    Source: the rule "minimum / 10" of fastai's `lr_find`.

    Args:
        points: In order; perhaps not to the end of the range.
    """
    if len(points) < 2:
        return Suggestion(None, "Too few steps were taken to tell.")
    head = math.ceil(HEAD * len(points))
    best = min(range(head, len(points)), key=lambda index: points[index].smoothed)
    at, first = points[best], np.array([point.loss for point in points[:head]])
    start, chance = float(first.mean()), CHANCE * float(first.std()) / math.sqrt(head)
    if start - at.smoothed < max(LEAST_FALL * start, chance):
        return Suggestion(
            None,
            "The loss never fell by more than chance between the learning rates "
            f"{points[0].learning_rate:.2g} and {points[-1].learning_rate:.2g}. Try another "
            "initializer, or larger batches.",
        )
    rate = float(f"{at.learning_rate / 10:.1g}")
    if best == len(points) - 1:
        return Suggestion(
            rate,
            f"The loss was still falling at {at.learning_rate:.2g}, the largest learning rate "
            "tested; a tenth of it is a safe choice.",
        )
    return Suggestion(
        rate,
        f"The loss was lowest at {at.learning_rate:.2g} and rose beyond; at a tenth of that it "
        "fell fast and was far from rising.",
    )
