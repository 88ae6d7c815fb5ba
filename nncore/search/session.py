"""SearchSession: runs a study's workers on this machine; somebody else owns the loop."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

from nncore.data import Dataset
from nncore.errors import SearchError
from nncore.search.memory import workers_that_fit
from nncore.search.queue import TrialQueue
from nncore.search.records import TrialRecord, best_of
from nncore.search.storage import failures_told, storage_folder
from nncore.search.study import SearchStudy, Status
from nncore.search.worker import worker_name
from nncore.search.worker_pool import WorkerPool

POLL_EVERY = 0.5
"""How often the storage is looked at [s]."""


@dataclass(frozen=True)
class SearchUpdate:
    """How a search stands.

    Attributes:
        changed: The trials that are not as they were at the last look.
        best: The best completed trial.
        finished: Trials that are done with.
        total: How many there will be, None when only the time says.
        running: Trials under way, on all machines.
        workers: Workers on this machine.
        status: What the person wants.
        seconds: How long it has been running [s].
        seconds_left: How long it will still take, about [s]; None while nobody knows.
        is_over: Whether all workers of this machine have ended.
        message: What went wrong last, or why there are fewer workers than asked for; empty for
            neither.
    """

    changed: tuple[TrialRecord, ...]
    best: TrialRecord | None
    finished: int
    total: int | None
    running: int
    workers: int
    status: Status
    seconds: float
    seconds_left: float | None
    is_over: bool
    message: str


class SearchSession:
    """Runs a study with worker processes.

    `for update in session.run(): ...` does it all. A window calls `start`, then `poll` every half
    second from a thread of its own, and `close` at last. All of it belongs to one thread; `pause`,
    `go_on` and `cancel` are for the same one.

    Attributes:
        study: The study.
        workers: How many worker processes it starts.
        remark: Why these are fewer than were asked for; empty when they are not.
    """

    def __init__(
        self,
        study: SearchStudy,
        dataset: Dataset,
        *,
        workers: int | None = None,
        weights: Path | None = None,
    ) -> None:
        """Prepare a session; nothing runs yet.

        Args:
            study: The study; belongs to this session from now on.
            dataset: Its data set; only the training images are passed on.
            workers: How many; None for what the study says.
            weights: Where the best networks go; None for beside the storage's file.
        """
        asked = study.spec.settings.workers
        self.study = study
        wanted = workers or (available_cores() if asked == "cores" else asked)
        self.workers, self.remark = workers_that_fit(study, dataset, wanted)
        self._dataset = dataset
        self._weights = weights if weights is not None else weights_folder(study)
        self._queue = TrialQueue(study, worker_name())
        self._pool: WorkerPool | None = None
        self._seen: dict[int, TrialRecord] = {}
        self._finished_at_death = self._deaths = 0
        self._recovered = 0.0
        self._wake = threading.Event()

    @property
    def process_ids(self) -> tuple[int, ...]:
        """The worker processes."""
        return self._pool.process_ids if self._pool is not None else ()

    def start(self) -> None:
        """Start the workers; also goes on with a study that was stopped, or that died.

        Raises:
            FileWriteError: If there is no room for the workers' images.
            SearchError: If the storage fails; so do all that follow.
        """
        with failures_told(self.study.name):
            self.study.mend_clock()
            self._queue.recover()
            self.study.set_status("running")
            self._pool = WorkerPool(self.study, self._dataset, self._weights)
            # An ended search needs no workers; `poll` then finds it over.
            for _ in range(0 if self._queue.is_done else self.workers):
                self._pool.start()

    def pause(self) -> None:
        """Let the workers hold still with their trials, here and on other machines."""
        with failures_told(self.study.name):
            self.study.set_status("paused")

    def go_on(self) -> None:
        """End a pause."""
        with failures_told(self.study.name):
            self.study.set_status("running")

    def cancel(self) -> None:
        """End the workers, here and on other machines; trials under way are tried again later.

        Returns when those of this machine have ended, which takes a fraction of a second.
        """
        with failures_told(self.study.name):
            self.study.set_status("stopped")
            if self._pool is not None:
                self._recover(self._pool.stop())

    def poll(self) -> SearchUpdate:
        """Look after the workers and see what is new.

        Raises:
            SearchError: If workers keep dying and no trial ends in between; they are stopped then.
        """
        with failures_told(self.study.name):
            return self._poll()

    def _poll(self) -> SearchUpdate:
        status = self.study.status
        if self._pool is not None:
            died = self._pool.reap()
            if time.monotonic() - self._recovered > self.study.spec.settings.heartbeat or died:
                self._recover(died)
            records = self.study.records()
            finished = sum(record.is_finished for record in records)
            self._replace(len(died), finished, status)
        else:
            records = self.study.records()
            finished = sum(record.is_finished for record in records)
        alive = self._pool.alive if self._pool is not None else 0
        if not alive and status == "running":
            self.study.set_status("stopped")
            status = "stopped"
        return self._update(records, finished, alive, status)

    def run(self, every: float = POLL_EVERY) -> Generator[SearchUpdate, None, None]:
        """Start, and tell how it stands until it is over; closing the generator stops the search.

        Args:
            every: Time between two looks [s].
        """
        try:
            self.start()
            while True:
                update = self.poll()
                yield update
                if update.is_over:
                    return
                self._wake.wait(every)
        finally:
            self.close()

    def close(self) -> None:
        """End everything; what is under way is tried again when the study goes on."""
        if self._pool is not None:
            pool, is_over = self._pool, not self._pool.alive and self.study.status == "stopped"
            try:
                if not is_over:
                    self.cancel()
            finally:
                self._pool = None
                pool.close()

    def _recover(self, gone: list[str]) -> None:
        self._recovered = time.monotonic()
        self._queue.recover(gone)

    def _replace(self, died: int, finished: int, status: Status) -> None:
        """Start a worker for each one that died, unless that leads nowhere."""
        assert self._pool is not None
        if not died:
            return
        if finished > self._finished_at_death:
            self._finished_at_death, self._deaths = finished, 0
        self._deaths += died
        if self._deaths > 5 * self.workers + 5:
            message = self._pool.message
            self.close()
            raise SearchError(f"The workers keep dying, and the search was stopped. {message}")
        if status != "stopped":
            for _ in range(died):
                self._pool.start()

    def _update(
        self, records: tuple[TrialRecord, ...], finished: int, alive: int, status: Status
    ) -> SearchUpdate:
        changed = tuple(it for it in records if self._seen.get(it.number) != it)
        self._seen |= {record.number: record for record in changed}
        seconds = self.study.clock.seconds(time.time())
        return SearchUpdate(
            changed=changed,
            best=best_of(records, is_maximized=self.study.is_maximized),
            finished=finished,
            total=self.study.total,
            running=sum(record.state == "running" for record in records),
            workers=alive,
            status=status,
            seconds=seconds,
            seconds_left=self._seconds_left(finished, seconds),
            is_over=not alive,
            message=(self._pool.message if self._pool is not None else "") or self.remark,
        )

    def _seconds_left(self, finished: int, seconds: float) -> float | None:
        total, limit = self.study.total, self.study.spec.settings.budget.seconds
        ways: list[float] = []
        if total is not None and finished:
            ways.append(seconds / finished * max(total - finished, 0))
        if limit != "unlimited":
            ways.append(max(limit - seconds, 0.0))
        return min(ways, default=None)


def available_cores() -> int:
    """The cores that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1


def weights_folder(study: SearchStudy) -> Path | None:
    """Where a study's best networks go: beside its file; None for a server."""
    folder = storage_folder(study.url)
    name = "".join(it if it.isalnum() or it in "-_." else "_" for it in study.name)
    return folder / f"{name}-networks" if folder is not None else None
