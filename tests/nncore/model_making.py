"""Small models for tests about files."""

from __future__ import annotations

from typing import Any

import numpy as np

from nncore.config import RunConfig
from nncore.model import Model, Preprocessing
from nncore.network import Network

EVERY_MODULE = [
    {"units": 6, "normalization": "batch", "dropout": 0.5},
    {"units": 5, "dropout": 0.1},
    {"units": 4, "normalization": "layer"},
]
"""Hidden layers with all that may stand between the fully connected modules."""


def make_model(
    hidden: Any = "6,5",
    inputs: int = 16,
    classes: int = 3,
    seed: int = 0,
    input_dropout: float = 0.0,
) -> Model:
    """A model with random parameters and buffers and with something in every field."""
    tree = {"hidden": hidden, "input_dropout": input_dropout}
    config = RunConfig.from_dict({"network": tree, "training": {"seed": 7}})
    rng = np.random.default_rng(seed)
    network = Network(inputs, classes, config.network, rng)
    network.parameters[...] = rng.standard_normal(network.parameters.size)
    # Whole and positive, for there are variances and a count among them.
    network.buffers[...] = rng.integers(1, 9, network.buffers.size)
    side = int(inputs**0.5)
    return Model(
        network=network,
        config=config,
        class_names=tuple(f"class {index} «é»" for index in range(classes)),
        figures={"epoch": 3, "validation_accuracy": 0.1 + 0.2},
        preprocessing=Preprocessing.for_shape((side, inputs // side)),
    )
