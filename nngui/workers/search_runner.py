"""SearchRunner: looks after a search in a thread of its own and tells the window how it stands."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject, Signal, Slot

from nncore.data import Dataset, load_dataset
from nncore.errors import NNError
from nncore.search.spec import SearchSpec
from nngui.workers.background import BackgroundTask
from nngui.workers.search_studies import facts_of, open_study

if TYPE_CHECKING:
    from nncore.search.session import SearchSession
    from nncore.search.study import SearchStudy

LOOK_EVERY = 0.5
"""How often the storage is looked at [s]; the window gets one batch of news each time."""
_CLOSING_MS = 20_000

Command = Literal["pause", "go_on", "cancel"]
Budget = dict[str, int | float | Literal["unlimited"]]
"""Fields of `nncore.search.spec.Budget`."""


@dataclass(frozen=True)
class SearchEnd:
    """How a search ended.

    Attributes:
        was_cancelled: Whether a person ended it; then it can be continued.
        report: What the test images said about the best trial; empty if they were not read.
    """

    was_cancelled: bool
    report: str = ""


class SearchRunner(QObject):
    """Runs one search at a time; the storage, Optuna and the workers are touched by its thread.

    Args:
        storage: Where studies are kept: a file or a URL; None for the person's data folder.
        parent: Owner.
    """

    opened = Signal(object)
    """The OpenedStudy that the news to come are about."""
    updated = Signal(object)
    """A SearchUpdate, twice a second at most."""
    testing = Signal()
    """The search is over, and the test images are about to be read."""
    ended = Signal(object)
    """The SearchEnd, once all workers have ended."""
    failed = Signal(object)
    """The exception that ended it."""

    def __init__(self, storage: str | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._storage = storage
        self._commands: deque[Command] = deque()
        self._wake = threading.Event()
        self._task = BackgroundTask(self)
        self._task.succeeded.connect(self._on_ended)
        self._task.failed.connect(self.failed)

    @property
    def running(self) -> bool:
        """Whether a search is being looked after."""
        return self._task.running

    def start(self, spec: SearchSpec, name: str, dataset: Dataset | None) -> None:
        """Make a new study and run it.

        Args:
            spec: What is searched, and how.
            name: The study's name, not yet taken.
            dataset: Its data set if that is loaded already.
        """
        self._begin(spec, name, dataset, {})

    def resume(self, name: str, dataset: Dataset | None, budget: Budget) -> None:
        """Go on with a study that is kept.

        Args:
            name: The study's name.
            dataset: A data set that is loaded already; it counts if it is the study's.
            budget: Fields of its budget that change; empty for none.
        """
        self._begin(None, name, dataset, budget)

    def command(self, command: Command) -> None:
        """Pause, go on or cancel; done within a fraction of a second."""
        self._commands.append(command)
        self._wake.set()

    def close(self) -> None:
        """End the workers and rest for good; trials under way are tried again another day."""
        self._wake.set()
        self._task.close(_CLOSING_MS)

    def _begin(
        self, spec: SearchSpec | None, name: str, dataset: Dataset | None, budget: Budget
    ) -> None:
        self._commands.clear()
        self._task.start(lambda: self._run(spec, name, dataset, budget))

    # In the thread.

    def _run(
        self, spec: SearchSpec | None, name: str, dataset: Dataset | None, budget: Budget
    ) -> Generator[None, None, SearchEnd]:
        # Loaded here, and not with the window: Optuna and its database take a second.
        from nncore.search.session import SearchSession

        study = open_study(self._storage, name, spec)
        session: SearchSession | None = None
        try:
            if budget:
                study.extend(**budget)
            self.opened.emit(facts_of(study))
            wanted = study.spec.space.base.data.name
            if dataset is None or dataset.name != wanted:
                dataset = load_dataset(wanted)
            session = SearchSession(study, dataset)
            session.start()
            was_cancelled = yield from self._look_after(session)
            session.close()
            if was_cancelled:
                return SearchEnd(was_cancelled)
            self.testing.emit()
            return SearchEnd(was_cancelled, _test(study, dataset))
        finally:
            # Also when the window closes in the middle: the workers give their trials back.
            if session is not None:
                session.close()
            study.close()

    def _look_after(self, session: SearchSession) -> Generator[None, None, bool]:
        """Obey and tell until it is over; returns whether it was cancelled."""
        was_cancelled = False
        while True:
            self._wake.clear()
            while self._commands:
                command = self._commands.popleft()
                was_cancelled = was_cancelled or command == "cancel"
                getattr(session, command)()
            update = session.poll()
            self.updated.emit(update)
            if update.is_over:
                return was_cancelled
            yield
            self._wake.wait(LOOK_EVERY)
            yield

    @Slot(object)
    def _on_ended(self, end: SearchEnd) -> None:
        self.ended.emit(end)


def _test(study: SearchStudy, dataset: Dataset) -> str:
    """Read the test images for the best trial, once; returns what they say."""
    from nncore.search.final_test import read_test

    best = study.best()
    if best is None:
        return ""
    try:
        return read_test(study, best, dataset).sentence()
    except NNError as error:
        return f"The test images were not read: {error}"
