"""What a run tells its driver: frozen, typed, picklable. Epochs and steps count from 1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from nncore.config import RunConfig

EndReason = Literal["completed", "stopped", "diverged"]


@dataclass(frozen=True)
class RunStarted:
    """A run begins.

    Attributes:
        config: The whole experiment.
        samples: Training samples.
        validation_samples: Validation samples.
        steps_per_epoch: Steps in each epoch, the short last batch included.
        epochs: Planned epochs.
        parameters: Trainable numbers.
    """

    config: RunConfig
    samples: int
    validation_samples: int
    steps_per_epoch: int
    epochs: int
    parameters: int


@dataclass(frozen=True, eq=False)
class StepsEnded:
    """One or more steps were taken since the last event.

    Attributes:
        epoch: The epoch they belong to.
        step: The last of them, counted over the run.
        losses: Each step's mean batch loss before its update, without the L2 penalty, in the
            network's dtype (steps,).
        learning_rate: The learning rate of the last of them.
        samples_per_second: Speed over these steps.
    """

    epoch: int
    step: int
    losses: NDArray[np.floating[Any]]
    learning_rate: float
    samples_per_second: float


@dataclass(frozen=True)
class EpochEnded:
    """An epoch ended and was measured.

    Attributes:
        epoch: Which one.
        step: The last step taken, counted over the run.
        train_loss: Mean over the epoch's samples, each measured in its own step before the update,
            without the L2 penalty.
        train_accuracy: Fraction right, measured alike.
        validation_loss: Mean over the validation samples, with the weights at the epoch's end.
        validation_accuracy: Fraction right of them.
        learning_rate: Of the epoch's last step.
        seconds: Duration of the epoch without its validation [s].
        samples_per_second: Training speed.
        is_best: Whether the validation loss is the lowest so far.
    """

    epoch: int
    step: int
    train_loss: float
    train_accuracy: float
    validation_loss: float
    validation_accuracy: float
    learning_rate: float
    seconds: float
    samples_per_second: float
    is_best: bool


@dataclass(frozen=True)
class RunEnded:
    """A run is over; nothing follows.

    Attributes:
        reason: Why.
        epoch: The epoch it was in.
        step: The last step whose update is in the weights.
        message: A sentence for people; when completed, only if there is more to say than that all
            epochs are over: the run was stopped early, or its best weights are back.
    """

    reason: EndReason
    epoch: int
    step: int
    message: str = ""


Event = RunStarted | StepsEnded | EpochEnded | RunEnded
