"""CurvesModel: folds a run's events into growing arrays that plots can draw."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray
from PySide6.QtCore import QObject, Signal

from nncore.events import EpochEnded, Event, RunEnded, RunStarted, StepsEnded
from nncore.history import History

_FIRST_CAPACITY = 1024


class GrowingArray:
    """A one-dimensional array that grows at its end, in constant time for each value.

    Args:
        dtype: Of its values.
    """

    def __init__(self, dtype: DTypeLike = np.float64) -> None:
        self._buffer: NDArray[Any] = np.empty(_FIRST_CAPACITY, dtype)
        self._size = 0

    def __len__(self) -> int:
        return self._size

    @property
    def values(self) -> NDArray[Any]:
        """A read-only view of what is there, (size,); later growth does not change it."""
        view = self._buffer[: self._size]
        view.flags.writeable = False
        return view

    def extend(self, values: NDArray[Any]) -> None:
        """Add values (count,) at the end."""
        size = self._size + len(values)
        if size > len(self._buffer):
            buffer = np.empty(max(size, 2 * len(self._buffer)), self._buffer.dtype)
            buffer[: self._size] = self._buffer[: self._size]
            self._buffer = buffer
        self._buffer[self._size : size] = values
        self._size = size

    def append(self, value: float) -> None:
        """Add one value at the end."""
        self.extend(np.array([value]))


class RunCurves:
    """What one run has shown so far. Epochs and steps count from 1: index 0 is the first.

    Attributes:
        started: The run's first event; None before any run.
        ended: The run's last event; None while it goes on.
        best: The epoch with the lowest validation loss; None before the first epoch ended.
        planned_epochs: How many epochs the run shall take; 0 before any run.
    """

    def __init__(self, started: RunStarted | None = None) -> None:
        self.started = started
        self.ended: RunEnded | None = None
        self.best: EpochEnded | None = None
        self.planned_epochs = started.epochs if started else 0
        self._step_losses = GrowingArray(np.float32)
        self._rate_steps = GrowingArray(np.int64)
        self._learning_rates = GrowingArray()
        self._epoch_steps = GrowingArray(np.int64)
        self._train_loss = GrowingArray()
        self._validation_loss = GrowingArray()
        self._train_accuracy = GrowingArray()
        self._validation_accuracy = GrowingArray()

    @property
    def steps(self) -> int:
        """Steps taken."""
        return len(self._step_losses)

    @property
    def epochs(self) -> int:
        """Epochs ended."""
        return len(self._train_loss)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw yet."""
        return self.steps == 0 and self.epochs == 0

    @property
    def steps_per_epoch(self) -> int:
        """Steps in each epoch; 0 before any run."""
        return self.started.steps_per_epoch if self.started else 0

    @property
    def planned_steps(self) -> int:
        """How many steps the run shall take; 0 before any run."""
        return self.planned_epochs * self.steps_per_epoch

    @property
    def step_losses(self) -> NDArray[np.float32]:
        """The batch loss of each step before its update, (steps,)."""
        return self._step_losses.values

    @property
    def rate_steps(self) -> NDArray[np.int64]:
        """Steps whose learning rate is known, in order (rates,)."""
        return self._rate_steps.values

    @property
    def learning_rates(self) -> NDArray[np.float64]:
        """The learning rate of each of `rate_steps` (rates,)."""
        return self._learning_rates.values

    @property
    def epoch_steps(self) -> NDArray[np.int64]:
        """The last step of each epoch, (epochs,)."""
        return self._epoch_steps.values

    @property
    def train_loss(self) -> NDArray[np.float64]:
        """The running mean of the loss over each epoch's steps, (epochs,)."""
        return self._train_loss.values

    @property
    def validation_loss(self) -> NDArray[np.float64]:
        """The validation loss at the end of each epoch, (epochs,)."""
        return self._validation_loss.values

    @property
    def train_accuracy(self) -> NDArray[np.float64]:
        """The running mean of the fraction right over each epoch's steps, (epochs,)."""
        return self._train_accuracy.values

    @property
    def validation_accuracy(self) -> NDArray[np.float64]:
        """The fraction of the validation samples right at the end of each epoch, (epochs,)."""
        return self._validation_accuracy.values

    def fill(self, history: History) -> None:
        """Take in what a run has told in an earlier session."""
        self._step_losses.extend(history.step_losses)
        steps, rates = history.learning_rates.T
        self._rate_steps.extend(steps)
        self._learning_rates.extend(rates)
        for epoch in history.epochs:
            self.add(epoch)

    def go_on(self, started: RunStarted) -> None:
        """Go on from here, as a run that was stopped or read from a file does."""
        self.started, self.ended = started, None
        self.planned_epochs = started.epochs

    def add(self, event: StepsEnded | EpochEnded | RunEnded) -> None:
        """Take in one event of this run."""
        if isinstance(event, StepsEnded):
            self._step_losses.extend(event.losses)
            self._rate_steps.append(event.step)
            self._learning_rates.append(event.learning_rate)
        elif isinstance(event, EpochEnded):
            self._epoch_steps.append(event.step)
            self._train_loss.append(event.train_loss)
            self._validation_loss.append(event.validation_loss)
            self._train_accuracy.append(event.train_accuracy)
            self._validation_accuracy.append(event.validation_accuracy)
            if event.is_best:
                self.best = event
        else:
            self.ended = event


class CurvesModel(QObject):
    """The curves of the current run, and those of the previous one to compare with.

    It lives in the window's thread. Whoever drives a run hands its events over in batches, at most
    once a frame.
    """

    changed = Signal()
    """Something was added, begun or cleared; emitted once for each call that changed anything."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._current = RunCurves()
        self._previous: RunCurves | None = None
        self._goes_on = False

    @property
    def current(self) -> RunCurves:
        """The newest run; an empty one before the first."""
        return self._current

    @property
    def previous(self) -> RunCurves | None:
        """The run before that, unless it was cleared."""
        return self._previous

    def extend(self, events: Iterable[Event]) -> None:
        """Take in events in their order; a `RunStarted` begins a new run, unless one goes on."""
        any_came = False
        for event in events:
            any_came = True
            if isinstance(event, RunStarted) and self._goes_on:
                self._goes_on = False
                self._current.go_on(event)
            elif isinstance(event, RunStarted):
                self._begin(RunCurves(event))
            else:
                self._current.add(event)
        if any_came:
            self.changed.emit()

    def begin(self, started: RunStarted | None = None) -> None:
        """Put the current run behind, to compare with, and begin an empty one.

        Args:
            started: The new run's first event, when it is known already.
        """
        self._begin(RunCurves(started))
        self.changed.emit()

    def go_on(self, history: History | None) -> None:
        """Have the next `RunStarted` go on with a run.

        Args:
            history: What the run has told in an earlier session; None for the current run.
        """
        if history is not None:
            run = RunCurves()
            run.fill(history)
            self._begin(run)
        self._goes_on = True
        self.changed.emit()

    def replan(self, epochs: int) -> None:
        """Say that the current run shall take another number of epochs than it began with."""
        if epochs != self._current.planned_epochs:
            self._current.planned_epochs = epochs
            self.changed.emit()

    def clear_previous(self) -> None:
        """Forget the previous run."""
        if self._previous is not None:
            self._previous = None
            self.changed.emit()

    def clear(self) -> None:
        """Forget everything."""
        self._current = RunCurves()
        self._previous = None
        self.changed.emit()

    def _begin(self, run: RunCurves) -> None:
        if not self._current.is_empty:
            self._previous = self._current
        self._current = run
        self._goes_on = False
