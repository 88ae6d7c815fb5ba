"""Checkpoints: all of a run in a `.safetensors`, so that it can go on as if never interrupted.

The tensors are flat, as the trainer has them, and keep their types: nothing is converted, so that
nothing is lost. What is random is drawn anew from the place in the run (`nncore.random_streams`),
so that the place is all that has to be kept of it.
"""

from __future__ import annotations

import json
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from nncore.atomic import write_atomically
from nncore.checkpoint_place import Place
from nncore.config import RunConfig
from nncore.data import Dataset
from nncore.errors import ConfigError, DataError, ModelFileError
from nncore.events import EpochEnded
from nncore.history import History
from nncore.run_progress import RunState
from nncore.tensor_file import CHECKPOINT_FORMAT, TensorFile
from nncore.tensor_writer import tensor_writer
from nncore.trainer import Trainer

Array = NDArray[np.floating[Any]]

VERSION = 1

_EPOCHS, _LOSSES, _RATES = "history.epochs", "history.step_losses", "history.learning_rates"
_WORKING_MEMORY = "optimizer.scratch"
"""Of Adam, which wrote it in its first checkpoints though nothing depends on it."""
_TAKE_ANOTHER = "Open another copy of it."


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """A run at one rest: what can be written down, and gone on with.

    Attributes:
        config: Its configuration.
        dataset: What it is trained on.
        state: Everything else.
    """

    config: RunConfig
    dataset: Dataset
    state: RunState

    @classmethod
    def of(cls, trainer: Trainer) -> Self:
        """A copy of a run at a rest; what the trainer does later does not change it.

        Raises:
            NNError: If nothing could go on from here: the run has not begun, has diverged, or has
                ended with the weights of an earlier epoch.
        """
        return cls(trainer.config, trainer.dataset, trainer.state().copy())

    @property
    def epoch(self) -> int:
        """The epoch under way, from 1."""
        return self.state.progress.epoch

    @property
    def step(self) -> int:
        """Steps taken."""
        return self.state.progress.step

    def trainer(self, config: RunConfig | None = None) -> Trainer:
        """A trainer whose `run` goes on from here; it may be asked for more than once.

        Args:
            config: The run's configuration with what may change live (`LIVE_PATHS`) changed; the
                checkpoint's own if None.

        Raises:
            ConfigError: If `config` differs in more than may change.
        """
        trainer = Trainer(self.config, self.dataset, state=self.state.copy())
        if config is not None:
            trainer.reconfigure(config)
        return trainer

    def write(self, path: Path | str) -> None:
        """Write it as a whole or not at all.

        Args:
            path: The file; one that exists is replaced.

        Raises:
            ModelFileError: If a number is not finite.
            FileWriteError: If it cannot be written; what was there before is whole.
        """
        history = self.state.history
        tensors: dict[str, Array] = dict(self.state.arrays)
        tensors[_EPOCHS] = np.array([astuple(e) for e in history.epochs], np.float64)
        tensors[_EPOCHS] = tensors[_EPOCHS].reshape(-1, len(fields(EpochEnded)))
        tensors[_LOSSES] = history.step_losses
        tensors[_RATES] = history.learning_rates
        for name, array in tensors.items():
            if not np.isfinite(array).all():
                raise ModelFileError(
                    f"{path} was not written: {name} holds NaN or infinite numbers."
                )
        metadata = {
            "format": CHECKPOINT_FORMAT,
            "version": str(VERSION),
            "config": json.dumps(self.config.to_dict()),
            "place": Place.of(self.state, self.dataset.fingerprint).model_dump_json(),
        }
        write_atomically(Path(path), tensor_writer(tensors, metadata))


class CheckpointHeader(NamedTuple):
    """What a checkpoint says of its run before any of its large parts are read."""

    config: RunConfig
    place: Place


def save_checkpoint(path: Path | str, trainer: Trainer) -> None:
    """Write all of a run, as a whole or not at all.

    Args:
        path: The file; one that exists is replaced.
        trainer: At a rest, after its run has begun.

    Raises:
        NNError: If nothing could go on from here: the run has not begun, has diverged, or has ended
            with the weights of an earlier epoch.
        ModelFileError: If a number is not finite.
        FileWriteError: If it cannot be written; what was there before is whole.
    """
    # Written at once, so that nothing has to be copied.
    Checkpoint(trainer.config, trainer.dataset, trainer.state()).write(path)


def load_checkpoint(path: Path | str, dataset: Dataset, config: RunConfig | None = None) -> Trainer:
    """Open a checkpoint; the trainer's `run` goes on where it was saved.

    Args:
        path: The file.
        dataset: What the run was trained on.
        config: The run's configuration with what may change live (`LIVE_PATHS`) changed; the
            checkpoint's own if None.

    Raises:
        ModelFileError: If the file cannot be read, is damaged or hostile, or is no checkpoint.
        DataError: If the run was trained on other data.
        ConfigError: If `config` differs in more than may change.
    """
    return read_checkpoint(path, dataset).trainer(config)


