"""Workbench: all view-models of the window, made and wired in one place, without a widget."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from nncore.checkpoint import Checkpoint
from nncore.config import RunConfig
from nncore.errors import NNError
from nncore.events import RunEnded
from nncore.model import Model, Preprocessing
from nncore.presets import FIRST_PRESET, PRESETS
from nngui.viewmodels.config_store import ConfigStore
from nngui.viewmodels.curves import CurvesModel
from nngui.viewmodels.data_source import DataSource, LoadedData
from nngui.viewmodels.model_files import ModelFiles
from nngui.viewmodels.predictor import Predictor
from nngui.viewmodels.recovery import CutRun, Recovery
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
        self._save_run_to: list[Path] = []
        self._is_leaving = False
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
            figures=figures_at(self.session.history, copy.epoch, copy.step),
            preprocessing=Preprocessing.for_shape(self.predictor.image_shape),
        )

    def open(self, path: Path) -> None:
        """Open a model; or a checkpoint, whose run is paused then."""
        self.files.open(path, self.session.dataset)

    def save_run(self, path: Path) -> None:
        """Write a checkpoint of the run under way at its next rest, or of the one that ended."""
        self._save_run_to.append(path)
        self.session.ask_for_checkpoint()

    def go_on(self, cut: CutRun) -> None:
        """Go on with a run that was cut short."""
        self.recovery.take(cut)
        known = self.session.dataset

        def read() -> Checkpoint | str:
            try:
                return read_run(cut.slot.path, known)
            except NNError as error:
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

    def leave_run(self) -> str:
        """End the run under way so that the next start offers to go on with it.

        Returns:
            Why it cannot be kept for that, as a sentence; "" if it is kept or has just ended.
        """
        self._is_leaving = True
        self.session.stop_and_wait()
        self._is_leaving = False
        left, ended = self.session.left, self.session.history.ended
        if left is None or ended is None or ended.reason != "stopped":
            return ""
        return self.recovery.park(left)

    def keep_left_weights(self) -> None:
        """Keep at least the weights of a run that was left and could not be kept whole."""
        model = self.model()
        if model is not None:
            self.files.keep_run(model)

    def _connect(self) -> None:
        self.data.loaded.connect(self._on_data)
        self.data.failed.connect(self._on_data_failed)
        self.session.eventsArrived.connect(self.curves.extend)
        self.session.networkChanged.connect(self._on_network)
        self.session.runEnded.connect(self._on_run_ended)
        self.session.goesOn.connect(self.curves.go_on)
        self.session.weightsReset.connect(self.curves.begin)
        self.session.messageRaised.connect(self.messageRaised)
        self.session.checkpointTaken.connect(self._on_checkpoint)
        self.recovery.failed.connect(self._on_not_kept)
        self.store.configChanged.connect(self._on_config_changed)
        self.files.modelOpened.connect(self._on_model_opened)
        self.files.runOpened.connect(self._on_run_opened)
        self.files.saved.connect(self.settings.add_recent)
        self.files.configOpened.connect(self._on_config_opened)
        self.files.failed.connect(self._on_files_failed)
        self.settings.recentChanged.connect(self.remember)
        self.session.runStarted.connect(self._on_run_started)

    @Slot(object)
    def _on_data(self, data: LoadedData) -> None:
        self.session.set_dataset(data.dataset)
        self.samples.set_dataset(data.dataset, data.split)
        if self.session.copy is None or not self.session.copy.origin:
            self.predictor.set_data(data.dataset.class_names, data.dataset.image_shape)

    @Slot(str)
    def _on_data_failed(self, reason: str) -> None:
        self.session.set_dataset(None, reason)
        self.messageRaised.emit("error", reason)

    @Slot(object)
    def _on_network(self, copy: NetworkCopy) -> None:
        self.predictor.set_network(copy.network, copy.words, trained=copy.trained)

    @Slot()
    def _on_run_started(self) -> None:
        self._save_run_to.clear()
        self.remember()

    @Slot(object)
    def _on_run_ended(self, ended: RunEnded) -> None:
        if self._save_run_to:
            self._save_left_run()
        was_cut = ended.reason == "stopped" and self.session.left is None
        if self._is_leaving and ended.reason == "stopped" and not was_cut:
            return
        slot = self.recovery.detach()
        model = self.model()
        if model is not None:
            # A fault has ended it: what was kept before is better than what is there now.
            self.files.keep_run(model, None if was_cut else slot)

    @Slot(object)
    def _on_checkpoint(self, run: Checkpoint) -> None:
        paths, self._save_run_to = self._save_run_to, []
        for path in paths:
            self.files.save_run(run, path)

    def _save_left_run(self) -> None:
        """Write the checkpoint that was asked for shortly before the run ended, if there is one."""
        if self.session.left is not None:
            self._on_checkpoint(self.session.left)
            return
        self._save_run_to.clear()
        self.messageRaised.emit(
            "warning",
            "The checkpoint was not saved: the run has ended, and with weights of an earlier step, "
            "so that nothing could go on from there. Save the model instead.",
        )

    @Slot(str)
    def _on_not_kept(self, text: str) -> None:
        self.messageRaised.emit("warning", text)

    @Slot()
    def _on_config_changed(self) -> None:
        if self.session.is_active:
            self.curves.replan(self.store.config.training.epochs)

    @Slot(object, object)
    def _on_model_opened(self, model: Model, path: Path) -> None:
        if not self._may_take_over():
            return
        self.predictor.set_data(model.class_names, model.preprocessing.image_shape)
        self.session.show_opened(NetworkCopy(model.network, model.config, 0, 0, path.name))
        self.store.replace_all(model.config, f"open {path.name}")
        self.settings.add_recent(path)
        if model.notes:
            self.messageRaised.emit("info", f"{path.name}: {' '.join(model.notes)}")

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
        self.predictor.set_data(run.dataset.class_names, run.dataset.image_shape)
        self.session.resume(run, pace)

    @Slot(object, object)
    def _on_config_opened(self, config: RunConfig, path: Path) -> None:
        self.store.replace_all(config, f"open {path.name}")

    @Slot(str)
    def _on_files_failed(self, text: str) -> None:
        self.messageRaised.emit("error", text)
