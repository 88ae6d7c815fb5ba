"""RunConfig: a whole experiment as one frozen tree, read from and written to JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, Self, cast

from pydantic import BaseModel, Field, ValidationError, field_validator

from nncore import config_problems, config_text
from nncore.activations import Activation, ReLU
from nncore.augmentations import Augmentation, NoAugmentation
from nncore.averaging import Averaging, NoAveraging
from nncore.clipping import Clipping, NoClipping
from nncore.component import Declared, OneOf, hyperparameter
from nncore.early_stopping import EarlyStopping, NoEarlyStopping
from nncore.errors import ConfigError, Problem
from nncore.initializers import He, Initializer
from nncore.losses import CrossEntropy, Loss
from nncore.normalizations import NoNormalization, Normalization
from nncore.optimizers import Adam, Optimizer
from nncore.schedules import Constant, Schedule

MAX_LAYERS = 64
MAX_DROPOUT = 0.95


class DataConfig(Declared):
    """Where the samples come from and how they are split."""

    name: str = hyperparameter(
        "mnist",
        label="Dataset",
        help="The dataset's name, or the path of a folder with IDX files.",
    )
    validation_fraction: float = hyperparameter(
        0.1,
        ge=0.01,
        le=0.9,
        label="Validation fraction",
        help="The part of the training images held back to measure progress on unseen data.",
        too_small="The validation figures become noisy.",
        too_large="Too little is left to learn from.",
    )
    augmentation: Annotated[Augmentation, OneOf()] = hyperparameter(
        NoAugmentation(),
        help="How training images are changed at random, anew in each epoch.",
    )


class LayerConfig(Declared):
    """One hidden layer."""

    units: int = hyperparameter(
        128,
        ge=1,
        le=16384,
        scale="log",
        help="Neurons in this layer.",
        too_small="The network cannot tell the classes apart (underfitting).",
        too_large="Training slows down and the network may learn by heart (overfitting).",
        formula="a = act(W · x + b), W: units × inputs",
    )
    activation: Annotated[Activation, OneOf()] = hyperparameter(
        ReLU(),
        help="The function applied to each neuron's sum.",
    )
    initializer: Annotated[Initializer, OneOf()] = hyperparameter(
        He(),
        help="How this layer's weights and biases start.",
    )
    normalization: Annotated[Normalization, OneOf()] = hyperparameter(
        NoNormalization(),
        help="What brings the sums to mean 0 and variance 1 before the activation.",
        formula="y = γ · (z − μ) / √(σ² + ε) + β",
    )
    dropout: float = hyperparameter(
        0.0,
        ge=0,
        le=MAX_DROPOUT,
        help="The share of this layer's activations left out at random in each training step.",
        too_small="At 0 it is off.",
        too_large="Too little gets through to learn from.",
        formula="h = a · m / (1 − p), m = 0 with probability p, else 1",
    )


class OutputConfig(Declared):
    """The last layer; its units are the dataset's classes."""

    initializer: Annotated[Initializer, OneOf()] = hyperparameter(
        He(),
        help="How the output layer's weights and biases start.",
    )


