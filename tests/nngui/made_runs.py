"""Runs made up for tests: the events of trainings that never took place."""

from __future__ import annotations

import numpy as np

from nncore.config import RunConfig
from nncore.events import EpochEnded, Event, RunStarted, StepsEnded


def started(epochs: int = 10, steps_per_epoch: int = 5) -> RunStarted:
    return RunStarted(RunConfig(), 500, 50, steps_per_epoch, epochs, 1000)


def steps(epoch: int, step: int, *losses: float) -> StepsEnded:
    return StepsEnded(epoch, step, np.array(losses, np.float32), 1e-3, 1e5)


def epoch(
    number: int,
    train_loss: float,
    validation_loss: float,
    *,
    train_accuracy: float = 0.9,
    validation_accuracy: float = 0.8,
    is_best: bool = False,
    steps_per_epoch: int = 5,
) -> EpochEnded:
    return EpochEnded(
        epoch=number,
        step=number * steps_per_epoch,
        train_loss=train_loss,
        train_accuracy=train_accuracy,
        validation_loss=validation_loss,
        validation_accuracy=validation_accuracy,
        learning_rate=1e-3,
        seconds=1.0,
        samples_per_second=1e5,
        is_best=is_best,
    )


def run(epochs: int = 4, *, planned: int = 10, start: float = 2.0) -> list[Event]:
    """A run that gets better until its last epoch but one, with five steps an epoch."""
    events: list[Event] = [started(planned)]
    for number in range(1, epochs + 1):
        losses = [start / (5 * (number - 1) + place) for place in range(1, 6)]
        events.append(steps(number, 5 * number, *losses))
        last = number == epochs
        events.append(
            epoch(
                number,
                start / number,
                start / number + (0.5 if last else 0.1),
                train_accuracy=1 - 0.5 / (number + 1),
                validation_accuracy=1 - 0.6 / (number + 1),
                is_best=not last or epochs == 1,
            )
        )
    return events
