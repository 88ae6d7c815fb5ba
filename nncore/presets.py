"""Ready-made experiments."""

from __future__ import annotations

from typing import Any, NamedTuple

from nncore.config import RunConfig


class Preset(NamedTuple):
    """A named configuration with a line that says what it is for."""

    name: str
    description: str
    config: RunConfig


def _normalized(
    *units: int, activation: str = "relu", dropout: float = 0.0
) -> list[dict[str, Any]]:
    """Hidden layers of some units each, with batch normalization."""
    alike = {"activation": activation, "normalization": "batch", "dropout": dropout}
    return [{"units": count} | alike for count in units]


def _presets() -> dict[str, Preset]:
    xavier = {"kind": "xavier"}
    one_cycle = {"schedule": "one_cycle", "averaging": "ema"}
    original = {
        "network": {
            "hidden": [{"units": 25, "activation": "relu", "initializer": xavier}],
            "output": {"initializer": xavier},
        },
        "optimizer": {"kind": "sgd", "learning_rate": 0.2},
        "training": {"batch_size": 500, "epochs": 50, "schedule": "constant"},
    }
    quick = {
        "network": {"hidden": "128"},
        "optimizer": {"kind": "adam", "learning_rate": 0.003},
        "training": {"batch_size": 64, "epochs": 10, "schedule": "cosine"},
    }
    wide = {
        "network": {"hidden": "512,512"},
        "optimizer": {"kind": "adam", "learning_rate": 0.001},
        "training": {"batch_size": 128, "epochs": 15, "schedule": "cosine"},
    }
    plain = {
        "data": {"validation_fraction": 0.05},
        "network": {"hidden": _normalized(512, 512, dropout=0.4), "input_dropout": 0.2},
        "optimizer": {"kind": "adamw", "learning_rate": 0.003, "weight_decay": 0.05},
        "training": one_cycle | {"batch_size": 128, "epochs": 30},
    }
    best = {
        "data": {"validation_fraction": 0.05, "augmentation": "elastic"},
        "network": {"hidden": _normalized(512, 512)},
        "optimizer": {"kind": "adamw", "learning_rate": 0.003, "weight_decay": 0.01},
        "training": one_cycle | {"batch_size": 128, "epochs": 20},
    }
    deep = {
        "data": {
            "validation_fraction": 0.02,
            "augmentation": {"kind": "elastic", "shift": 1.0},
        },
        "network": {"hidden": _normalized(1024, 1024, 512, activation="gelu")},
        "optimizer": {"kind": "adamw", "learning_rate": 0.003, "weight_decay": 0.1},
        "training": one_cycle | {"batch_size": 512, "epochs": 150},
    }
    table = (
        ("quick", "Quick", "One layer of 128: about 98 % in seconds.", quick),
        ("wide", "Wide", "Two layers of 512: slower, better.", wide),
        (
            "plain",
            "Plain best",
            "The images as they are, batch normalization, much dropout: 98.7 % in a minute or two.",
            plain,
        ),
        (
            "best",
            "Best accuracy",
            "Warped images, batch normalization, one cycle, averaged weights: 99.3 % in a minute.",
            best,
        ),
        (
            "deep",
            "Deep and wide",
            "Three layers up to 1024 wide, 150 epochs of warped images: 99.5 % in fifteen minutes.",
            deep,
        ),
        (
            "original",
            "Original nnScratch (784-25-10)",
            "The settings of the project it grew from: 25 neurons, plain gradient descent.",
            original,
        ),
    )
    return {
        key: Preset(name, description, RunConfig.from_dict(tree))
        for key, name, description, tree in table
    }


FIRST_PRESET = "quick"
"""What the window opens with on the first day, and what `train` starts from."""

PRESETS = _presets()
"""The presets by the name that the command line knows."""
