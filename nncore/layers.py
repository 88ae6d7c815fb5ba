"""Layers: what stands between two arrays of activations, with views of its parameters."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nncore.activations import Activation
from nncore.initializers import Initializer
from nncore.normalizations import NoNormalization, Normalization, NormalizationArrays

Array = NDArray[np.floating[Any]]

NARROW = 32
"""Layers of fewer units keep their weights by units, wider ones by inputs: X W^T and dZ^T X of 784
inputs take 73 against 98 us (batch 32, 128 units), but 328 against 288 us (batch 500, 25 units)."""


class Dense:
    """A fully connected layer with what follows it, laid over a part of the network's flat vectors.

    h = dropout(act(normalization(W x + b))), the order of PyTorch's modules.

    Attributes:
        weights: W, view of shape (units, inputs).
        biases: b, view of shape (units,).
        weight_gradients: dL/dW, view of shape (units, inputs).
        bias_gradients: dL/db, view of shape (units,).
        normalization: What stands between the sums and the activation.
        norm: The normalization's arrays; None where there is none.
        activation: What follows the sum; the output layer has the identity, its loss does the rest.
        dropout: The share of activations left out in training; 0 for none.
    """

    norm: NormalizationArrays | None

    def __init__(
        self,
        inputs: int,
        units: int,
        activation: Activation,
        initializer: Initializer,
        normalization: Normalization | None = None,
        dropout: float = 0.0,
    ) -> None:
        self.inputs = inputs
        self.units = units
        self.activation = activation
        self.initializer = initializer
        self.normalization = normalization or NoNormalization()
        self.dropout = dropout

    @property
    def size(self) -> int:
        """How many parameters the layer has: W, b and, where it is normalized, gamma and beta."""
        per_unit = self.inputs + 1 + (2 if self.normalization.is_used else 0)
        return self.units * per_unit

    @property
    def buffer_size(self) -> int:
        """How many numbers the layer remembers that are not learned."""
        return self.normalization.buffer_size(self.units)

    def bind(self, parameters: Array, gradients: Array, buffers: Array | None = None) -> None:
        """Lay the layer over its part of the flat vectors.

        Args:
            parameters: W, b, gamma, beta (size,).
            gradients: Laid out alike (size,).
            buffers: Begins with the layer's own (at least buffer_size,); may be left out where that
                is 0.
        """
        ends = np.cumsum([self.units * self.inputs, self.units, self.units]).tolist()
        weights, self.biases, gamma, beta = np.split(parameters, ends)
        d_weights, self.bias_gradients, d_gamma, d_beta = np.split(gradients, ends)
        self.weights = self.matrix(weights)
        self.weight_gradients = self.matrix(d_weights)
        self.norm = None
        if self.normalization.is_used:
            own = (parameters[:0] if buffers is None else buffers)[: self.buffer_size]
            self.norm = NormalizationArrays(gamma, beta, d_gamma, d_beta, own)

    def matrix(self, flat: Array) -> Array:
        """Lay a flat vector out as the weights are.

        Args:
            flat: (units * inputs,), contiguous.

        Returns:
            A view (units, inputs); see `NARROW`.
        """
        if self.units < NARROW:
            return flat.reshape(self.units, self.inputs)
        return flat.reshape(self.inputs, self.units).T

    def initialize(self, rng: np.random.Generator) -> None:
        """Draw fresh weights and biases; a normalization begins by changing no scale."""
        self.weights[...] = self.initializer.weights(rng, self.inputs, self.units)
        self.biases[...] = self.initializer.biases(rng, self.inputs, self.units)
        if self.norm is not None:
            self.normalization.start(self.norm)

    def sums(self, x: Array, z: Array) -> None:
        """The sums before normalization and activation, Z = X W^T + b.

        Args:
            x: Inputs (batch, inputs).
            z: Where the sums go (batch, units).
        """
        np.matmul(x, self.weights.T, out=z)
        z += self.biases

    def predict(self, x: Array) -> Array:
        """The layer's outputs outside training, without shared buffers.

        Args:
            x: Inputs (batch, inputs).

        Returns:
            Activations (batch, units); nothing is left out.
        """
        z = x @ self.weights.T
        z += self.biases
        if self.norm is not None:
            self.normalization.predict(z, self.norm)
        a = z if self.activation.in_place else np.empty_like(z)
        self.activation.forward(z, a)
        return a

    def backward(self, x: Array, d: Array, ones: Array, dx: Array | None) -> None:
        """From dL/dZ to the gradients of weights and biases and to dL/dX.

        In the original's notation (samples in columns): dW2 = dZ2 a1^T, db2 = sum dZ2, W2^T dZ2;
        here samples are rows: dW = dZ^T X, db = sum of rows of dZ, dX = dZ W.

        Args:
            x: The layer's inputs (batch, inputs).
            d: dL/dZ (batch, units).
            ones: Nothing but 1 (batch,).
            dx: Where dL/dX goes (batch, inputs), or None if nothing below needs it.
        """
        # np.dot, for np.matmul has no quick way for a batch of one: 100 us in place of 10 at
        # 784 x 128.
        if self.units < NARROW:
            np.dot(d.T, x, out=self.weight_gradients)
        else:
            np.dot(x.T, d, out=self.weight_gradients.T)
        # A product with ones: np.sum takes 2 to 8 us for what takes 0.5 to 1.4 so.
        np.dot(ones, d, out=self.bias_gradients)
        if dx is not None:
            np.matmul(d, self.weights, out=dx)
