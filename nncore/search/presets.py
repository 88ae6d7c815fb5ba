"""Ready-made searches: the eight sweeps of the original nnScratch, around its own settings."""

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


_RATE = {"low": 0.01, "high": 0.91, "step": 0.1, "scale": "linear"}
_UNITS = {"low": 10, "high": 90, "step": 10, "scale": "linear"}
_ACTIVATIONS = ["sigmoid", "tanh", "relu", "leaky_relu"]
_INITIALIZERS = ["random_uniform", "xavier", "he"]
_LEARNING_RATE, _HIDDEN = "optimizer.learning_rate", "network.hidden.0.units"
_ACTIVATION = "network.hidden.0.activation"
_INITIALIZER = "network.hidden.*.initializer & network.output.initializer"


def _presets() -> dict[str, SearchPreset]:
    table: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
        ("hidden-units", "Hidden neurons", "10 to 90 neurons.", {_HIDDEN: _UNITS}),
        ("learning-rate", "Learning rate", "0.01 to 0.91.", {_LEARNING_RATE: _RATE}),
        ("activation", "Activation", "Of the hidden layer.", {_ACTIVATION: _ACTIVATIONS}),
        ("initializer", "Initializer", "Of both layers.", {_INITIALIZER: _INITIALIZERS}),
        (
            "epochs",
            "Epochs",
            "10 to 90 epochs.",
            {"training.epochs": {"low": 10, "high": 90, "step": 10}},
        ),
        (
            "batch-size",
            "Batch size",
            "From 50 samples to 5000.",
            {"training.batch_size": [50, 100, 200, 500, 1000, 2000, 5000]},
        ),
        (
            "learning-rate-hidden-units",
            "Learning rate × hidden neurons",
            "Every pair of the first two.",
            {_LEARNING_RATE: _RATE, _HIDDEN: _UNITS},
        ),
        (
            "activation-initializer",
            "Activation × initializer",
            "Every pair.",
            {_ACTIVATION: _ACTIVATIONS, _INITIALIZER: _INITIALIZERS},
        ),
    )
    return {
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


SEARCH_PRESETS = _presets()
"""The ready-made searches by the name that the command line knows."""
