"""The network from which a run starts."""

from __future__ import annotations

import numpy as np

from nncore.config import RunConfig
from nncore.errors import NNError, ShapeError
from nncore.network import Network
from nncore.random_streams import Purpose, stream


def fresh_network(config: RunConfig, inputs: int, classes: int) -> Network:
    """The network from which a run of this configuration starts.

    Args:
        config: The experiment; its seed draws the weights.
        inputs: Features of a sample.
        classes: Number of classes.
    """
    rng = stream(config.training.seed, Purpose.WEIGHTS)
    return Network(inputs, classes, config.network, rng)


def check_fit(network: Network, inputs: int, classes: int, config: RunConfig) -> None:
    """Raise unless a run of this configuration may start from a network's weights.

    Args:
        network: What somebody wants to start from.
        inputs: Features of a sample.
        classes: Number of classes.
        config: The experiment.

    Raises:
        ShapeError: If it does not fit the configuration and the data.
        NNError: If its weights are not all finite.
    """
    if (network.inputs, network.classes) != (inputs, classes):
        raise ShapeError(
            f"The network takes {network.inputs} features and tells {network.classes} classes"
            f" apart, but the dataset has {inputs} and {classes}."
        )
    if network.config != config.network:
        raise ShapeError("The network has another architecture than the configuration.")
    if not np.isfinite(network.parameters).all():
        raise NNError("The network's weights are not all finite numbers; start from fresh ones.")
