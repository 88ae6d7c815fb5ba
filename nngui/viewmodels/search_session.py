"""SearchModel: a search as the window sees it: its trials, how far it is, and what can be done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from nncore.data import Dataset
from nncore.errors import NNError
from nncore.search.records import TrialRecord
from nncore.search.spec import SearchSpec
from nncore.search.verdict import verdict
from nngui.viewmodels.search_book import TrialBook
from nngui.viewmodels.search_importance import ImportanceModel
from nngui.viewmodels.search_networks import TrialNetworks
from nngui.viewmodels.search_phase import ACTIVE, SearchPhase
from nngui.workers.background import BackgroundTask
from nngui.workers.search_engine import load_search_engine
from nngui.workers.search_runner import Budget, SearchEnd, SearchRunner
from nngui.workers.search_studies import OpenedStudy, kept_studies, look_at_study

if TYPE_CHECKING:
    from nncore.search.session import SearchUpdate


class SearchModel(QObject):
    """One study: shown, running or at rest.

    Args:
        storage: Where studies are kept; None for the person's data folder.
        parent: Owner.

    Attributes:
        book: The trials; None before there is a study.
        update: How it stood at the last look while running.
        report: What the test images said, as a sentence.
        runs_elsewhere: Whether workers of another program were at it when it was opened.
        importance: Which of its hyperparameters matter.
        networks: The networks of its trials.
    """

    phaseChanged = Signal()
    """Something else can be done now."""
    studyChanged = Signal()
    """Another study is shown."""
    studyOpened = Signal()
    """A study is shown that was made before."""
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
        self.book: TrialBook | None = None
        self.total: int | None = None
        self.update: SearchUpdate | None = None
        self.report = ""
        self.runs_elsewhere = False
        self._spent = 0.0
        self._points: int | None = None
        self._storage = storage
        self._runner = SearchRunner(storage, self)
        self._listing = BackgroundTask(self)
        self._looking = BackgroundTask(self)
        self._loading = BackgroundTask(self)
        self._data: Callable[[], Dataset | None] = lambda: None
        self.importance = ImportanceModel(self)
        self.networks = TrialNetworks(storage, self)
        self._connect()

    def _connect(self) -> None:
        self._runner.opened.connect(self._on_opened)
        self._runner.updated.connect(self._on_updated)
        self._runner.testing.connect(self._on_testing)
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
    def spec(self) -> SearchSpec | None:
        """The study that is shown."""
        return self.book.spec if self.book is not None else None

    @property
    def records(self) -> dict[int, TrialRecord]:
        """Its trials by number."""
        return self.book.records if self.book is not None else {}

    @property
    def finished(self) -> int:
        """How many trials are done with."""
        return self.book.finished if self.book is not None else 0

    @property
    def seconds(self) -> float:
        """How long the study has been running, as of the last look [s]."""
        return self.update.seconds if self.update is not None else self._spent

    @property
    def is_spent(self) -> bool:
        """Whether its trials or its time are used up."""
        if self.spec is None:
            return False
        limit = self.spec.settings.budget.seconds
        is_late = limit != "unlimited" and self.seconds >= limit
        return is_late or (self.total is not None and self.finished >= self.total)

    @property
    def is_whole(self) -> bool:
        """Whether every point of a grid has been tried, so that there is nothing to go on with."""
        return self._points is not None and self.finished >= self._points

    @property
    def can_continue(self) -> bool:
        """Whether the study that is shown can go on, with a larger budget if that is spent."""
        return self.phase is SearchPhase.RESTING and not self.is_whole

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

    def prepare(self) -> None:
        """Load in the background what the first search, or an earlier one, needs at once."""
        self._loading.start(load_search_engine)

    def start(self, spec: SearchSpec) -> None:
        """Start a new study around a space; its name is made from the search and the date."""
        if self.is_active:
            return
        stem = spec.name or spec.settings.strategy
        name = f"{stem} {datetime.now():%Y-%m-%d %H.%M.%S}"
        self._set_phase(SearchPhase.STARTING)
        self._runner.start(spec, name, self._data())

    def resume(self, budget: Budget | None = None) -> None:
        """Go on with the study that is shown.

        Args:
            budget: What of its budget changes; needed when that is spent.
        """
        if self.can_continue and (budget or not self.is_spent):
            self._set_phase(SearchPhase.STARTING)
            self._runner.resume(self.name, self._data(), budget or {})

    def show_study(self, name: str) -> None:
        """Show a study that is kept, without running it."""
        if not self.is_active:
            self._looking.start(lambda: look_at_study(self._storage, name))

    def list_studies(self) -> None:
        """Ask which studies are kept; `studiesListed` answers."""
        self._listing.start(lambda: kept_studies(self._storage))

    def open_network(self, number: int) -> None:
        """Have the network of a completed trial opened; `networks` tells when it is there."""
        self.networks.ask(self.name, self.records[number], self._data())

    def ask_importance(self) -> None:
        """Have it worked out which hyperparameters matter, if something is new."""
        if self.book is not None:
            self.importance.ask(self.book)

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
        tasks = self._loading, self._listing, self._looking
        for part in (*tasks, self.importance, self.networks, self._runner):
            part.close()
        self.phase = SearchPhase.RESTING if self.name else SearchPhase.EMPTY

    def _set_phase(self, phase: SearchPhase) -> None:
        if phase is not self.phase:
            self.phase = phase
            self.phaseChanged.emit()

    def _show(self, study: OpenedStudy) -> None:
        self.name, self.total, self._spent = study.name, study.total, study.seconds
        self.book = TrialBook(study.spec, study.records)
        self.report, self.update, self._points = study.report, None, study.points
        self.runs_elsewhere = study.is_running
        self.importance.forget()
        self.studyChanged.emit()
        self.progressChanged.emit()

    @Slot(object)
    def _on_opened(self, study: OpenedStudy) -> None:
        self._show(study)

    @Slot(object)
    def _on_looked(self, study: OpenedStudy) -> None:
        if not self.is_active:
            self._show(study)
            self.phase = SearchPhase.RESTING
            self.studyOpened.emit()
            self.phaseChanged.emit()

    @Slot(object)
    def _on_updated(self, update: SearchUpdate) -> None:
        self.update = update
        if self.phase is SearchPhase.STARTING:
            self._set_phase(SearchPhase.RUNNING)
        if update.changed and self.book is not None:
            self.book.take(update.changed)
            self.trialsChanged.emit(tuple(record.number for record in update.changed))
        self.progressChanged.emit()

    @Slot()
    def _on_testing(self) -> None:
        self._set_phase(SearchPhase.TESTING)

    @Slot(object)
    def _on_ended(self, end: SearchEnd) -> None:
        self.report = end.report or self.report
        self.runs_elsewhere = False
        self._set_phase(SearchPhase.RESTING)
        self.progressChanged.emit()

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        self._set_phase(SearchPhase.RESTING if self.name else SearchPhase.EMPTY)
        known = isinstance(error, NNError)
        reason = str(error) if known else "Details are in the log file."
        self.failed.emit(f"The search was stopped; finished trials are kept. {reason}")

    @Slot(object)
    def _on_not_read(self, error: Exception) -> None:
        known = isinstance(error, NNError)
        reason = str(error) if known else "Details are in the log file."
        self.failed.emit(f"The earlier searches could not be read. {reason}")
