"""ModelFiles: saving, opening and exporting, one after the other, in the background."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from PySide6.QtCore import QObject, Signal, Slot

from nncore import config_text
from nncore.atomic import make_folder, write_atomically
from nncore.checkpoint import Checkpoint
from nncore.config import RunConfig
from nncore.data import Dataset
from nncore.errors import ConfigError, NNError
from nncore.exporters import EXPORTERS
from nncore.history import History
from nncore.model_file import Model, save_model
from nngui.viewmodels.trained_model import model_of_run
from nngui.workers.background import BackgroundTask
from nngui.workers.recovery_slot import RecoverySlot
from nngui.workers.run_reading import read_model_or_run, read_run

KEPT_RUNS = 10
"""How many earlier runs are kept by themselves."""
MOST_PROBLEMS = 8
"""Of a configuration with more faults, so many are told at once."""

_log = logging.getLogger(__name__)


class _Job(NamedTuple):
    work: Callable[[], Any]
    finish: Callable[[Any], object]
    fault: str


def _in_words(error: Exception) -> str:
    """What went wrong, in sentences."""
    if isinstance(error, ConfigError):
        told = [str(problem) for problem in error.problems[:MOST_PROBLEMS]]
        sentences = [text if text.endswith((".", "?")) else f"{text}." for text in told]
        left = len(error.problems) - len(told)
        return " ".join([*sentences, f"And {left} more."] if left else sentences)
    return str(error) if isinstance(error, NNError | OSError) else "See the log file."


def _nothing(_result: object) -> None:
    """What follows when nobody waits for it."""


class ModelFiles(QObject):
    """Does the file work of the window in the background, in the order in which it was asked for.

    Args:
        runs_folder: Where finished runs are kept by themselves.
        parent: Owner.
    """

    done = Signal(str)
    """Something was written; a sentence that says what and where."""
    failed = Signal(str)
    """Something went wrong; a sentence that says what, where and what to do."""
    modelOpened = Signal(object, object)
    """A Model and its Path."""
    runOpened = Signal(object, object)
    """A Checkpoint and its Path."""
    saved = Signal(object)
    """The Path of a saved model or checkpoint."""
    configOpened = Signal(object, object)
    """A RunConfig and its Path."""

    def __init__(self, runs_folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runs_folder = runs_folder
        self._waiting: deque[_Job] = deque()
        self._job: _Job | None = None
        self._task = BackgroundTask(self)
        self._task.succeeded.connect(self._on_succeeded)
        self._task.failed.connect(self._on_failed)

    def save_model(self, model: Model, path: Path) -> None:
        """Write a model file; the one that was there stays whole until the new one is."""

        def finish(_: object) -> None:
            self.done.emit(f"Saved the model to {path}.")
            self.saved.emit(path)

        self._add(lambda: save_model(path, model), finish, "The model was not saved.")

    def save_run(self, run: Checkpoint, path: Path) -> None:
        """Write a checkpoint; the file that was there stays whole until the new one is."""

        def finish(_: object) -> None:
            self.done.emit(
                f"Saved the checkpoint of epoch {run.epoch}, step {run.step:,} to {path}."
            )
            self.saved.emit(path)

        self._add(lambda: run.write(path), finish, "The checkpoint was not saved.")

    def open(self, path: Path, known: Dataset | None = None) -> None:
        """Read a model or a checkpoint, whichever it is; nothing changes if it cannot be used.

        Args:
            path: The file.
            known: The data that are loaded, which a checkpoint may belong to.
        """

        def finish(read: Model | Checkpoint) -> None:
            opened = self.modelOpened if isinstance(read, Model) else self.runOpened
            opened.emit(read, path)

        self._add(lambda: read_model_or_run(path, known), finish, f"{path.name} was not opened.")

    def export_weights(self, model: Model, name: str, path: Path) -> None:
        """Write the weights in one of the formats of `EXPORTERS`."""
        exporter = EXPORTERS[name]
        self._add(
            lambda: exporter.write(model, path),
            lambda _: self.done.emit(f"Exported the weights to {path}."),
            "The weights were not exported.",
        )

    def export_history(self, history: History, path: Path) -> None:
        """Write the training history, as JSON if the name ends so, else as CSV."""
        text = history.to_json() if path.suffix.lower() == ".json" else history.to_csv()
        self._write_text(text, path, "training history")

    def save_config(self, config: RunConfig, path: Path) -> None:
        """Write a configuration as JSON."""
        self._write_text(config.to_json(), path, "configuration")

    def open_config(self, path: Path) -> None:
        """Read a configuration; nothing changes if it cannot be used."""
        self._add(
            lambda: RunConfig.from_json(config_text.read(path)),
            lambda config: self.configOpened.emit(config, path),
            f"{path.name} was not opened.",
        )

    def keep_run(self, model: Model, slot: RecoverySlot | None = None) -> None:
        """Keep a run that has ended, so that no training is lost; the oldest makes room.

        Args:
            model: What it came to.
            slot: Where it was kept while it went on; taken away once it is kept for good.
        """

        def keep() -> None:
            self._keep(model)
            if slot is not None:
                slot.remove()

        self._add(keep, _nothing, "The finished run could not be kept by itself.")

    def give_up(self, slot: RecoverySlot, known: Dataset | None) -> None:
        """Take away a run that was cut short, but for its weights, if they can still be read."""

        def give_up() -> str:
            words = "Its weights are under File, Earlier runs."
            try:
                self._keep(model_of_run(read_run(slot.path, known)))
            except (NNError, OSError) as error:
                words = f"Its weights could not be kept: {error}"
            slot.remove()
            return f"The run was given up. {words}"

        self._add(give_up, self.done.emit, "The run could not be given up.")

    def later(
        self,
        work: Callable[[], Any],
        fault: str,
        finish: Callable[[Any], object] = _nothing,
    ) -> None:
        """Do some other file work in its turn, without a word when it went well."""
        self._add(work, finish, fault)

    def kept_runs(self) -> list[Path]:
        """The runs kept by themselves, newest first."""
        return sorted(self._runs_folder.glob("*.safetensors"), reverse=True)

    def close(self) -> None:
        """Finish what was asked for, then rest for good."""
        self._task.close(timeout=-1)
        for job in self._waiting:
            try:
                job.work()
            except (NNError, OSError):
                _log.exception(job.fault)
        self._waiting.clear()

    def _write_text(self, text: str, path: Path, what: str) -> None:
        self._add(
            lambda: write_atomically(path, text.encode()),
            lambda _: self.done.emit(f"Saved the {what} to {path}."),
            f"The {what} was not saved.",
        )

    def _keep(self, model: Model) -> None:
        """Write a model among the runs kept by themselves; in the background."""
        accuracy = model.figures.get("validation_accuracy")
        sizes = [model.network.inputs, *(layer.units for layer in model.network.layers)]
        parts = [
            datetime.now().astimezone().strftime("%Y-%m-%d %H-%M-%S"),
            "-".join(str(size) for size in sizes),
        ]
        if accuracy is not None:
            parts.append(f"{100 * accuracy:.2f} %")
        make_folder(self._runs_folder)
        save_model(self._runs_folder / ("  ".join(parts) + ".safetensors"), model)
        for old in self.kept_runs()[KEPT_RUNS:]:
            old.unlink(missing_ok=True)

    def _add(self, work: Callable[[], Any], finish: Callable[[Any], object], fault: str) -> None:
        self._waiting.append(_Job(work, finish, fault))
        if self._job is None:
            self._next()

    def _next(self) -> None:
        self._job = self._waiting.popleft() if self._waiting else None
        if self._job is not None:
            self._task.start(self._job.work)

    @Slot(object)
    def _on_succeeded(self, result: object) -> None:
        job = self._job
        self._next()
        if job is not None:
            job.finish(result)

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        job = self._job
        self._next()
        if job is not None:
            self.failed.emit(f"{job.fault} {_in_words(error)}")
