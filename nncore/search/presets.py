"""Ready-made searches: the eight sweeps of the original nnScratch, and one of what matters most.

The sweeps have the values of its axes, around its own training (784-25-10, batches of 500, 50
epochs). There, they had 10 neurons and took a step an epoch, with all images, which leaves little
to see before the hundredth epoch.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from nncore.search.spec import SearchSpec


class SearchPreset(NamedTuple):
    """A named search.

    Attributes:
        name: Its name for people.
        description: What it looks at.
        tree: The search as it would stand in SPACE.json.
    """

    name: str
    description: str
    tree: dict[str, Any]

    @property
    def spec(self) -> SearchSpec:
        """The search."""
        return SearchSpec.from_dict(self.tree)


DEFAULT = "default"
"""The preset for those who don't know yet what to look at."""

_RATE = {"low": 0.01, "high": 0.91, "step": 0.1, "scale": "linear"}
_LOW_RATE = {"low": 0.01, "high": 0.09, "step": 0.02, "scale": "linear"}
_UNITS = {"low": 10, "high": 90, "step": 10, "scale": "linear"}
_FEW_UNITS = {"low": 10, "high": 50, "step": 10, "scale": "linear"}
_EPOCHS = {"low": 100, "high": 900, "step": 100}
_BATCHES = [10, 100, 1000, 10_000, 30_000]
_ACTIVATIONS = ["sigmoid", "relu", "leaky_relu"]
_INITIALIZERS = ["xavier", "random_uniform", "he"]
_LEARNING_RATE, _HIDDEN = "optimizer.learning_rate", "network.hidden.0.units"
_ACTIVATION = "network.hidden.0.activation"
_DEFAULT_TREE: dict[str, Any] = {
    "name": "default",
    "preset": "quick",
    "strategy": "tpe",
    "pruning": "hyperband",
    "space": {
        "network.hidden": {
            "layers": {"low": 1, "high": 3},
            "units": {"low": 16, "high": 256},
            "activation": ["relu", "tanh", "sigmoid"],
            "shared": ["activation"],
        },
        "optimizer.kind": ["sgd", "momentum", "adam"],
        "optimizer.learning_rate": {"low": 0.0001, "high": 1.0},
        "training.batch_size": [32, 64, 128, 256, 512],
        "training.epochs": 9,
    },
    "budget": {"trials": 100},
}
_INITIALIZER = "network.hidden.*.initializer & network.output.initializer"


def _presets() -> dict[str, SearchPreset]:
    # In a pair, the first stands along the heat map, the second up.
    table: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
        ("hidden-units", "Hidden neurons", "10 to 90 neurons.", {_HIDDEN: _UNITS}),
        ("learning-rate", "Learning rate", "0.01 to 0.91.", {_LEARNING_RATE: _RATE}),
        ("activation", "Activation", "Of the hidden layer.", {_ACTIVATION: _ACTIVATIONS}),
        ("initializer", "Initializer", "Of both layers.", {_INITIALIZER: _INITIALIZERS}),
        ("epochs", "Epochs", "100 to 900 epochs.", {"training.epochs": _EPOCHS}),
        (
            "batch-size",
            "Batch size",
            "From 10 samples to 30,000.",
            {"training.batch_size": _BATCHES},
        ),
        (
            "learning-rate-hidden-units",
            "Learning rate × neurons",
            "Every pair of 0.01 to 0.09 and 10 to 50 neurons.",
            {_HIDDEN: _FEW_UNITS, _LEARNING_RATE: _LOW_RATE},
        ),
        (
            "activation-initializer",
            "Activation × initializer",
            "Every pair.",
            {_ACTIVATION: _ACTIVATIONS, _INITIALIZER: _INITIALIZERS},
        ),
    )
    sweeps = {
        key: SearchPreset(
            name,
            description,
            {
                "name": key,
                "preset": "original",
                "strategy": "sweep" if len(space) == 1 else "two-factor",
                "space": space,
                "objective": {"metric": "accuracy", "epoch": "last"},
            },
        )
        for key, name, description, space in table
    }
    words = "Layers, neurons, activation, optimizer, rate and batch size, by TPE with Hyperband."
    return sweeps | {DEFAULT: SearchPreset("What matters most", words, _DEFAULT_TREE)}


SEARCH_PRESETS = _presets()
"""The ready-made searches by the name that the command line knows."""
