"""SearchModel: a search as the window sees it: its trials, how far it is, and what can be done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from nncore.data import Dataset
from nncore.errors import NNError
from nncore.search.records import TrialRecord, best_of
from nncore.search.spec import SearchSpec
from nncore.search.verdict import verdict
from nngui.workers.background import BackgroundTask
from nngui.workers.search_runner import (
    OpenedStudy,
    SearchEnd,
    SearchRunner,
    kept_studies,
    look_at_study,
)

if TYPE_CHECKING:
    from nncore.search.session import SearchUpdate


class SearchPhase(Enum):
    """What is happening; widgets choose what can be pressed by it."""

    EMPTY = "empty"
    STARTING = "starting"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPING = "stopping"
    RESTING = "resting"
    """A study is shown, and nothing runs."""


ACTIVE = (SearchPhase.STARTING, SearchPhase.RUNNING, SearchPhase.PAUSED, SearchPhase.STOPPING)


class SearchModel(QObject):
    """One study: shown, running or at rest.

    Args:
        storage: Where studies are kept; None for the person's data folder.
        parent: Owner.

    Attributes:
        records: The trials by number.
        update: How it stood at the last look while running.
        report: What the test images said, as a sentence.
    """

    phaseChanged = Signal()
    """Something else can be done now."""
    studyChanged = Signal()
    """Another study is shown."""
    trialsChanged = Signal(object)
    """The numbers of the trials that are new or not as they were."""
    progressChanged = Signal()
    """How far it is, or what was said about it."""
    studiesListed = Signal(object)
    """The names of the studies that are kept, the newest first."""
    failed = Signal(str)
    """A sentence: what went wrong and what was kept."""

    def __init__(self, storage: str | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.phase = SearchPhase.EMPTY
        self.name = ""
        self.spec: SearchSpec | None = None
        self.total: int | None = None
        self.records: dict[int, TrialRecord] = {}
        self.update: SearchUpdate | None = None
        self.report = ""
        self._storage = storage
        self._runner = SearchRunner(storage, self)
        self._listing = BackgroundTask(self)
        self._looking = BackgroundTask(self)
        self._data: Callable[[], Dataset | None] = lambda: None
        self._connect()

    def _connect(self) -> None:
        self._runner.opened.connect(self._on_opened)
        self._runner.updated.connect(self._on_updated)
        self._runner.ended.connect(self._on_ended)
        self._runner.failed.connect(self._on_failed)
        self._listing.succeeded.connect(self.studiesListed)
        self._listing.failed.connect(self._on_not_read)
        self._looking.succeeded.connect(self._on_looked)
        self._looking.failed.connect(self._on_not_read)

    @property
    def is_active(self) -> bool:
        """Whether workers run or are about to."""
        return self.phase in ACTIVE

    @property
    def is_maximized(self) -> bool:
        """Whether more is better."""
        return self.spec is None or self.spec.settings.objective.is_maximized

    @property
    def best(self) -> TrialRecord | None:
        """The best completed trial so far."""
        return best_of(self.records.values(), is_maximized=self.is_maximized)

    @property
    def finished(self) -> int:
        """How many trials are done with."""
        return sum(record.is_finished for record in self.records.values())

    @property
    def can_continue(self) -> bool:
        """Whether the study that is shown has trials left, or may have."""
        if self.phase is not SearchPhase.RESTING:
            return False
        return self.total is None or self.finished < self.total

    @property
    def verdict(self) -> str:
        """Whether the best is better or luckier, in words."""
        if self.spec is None:
            return ""
        settings = self.spec.settings
        return verdict(list(self.records.values()), settings.objective, settings.seeds)

    def set_data(self, data: Callable[[], Dataset | None]) -> None:
        """Say where the loaded data set can be had, so that it is not loaded again."""
        self._data = data

    def start(self, spec: SearchSpec) -> None:
        """Start a new study around a space; its name is made from the search and the date."""
        if self.is_active:
            return
        stem = spec.name or spec.settings.strategy
        name = f"{stem} {datetime.now():%Y-%m-%d %H.%M.%S}"
        self._set_phase(SearchPhase.STARTING)
        self._runner.start(spec, name, self._data())

    def resume(self) -> None:
        """Go on with the study that is shown."""
        if self.can_continue:
            self._set_phase(SearchPhase.STARTING)
            self._runner.resume(self.name, self._data())

    def show_study(self, name: str) -> None:
        """Show a study that is kept, without running it."""
        if not self.is_active:
            self._looking.start(lambda: look_at_study(self._storage, name))

    def list_studies(self) -> None:
        """Ask which studies are kept; `studiesListed` answers."""
        self._listing.start(lambda: kept_studies(self._storage))

    def pause(self) -> None:
        """Let the workers hold still."""
        if self.phase is SearchPhase.RUNNING:
            self._runner.command("pause")
            self._set_phase(SearchPhase.PAUSED)

    def go_on(self) -> None:
        """End a pause."""
        if self.phase is SearchPhase.PAUSED:
            self._runner.command("go_on")
            self._set_phase(SearchPhase.RUNNING)

    def cancel(self) -> None:
        """End the workers; the study can be continued."""
        if self.phase in (SearchPhase.STARTING, SearchPhase.RUNNING, SearchPhase.PAUSED):
            self._runner.command("cancel")
            self._set_phase(SearchPhase.STOPPING)

    def close(self) -> None:
        """End everything; what is finished is kept, and the study can be continued another day."""
        self._listing.close()
        self._looking.close()
        self._runner.close()

    def seconds(self) -> float:
        """How long the study has been running, as of the last look [s]."""
        return self.update.seconds if self.update is not None else 0.0

    def _set_phase(self, phase: SearchPhase) -> None:
        if phase is not self.phase:
            self.phase = phase
            self.phaseChanged.emit()

    def _show(self, study: OpenedStudy) -> None:
        self.name, self.spec, self.total = study.name, study.spec, study.total
        self.records = {record.number: record for record in study.records}
        self.report, self.update = study.report, None
        self.studyChanged.emit()
        self.progressChanged.emit()

    @Slot(object)
    def _on_opened(self, study: OpenedStudy) -> None:
        self._show(study)

    @Slot(object)
    def _on_looked(self, study: OpenedStudy) -> None:
        if not self.is_active:
            self._show(study)
            self._set_phase(SearchPhase.RESTING)
            self.phaseChanged.emit()

    @Slot(object)
    def _on_updated(self, update: SearchUpdate) -> None:
        self.update = update
        if self.phase is SearchPhase.STARTING:
            self._set_phase(SearchPhase.RUNNING)
        if update.changed:
            self.records |= {record.number: record for record in update.changed}
            self.trialsChanged.emit(tuple(record.number for record in update.changed))
        self.progressChanged.emit()

    @Slot(object)
    def _on_ended(self, end: SearchEnd) -> None:
        self.report = end.report or self.report
        self._set_phase(SearchPhase.RESTING)
        self.progressChanged.emit()

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        self._set_phase(SearchPhase.RESTING if self.name else SearchPhase.EMPTY)
        self._on_not_read(error)

    @Slot(object)
    def _on_not_read(self, error: Exception) -> None:
        known = isinstance(error, NNError)
        reason = str(error) if known else "Details are in the log file."
        self.failed.emit(f"The search was stopped; finished trials are kept. {reason}")


def duration_text(seconds: float) -> str:
    """A duration for people: "0.8 s", "42 s", "3 min 5 s", "2 h 10 min"."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
