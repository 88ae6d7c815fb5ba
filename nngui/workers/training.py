"""TrainingThread: iterates a trainer in a thread of its own, at the pace the window asks for."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QObject, QThread, Signal

from nncore.checkpoint import Checkpoint
from nncore.config import RunConfig
from nncore.errors import ConfigError, NNError, Problem
from nncore.events import EpochEnded, Event, RunEnded, StepsEnded
from nncore.network import Network
from nncore.trainer import KEEP_EVERY, Trainer

_log = logging.getLogger(__name__)

EVENT_SECONDS = 0.02
"""How long the steps between two events should take [s]: short enough that a pause feels immediate,
long enough that events cost nothing."""


class Pace(Enum):
    """What the driver asks of the thread."""

    RUN = "run"
    PAUSE = "pause"
    STEP = "step"
    EPOCH = "epoch"
    STOP = "stop"


@dataclass(frozen=True)
class News:
    """What gathered since the last look.

    Attributes:
        events: The trainer's events in order.
        network: A copy of the network, if one was asked for and made.
        epoch: The epoch of that copy.
        step: The step of that copy.
        refusal: Why a changed configuration was not taken over; empty if it was.
        kept: The configuration that the run goes on with, if one was not taken over.
        checkpoint: The run at a rest, if that was asked for and taken.
    """

    events: list[Event]
    network: Network | None
    epoch: int
    step: int
    refusal: tuple[Problem, ...]
    kept: RunConfig | None
    checkpoint: Checkpoint | None


class TrainingThread(QThread):
    """Trains in another thread and hands over in batches.

    Nothing is signaled for each step: events gather in a locked list that the window empties at its
    own rate with `collect`. The weights are never shared: `ask_for_network` has the thread make a
    copy at its next rest. `QThread.finished` says that the thread has ended; `error` then holds
    what went wrong, and `left` the run as it was at its end, if it can be gone on with.

    Args:
        make: Makes the trainer, in this thread.
        pace: How to begin; a run that begins paused rests after its first event.
        parent: Owner.
    """

    rested = Signal()
    """The thread has paused, after everything it was asked to do."""

    def __init__(
        self,
        make: Callable[[], Trainer],
        pace: Pace = Pace.RUN,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("training")
        self._make = make
        self._condition = threading.Condition()
        self._pace = pace
        self._config: RunConfig | None = None
        self._events: list[Event] = []
        self._network: Network | None = None
        self._place = (0, 0)
        self._refusal: tuple[tuple[Problem, ...], RunConfig | None] = ((), None)
        self._has_stepped = False
        self._wants_network = True
        self._checkpoint: Checkpoint | None = None
        self._wants_checkpoint = False
        self.error: Exception | None = None
        self.left: Checkpoint | None = None

    def set_pace(self, pace: Pace) -> None:
        """Run, pause, take one step or one epoch, or stop; a stop cannot be taken back."""
        with self._condition:
            if self._pace is not Pace.STOP:
                self._pace = pace
                self._has_stepped = False
            self._condition.notify_all()

    @property
    def is_resting(self) -> bool:
        """Whether the last thing asked for is done and the thread waits."""
        with self._condition:
            return self._pace is Pace.PAUSE

    def reconfigure(self, config: RunConfig) -> None:
        """Have the trainer take over a changed configuration at its next rest."""
        with self._condition:
            self._config = config
            self._condition.notify_all()

    def ask_for_network(self) -> None:
        """Have a copy of the network made at the next rest, to be found by `collect`."""
        with self._condition:
            self._wants_network = True
            self._condition.notify_all()

    def ask_for_checkpoint(self) -> None:
        """Have the run copied at the next rest, to be found by `collect` (or in `left`)."""
        with self._condition:
            self._wants_checkpoint = True
            self._condition.notify_all()

    def collect(self) -> News:
        """Take what has gathered since the last call."""
        with self._condition:
            events, self._events = self._events, []
            network, self._network = self._network, None
            (refusal, kept), self._refusal = self._refusal, ((), None)
            checkpoint, self._checkpoint = self._checkpoint, None
            return News(events, network, *self._place, refusal, kept, checkpoint)

    def run(self) -> None:
        try:
            self._train(self._make())
        except Exception as error:  # An edge: the window says what happened, the log has the rest.
            if not isinstance(error, NNError):
                _log.exception("training failed")
            self.error = error

    def _train(self, trainer: Trainer) -> None:
        trainer.steps_per_event = 1
        events = trainer.run()
        last: Event | None = None
        try:
            for event in events:
                self._hand_over(trainer, event)
                last = event
                if isinstance(event, RunEnded) or not self._may_go_on(trainer):
                    break
            if trainer.step and trainer.can_be_resumed:
                # Not copied: nobody else has the trainer, and it takes no step any more.
                self.left = Checkpoint(trainer.config, trainer.dataset, trainer.state())
        finally:
            events.close()
            ended = trainer.history.ended
            with self._condition:
                if ended is not None and ended is not last:
                    self._events.append(ended)
                self._copy_network(trainer)

    def _hand_over(self, trainer: Trainer, event: Event) -> None:
        with self._condition:
            self._events.append(event)
            if self._wants_network:
                self._copy_network(trainer)
            # At a rest before an epoch is measured, a step is the first of the next epoch.
            self._has_stepped |= isinstance(event, StepsEnded)
            if self._pace is Pace.STEP and self._has_stepped and _ends_step(event, trainer):
                self._pace = Pace.PAUSE
            if self._pace is Pace.EPOCH and _ends_epoch(event, trainer):
                self._pace = Pace.PAUSE
            if isinstance(event, StepsEnded):
                seconds_per_step = trainer.batch_size / event.samples_per_second
                wanted = int(EVENT_SECONDS / max(seconds_per_step, 1e-9))
                trainer.steps_per_event = min(max(wanted, 1), KEEP_EVERY)

    def _copy_network(self, trainer: Trainer) -> None:
        """Copy the weights for the window; the lock is held and the trainer at rest."""
        self._network = trainer.network.copy()
        self._place = trainer.epoch, trainer.step
        self._wants_network = False

    def _may_go_on(self, trainer: Trainer) -> bool:
        """Obey, waiting while paused; False when the run shall stop."""
        with self._condition:
            if self._pace is Pace.PAUSE:
                self._copy_network(trainer)
                self.rested.emit()
        while True:
            if self._wants_checkpoint:
                self._take_checkpoint(trainer)
            with self._condition:
                self._obey(trainer)
                if self._pace is not Pace.PAUSE:
                    if self._pace is Pace.STEP:
                        trainer.steps_per_event = 1
                    return self._pace is not Pace.STOP
                if not self._wants_checkpoint:
                    self._condition.wait()

    def _take_checkpoint(self, trainer: Trainer) -> None:
        """Copy the run; not under the lock, for the window would wait some milliseconds for it."""
        taken = None
        try:
            taken = Checkpoint.of(trainer) if trainer.can_be_resumed else None
        except MemoryError:  # The run itself can do without.
            _log.warning("there was not enough memory for a checkpoint")
        with self._condition:
            self._checkpoint, self._wants_checkpoint = taken, False

    def _obey(self, trainer: Trainer) -> None:
        """Do what can be done at rest; the lock is held."""
        if self._config is not None:
            try:
                trainer.reconfigure(self._config)
            except ConfigError as error:
                self._refusal = error.problems, trainer.config
            self._config = None
        if self._wants_network:
            self._copy_network(trainer)


def _ends_step(event: Event, trainer: Trainer) -> bool:
    """Whether a single step is over: an epoch's last one is when the epoch has been measured."""
    if isinstance(event, StepsEnded):
        return event.step % trainer.steps_per_epoch != 0
    return _ends_epoch(event, trainer)


def _ends_epoch(event: Event, trainer: Trainer) -> bool:
    """Whether a single epoch is over; after the last one the run goes on to its end."""
    return isinstance(event, EpochEnded) and event.epoch < trainer.config.training.epochs
