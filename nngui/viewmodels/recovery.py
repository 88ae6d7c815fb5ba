"""Recovery: keeps the run under way for the case of a crash, and finds those cut short."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from nncore.checkpoint import Checkpoint, read_checkpoint_header
from nncore.errors import NNError
from nngui.viewmodels.model_files import ModelFiles
from nngui.viewmodels.run_session import RunSession
from nngui.viewmodels.run_state import RunState
from nngui.workers.recovery_slot import RecoverySlot, left_over

LEAST_SECONDS, MOST_SECONDS = 10.0, 60.0
"""Between two times that a run is kept [s]."""
SHARE_LOST = 0.05
"""The share of a run that a crash may cost, within these bounds: it spares the disk in a run of
hours."""
TICK_MS = 1000
"""How often it is looked whether it is time; a paused run is kept after so long at the latest."""


@dataclass(frozen=True, eq=False)
class CutRun:
    """A run that was cut short.

    Attributes:
        slot: Where it is.
        words: What it is, as a sentence.
        can_go_on: Whether the file can be read, as far as has been looked.
    """

    slot: RecoverySlot
    words: str
    can_go_on: bool = True


class Recovery(QObject):
    """Copies of the run under way go into a file of its own, one after the other.

    Args:
        folder: Where such files are.
        session: The run.
        files: Does the writing, in its turn.
        parent: Owner.
    """

    offersChanged = Signal()
    failed = Signal(str)
    """The run under way cannot be kept: a sentence, once for each run."""

    def __init__(
        self, folder: Path, session: RunSession, files: ModelFiles, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._folder = folder
        self._session = session
        self._files = files
        self._slot: RecoverySlot | None = None
        self._offers: tuple[CutRun, ...] = ()
        self._asked_at = 0.0
        self._kept: object = None
        self._is_writing = False
        self._waiting: Checkpoint | None = None
        self._is_failure_told = False
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        session.runStarted.connect(self._on_run_started)
        session.checkpointTaken.connect(self._on_taken)

    @property
    def offers(self) -> tuple[CutRun, ...]:
        """The runs that were cut short and could go on, newest first."""
        return self._offers

    def look(self) -> None:
        """Look for runs that were cut short, in the background."""
        self._files.later(
            partial(_cut_runs, self._folder),
            "Runs that were cut short could not be looked for.",
            self._offer,
        )

    def take(self, cut: CutRun) -> None:
        """Offer a run no longer, for something is being done with it."""
        self._offers = tuple(offer for offer in self._offers if offer is not cut)
        self.offersChanged.emit()

    def give_back(self, cut: CutRun) -> None:
        """Offer a run again, for nothing came of it."""
        self._offer([cut, *self._offers])

    def adopt(self, cut: CutRun) -> None:
        """Keep the run that goes on next where it has been kept."""
        self._slot = cut.slot

    def detach(self) -> RecoverySlot | None:
        """Keep the run no longer, for it has ended; where it is until it is kept for good."""
        slot, self._slot, self._waiting = self._slot, None, None
        self._timer.stop()
        return slot

    def park(self, run: Checkpoint) -> str:
        """Keep a run that is left unfinished, now; why that cannot be done, or ""."""
        self._waiting = None
        return _write(self._slot or RecoverySlot.new(self._folder), run)

    def close(self) -> None:
        """Leave everything to the next start."""
        self._timer.stop()
        for slot in (self._slot, *(offer.slot for offer in self._offers)):
            if slot is not None:
                slot.release()

    @Slot()
    def _on_run_started(self) -> None:
        if self._slot is None:
            self._slot = RecoverySlot.new(self._folder)
        self._asked_at, self._kept = time.monotonic(), None
        self._is_failure_told = False
        self._timer.start()

    @Slot()
    def _tick(self) -> None:
        """Ask for a copy if it is time; a paused run is copied once."""
        session = self._session
        if not session.progress.step or self._is_writing:
            return
        waited = time.monotonic() - self._asked_at
        wanted = min(max(SHARE_LOST * session.progress.elapsed, LEAST_SECONDS), MOST_SECONDS)
        is_due = session.state is RunState.RUNNING and waited >= wanted
        if session.state is RunState.PAUSED:
            is_due = self._kept != session.place
        if is_due:
            self._asked_at, self._kept = time.monotonic(), session.place
            session.ask_for_checkpoint()

    @Slot(object)
    def _on_taken(self, run: Checkpoint) -> None:
        if self._slot is None or not self._session.is_active:
            return
        if self._is_writing:
            self._waiting = run
            return
        self._is_writing = True
        work = partial(_write, self._slot, run)
        self._files.later(work, "The run under way could not be kept.", self._on_written)

    def _on_written(self, problem: str) -> None:
        self._is_writing = False
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            self._on_taken(waiting)
        if problem and self._slot is not None and not self._is_failure_told:
            self._is_failure_told = True
            self.failed.emit(
                f"Training goes on, but a crash would cost it: the run cannot be kept. {problem}"
            )

    def _offer(self, cut_runs: list[CutRun]) -> None:
        self._offers = tuple(cut_runs)
        self.offersChanged.emit()


def _write(slot: RecoverySlot, run: Checkpoint) -> str:
    """Keep a run; why it could not be, or ""."""
    try:
        slot.write(run)
    except NNError as error:
        return str(error)
    except MemoryError:
        return "There is not enough memory for that."
    return ""


def _cut_runs(folder: Path) -> list[CutRun]:
    now = datetime.now().astimezone()
    return [_described(slot, now) for slot in left_over(folder)]


def _described(slot: RecoverySlot, now: datetime) -> CutRun:
    try:
        when = when_in_words(datetime.fromtimestamp(slot.path.stat().st_mtime).astimezone(), now)
        config, place = read_checkpoint_header(slot.path)
    except (NNError, OSError) as error:
        words = f"A run that was cut short cannot be brought back. {error}"
        return CutRun(slot, words, can_go_on=False)
    epochs = config.training.epochs
    words = f"The run of {when} was cut short in epoch {place.epoch:,} of {epochs:,}."
    return CutRun(slot, words)


def when_in_words(when: datetime, now: datetime) -> str:
    """A time of day as people say it: today, yesterday, or with its date."""
    clock = when.strftime("%H:%M")
    if when.date() == now.date():
        return f"today, {clock},"
    if when.date() == now.date() - timedelta(days=1):
        return f"yesterday, {clock},"
    return f"{when.day} {when.strftime('%B')} {when.year}, {clock},"