def read_checkpoint(path: Path | str, dataset: Dataset) -> Checkpoint:
    """Read and check a checkpoint.

    Args:
        path: The file.
        dataset: What the run was trained on.

    Raises:
        ModelFileError: If the file cannot be read, is damaged or hostile, or is no checkpoint.
        DataError: If the run was trained on other data.
    """
    file = TensorFile.open(Path(path))
    config, place = _header_of(file)
    if place.fingerprint != dataset.fingerprint:
        raise DataError(
            f"{path} belongs to a run on other data than {dataset.name}: going on with these would "
            "not be the same run. Choose the data that it was trained on."
        )
    _check_tensors(file, config, place, dataset)
    arrays = file.load_as_stored()
    history = History.of_parts(
        [_epoch_of(row) for row in arrays.pop(_EPOCHS).tolist()],
        arrays.pop(_LOSSES),
        arrays.pop(_RATES),
    )
    progress = place.progress()
    kept_steps = place.kept_step, place.candidate_step
    checkpoint = Checkpoint(config, dataset, RunState(progress, arrays, kept_steps, history))
    trainer = checkpoint.trainer()
    if not place.adds_up_in(trainer):
        raise _damaged(file, "its place in the run does not add up")
    steps = place.step - (place.epoch - 1) * trainer.steps_per_epoch
    progress.losses = [history.step_losses[place.step - steps :]]
    return checkpoint


def is_checkpoint(path: Path | str) -> bool:
    """Whether a file says that it is a checkpoint.

    Raises:
        ModelFileError: If it cannot be read or is no safetensors file.
    """
    return TensorFile.open(Path(path)).metadata.get("format") == CHECKPOINT_FORMAT


def read_checkpoint_header(path: Path | str) -> CheckpointHeader:
    """What a checkpoint says of its run; the configuration names the data to load for it.

    Raises:
        ModelFileError: If the file cannot be read, is damaged, or is no checkpoint.
    """
    return _header_of(TensorFile.open(Path(path)))


def _header_of(file: TensorFile) -> CheckpointHeader:
    return CheckpointHeader(_config_of(file), _place_in(file))


def _epoch_of(row: list[float]) -> EpochEnded:
    types: dict[str, Any] = {"int": int, "float": float, "bool": bool}
    kinds = [types[str(field.type)] for field in fields(EpochEnded)]
    return EpochEnded(*(kind(value) for kind, value in zip(kinds, row, strict=True)))


def _config_of(file: TensorFile) -> RunConfig:
    if file.metadata.get("format") != CHECKPOINT_FORMAT:
        raise ModelFileError(f"{file.path} is no checkpoint. Choose one that training has written.")
    version = file.metadata.get("version", "")
    if version != str(VERSION):
        raise ModelFileError(
            f"{file.path} has version {version[:20]!r} of the format, and {VERSION} is the one "
            "that can be read. Open it with the nnScratch that wrote it."
        )
    try:
        return RunConfig.from_json(file.metadata.get("config", ""))
    except ConfigError as error:
        raise _damaged(file, f"its configuration cannot be used: {error}") from None


def _place_in(file: TensorFile) -> Place:
    try:
        return Place.model_validate_json(file.metadata.get("place", ""))
    except ValidationError as error:
        fault = error.errors(include_url=False, include_context=False)[0]
        where = ".".join(map(str, fault["loc"]))
        raise _damaged(
            file, f"its place in the run cannot be read: {where} {fault['msg']}"
        ) from None


def _check_tensors(file: TensorFile, config: RunConfig, place: Place, dataset: Dataset) -> None:
    """Raise unless the file holds just the tensors that the run needs; nothing is allocated yet."""
    parameters, buffers = _sizes(config, dataset.features, dataset.classes)
    whole = parameters + buffers
    expected: dict[str, tuple[int, ...]] = {"network": (whole,), "kept": (whole,)}
    expected |= {f"optimizer.{name}": (parameters,) for name in config.optimizer.state_names}
    if place.candidate_step >= 0:
        expected["candidate"] = (whole,)
    if config.training.averaging.is_on:
        expected["trained"] = (whole,)
    if config.training.early_stopping.restores_best and place.best_epoch:
        expected["best"] = (whole,)
    expected[_EPOCHS] = (place.epoch - (not place.is_measured), len(fields(EpochEnded)))
    expected[_LOSSES] = (place.step,)
    found = {name: info.shape for name, info in file.tensors.items() if name != _RATES}
    if _WORKING_MEMORY not in expected:
        found.pop(_WORKING_MEMORY, None)
    rates = file.tensors.get(_RATES)
    if found != expected or rates is None or rates.shape[1:] != (2,) or len(rates.shape) != 2:
        wrong = sorted(
            name for name in {*found, *expected} if found.get(name) != expected.get(name)
        )
        raise _damaged(file, f"tensor {(wrong or [_RATES])[0][:60]!r} is not what the run needs")
    types = {info.dtype for name, info in file.tensors.items() if not name.startswith("history.")}
    if len(types) != 1 or not types <= {"F32", "F64"}:
        raise _damaged(file, "its numbers are not of one type")


def _sizes(config: RunConfig, inputs: int, classes: int) -> tuple[int, int]:
    """How many parameters and buffers a network has, worked out without making it."""
    parameters = buffers = 0
    for layer in config.network.hidden:
        per_unit = inputs + 1 + (2 if layer.normalization.is_used else 0)
        parameters += layer.units * per_unit
        buffers += layer.normalization.buffer_size(layer.units)
        inputs = layer.units
    return parameters + classes * (inputs + 1), buffers


def _damaged(file: TensorFile, fault: str) -> ModelFileError:
    return ModelFileError(f"{file.path}: {fault}. {_TAKE_ANOTHER}")
