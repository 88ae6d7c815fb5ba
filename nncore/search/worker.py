"""A worker: takes up trials of a study, trains them, tells what came of them, until none is left.

The same loop runs in a child process of a search, in the process of `nnscratch search worker` on
another machine, and in a test.
"""

from __future__ import annotations

import os
import secrets
import socket
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from optuna.exceptions import OptunaError
from optuna.trial import TrialState
from sqlalchemy.exc import SQLAlchemyError

from nncore.data import Dataset
from nncore.errors import ConfigError, NNError
from nncore.search.queue import Claim, TrialQueue
from nncore.search.records import TrialRecord
from nncore.search.storage import failures_told
from nncore.search.study import SearchStudy, Status
from nncore.search.trial_reading import LIVE
from nncore.search.trial_run import TrialRun
from nncore.search.weights import keep_weights

LOOK_EVERY = 0.5
"""How often a worker looks whether to pause or to stop [s]."""
LIVE_EVERY = 1.0
"""How often the curves of a trial under way are stored, at most [s]."""

_STATES = {
    "completed": TrialState.COMPLETE,
    "pruned": TrialState.PRUNED,
    "diverged": TrialState.PRUNED,
    "impossible": TrialState.PRUNED,
}


class _StoppedError(Exception):
    """The trial under way is given back."""


def worker_name(process_id: int | None = None) -> str:
    """A name that no other worker has: host, process id (else this one's) and a random word."""
    return f"{socket.gethostname()}:{process_id or os.getpid()}:{secrets.token_hex(3)}"


class Worker:
    """Works on one study.

    Attributes:
        queue: The study's work.
        must_stop: Set it, from any thread, to end the worker; its trial is given back.
    """

    def __init__(
        self,
        study: SearchStudy,
        dataset: Dataset,
        *,
        name: str = "",
        weights: Path | None = None,
        recovers: bool = True,
        is_asked_to_stop: Callable[[], bool] = lambda: False,
    ) -> None:
        """Prepare a worker.

        Args:
            study: The study; this worker's own, not shared with another thread.
            dataset: Only its training images are looked at.
            name: See `worker_name`.
            weights: The folder into which the networks of the best trial so far are written.
            recovers: Whether it looks for dead workers; not needed where somebody else does.
            is_asked_to_stop: A second way to say stop, for a signal's handler, which may set no
                event.
        """
        self.study = study
        self.queue = TrialQueue(study, name or worker_name())
        self.must_stop = threading.Event()
        self._dataset = dataset
        self._weights = weights
        self._recovers = recovers
        self._is_asked_to_stop = is_asked_to_stop
        self._looked = self._lived = 0.0

    def run(self, ended: Callable[[TrialRecord], None] | None = None) -> Literal["done", "stopped"]:
        """Work until nothing is left or somebody says stop.

        Args:
            ended: Told about each trial that this worker has ended.

        Returns:
            "done" if nothing is left to do, "stopped" if somebody said stop.

        Raises:
            SearchError: If the storage fails for good.
        """
        with failures_told(self.study.name), suppress(_StoppedError):
            while self._may_go_on():
                if self._recovers:
                    self.queue.recover()
                claim = self.queue.claim()
                if claim == "done":
                    return "done"
                if claim == "wait":
                    self.must_stop.wait(LOOK_EVERY)
                    continue
                self._work(claim)
                if ended is not None:
                    number = claim.trial.number
                    ended(next(it for it in self.study.records() if it.number == number))
        return "stopped"

    def _work(self, claim: Claim) -> None:
        settings = self.study.spec.settings
        run = TrialRun(
            claim.config,
            self._dataset,
            settings.objective,
            settings.seeds,
            lambda epoch, value: self._report(claim, epoch, value),
        )
        with _Heartbeat(self.queue, claim, settings.heartbeat):
            try:
                for is_epoch in run:
                    if is_epoch:
                        self._show(claim, run)
                    if not self._may_go_on():
                        raise _StoppedError
            except _StoppedError:
                self._tell(claim, run, "interrupted", "The search was stopped.")
                raise
            except ConfigError as error:
                # Only the trainer, which knows the data, can tell that settings do not go together.
                self._tell(claim, run, "impossible", str(error))
                return
            except (NNError, ArithmeticError, MemoryError, ValueError) as error:
                # One configuration that cannot be trained must not end the search.
                traceback.print_exc()
                reason = f"{type(error).__name__}: {error}"
                self._tell(claim, run, "error", reason)
                return
            self._tell(claim, run, run.outcome, run.reason)

    def _report(self, claim: Claim, epoch: int, value: float) -> bool:
        if self.study.spec.settings.pruning == "off":
            return False
        claim.trial.report(value, epoch)
        return claim.trial.should_prune()

    def _show(self, claim: Claim, run: TrialRun) -> None:
        """Let others see the curves so far, but not so often that it costs anything."""
        now = time.monotonic()
        if now - self._lived >= LIVE_EVERY:
            self._lived = now
            runs = [it.plain() for it in run.runs]
            self.study.storage.set_trial_user_attr(claim.trial_id, LIVE, runs)

    def _tell(self, claim: Claim, run: TrialRun, outcome: str, reason: str) -> None:
        state = _STATES.get(outcome, TrialState.FAIL)
        value = None if state == TrialState.FAIL else run.value
        paths: list[str] = []
        if state == TrialState.COMPLETE and self._weights is not None:
            paths = keep_weights(self.study, self._dataset, run, claim.trial.number, self._weights)
        result: dict[str, Any] = {
            "outcome": outcome,
            "reason": reason,
            "seconds": run.seconds,
            "runs": [it.plain() for it in run.runs],
            "weights": paths,
        }
        self.queue.finish(claim, state, value, result)

    def _may_go_on(self) -> bool:
        """Whether to go on; does not return during a pause."""
        if self._must_stop():
            return False
        now = time.monotonic()
        if now - self._looked < LOOK_EVERY:
            return True
        self._looked = now
        status: Status = self.study.status
        while status == "paused" and not self._must_stop():
            self.must_stop.wait(LOOK_EVERY)
            status = self.study.status
        return status == "running" and not self._must_stop()

    def _must_stop(self) -> bool:
        return self.must_stop.is_set() or self._is_asked_to_stop()


class _Heartbeat:
    """Tells the storage every few seconds that a trial's worker lives, even in a long step."""

    def __init__(self, queue: TrialQueue, claim: Claim, interval: float) -> None:
        self._queue = queue
        self._claim = claim
        self._interval = interval
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._is_over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._is_over.wait(self._interval):
            try:
                self._queue.beat(self._claim, round(1000 * time.time()))
            except (SQLAlchemyError, OptunaError) as error:
                # The next beat may get through; if none does, the trial counts as abandoned.
                traceback.print_exception(error, limit=1)
        self._queue.study.storage.remove_session()
