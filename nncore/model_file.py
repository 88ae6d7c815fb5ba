"""Model files: a `.safetensors` with the network's tensors and, as metadata, what describes it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, NamedTuple, TypeVar

import numpy as np
import safetensors.numpy
from numpy.typing import NDArray
from pydantic import Field, FiniteFloat, TypeAdapter, ValidationError

from nncore.atomic import write_atomically
from nncore.config import RunConfig
from nncore.errors import ConfigError, ModelFileError
from nncore.features import PIXEL_SCALE
from nncore.foreign_model import describe_foreign
from nncore.model import LayerNames, Model, Preprocessing, layer_names, tensors_of
from nncore.network import Network
from nncore.normalizations import BATCH_COUNT
from nncore.tensor_file import CHECKPOINT_FORMAT, TensorFile

__all__ = ["Model", "Preprocessing", "load_model", "model_bytes", "save_model"]

FORMAT = "nnscratch-model"
VERSION = 1

_T = TypeVar("_T")
_Name = Annotated[str, Field(min_length=1, max_length=200)]
_CLASS_NAMES = TypeAdapter(
    Annotated[tuple[_Name, ...], Field(min_length=2, max_length=65_536)],
)
_FIGURES = TypeAdapter(Annotated[dict[_Name, int | FiniteFloat], Field(max_length=1000)])
_PREPROCESSING = TypeAdapter(Preprocessing)
_TAKE_ANOTHER = "Open another copy of it."


def save_model(path: Path, model: Model) -> None:
    """Write a model file, as a whole or not at all.

    Args:
        path: The file; one that exists is replaced.
        model: What to write.

    Raises:
        FileWriteError: If it cannot be written; what was there before is whole.
        ModelFileError: If a weight is not a finite number.
    """
    path = Path(path)
    if not np.isfinite(model.network.state).all():
        raise ModelFileError(
            f"{path} was not written: the network holds weights that are NaN or infinite. "
            "Reset the weights and train with a smaller learning rate."
        )
    write_atomically(path, model_bytes(model))


def model_bytes(model: Model) -> bytes:
    """The content of a model file."""
    metadata = {
        "format": FORMAT,
        "version": str(VERSION),
        "config": json.dumps(model.config.to_dict()),
        "class_names": json.dumps(model.class_names),
        "preprocessing": model.preprocessing.model_dump_json(),
        "figures": json.dumps(dict(model.figures), allow_nan=False),
    }
    return safetensors.numpy.save(tensors_of(model.network), metadata)


def load_model(path: Path | str) -> Model:
    """Open a model file, or the weights of a PyTorch `nn.Sequential` of Linear layers.

    What a foreign file does not say is assumed, and the model's `notes` say so. No pickle is read.

    Raises:
        ModelFileError: If it cannot be read, is damaged or hostile, or is not such a file; the
            message names the file, the fault and what to do.
    """
    file = TensorFile.open(Path(path))
    if file.metadata.get("format") == CHECKPOINT_FORMAT:
        raise ModelFileError(
            f"{file.path} is a checkpoint of a training under way. Finish it with "
            "`nnscratch train --resume`, and open the model that it writes."
        )
    if "format" in file.metadata and file.metadata["format"] == FORMAT:
        plan = _plan_of(file)
        names = layer_names(plan.config.network)
    else:
        foreign = describe_foreign(file)
        names = tuple(LayerNames(name, "") for name in foreign.names)
        plan = _Plan(foreign.config, foreign.class_names, foreign.preprocessing, {}, foreign.notes)
    # Nothing is allocated before the tensors have been found to be what the configuration needs.
    _check_tensors(file, plan, names)
    tensors = file.load()
    _check_variances(file, tensors)
    network = Network(plan.preprocessing.features, len(plan.class_names), plan.config.network)
    for layer, name in zip(network.layers, names, strict=True):
        layer.weights[...] = tensors[f"{name.linear}.weight"]
        layer.biases[...] = tensors[f"{name.linear}.bias"]
        if layer.norm is not None:
            for part, array in layer.normalization.tensors(layer.norm).items():
                array[...] = tensors[f"{name.normalization}.{part}"]
    return Model(network=network, **plan._asdict())


class _Plan(NamedTuple):
    """What a file says about its network, before any of its numbers are read."""

    config: RunConfig
    class_names: tuple[str, ...]
    preprocessing: Preprocessing
    figures: dict[str, int | float]
    notes: tuple[str, ...] = ()


def _plan_of(file: TensorFile) -> _Plan:
    version = file.metadata.get("version", "")
    if version != str(VERSION):
        newer = version.isdecimal() and len(version) < 10 and int(version) > VERSION
        remedy = "Update nnScratch to open it." if newer else _TAKE_ANOTHER
        raise ModelFileError(
            f"{file.path} has version {version[:20]!r} of the format, and {VERSION} is the one "
            f"that can be read. {remedy}"
        )
    try:
        config = RunConfig.from_json(file.metadata.get("config", ""))
    except ConfigError as error:
        raise ModelFileError(
            f"{file.path}: its configuration cannot be used: {error} {_TAKE_ANOTHER}"
        ) from None
    class_names = _parsed(file, "class_names", _CLASS_NAMES)
    if not all(name.isprintable() for name in class_names):
        raise ModelFileError(f"{file.path}: a class name cannot be shown. {_TAKE_ANOTHER}")
    preprocessing = _parsed(file, "preprocessing", _PREPROCESSING)
    if preprocessing.scale != PIXEL_SCALE:
        raise ModelFileError(
            f"{file.path} asks for pixels to be scaled by {preprocessing.scale:g}; only 1/255 is "
            "known. Update nnScratch to open it."
        )
    return _Plan(config, class_names, preprocessing, _parsed(file, "figures", _FIGURES))


def _parsed(file: TensorFile, key: str, adapter: TypeAdapter[_T]) -> _T:
    try:
        return adapter.validate_json(file.metadata.get(key, ""))
    except ValidationError as error:
        fault = error.errors(include_url=False, include_context=False)[0]["msg"]
        raise ModelFileError(
            f"{file.path}: its {key.replace('_', ' ')} cannot be read: {fault}. {_TAKE_ANOTHER}"
        ) from None


def _expected_tensors(plan: _Plan, names: tuple[LayerNames, ...]) -> dict[str, tuple[int, ...]]:
    """The shapes of all tensors that the configuration needs."""
    network = plan.config.network
    expected: dict[str, tuple[int, ...]] = {}
    inputs = plan.preprocessing.features
    for name, units in zip(
        names, (*(layer.units for layer in network.hidden), len(plan.class_names)), strict=True
    ):
        expected[f"{name.linear}.weight"] = (units, inputs)
        expected[f"{name.linear}.bias"] = (units,)
        inputs = units
    for name, layer in zip(names, network.hidden, strict=False):
        for part in layer.normalization.tensor_names:
            shape = () if part == BATCH_COUNT else (layer.units,)
            expected[f"{name.normalization}.{part}"] = shape
    return expected


def _check_tensors(file: TensorFile, plan: _Plan, names: tuple[LayerNames, ...]) -> None:
    """Raise unless the file holds just the tensors that the configuration needs."""
    expected = _expected_tensors(plan, names)
    for name, shape in expected.items():
        info: Any = file.tensors.get(name)
        if info is None:
            raise ModelFileError(f"{file.path}: tensor {name} is missing. {_TAKE_ANOTHER}")
        if info.shape != shape:
            raise ModelFileError(
                f"{file.path}: tensor {name} has shape {info.shape} where its configuration needs "
                f"{shape}. {_TAKE_ANOTHER}"
            )
    others = sorted(set(file.tensors) - set(expected))
    if others:
        raise ModelFileError(
            f"{file.path} holds a tensor {others[0][:60]!r} that its configuration does not know. "
            f"{_TAKE_ANOTHER}"
        )


def _check_variances(file: TensorFile, tensors: dict[str, NDArray[np.float32]]) -> None:
    """Raise if a running variance is negative, for its root is taken."""
    for name, array in tensors.items():
        if name.endswith(".running_var") and (array < 0).any():
            raise ModelFileError(
                f"{file.path}: tensor {name} holds negative variances. {_TAKE_ANOTHER}"
            )
