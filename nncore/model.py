"""Model: a network together with all that is needed to use it elsewhere."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, PositiveInt, model_validator

from nncore.config import NetworkConfig, RunConfig
from nncore.data.digits import SIZE, image_to_ink, prepare_digit
from nncore.data.gray import check_gray
from nncore.data.resize import resize
from nncore.errors import ShapeError
from nncore.features import PIXEL_SCALE
from nncore.network import Network
from nncore.normalizations import BATCH_COUNT

Array = NDArray[np.floating[Any]]


class Preprocessing(BaseModel):
    """How a picture becomes what the network was trained on.

    Attributes:
        kind: "digit" finds the ink, whichever polarity it has, and prepares it as MNIST's digits
            were; "gray" resizes the picture as it is.
        image_shape: Rows and columns that the network sees [pixels].
        scale: Factor from a pixel (0 to 255) to a feature.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    kind: Literal["digit", "gray"] = "digit"
    image_shape: tuple[PositiveInt, PositiveInt] = (SIZE, SIZE)
    scale: float = PIXEL_SCALE

    @classmethod
    def for_shape(cls, image_shape: tuple[int, int]) -> Preprocessing:
        """The preprocessing of a data set with such images: digits if they have MNIST's size."""
        kind = "digit" if image_shape == (SIZE, SIZE) else "gray"
        return cls(kind=kind, image_shape=image_shape)

    @model_validator(mode="after")
    def _check_size(self) -> Self:
        if self.kind == "digit" and self.image_shape != (SIZE, SIZE):
            raise ValueError(f"digits are prepared as {SIZE} × {SIZE} pixels")
        return self

    @property
    def features(self) -> int:
        """Values that the network sees."""
        return math.prod(self.image_shape)

    def prepare(self, gray: NDArray[np.integer[Any]] | Array) -> NDArray[np.uint8]:
        """Prepare a picture from outside, such as a photo or a scan.

        Args:
            gray: (rows, columns) of any size; integers 0 to 255 or floating-point numbers 0 to 1.

        Returns:
            Pixels of `image_shape`.

        Raises:
            DataError: If it is not one gray picture of finite numbers.
        """
        if self.kind == "digit":
            return prepare_digit(image_to_ink(gray))
        check_gray(gray)
        full = 1.0 if np.issubdtype(gray.dtype, np.integer) else 255.0
        return np.rint(np.clip(resize(gray, *self.image_shape) * full, 0, 255)).astype(np.uint8)


@dataclass(frozen=True, eq=False)
class Model:
    """A network with its class names, its preprocessing and the figures that it reached.

    Attributes:
        network: The network; nobody trains it on.
        config: The experiment that it comes from.
        class_names: What its outputs stand for.
        figures: What was reached, by name: "epoch", "step", "validation_accuracy" (a fraction), ...
        preprocessing: How pictures become samples.
        notes: What had to be assumed when the model was opened, in sentences for people.
    """

    network: Network
    config: RunConfig
    class_names: tuple[str, ...]
    figures: Mapping[str, float] = field(default_factory=dict[str, float])
    preprocessing: Preprocessing = field(default_factory=Preprocessing)
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(self.class_names) != self.network.classes:
            raise ShapeError(
                f"The network tells {self.network.classes} classes apart, "
                f"but {len(self.class_names)} are named."
            )
        if self.preprocessing.features != self.network.inputs:
            rows, columns = self.preprocessing.image_shape
            raise ShapeError(
                f"The network takes {self.network.inputs} features, "
                f"but its images have {rows} × {columns} pixels."
            )

    def predict_proba(self, x: NDArray[Any]) -> Array:
        """The class probabilities.

        Args:
            x: Prepared samples (batch, features); images are pixels × `preprocessing.scale`.

        Returns:
            Probabilities (batch, classes), each row summing to 1.

        Raises:
            ShapeError: If `x` does not have the network's number of features.
        """
        return self.network.predict_proba(x)


class LayerNames(NamedTuple):
    """What the modules of one layer are called in the files: their places in `nn.Sequential`.

    Attributes:
        linear: Of the fully connected module, as in "0".
        normalization: Of the normalization, "" where there is none.
    """

    linear: str
    normalization: str


def layer_names(config: NetworkConfig) -> tuple[LayerNames, ...]:
    """The names of all layers' modules, the output layer last.

    The modules are (Dropout,) then for each hidden layer Linear, (normalization,) activation,
    (Dropout,) and Linear at last. An identity takes its place too, and the softmax is left out, so
    that the output is the logits.
    """
    names: list[LayerNames] = []
    place = 1 if config.input_dropout else 0
    for layer in config.hidden:
        is_normalized = layer.normalization.is_used
        names.append(LayerNames(str(place), str(place + 1) if is_normalized else ""))
        place += 2 + is_normalized + (1 if layer.dropout else 0)
    return (*names, LayerNames(str(place), ""))


def tensors_of(network: Network) -> dict[str, NDArray[Any]]:
    """The parameters and buffers, named and shaped as in PyTorch's `nn.Sequential`.

    For the modules see `layer_names`. The arrays are contiguous, for safetensors 0.8 scrambles
    others (its issue 825).

    Returns:
        In the network's order, float32: `0.weight` (out, in) and `0.bias` (out,), for a normalized
        layer `1.weight` and `1.bias`, gamma and beta (out,); for batch normalization besides
        `1.running_mean`, `1.running_var` (out,) and `1.num_batches_tracked` (), int64.
    """
    tensors: dict[str, NDArray[Any]] = {}
    for layer, names in zip(network.layers, layer_names(network.config), strict=True):
        tensors[f"{names.linear}.weight"] = np.ascontiguousarray(layer.weights, np.float32)
        tensors[f"{names.linear}.bias"] = np.ascontiguousarray(layer.biases, np.float32)
        if layer.norm is not None:
            own = layer.normalization.tensors(layer.norm)
            tensors |= {
                f"{names.normalization}.{name}": _stored(name, array) for name, array in own.items()
            }
    return tensors


def _stored(name: str, array: Array) -> NDArray[Any]:
    if name == BATCH_COUNT:
        return np.asarray(array[0], np.int64)
    return np.ascontiguousarray(array, np.float32)
