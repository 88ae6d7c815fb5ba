"""What is done around a step beside the loss's own gradient: penalties, clipping, decay, limits.

Each is an object made once for a network and called at each step; what is off is not made, and so
costs nothing. All of them act upon weights alone (`Network.weight_parts`), except the clipping,
which acts upon the whole gradient.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nncore.config import RunConfig
from nncore.network import Network

Array = NDArray[np.floating[Any]]
Change = Callable[[float], None]
"""Is given the step's learning rate."""


def changes_before_step(network: Network, config: RunConfig) -> tuple[Change, ...]:
    """What comes between a batch's gradient and the optimizer's step, in this order.

    The penalties belong to the loss, so the clipping sees them too. The decay takes its share of
    the weights before the step, as PyTorch's AdamW does.

    Args:
        network: What is trained.
        config: Which of them are on.
    """
    training, decay = config.training, config.optimizer.decoupled_decay
    changes: list[Change] = []
    if training.l1:
        changes.append(L1Penalty(network, training.l1))
    if training.l2:
        changes.append(L2Penalty(network, training.l2))
    if training.clipping.is_on:
        changes.append(lambda _: training.clipping.clip(network.gradients))
    if decay:
        changes.append(DecoupledDecay(network, decay))
    return tuple(changes)


def changes_after_step(network: Network, config: RunConfig) -> tuple[Change, ...]:
    """What comes after the optimizer's step.

    Args:
        network: What is trained.
        config: Which of them are on.
    """
    limit = config.training.max_norm
    return (MaxNorm(network, limit),) if limit else ()


class L1Penalty:
    """Adds the gradient of λ Σ |W|: g <- g + λ sign(W), 0 where a weight is exactly 0."""

    def __init__(self, network: Network, strength: float) -> None:
        self._strength = strength
        self._parts = _weights_and_gradients(network)

    def __call__(self, learning_rate: float) -> None:
        """Add it."""
        del learning_rate
        for weights, gradients, scratch in self._parts:
            np.sign(weights, out=scratch)
            scratch *= self._strength
            gradients += scratch


class L2Penalty:
    """Adds the gradient of λ/2 Σ W²: g <- g + λ W, PyTorch's `weight_decay` (but not on biases)."""

    def __init__(self, network: Network, strength: float) -> None:
        self._strength = strength
        self._parts = _weights_and_gradients(network)

    def __call__(self, learning_rate: float) -> None:
        """Add it."""
        del learning_rate
        for weights, gradients, scratch in self._parts:
            np.multiply(weights, self._strength, out=scratch)
            gradients += scratch


class DecoupledDecay:
    """Takes a share of the weights away beside the gradient: W <- W - η λ W.

    Source: Loshchilov and Hutter 2019, Decoupled Weight Decay Regularization, algorithm 2, with the
    learning rate as a factor of the decay, as in PyTorch's AdamW.
    """

    def __init__(self, network: Network, strength: float) -> None:
        self._strength = strength
        self._weights = [network.parameters[part] for part in network.weight_parts]

    def __call__(self, learning_rate: float) -> None:
        """Take it away."""
        for weights in self._weights:
            weights *= 1 - learning_rate * self._strength


class MaxNorm:
    """Shortens each unit's incoming weights to a greatest length: w <- w · min(1, c / ‖w‖).

    It holds for the output units too.
    Source: Srebro and Shraibman 2005; Srivastava et al. 2014, section 5.1.
    """

    def __init__(self, network: Network, limit: float) -> None:
        self._limit = limit
        self._weights = [layer.weights for layer in network.layers]

    def __call__(self, learning_rate: float) -> None:
        """Shorten what is too long."""
        del learning_rate
        for weights in self._weights:
            lengths = np.sqrt(np.einsum("ij,ij->i", weights, weights))
            # Exactly 1 where the length is no more than the limit, so nothing changes there.
            weights *= (self._limit / np.maximum(lengths, self._limit))[:, None]


def _weights_and_gradients(network: Network) -> list[tuple[Array, Array, Array]]:
    """For each layer its weights, their gradients, and room for as many numbers; all flat views."""
    parts = network.weight_parts
    scratch = np.empty(max(part.stop - part.start for part in parts), network.parameters.dtype)
    return [
        (network.parameters[part], network.gradients[part], scratch[: part.stop - part.start])
        for part in parts
    ]
