"""DataSource: loads the dataset that the configuration names and splits it, in the background."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QObject, Signal, Slot

from nncore.data import Dataset, Split, load_dataset
from nncore.errors import DataError, NNError, Problem
from nngui.viewmodels.config_store import ConfigStore
from nngui.viewmodels.config_words import problem_in_words
from nngui.workers.background import BackgroundTask

NAME, FRACTION, SEED = "data.name", "data.validation_fraction", "training.seed"


class SplitError(DataError):
    """A dataset that cannot be split as asked: the fraction is at fault, not the dataset."""


class LoadedData(NamedTuple):
    """A dataset with the split of a run."""

    dataset: Dataset
    split: Split


class DataSource(QObject):
    """Keeps dataset and split in step with the configuration.

    A dataset that cannot be loaded is reported at its field; what was loaded before stays in use by
    whoever has it.

    Args:
        store: Names the dataset, the validation fraction and the seed.
        parent: Owner.
    """

    loading = Signal(str)
    """A dataset is being loaded: its name."""
    loaded = Signal(object)
    """The LoadedData that belong to the configuration now."""
    failed = Signal(str)
    """The dataset cannot be used: why."""

    def __init__(self, store: ConfigStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._wanted: tuple[str, float, int] | None = None
        self._data: LoadedData | None = None
        self._at_hand: Dataset | None = None
        self._task = BackgroundTask(self)
        self._task.succeeded.connect(self._on_succeeded)
        self._task.failed.connect(self._on_failed)
        store.configChanged.connect(self.refresh)

    @property
    def data(self) -> LoadedData | None:
        """What was loaded last."""
        return self._data

    def offer(self, dataset: Dataset) -> None:
        """Have a dataset taken and not loaded again when the configuration next asks for it."""
        self._at_hand = dataset

    @Slot()
    def refresh(self) -> None:
        """Load or split anew if the configuration asks for something else."""
        config = self._store.config
        wanted = (config.data.name, config.data.validation_fraction, config.training.seed)
        if wanted == self._wanted:
            return
        self._wanted = wanted
        name, fraction, seed = wanted
        loaded = self._data.dataset if self._data is not None else None
        at_hand, self._at_hand = self._at_hand, None
        known = next((d for d in (at_hand, loaded) if d is not None and d.name == name), None)
        if known is None:
            self.loading.emit(name)

        def load() -> LoadedData:
            dataset = known if known is not None else load_dataset(name)
            try:
                return LoadedData(dataset, dataset.split(fraction, seed))
            except DataError as error:
                of = f"{FRACTION} of {fraction} "
                raise SplitError(str(error).removeprefix(of)) from None

        self._task.start(load)

    def close(self) -> None:
        """Stop loading and rest for good."""
        self._task.close()

    @Slot(object)
    def _on_succeeded(self, data: LoadedData) -> None:
        self._data = data
        self._store.report(NAME, "")
        self._store.report(FRACTION, "")
        self.loaded.emit(data)

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        if isinstance(error, SplitError):
            problem = Problem(FRACTION, str(error))
            self._store.report(NAME, "")
            self._store.report(FRACTION, problem.message)
            self.failed.emit(problem_in_words(self._store.config, problem, FRACTION))
            return
        reason = str(error) if isinstance(error, NNError) else "cannot be loaded; see the log file."
        self._store.report(FRACTION, "")
        self._store.report(NAME, f"cannot be used: {reason}")
        self.failed.emit(reason)
