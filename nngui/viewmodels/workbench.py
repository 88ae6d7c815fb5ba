"""Workbench: all view-models of the window, made and wired in one place, without a widget."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from nncore.checkpoint import Checkpoint
from nncore.config import RunConfig
from nncore.errors import NNError
from nncore.model import Model, Preprocessing
from nncore.presets import FIRST_PRESET, PRESETS
from nngui.viewmodels.config_store import ConfigStore
from nngui.viewmodels.curves import CurvesModel
from nngui.viewmodels.data_source import DataSource, LoadedData
from nngui.viewmodels.model_files import ModelFiles
from nngui.viewmodels.predictor import Predictor
from nngui.viewmodels.recovery import CutRun, Recovery
from nngui.viewmodels.run_keeper import RunKeeper
from nngui.viewmodels.run_session import RunSession
from nngui.viewmodels.run_state import NetworkCopy
from nngui.viewmodels.samples import Samples
from nngui.viewmodels.settings import Settings
from nngui.viewmodels.trained_model import figures_at
from nngui.workers.run_reading import read_run
from nngui.workers.training import Pace

if TYPE_CHECKING:
    from nngui.viewmodels.search_session import SearchModel


class Workbench(QObject):
    """What the window shows and commands.

    Args:
        settings: What is remembered.
        data_folder: Where runs are kept by themselves, finished and under way.
        parent: Owner.
    """

    messageRaised = Signal(str, str)
    """Something the person should read: kind ("info", "warning", "error") and text."""

    def __init__(
        self, settings: Settings, data_folder: Path, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.settings = settings
        config = settings.config or PRESETS[FIRST_PRESET].config
        self.store = ConfigStore(config, self)
        self.data = DataSource(self.store, self)
        self.session = RunSession(self.store, self)
        self.curves = CurvesModel(self)
        self.predictor = Predictor(self)
        self.samples = Samples(self.predictor, parent=self)
        self.files = ModelFiles(data_folder / "runs", self)
        self.recovery = Recovery(data_folder / "recovery", self.session, self.files, self)
        self.keeper = RunKeeper(self.session, self.files, self.recovery, self.model, self)
        self._connect()

    @cached_property
    def search(self) -> SearchModel:
        """The hyperparameter search, made when its tab is: the first screen does not need it."""
        from nngui.viewmodels.search_session import SearchModel

        model = SearchModel(parent=self)
        model.set_data(lambda: self.data.data.dataset if self.data.data else None)
        return model

    @property
    def is_searching(self) -> bool:
        """Whether a hyperparameter search is under way."""
        return "search" in vars(self) and self.search.is_active

    def start(self) -> None:
        """Load the data and look for runs cut short; call it once the window is painted."""
        self.data.refresh()
        self.recovery.look()

    def close(self) -> None:
        """End all work, finish what is being written, and remember the configuration."""
        self.session.close()
        if "search" in vars(self):
            self.search.close()
        self.samples.close()
        self.data.close()
        self.files.close()
        self.recovery.close()
        self.settings.config = self.store.config
        # Otherwise Qt tells its actions of an empty stack while both are being torn down.
        self.store.undoStack.clear()
        self.settings.save()

    @Slot()
    def remember(self) -> None:
        """Write the settings now and not only when the window closes."""
        self.settings.config = self.store.config
        self.files.later(self.settings.saving(), "The settings were not saved.")

    def model(self) -> Model | None:
        """The network of this moment as a model to be saved; None while there is none."""
        copy = self.session.copy
        if copy is None:
            return None
        return Model(
            network=copy.network,
            config=copy.config,
            class_names=self.predictor.class_names,
            figures=copy.figures or figures_at(self.session.history, copy.epoch, copy.step),
            preprocessing=Preprocessing.for_shape(self.predictor.image_shape),
        )

    def open(self, path: Path) -> None:
        """Open a model; or a checkpoint, whose run is paused then."""
        self.files.open(path, self.session.dataset)

    def go_on(self, cut: CutRun) -> None:
        """Go on with a run that was cut short."""
        self.recovery.take(cut)
        known = self.session.dataset

        def read() -> Checkpoint | str:
            try:
                return read_run(cut.slot.path, known)
            except (NNError, OSError) as error:
                return str(error)

        def finish(read: Checkpoint | str) -> None:
            if isinstance(read, str):
                self.messageRaised.emit("error", f"The run cannot go on now. It is kept. {read}")
            elif self._may_take_over():
                self.recovery.adopt(cut)
                self._take_over(read, "go on with a run that was cut short", Pace.RUN)
                return
            self.recovery.give_back(cut)

        self.files.later(read, "The run could not go on.", finish)

    def give_up(self, cut: CutRun) -> None:
        """Give a run up that was cut short; its weights go to the earlier runs."""
        self.recovery.take(cut)
        self.files.give_up(cut.slot, self.session.dataset)

    def _connect(self) -> None:
        self.data.loaded.connect(self._on_data)
        self.data.failed.connect(self._on_data_failed)
        self.session.eventsArrived.connect(self.curves.extend)
        self.session.networkChanged.connect(self._on_network)
        self.session.goesOn.connect(self.curves.go_on)
        self.session.weightsReset.connect(self.curves.begin)
        self.session.runStarted.connect(self._name_outputs)
        self.session.weightsReset.connect(self._name_outputs)
        self.session.messageRaised.connect(self.messageRaised)
        self.recovery.failed.connect(self._on_not_kept)
        self.keeper.failed.connect(self._on_not_kept)
        self.store.configChanged.connect(self._on_config_changed)
        self.files.modelOpened.connect(self._on_model_opened)
        self.files.runOpened.connect(self._on_run_opened)
        self.files.saved.connect(self.settings.add_recent)
        self.files.configOpened.connect(self._on_config_opened)
        self.files.failed.connect(self._on_files_failed)
        self.settings.recentChanged.connect(self.remember)
        self.session.runStarted.connect(self.remember)

    @Slot(object)
    def _on_data(self, data: LoadedData) -> None:
        self.session.set_dataset(data.dataset)
        self.samples.set_dataset(data.dataset, data.split)
        # Trained weights keep the names and the shape of what they were trained on.
        if self.session.copy is None or not self.session.copy.trained:
            self._name_outputs()

    @Slot()
    def _name_outputs(self) -> None:
        """Say that the network is one for the data that are chosen now."""
        dataset = self.session.dataset
        if dataset is not None:
            self.predictor.set_data(dataset.class_names, dataset.image_shape)

    @Slot(str)
    def _on_data_failed(self, reason: str) -> None:
        self.session.set_dataset(None, reason)
        self.messageRaised.emit("error", reason)

    @Slot(object)
    def _on_network(self, copy: NetworkCopy) -> None:
        self.predictor.set_network(copy.network, copy.words, trained=copy.trained)

    @Slot(str)
    def _on_not_kept(self, text: str) -> None:
        self.messageRaised.emit("warning", text)

    @Slot()
    def _on_config_changed(self) -> None:
        if self.session.is_active:
            self.curves.replan(self.session.planned_epochs)

    @Slot(object, object)
    def _on_model_opened(self, model: Model, path: Path) -> None:
        if not self._may_take_over():
            return
        self.predictor.set_data(model.class_names, model.preprocessing.image_shape)
        opened = NetworkCopy(model.network, model.config, 0, 0, path.name, model.figures)
        self.session.show_opened(opened)
        self.store.replace_all(model.config, f"open {path.name}")
        self.settings.add_recent(path)
        if model.notes:
            self.messageRaised.emit("info", " ".join(model.notes))

    @Slot(object, object)
    def _on_run_opened(self, run: Checkpoint, path: Path) -> None:
        if self._may_take_over():
            self._take_over(run, f"open {path.name}", Pace.PAUSE)
            self.settings.add_recent(path)

    def _may_take_over(self) -> bool:
        """Whether what was opened can take the place of what is there; says why not."""
        if self.session.is_active:
            self.messageRaised.emit("warning", "A run began meanwhile: stop it, then open again.")
        return not self.session.is_active

    def _take_over(self, run: Checkpoint, text: str, pace: Pace) -> None:
        """Bring a run back as it was, and go on with it."""
        self.data.offer(run.dataset)
        self.store.replace_all(run.config, text)
        self.session.resume(run, pace)

    @Slot(object, object)
    def _on_config_opened(self, config: RunConfig, path: Path) -> None:
        self.store.replace_all(config, f"open {path.name}")

    @Slot(str)
    def _on_files_failed(self, text: str) -> None:
        self.messageRaised.emit("error", text)
