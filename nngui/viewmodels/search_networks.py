"""TrialNetworks: the networks of a study's trials as files that can be opened."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from nncore.data import Dataset
from nncore.errors import NNError
from nncore.search.records import TrialRecord
from nngui.workers.background import BackgroundTask
from nngui.workers.search_studies import network_file


class TrialNetworks(QObject):
    """Finds the network of a trial, or trains it again; one at a time, in the background.

    Args:
        storage: Where studies are kept; None for the person's data folder.
        parent: Owner.
    """

    told = Signal(str)
    """How far it is, in words; empty when there is nothing to tell any more."""
    ready = Signal(object)
    """The Path of the file."""
    failed = Signal(str)
    """A sentence: why there is none."""
    _worded = Signal(str)

    def __init__(self, storage: str | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._storage = storage
        self._task = BackgroundTask(self)
        self._task.succeeded.connect(self._on_ready)
        self._task.failed.connect(self._on_failed)
        self._worded.connect(self._tell)

    @property
    def is_busy(self) -> bool:
        """Whether a network is on its way."""
        return self._task.running

    def ask(self, name: str, record: TrialRecord, dataset: Dataset | None) -> None:
        """Get the file of a trial's network; what was asked for before is given up.

        Args:
            name: The study's name.
            record: The trial, completed.
            dataset: A data set that is loaded already; it counts if it is the study's.
        """
        storage, tell = self._storage, self._worded.emit
        self._task.start(lambda: network_file(storage, name, record, dataset, tell))
        self.told.emit(f"Opening the network of trial {record.number}…")

    def cancel(self) -> None:
        """Give up what was asked for."""
        self._task.cancel()
        self.told.emit("")

    def close(self) -> None:
        """Rest for good."""
        self._task.close()

    @Slot(str)
    def _tell(self, text: str) -> None:
        # What was still on its way when it was given up comes too late.
        if self.is_busy:
            self.told.emit(text)

    @Slot(object)
    def _on_ready(self, path: object) -> None:
        self.told.emit("")
        self.ready.emit(path)

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        self.told.emit("")
        reason = str(error) if isinstance(error, NNError) else "Details are in the log file."
        self.failed.emit(f"The network was not opened. {reason}")
