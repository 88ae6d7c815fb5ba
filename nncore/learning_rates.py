"""Learning rates: the one of every step, from the optimizer's, the warm-up and the schedule."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from nncore.config import RunConfig
from nncore.schedules import Place, PlateauState


def learning_rates(config: RunConfig, steps_per_epoch: int) -> NDArray[np.float64]:
    """The planned learning rate of every step of a run (epochs · steps_per_epoch,).

    A schedule whose `depends_on_run` says so ("plateau") is shown as if it never took effect.

    Args:
        config: The experiment.
        steps_per_epoch: Steps in each epoch.
    """
    steps = config.training.epochs * steps_per_epoch
    rates = rates_of_steps(config, steps_per_epoch, 0, PlateauState())
    return np.fromiter(itertools.islice(rates, steps), np.float64, steps)


def rates_of_steps(
    config: RunConfig, steps_per_epoch: int, step: int, plateau: PlateauState
) -> Iterable[float]:
    """The learning rates of the steps to come, without end.

    Step k of a warm-up of W steps has (k + 1) / (W + 1) of what the schedule begins with, which is
    PyTorch's LinearLR from 1 / (W + 1) over W steps, followed by the schedule (SequentialLR).
    Source: Goyal et al. 2017, section 2.2.

    Args:
        config: The experiment.
        steps_per_epoch: Steps in each epoch.
        step: Steps taken so far.
        plateau: What the schedule has learned from the epochs so far.
    """
    # Nothing is worked out at each step where nothing changes.
    if config.training.schedule.is_constant and step >= warmup_steps(config, steps_per_epoch):
        return itertools.repeat(config.optimizer.learning_rate)
    return (rate_at(config, steps_per_epoch, at, plateau) for at in itertools.count(step))


def rate_at(config: RunConfig, steps_per_epoch: int, step: int, plateau: PlateauState) -> float:
    """The learning rate of one step.

    Args:
        config: The experiment.
        steps_per_epoch: Steps in each epoch.
        step: Steps taken before it.
        plateau: What the schedule has learned from the epochs before it.
    """
    warmup = warmup_steps(config, steps_per_epoch)
    steps = max(config.training.epochs * steps_per_epoch - warmup, 1)
    place = Place(max(step - warmup, 0), steps, steps_per_epoch)
    rate = config.optimizer.learning_rate * config.training.schedule.factor(place) * plateau.factor
    return rate * (step + 1) / (warmup + 1) if step < warmup else rate


def warmup_steps(config: RunConfig, steps_per_epoch: int) -> int:
    """Steps of the warm-up, rounded to whole ones."""
    return round(config.training.warmup * steps_per_epoch)
