"""Small networks whose answers can be worked out by hand."""

from __future__ import annotations

import numpy as np

from nncore.config import NetworkConfig
from nncore.network import Network


def linear_network(weights: np.ndarray, biases: np.ndarray | None = None) -> Network:
    """A network without hidden layers: probabilities are softmax(W · pixels / 255 + b)."""
    classes, inputs = weights.shape
    network = Network(inputs, classes, NetworkConfig(hidden=()))
    network.layers[0].weights[...] = weights
    if biases is not None:
        network.layers[0].biases[...] = biases
    return network


def random_network(inputs: int, classes: int, seed: int = 0, spread: float = 1.0) -> Network:
    """A linear network with weights drawn at random."""
    rng = np.random.default_rng([seed, 7])
    return linear_network(rng.normal(0, spread, (classes, inputs)), rng.normal(0, 1, classes))


def constant_network(probabilities: list[float], inputs: int = 784) -> Network:
    """A network that answers the same to everything."""
    biases = np.log(np.array(probabilities))
    return linear_network(np.zeros((len(probabilities), inputs)), biases)


def expected_probabilities(network: Network, images: np.ndarray) -> np.ndarray:
    """What a linear network must answer, in float64 (batch, classes)."""
    layer = network.layers[0]
    z = images / 255 @ layer.weights.astype(np.float64).T + layer.biases
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
