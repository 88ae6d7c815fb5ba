"""The bare matrix products of a step, through `np.matmul` into buffers made once; nothing else.

Forward X W^T for each layer, backward dZ^T X for each layer and dZ W for all but the first, with
all 784 inputs. No trainer that computes these products so can be faster; one that leaves some of
them out can.
"""

from __future__ import annotations

import numpy as np

from benchmarks.workloads import Problem


class Floor:
    """Multiplies the same matrices again and again."""

    def __init__(self, problem: Problem) -> None:
        rng = np.random.default_rng(0)
        batch = problem.workload.batch
        units = [problem.images.shape[1], *(len(biases) for _, biases in problem.layers)]
        self._weights = [weights for weights, _ in problem.layers]
        self._a = [rng.random((batch, count), np.float32) for count in units]
        self._d = [rng.random((batch, count), np.float32) for count in units]
        self._gradients = [np.empty_like(weights) for weights in self._weights]

    def start(self) -> None:
        """Nothing is learned, so there is nothing to go back to."""

    def train(self, steps: int) -> None:
        """Compute each step's products, in the order of a step."""
        a, d, weights = self._a, self._d, self._weights
        products = [(a[i], w.T, a[i + 1]) for i, w in enumerate(weights)]
        for i in reversed(range(len(weights))):
            products.append((d[i + 1].T, a[i], self._gradients[i]))
            if i:
                products.append((d[i + 1], weights[i], d[i]))
        for _ in range(steps):
            for left, right, out in products:
                np.matmul(left, right, out=out)

    def layers(self) -> None:
        """Nothing is learned."""
        return
