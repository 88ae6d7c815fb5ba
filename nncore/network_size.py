"""How large a network is, from its configuration alone: parameters, memory, work."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from nncore.config import NetworkConfig, RunConfig

BYTES_PER_NUMBER = 4
"""Training and prediction are in float32."""

SAFETY_COPIES = 2
"""Copies of the weights that training keeps to fall back on when the loss diverges."""


MASK_NUMBERS = 2.25
"""What dropout needs for each activation: its factor, what is left of it, and whether it is."""


@dataclass(frozen=True)
class LayerSize:
    """The size of one fully connected layer.

    Attributes:
        inputs: Units of the layer below.
        units: Units of this layer.
        is_normalized: Whether it learns gamma and beta too.
    """

    inputs: int
    units: int
    is_normalized: bool = False

    @property
    def parameters(self) -> int:
        """Weights (units × inputs), biases (units) and, if normalized, gamma and beta (units)."""
        return self.units * (self.inputs + (3 if self.is_normalized else 1))

    @property
    def multiply_adds(self) -> int:
        """Multiplications with an addition each, for one sample forward."""
        return self.units * self.inputs


@dataclass(frozen=True)
class NetworkSize:
    """The size of a network, layer by layer, the output layer last."""

    layers: tuple[LayerSize, ...]

    @property
    def parameters(self) -> int:
        """All weights, biases, gammas and betas."""
        return sum(layer.parameters for layer in self.layers)

    @property
    def multiply_adds(self) -> int:
        """Multiplications with an addition each, for one sample forward."""
        return sum(layer.multiply_adds for layer in self.layers)

    @property
    def weight_bytes(self) -> int:
        """Memory of the parameters alone [bytes]."""
        return self.parameters * BYTES_PER_NUMBER


def network_size(config: NetworkConfig, inputs: int, classes: int) -> NetworkSize:
    """Count a network without building it.

    Args:
        config: The architecture.
        inputs: Features of a sample.
        classes: Outputs.
    """
    units = (inputs, *(layer.units for layer in config.hidden), classes)
    normalized = (*(layer.normalization.is_used for layer in config.hidden), False)
    pairs = zip(itertools.pairwise(units), normalized, strict=True)
    return NetworkSize(tuple(LayerSize(*pair, is_used) for pair, is_used in pairs))


def training_bytes(config: RunConfig, inputs: int, classes: int, samples: int) -> int:
    """About how much memory training takes, without the dataset itself [bytes].

    Args:
        config: The experiment.
        inputs: Features of a sample.
        classes: Outputs.
        samples: Training samples, for batches as large as the whole set.
    """
    of_batch = batch_bytes(config, inputs, classes, samples)
    return parameter_bytes(config, inputs, classes) + of_batch


def parameter_bytes(config: RunConfig, inputs: int, classes: int) -> int:
    """The part of `training_bytes` that grows with the parameters [bytes].

    Counted are, for each of them, its value, its gradient, the optimizer's memory of it, the copies
    to fall back on and what penalties, averages and early stopping need.
    """
    training = config.training
    arrays = 2 + len(config.optimizer.state_names) + SAFETY_COPIES
    arrays += 1 if training.l1 or training.l2 else 0
    arrays += 2 if training.averaging.is_on else 0
    arrays += 1 if training.early_stopping.restores_best else 0
    return BYTES_PER_NUMBER * network_size(config.network, inputs, classes).parameters * arrays


def batch_bytes(config: RunConfig, inputs: int, classes: int, samples: int) -> int:
    """The part of `training_bytes` that grows with the batch [bytes].

    Counted are, for each sample of it, its features, its pre-activations, activations and their
    gradients, normalized sums and dropout masks.
    """
    batch_size = config.training.batch_size
    batch = samples if batch_size == "full" else min(batch_size, samples)
    numbers = inputs * (1 + (MASK_NUMBERS if config.network.input_dropout else 0)) + 3 * classes
    for layer in config.network.hidden:
        arrays = 2 if layer.activation.in_place else 3
        arrays += 1 if layer.normalization.is_used else 0
        arrays += MASK_NUMBERS if layer.dropout else 0
        numbers += layer.units * arrays
    return round(BYTES_PER_NUMBER * batch * numbers)
