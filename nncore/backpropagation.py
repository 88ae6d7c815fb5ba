"""Forward and backward passes of training, in buffers allocated once."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from nncore.dropout import DropoutMask
from nncore.layers import Dense
from nncore.network import Network

Array = NDArray[np.floating[Any]]


class Backpropagation:
    """Computes the gradients of one network for batches of up to `capacity` samples.

    Samples are rows (the original has them in columns), X = H_0:

        Z_l = H_{l-1} W_l^T + b_l          (original: Z1 = W1 X + b1)
        Y_l = normalization(Z_l)           (Z_l itself where there is none)
        A_l = act(Y_l)
        H_l = A_l * M_l                    (M_l: the dropout mask; A_l itself without dropout)
        dZ_L = (P - Y) / batch             for softmax with cross-entropy
        dW_l = dZ_l^T H_{l-1}              (original: dW2 = dZ2 a1^T)
        db_l = sum over samples of dZ_l    (original: db2 = sum dZ2)
        dY_l = dZ_{l+1} W_{l+1} * M_l * act'(Y_l)  (original: dZ1 = W2^T dZ2 * act'(Z1))
        dZ_l from dY_l                     see `nncore.normalizations`

    The output layer's arrays are laid out (classes, batch); see `nncore.losses`.

    Attributes:
        has_dropout: Whether `draw_masks` has anything to draw.
    """

    def __init__(self, network: Network, capacity: int) -> None:
        self.network = network
        self.capacity = capacity
        dtype = network.parameters.dtype
        self._input_mask = DropoutMask.of(
            network.config.input_dropout, capacity, network.inputs, dtype
        )
        self._hidden = [_HiddenBuffers(layer, capacity, dtype) for layer in network.layers[:-1]]
        self._d_output = np.empty(network.classes * capacity, dtype)
        self._ones = np.ones(capacity, dtype)
        self._output_biases = network.layers[-1].biases[:, None]
        # Slicing every buffer anew would cost 3 % of a step of one sample.
        self._views = [_HiddenViews(buffers, capacity) for buffers in self._hidden]
        self._masks = [
            mask
            for mask in (self._input_mask, *(buffers.mask for buffers in self._hidden))
            if mask is not None
        ]
        self.has_dropout = bool(self._masks)

    def draw_masks(self, rng: np.random.Generator, batch: int) -> None:
        """Draw which activations are left out; without it those of last time are, at first none.

        Args:
            rng: Where the randomness comes from.
            batch: Samples of the next batch.
        """
        for mask in self._masks:
            mask.draw(rng, batch)

    def forward(self, x: Array, logits: Array) -> None:
        """Run a batch through the network; batch normalizations take note of it.

        Args:
            x: Prepared samples (batch, features), batch <= capacity; kept whole.
            logits: Where the outputs go (classes, batch).
        """
        layers = self.network.layers
        if self._input_mask is not None:
            x = self._input_mask.apply(x)
        for layer, part in zip(layers, self._views_of(len(x)), strict=False):
            layer.sums(x, part.z)
            if layer.norm is not None:
                part.inverse = layer.normalization.forward(part.z, part.y, layer.norm)
            layer.activation.forward(part.y, part.a)
            x = part.a if part.mask is None else part.mask.apply(part.a)
            part.h = x
        np.matmul(layers[-1].weights, x.T, out=logits)
        logits += self._output_biases

    def backward(self, x: Array, logits: Array, targets: Array) -> None:
        """Fill the network's gradients of the batch's mean loss; call after `forward`.

        Args:
            x: What `forward` was given (batch, features).
            logits: What `forward` wrote (classes, batch); kept whole.
            targets: One-hot columns (classes, batch).
        """
        layers, views = self.network.layers, self._views
        d_output = self._d_output[: logits.size].reshape(logits.shape)
        self.network.config.loss.gradient(logits, targets, d_output)
        d, ones = d_output.T, self._ones[: len(x)]
        for index in range(len(layers) - 1, 0, -1):
            layer, part = layers[index - 1], views[index - 1]
            layers[index].backward(part.h, d, ones, part.d)
            d = part.d
            if part.mask is not None:
                d *= part.mask.rows(len(d))
            layer.activation.backward(d, part.y, part.a)
            if layer.norm is not None:
                layer.normalization.backward(d, part.z, part.inverse, part.y, layer.norm)
        if self._input_mask is not None:
            x = self._input_mask.applied(len(x))
        layers[0].backward(x, d, ones, None)

    def _views_of(self, batch: int) -> list[_HiddenViews]:
        if self._views and len(self._views[0].d) != batch:
            self._views = [_HiddenViews(buffers, batch) for buffers in self._hidden]
        return self._views


class _HiddenBuffers:
    """What one hidden layer needs for the largest batch, each (capacity, units).

    `y` is `z` itself without normalization, and `a` is `y` itself if the activation is in place.
    """

    def __init__(self, layer: Dense, capacity: int, dtype: DTypeLike) -> None:
        self.z = np.empty((capacity, layer.units), dtype)
        self.y = self.z if layer.norm is None else np.empty_like(self.z)
        self.a = self.y if layer.activation.in_place else np.empty_like(self.z)
        self.d = np.empty_like(self.z)
        self.mask = DropoutMask.of(layer.dropout, capacity, layer.units, dtype)


class _HiddenViews:
    """The first rows of one hidden layer's buffers, each (batch, units).

    Attributes:
        h: What the layer above was given.
        inverse: What the normalization's forward pass returned.
    """

    __slots__ = ("a", "d", "h", "inverse", "mask", "y", "z")

    def __init__(self, buffers: _HiddenBuffers, batch: int) -> None:
        self.z = buffers.z[:batch]
        # The very same array where the buffers are the same: activations rely on it.
        self.y = self.z if buffers.y is buffers.z else buffers.y[:batch]
        self.a = self.y if buffers.a is buffers.y else buffers.a[:batch]
        self.d = buffers.d[:batch]
        self.h = self.a
        self.inverse = self.d
        self.mask = buffers.mask
