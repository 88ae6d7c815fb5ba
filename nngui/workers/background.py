"""BackgroundTask: one piece of work at a time in another thread; newer work replaces older."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QThreadPool, Signal, Slot

from nncore.errors import NNError

Work = Callable[[], Any]
"""A function whose return value is the result; a generator may be stopped at each `yield`."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Outcome:
    """What a job hands back to the thread of the task."""

    ticket: int
    result: Any = None
    error: Exception | None = None


class BackgroundTask(QObject):
    """Runs functions in a thread of its own and reports in the thread this object lives in.

    Only the newest work reports; what was replaced or cancelled ends silently at its next `yield`.
    """

    succeeded = Signal(object)
    """The result of the newest work."""
    failed = Signal(object)
    """The exception that ended the newest work."""
    _ended = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._ticket = 0
        self._stop = threading.Event()
        self._running = False
        self._closed = False
        self._ended.connect(self._deliver)

    @property
    def running(self) -> bool:
        """Whether there is work whose result has not been delivered."""
        return self._running

    def start(self, work: Work) -> None:
        """Run `work`; work that was started before is stopped and does not report.

        After `close` nothing is started.
        """
        self.cancel()
        if self._closed:
            return
        self._stop = stop = threading.Event()
        self.destroyed.connect(stop.set)
        self._running = True
        ticket = self._ticket
        self._pool.start(lambda: self._run(work, ticket, stop))

    def cancel(self) -> None:
        """Stop the work, if any, without a report."""
        self._ticket += 1
        self._stop.set()
        self._running = False

    def close(self, timeout: int = 5000) -> bool:
        """Stop for good and wait until the thread is at rest.

        Args:
            timeout: How long to wait [ms].

        Returns:
            Whether the thread came to rest in time.
        """
        self._closed = True
        self.cancel()
        return self._pool.waitForDone(timeout)

    def _run(self, work: Work, ticket: int, stop: threading.Event) -> None:
        """Do the work; runs in the pool's thread."""
        try:
            result = None if stop.is_set() else work()
            if isinstance(result, Generator):
                result = _drive(result, stop)
            outcome = _Outcome(ticket, result)
        except Exception as error:  # An edge: every failure is reported, none may end the thread.
            if not isinstance(error, NNError):
                _log.exception("work in the background failed")
            outcome = _Outcome(ticket, error=error)
        # Set also when this object is being deleted; then there is nothing left to emit from.
        if not stop.is_set():
            self._ended.emit(outcome)

    @Slot(object)
    def _deliver(self, outcome: _Outcome) -> None:
        if outcome.ticket != self._ticket:
            return
        self._running = False
        if outcome.error is not None:
            self.failed.emit(outcome.error)
        else:
            self.succeeded.emit(outcome.result)


def _drive(steps: Generator[Any, Any, Any], stop: threading.Event) -> Any:
    """Go through the steps until they end or a stop is asked for; returns the result."""
    try:
        while not stop.is_set():
            next(steps)
    except StopIteration as end:
        return end.value
    finally:
        steps.close()
    return None
