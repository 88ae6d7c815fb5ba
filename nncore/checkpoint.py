"""Checkpoints: all of a run in a `.safetensors`, so that it can go on as if never interrupted.

The tensors are flat, as the trainer has them, and keep their types: nothing is converted, so that
nothing is lost. What is random is drawn anew from the place in the run (`nncore.random_streams`),
so that the place is all that has to be kept of it.
"""

from __future__ import annotations

import json
import math
from dataclasses import astuple, fields
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import safetensors.numpy
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt, PositiveInt, ValidationError

from nncore.atomic import write_atomically
from nncore.config import RunConfig
from nncore.data import Dataset
from nncore.early_stopping import Waiting
from nncore.errors import ConfigError, DataError, ModelFileError
from nncore.events import EpochEnded
from nncore.history import History
from nncore.run_progress import RunProgress, RunState
from nncore.schedules import PlateauState
from nncore.tensor_file import CHECKPOINT_FORMAT, TensorFile
from nncore.trainer import Trainer

Array = NDArray[np.floating[Any]]

VERSION = 1

_EPOCHS, _LOSSES, _RATES = "history.epochs", "history.step_losses", "history.learning_rates"
_TAKE_ANOTHER = "Open another copy of it."
_Finite = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class _Place(BaseModel):
    """The numbers of a `RunProgress`, as they stand in the file; None for an infinite loss."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    fingerprint: str
    epoch: PositiveInt
    step: NonNegativeInt
    samples: NonNegativeInt
    correct: NonNegativeInt
    seconds: _Finite
    learning_rate: _Finite
    is_measured: bool
    best_loss: _Finite | None
    best_epoch: NonNegativeInt
    best_step: NonNegativeInt
    plateau_factor: _Finite
    plateau_best: _Finite | None
    plateau_bad_epochs: NonNegativeInt
    waiting_best: _Finite | None
    waiting_bad_epochs: NonNegativeInt
    kept_step: NonNegativeInt
    candidate_step: Annotated[int, Field(ge=-1)]


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
    state = trainer.state()
    tensors: dict[str, Array] = dict(state.arrays)
    tensors[_EPOCHS] = np.array([astuple(e) for e in state.history.epochs], np.float64)
    tensors[_EPOCHS] = tensors[_EPOCHS].reshape(-1, len(fields(EpochEnded)))
    tensors[_LOSSES] = state.history.step_losses
    tensors[_RATES] = state.history.learning_rates
    for name, array in tensors.items():
        if not np.isfinite(array).all():
            raise ModelFileError(f"{path} was not written: {name} holds NaN or infinite numbers.")
    metadata = {
        "format": CHECKPOINT_FORMAT,
        "version": str(VERSION),
        "config": json.dumps(trainer.config.to_dict()),
        "place": _place_of(state, trainer.dataset).model_dump_json(),
    }
    contiguous = {name: np.ascontiguousarray(array) for name, array in tensors.items()}
    write_atomically(Path(path), safetensors.numpy.save(contiguous, metadata))


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
    file = TensorFile.open(Path(path))
    saved, place = _config_of(file), _place_in(file)
    if place.fingerprint != dataset.fingerprint:
        raise DataError(
            f"{path} belongs to a run on other data than {dataset.name}: going on with these would "
            "not be the same run. Choose the data that it was trained on."
        )
    _check_tensors(file, saved, place, dataset)
    arrays = file.load_as_stored()
    history = History.of_parts(
        [_epoch_of(row) for row in arrays.pop(_EPOCHS).tolist()],
        arrays.pop(_LOSSES),
        arrays.pop(_RATES),
    )
    progress = _progress_of(place)
    kept_steps = place.kept_step, place.candidate_step
    trainer = Trainer(saved, dataset, state=RunState(progress, arrays, kept_steps, history))
    _check_place(file, trainer, place)
    steps = place.step - (place.epoch - 1) * trainer.steps_per_epoch
    progress.losses = [history.step_losses[place.step - steps :]]
    if config is not None:
        trainer.reconfigure(config)
    return trainer


def checkpoint_config(path: Path | str) -> RunConfig:
    """The configuration in a checkpoint, which names the data to load for it.

    Raises:
        ModelFileError: If the file cannot be read or is no checkpoint.
    """
    return _config_of(TensorFile.open(Path(path)))


def _place_of(state: RunState, dataset: Dataset) -> _Place:
    run = state.progress
    return _Place(
        fingerprint=dataset.fingerprint,
        epoch=run.epoch,
        step=run.step,
        samples=run.samples,
        correct=run.correct,
        seconds=run.seconds,
        learning_rate=run.learning_rate,
        is_measured=run.is_measured,
        best_loss=_finite(run.best_loss),
        best_epoch=run.best_epoch,
        best_step=run.best_step,
        plateau_factor=run.plateau.factor,
        plateau_best=_finite(run.plateau.best),
        plateau_bad_epochs=run.plateau.bad_epochs,
        waiting_best=_finite(run.waiting.best),
        waiting_bad_epochs=run.waiting.bad_epochs,
        kept_step=state.kept_steps[0],
        candidate_step=state.kept_steps[1],
    )


def _progress_of(place: _Place) -> RunProgress:
    names = {field.name for field in fields(RunProgress)}
    plain = {name: value for name, value in place.model_dump().items() if name in names}
    plateau = place.plateau_factor, _number(place.plateau_best), place.plateau_bad_epochs
    waiting = Waiting(_number(place.waiting_best), place.waiting_bad_epochs)
    plain |= {"best_loss": _number(place.best_loss)}
    return RunProgress(**plain, plateau=PlateauState(*plateau), waiting=waiting)


def _finite(loss: float) -> float | None:
    return loss if math.isfinite(loss) else None


def _number(loss: float | None) -> float:
    return math.inf if loss is None else loss


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


def _place_in(file: TensorFile) -> _Place:
    try:
        return _Place.model_validate_json(file.metadata.get("place", ""))
    except ValidationError as error:
        fault = error.errors(include_url=False, include_context=False)[0]
        where = ".".join(map(str, fault["loc"]))
        raise _damaged(
            file, f"its place in the run cannot be read: {where} {fault['msg']}"
        ) from None


def _check_tensors(file: TensorFile, config: RunConfig, place: _Place, dataset: Dataset) -> None:
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


def _check_place(file: TensorFile, trainer: Trainer, place: _Place) -> None:
    """Raise unless the numbers of the place agree with each other."""
    steps = -(-place.samples // trainer.batch_size)
    is_whole = place.samples % trainer.batch_size == 0 or place.samples == trainer.samples
    agrees = (
        place.epoch <= trainer.config.training.epochs
        and place.samples <= trainer.samples
        and is_whole
        and place.step == (place.epoch - 1) * trainer.steps_per_epoch + steps
        and place.correct <= place.samples
        and (not place.is_measured or place.samples == trainer.samples)
        and place.best_epoch <= place.epoch
        and max(place.kept_step, place.candidate_step) <= place.step
    )
    if not agrees:
        raise _damaged(file, "its place in the run does not add up")


def _damaged(file: TensorFile, fault: str) -> ModelFileError:
    return ModelFileError(f"{file.path}: {fault}. {_TAKE_ANOTHER}")
