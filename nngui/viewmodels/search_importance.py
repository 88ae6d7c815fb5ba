"""ImportanceModel: which hyperparameters of a study matter, worked out beside the window."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from nngui.viewmodels.search_book import TrialBook
from nngui.workers.background import BackgroundTask
from nngui.workers.search_studies import Importance, importance_of

_REST_MS = 5000
"""It is worked out at most that often."""


class ImportanceModel(QObject):
    """The importances as of the last time that somebody asked.

    Args:
        parent: Owner.

    Attributes:
        importance: What was found; None before.
        reason: Why it could not be worked out; empty when it could.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.importance: Importance | None = None
        self.reason = ""
        self._asked = -1
        self._wanted: TrialBook | None = None
        self._task = BackgroundTask(self)
        self._task.succeeded.connect(self._on_found)
        self._task.failed.connect(self._on_failed)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._go)

    def ask(self, book: TrialBook) -> None:
        """Work it out, now or after a rest, unless that was done for as many trials.

        Args:
            book: The trials of the study that is shown.
        """
        if book.completed == self._asked:
            return
        self._wanted = book
        if not self._task.running and not self._rest.isActive():
            self._go()

    def forget(self) -> None:
        """Another study is shown."""
        self._task.cancel()
        self._rest.stop()
        self.importance, self.reason = None, ""
        self._asked, self._wanted = -1, None

    def close(self) -> None:
        """Rest for good."""
        self.forget()
        self._task.close()

    @Slot()
    def _go(self) -> None:
        if self._wanted is None or self._task.running:
            return
        book, self._wanted = self._wanted, None
        self._asked = book.completed
        spec, records = book.spec, tuple(book.records.values())
        self._task.start(lambda: importance_of(spec, records))

    def _tell(self, importance: Importance | None, reason: str) -> None:
        self.importance, self.reason = importance, reason
        self._rest.start()
        self.changed.emit()

    @Slot(object)
    def _on_found(self, importance: Importance) -> None:
        self._tell(importance, "")

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        self._tell(None, f"The importance could not be worked out: {error}")
