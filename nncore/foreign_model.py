"""Takes the weights of a PyTorch `nn.Sequential` for a network, as far as they tell."""

from __future__ import annotations

import itertools
import math
import re
from typing import NamedTuple

from nncore.config import RunConfig
from nncore.errors import ConfigError, ModelFileError
from nncore.model import Preprocessing
from nncore.tensor_file import TensorFile, TensorInfo

_NAME = re.compile(r"(?P<prefix>.{0,100}?)(?P<index>[0-9]{1,4})\.(?P<part>weight|bias)", re.ASCII)
_REMEDY = (
    "Only the weights of fully connected layers can be opened: tensors named 0.weight (out, in), "
    "0.bias (out,), 2.weight and so on, as PyTorch's nn.Sequential has them."
)


class ForeignModel(NamedTuple):
    """What such a file is taken for.

    Attributes:
        names: The layers' names in the file, first to last; `.weight` and `.bias` follow.
        config: A configuration with this architecture.
        class_names: "0", "1", ...
        preprocessing: What fits the number of inputs.
        notes: What was assumed, in sentences for people.
    """

    names: tuple[str, ...]
    config: RunConfig
    class_names: tuple[str, ...]
    preprocessing: Preprocessing
    notes: tuple[str, ...]


def describe_foreign(file: TensorFile) -> ForeignModel:
    """Read an architecture from the tensors' names and shapes.

    Layers whose numbers follow each other at once have no activation between them; between others
    ReLU is assumed.

    Raises:
        ModelFileError: If they are not those of a chain of Linear layers.
    """
    indices, prefix = _layers(file)
    names = tuple(f"{prefix}{index}" for index in indices)
    inputs = 0
    units: list[int] = []
    for name in names:
        weight, bias = file.tensors.get(f"{name}.weight"), file.tensors.get(f"{name}.bias")
        if weight is None or bias is None:
            missing = "weight" if weight is None else "bias"
            raise ModelFileError(f"{file.path}: tensor {name}.{missing} is missing. {_REMEDY}")
        inputs = inputs or _check_shapes(file, name, weight, bias)
        _check_shapes(file, name, weight, bias, units[-1] if units else inputs)
        units.append(weight.shape[0])
    if units[-1] < 2:
        raise ModelFileError(
            f"{file.path} has a single output, and at least 2 are needed. {_REMEDY}"
        )
    gaps = [after - before for before, after in itertools.pairwise(indices)]
    activations = ["identity" if gap == 1 else "relu" for gap in gaps]
    hidden = [
        {"units": size, "activation": activation}
        for size, activation in zip(units, activations, strict=False)
    ]
    try:
        config = RunConfig.from_dict({"network": {"hidden": hidden}})
    except ConfigError as error:
        raise ModelFileError(f"{file.path} is too large a network: {error}. {_REMEDY}") from None
    shape = _image_shape(inputs)
    return ForeignModel(
        names,
        config,
        tuple(str(index) for index in range(units[-1])),
        Preprocessing.for_shape(shape),
        _notes(file, activations, shape, units[-1]),
    )


def _layers(file: TensorFile) -> tuple[list[int], str]:
    """The layers' numbers in order, and what stands before each in the tensors' names."""
    indices: set[int] = set()
    prefixes: set[str] = set()
    for name in file.tensors:
        match = _NAME.fullmatch(name)
        if match is None or str(int(match["index"])) != match["index"]:
            raise ModelFileError(
                f"{file.path} was not written by nnScratch and holds a tensor {name[:60]!r}. "
                f"{_REMEDY}"
            )
        indices.add(int(match["index"]))
        prefixes.add(match["prefix"])
    if len(prefixes) != 1:
        fault = "parts of several networks" if prefixes else "no tensors"
        raise ModelFileError(f"{file.path} holds {fault}. {_REMEDY}")
    return sorted(indices), prefixes.pop()


def _check_shapes(
    file: TensorFile, name: str, weight: TensorInfo, bias: TensorInfo, inputs: int | None = None
) -> int:
    """Raise unless a layer is fully connected and continues the one before; returns its inputs."""
    shape = weight.shape
    if len(shape) != 2 or 0 in shape or bias.shape != shape[:1]:
        raise ModelFileError(
            f"{file.path}: {name}.weight {shape} and {name}.bias {bias.shape} are not those of a "
            f"fully connected layer. {_REMEDY}"
        )
    if inputs is not None and shape[1] != inputs:
        raise ModelFileError(
            f"{file.path}: {name}.weight takes {shape[1]} inputs, but {inputs} come. {_REMEDY}"
        )
    return shape[1]


def _image_shape(inputs: int) -> tuple[int, int]:
    side = math.isqrt(inputs)
    return (side, side) if side * side == inputs else (1, inputs)


def _notes(
    file: TensorFile, activations: list[str], shape: tuple[int, int], classes: int
) -> tuple[str, ...]:
    notes = [
        f"{file.path.name} was not written by nnScratch: the classes were named 0 to "
        f"{classes - 1}, and the images taken to be {shape[0]} × {shape[1]} pixels with values "
        "from 0 to 1."
    ]
    if "relu" in activations:
        notes.append("The file does not name the activations between its layers: ReLU was assumed.")
    return tuple(notes)
