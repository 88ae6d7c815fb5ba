"""RunProgress: where a run is, and what it remembers of its epochs; RunState: all of a run."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nncore.config import RunConfig
from nncore.early_stopping import Waiting
from nncore.history import History
from nncore.learning_rates import warmup_steps
from nncore.schedules import PlateauState


@dataclass
class RunProgress:
    """Changes at each step and is whole at every rest of the trainer.

    Attributes:
        epoch: The epoch under way, from 1.
        step: Steps taken in the run.
        samples: Samples of this epoch that have been trained on.
        losses: The losses of this epoch's steps, in parts.
        correct: Samples of this epoch that were right.
        seconds: Time that this epoch's steps took [s].
        learning_rate: Of the last step.
        is_measured: Whether this epoch's end has been told.
        best_loss: Lowest validation loss so far.
        best_epoch: Its epoch, 0 before the first is over.
        best_step: Its last step.
        plateau: What the schedule has learned from the epochs.
        waiting: What early stopping has learned from the epochs.
    """

    epoch: int = 1
    step: int = 0
    samples: int = 0
    losses: list[NDArray[np.floating[Any]]] = field(default_factory=list[NDArray[np.floating[Any]]])
    correct: int = 0
    seconds: float = 0.0
    learning_rate: float = 0.0
    is_measured: bool = False
    best_loss: float = math.inf
    best_epoch: int = 0
    best_step: int = 0
    plateau: PlateauState = field(default_factory=PlateauState)
    waiting: Waiting = field(default_factory=Waiting)

    def begin_epoch(self) -> None:
        """Go on to the next epoch."""
        self.epoch += 1
        self.samples, self.correct, self.seconds, self.is_measured = 0, 0, 0.0, False
        self.losses = []

    def end_epoch(self, loss: float, config: RunConfig, steps_per_epoch: int) -> bool:
        """Learn from the validation loss at the epoch's end.

        Args:
            loss: The validation loss.
            config: The schedule, the warm-up and the early stopping.
            steps_per_epoch: Steps in each epoch.

        Returns:
            Whether it is the lowest so far.
        """
        is_best = loss < self.best_loss
        if is_best:
            self.best_loss, self.best_epoch, self.best_step = loss, self.epoch, self.step
        if self.step > warmup_steps(config, steps_per_epoch):
            self.plateau = config.training.schedule.after_epoch(self.plateau, loss)
        self.waiting = config.training.early_stopping.after_epoch(self.waiting, loss)
        self.is_measured = True
        return is_best

    def mean_loss(self, batch_size: int, samples: int) -> float:
        """The epoch's mean over the samples, to the same bit however the steps came in.

        Args:
            batch_size: Samples of every step but the last.
            samples: Samples of the whole epoch.
        """
        losses = np.concatenate(self.losses).astype(np.float64)
        losses[:-1] *= batch_size
        losses[-1] *= samples - batch_size * (len(losses) - 1)
        return math.fsum(losses.tolist()) / samples


class RunState(NamedTuple):
    """All of a run at a rest; with its configuration and its data it decides everything to come.

    Attributes:
        progress: Where the run is.
        arrays: Weights, the optimizer's memory and so on by name, flat.
        kept_steps: The steps of the two copies to fall back on; see `Stepper`.
        history: What was told so far.
    """

    progress: RunProgress
    arrays: Mapping[str, NDArray[np.floating[Any]]]
    kept_steps: tuple[int, int]
    history: History

    def copy(self) -> RunState:
        """The same as a state of its own, which the run that goes on does not change."""
        return RunState(
            replace(self.progress, losses=list(self.progress.losses)),
            {name: array.copy() for name, array in self.arrays.items()},
            self.kept_steps,
            self.history.copy(),
        )
