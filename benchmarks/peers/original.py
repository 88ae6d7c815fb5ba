"""The loop from which nnScratch grew, rewritten plainly: what a beginner writes in an evening.

float64, samples in columns, a new array for every result, the targets made one-hot for each batch.
The images are scaled beforehand. One hidden layer and plain gradient descent is all it knows.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.peers import Layers
from benchmarks.workloads import Problem

Array = NDArray[Any]


class Original:
    """Forward, backward and update as three plain functions."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._x = problem.images.T / 255
        self._y = problem.labels

    def start(self) -> None:
        """Take the first weights; biases are columns."""
        (w1, b1), (w2, b2) = self._problem.layers
        self._layers: tuple[Array, ...] = tuple(
            part.astype(np.float64) for part in (w1, b1[:, None], w2, b2[:, None])
        )
        self._next = 0

    def train(self, steps: int) -> None:
        """One batch after the other."""
        workload = self._problem.workload
        w1, b1, w2, b2 = self._layers
        rate = workload.optimizer["learning_rate"]
        for _ in range(steps):
            stop = self._next + workload.batch
            x, y = self._x[:, self._next : stop], self._y[self._next : stop]
            z1, a1, a2 = _forward(w1, b1, w2, b2, x)
            dw1, db1, dw2, db2 = _backward(z1, a1, a2, w2, x, y)
            w1 = w1 - rate * dw1
            b1 = b1 - rate * db1
            w2 = w2 - rate * dw2
            b2 = b2 - rate * db2
            self._next = stop
        self._layers = w1, b1, w2, b2

    def layers(self) -> Layers:
        """Weights and biases."""
        w1, b1, w2, b2 = self._layers
        return [(w1, b1[:, 0]), (w2, b2[:, 0])]


def _relu(z: Array) -> Array:
    return np.maximum(z, 0)


def _softmax(z: Array) -> Array:
    powers = np.exp(z - np.max(z, axis=0))
    return powers / np.sum(powers, axis=0)


def _one_hot(y: Array) -> Array:
    columns = np.zeros((10, y.size))
    columns[y, np.arange(y.size)] = 1
    return columns


def _forward(w1: Array, b1: Array, w2: Array, b2: Array, x: Array) -> tuple[Array, Array, Array]:
    z1 = w1.dot(x) + b1
    a1 = _relu(z1)
    z2 = w2.dot(a1) + b2
    return z1, a1, _softmax(z2)


def _backward(
    z1: Array, a1: Array, a2: Array, w2: Array, x: Array, y: Array
) -> tuple[Array, Array, Array, Array]:
    m = y.size
    dz2 = a2 - _one_hot(y)
    dw2 = 1 / m * dz2.dot(a1.T)
    db2 = 1 / m * np.sum(dz2, axis=1, keepdims=True)
    dz1 = w2.T.dot(dz2) * (z1 > 0)
    dw1 = 1 / m * dz1.dot(x.T)
    db1 = 1 / m * np.sum(dz1, axis=1, keepdims=True)
    return dw1, db1, dw2, db2
