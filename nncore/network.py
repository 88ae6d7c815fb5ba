"""Network: dense layers over one flat vector of parameters."""

from __future__ import annotations

import itertools
from typing import Any, Self

import numpy as np
from numpy.typing import DTypeLike, NDArray

from nncore.activations import Identity
from nncore.config import NetworkConfig
from nncore.errors import ShapeError
from nncore.layers import Dense

Array = NDArray[np.floating[Any]]

PREDICTION_ROWS = 1024
"""Samples predicted at a time, so that memory stays small for any number of them."""


class Network:
    """A fully connected network; its layers are views into `parameters`.

    Attributes:
        config: The architecture.
        inputs: Features of a sample.
        classes: Outputs.
        parameters: All parameters, flat: W1, b1, (gamma1, beta1,) W2, b2, ...
        gradients: dL/dparameters, laid out alike.
        buffers: What is remembered but not learned, flat: batch normalization's running figures.
        state: Parameters and buffers behind each other, all that makes the network what it is.
        layers: The hidden layers and the output layer.
    """

    def __init__(
        self,
        inputs: int,
        classes: int,
        config: NetworkConfig,
        rng: np.random.Generator | None = None,
        dtype: DTypeLike = np.float32,
    ) -> None:
        """Lay out the network.

        Args:
            inputs: Features of a sample.
            classes: Number of classes.
            config: The architecture.
            rng: Draws the first parameters; without it they are zero.
            dtype: float32, or float64 for checking gradients.
        """
        self.config = config
        self.inputs = inputs
        self.classes = classes
        self.layers: list[Dense] = []
        fan_in = inputs
        for layer in config.hidden:
            parts = layer.activation, layer.initializer, layer.normalization, layer.dropout
            self.layers.append(Dense(fan_in, layer.units, *parts))
            fan_in = layer.units
        self.layers.append(Dense(fan_in, classes, Identity(), config.output.initializer))
        size = sum(layer.size for layer in self.layers)
        memory = sum(layer.buffer_size for layer in self.layers)
        self.state: Array = np.zeros(size + memory, dtype)
        self.parameters, self.buffers = self.state[:size], self.state[size:]
        self.gradients: Array = np.zeros(size, dtype)
        start, remembered = 0, self.buffers
        for layer in self.layers:
            part = slice(start, start + layer.size)
            layer.bind(self.parameters[part], self.gradients[part], remembered)
            start += layer.size
            remembered = remembered[layer.buffer_size :]
        if rng is not None:
            for layer in self.layers:
                layer.initialize(rng)

    def copy(self) -> Self:
        """An independent network with the same parameters and buffers."""
        twin = type(self)(self.inputs, self.classes, self.config, dtype=self.parameters.dtype)
        twin.state[...] = self.state
        return twin

    @property
    def weight_parts(self) -> tuple[slice, ...]:
        """Where in `parameters` the weights of each layer stand.

        These alone are what penalties, decay and limits act upon: biases, gamma and beta are few
        and have reason to be large.
        """
        ends = itertools.accumulate((layer.size for layer in self.layers), initial=0)
        return tuple(
            slice(start, start + layer.weights.size)
            for start, layer in zip(ends, self.layers, strict=False)
        )

    @property
    def is_weight(self) -> NDArray[np.bool_]:
        """Whether each of `parameters` is a weight; see `weight_parts`."""
        is_weight = np.zeros(self.parameters.size, np.bool_)
        for part in self.weight_parts:
            is_weight[part] = True
        return is_weight

    def predict_logits(self, x: NDArray[Any]) -> Array:
        """The outputs before the output activation.

        Batch normalization takes its running figures, and no activation is left out. It uses no
        shared buffers, so it may run in any thread while nobody changes the parameters.

        Args:
            x: Prepared samples (batch, features).

        Returns:
            Logits (batch, classes).

        Raises:
            ShapeError: If `x` does not have the network's number of features.
        """
        if x.ndim != 2 or x.shape[1] != self.inputs:
            raise ShapeError(
                f"The network takes samples of shape (batch, {self.inputs}), got {x.shape}."
            )
        logits = np.empty((len(x), self.classes), self.parameters.dtype)
        with np.errstate(over="ignore", invalid="ignore"):
            for start in range(0, len(x), PREDICTION_ROWS):
                rows = slice(start, start + PREDICTION_ROWS)
                a = x[rows].astype(self.parameters.dtype, copy=False)
                for layer in self.layers:
                    a = layer.predict(a)
                logits[rows] = a
        return logits

    def predict_proba(self, x: NDArray[Any]) -> Array:
        """The class probabilities.

        Args:
            x: Prepared samples (batch, features); images are pixels / 255.

        Returns:
            Probabilities (batch, classes), each row summing to 1.

        Raises:
            ShapeError: If `x` does not have the network's number of features.
        """
        logits = np.ascontiguousarray(self.predict_logits(x).T)
        with np.errstate(invalid="ignore"):
            self.config.loss.probabilities(logits, logits)
        return np.ascontiguousarray(logits.T)