class NetworkConfig(Declared):
    """The architecture between the inputs and the classes."""

    hidden: Annotated[tuple[LayerConfig, ...], Field(max_length=MAX_LAYERS)] = hyperparameter(
        (LayerConfig(),),
        label="Hidden layers",
        help="The hidden layers, first to last.",
    )
    input_dropout: float = hyperparameter(
        0.0,
        ge=0,
        le=MAX_DROPOUT,
        help="The share of the inputs left out at random in each training step.",
        too_small="At 0 it is off.",
        too_large="Too little of each sample is left to recognize it.",
        formula="h = x · m / (1 − p), m = 0 with probability p, else 1",
    )
    output: OutputConfig = OutputConfig()
    loss: Annotated[Loss, OneOf()] = hyperparameter(
        CrossEntropy(),
        help="What training makes small, with its output activation.",
    )

    @field_validator("hidden", mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        """Accept "128,64" and [128, 64] for layers that differ from the default in units alone."""
        if isinstance(value, str):
            value = [part.strip() for part in value.split(",") if part.strip()]
        items = cast(Sequence[Any], value if isinstance(value, list | tuple) else [value])
        layers = tuple({"units": item} if _is_units(item) else item for item in items)
        return layers if isinstance(value, list | tuple) or _is_units(value) else value


def _is_units(value: Any) -> bool:
    return isinstance(value, int | str) and not isinstance(value, bool)


class TrainingConfig(Declared):
    """How long and in which portions the network learns."""

    epochs: int = hyperparameter(
        10,
        ge=1,
        le=100_000,
        unit="epochs",
        help="How many times the whole training set is gone through. The schedule is spread over "
        "them; with another number during a run it is planned anew.",
        too_small="The network stops before it has learned.",
        too_large="Time is wasted, and the network may start to learn by heart.",
    )
    batch_size: Annotated[int, Field(ge=1, le=1_000_000)] | Literal["full"] = hyperparameter(
        128,
        scale="log",
        unit="samples",
        help="Samples for each step; 1 is single-sample, full takes all of them at once.",
        too_small="Steps are noisy and the computer works inefficiently.",
        too_large="Few steps for each epoch, so learning is slow, and much memory is needed.",
        formula="g = 1/B · Σ ∂L/∂θ",
    )
    schedule: Annotated[Schedule, OneOf()] = hyperparameter(
        Constant(),
        help="How the learning rate changes over the run.",
    )
    warmup: float = hyperparameter(
        0.0,
        ge=0,
        le=1000,
        label="Warm-up",
        unit="epochs",
        help="Over how many epochs the learning rate climbs evenly from almost 0, before the "
        "schedule begins.",
        too_small="At 0 it is off. Large first steps may spoil the fresh weights.",
        too_large="Learning starts late.",
        formula="η · (k + 1) / (W + 1) at step k of W",
        advanced=True,
    )
    l1: float = hyperparameter(
        0.0,
        ge=0,
        le=1,
        scale="log",
        label="L1 penalty",
        help="Pulls all weights (not biases) towards zero with the same force, so that many become "
        "almost zero.",
        too_small="At 0 it is off.",
        too_large="All weights vanish.",
        formula="L + λ · Σ |W|",
        advanced=True,
    )
    l2: float = hyperparameter(
        0.0,
        ge=0,
        le=1,
        scale="log",
        label="L2 penalty",
        help="Pulls all weights (not biases) towards zero, which works against learning by heart.",
        too_small="At 0 it is off.",
        too_large="The weights cannot grow enough to tell the classes apart.",
        formula="L + λ/2 · Σ W²",
    )
    max_norm: float = hyperparameter(
        0.0,
        ge=0,
        le=1000,
        label="Max-norm",
        help="The greatest length of each unit's incoming weights, to which they are shortened "
        "after each step; 0 is off.",
        too_small="The units cannot react strongly enough to tell the classes apart; but 0 is off.",
        too_large="It never takes effect.",
        formula="w ← w · min(1, c / ‖w‖)",
        advanced=True,
    )
    clipping: Annotated[Clipping, OneOf()] = hyperparameter(
        NoClipping(),
        label="Gradient clipping",
        help="What is done to gradients that are too large.",
        advanced=True,
    )
    averaging: Annotated[Averaging, OneOf()] = hyperparameter(
        NoAveraging(),
        label="Averaged weights",
        help="Which weights are judged, shown and saved: the last step's or an average.",
        advanced=True,
    )
    early_stopping: Annotated[EarlyStopping, OneOf()] = hyperparameter(
        NoEarlyStopping(),
        help="Whether the run ends by itself once it gets no better.",
        advanced=True,
    )
    seed: int = hyperparameter(
        0,
        ge=0,
        le=2**32 - 1,
        help="The same seed gives the same split, start, order and result on one machine.",
    )
    threads: int = hyperparameter(
        1,
        ge=1,
        le=64,
        help="How many of the computer's cores may work on each matrix product. More than one pays "
        "for layers of 512 units and more; while it doesn't, one does the work.",
        too_small="With 1 the other cores stay free, and the result is the same to the last bit "
        "each time; with more, rounding differs from run to run.",
        too_large="Cores that other programs use are waited for.",
        advanced=True,
    )


class RunConfig(Declared):
    """The whole experiment: data, network, optimizer and training, with the format's version."""

    version: Literal[1] = hyperparameter(1, help="The version of the file's format.")
    data: DataConfig = DataConfig()
    network: NetworkConfig = NetworkConfig()
    optimizer: Annotated[Optimizer, OneOf()] = hyperparameter(
        Adam(),
        help="How gradients become steps.",
    )
    training: TrainingConfig = TrainingConfig()

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Validate a tree of plain values; what is left out takes its default.

        Raises:
            ConfigError: With every problem at once, each with its path.
        """
        given = cast(object, data)
        plain = dict(cast(Mapping[str, Any], given)) if isinstance(given, Mapping) else given
        try:
            return cls.model_validate(plain)
        except ValidationError as error:
            raise ConfigError(*config_problems.explain(error, cls)) from None

    def to_dict(self) -> dict[str, Any]:
        """The tree as plain values, ready for JSON; `from_dict` gives back an equal one."""
        return self.model_dump(mode="json")

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read JSON text.

        Raises:
            ConfigError: If it is not JSON, or not a configuration.
        """
        return cls.from_dict(config_text.parse(text))

    @classmethod
    def from_file(cls, path: Path) -> Self:
        """Read a JSON file.

        Raises:
            ConfigError: If it cannot be read or is not a configuration; every problem names the
                file.
        """
        try:
            return cls.from_json(config_text.read(path))
        except ConfigError as error:
            named = [Problem("", f"{path}: {problem}") for problem in error.problems]
            raise ConfigError(*named) from None

    def to_json(self) -> str:
        """The tree as indented JSON text."""
        return json.dumps(self.to_dict(), indent=2) + "\n"

    def get(self, path: str) -> Any:
        """The value at a dotted path such as `network.hidden.0.units`.

        Raises:
            ConfigError: If there is no such field.
        """
        if not path:
            raise ConfigError(Problem("", "An empty path names no field."))
        node: Any = self
        walked = ""
        for part in path.split("."):
            inner = f"{walked}.{part}" if walked else part
            if isinstance(node, BaseModel):
                if part not in type(node).model_fields:
                    raise ConfigError(config_problems.unknown_field(inner, node, type(self)))
                node = getattr(node, part)
            elif isinstance(node, tuple):
                node = _entry(cast(tuple[Any, ...], node), part, inner)
            else:
                raise ConfigError(Problem(inner, f"does not exist: {walked} has no fields."))
            walked = inner
        return node

    def replace(self, path: str, value: Any) -> Self:
        """A copy with one value changed, validated as a whole.

        Setting a `kind` puts that component there with its defaults.

        Args:
            path: Dotted path, as in `optimizer.learning_rate` or `network.hidden.0.units`.
            value: A plain value, a component, or text as typed on the command line.

        Raises:
            ConfigError: If there is no such field or the value is not legal.
        """
        self.get(path)
        parts = path.split(".")
        if parts[-1] == "kind":
            parts = parts[:-1]
        tree = self.to_dict()
        node: Any = tree
        *parents, last = [int(part) if part.isdecimal() else part for part in parts]
        for part in parents:
            node = node[part]
        node[last] = value.model_dump(mode="json") if isinstance(value, BaseModel) else value
        return self.from_dict(tree)


def _entry(entries: tuple[Any, ...], part: str, path: str) -> Any:
    """The entry of a list that one part of a path names."""
    if part not in map(str, range(len(entries))):
        count = f"{len(entries)} {'entry' if len(entries) == 1 else 'entries'}"
        raise ConfigError(Problem(path, f"does not exist: the list has {count}."))
    return entries[int(part)]
