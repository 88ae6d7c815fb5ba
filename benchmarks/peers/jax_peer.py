"""JAX: one jitted step whose weights and optimizer state are donated, the data on the device.

The images are scaled beforehand into one float32 array on the device and the step slices its batch
out of it, except in W1, where scaling uint8 images in the step is 6 % faster.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from benchmarks.peers import Layers
from benchmarks.workloads import Problem
from nncore.features import PIXEL_SCALE

Tree = Any


class Jax:
    """`value_and_grad` of the loss and the optimizer's update in one compiled function."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        scale = problem.workload.is_wide
        self._x = jnp.asarray(problem.images if scale else problem.features)
        self._y = jnp.asarray(problem.labels.astype(np.int32))
        update = _update_of(dict(problem.workload.optimizer))
        batch = problem.workload.batch

        def step(
            parameters: Tree, state: Tree, x: jax.Array, y: jax.Array, start: jax.Array
        ) -> tuple[Tree, Tree]:
            xs = jax.lax.dynamic_slice_in_dim(x, start, batch)
            if scale:
                xs = xs.astype(jnp.float32) * PIXEL_SCALE
            ys = jax.lax.dynamic_slice_in_dim(y, start, batch)
            gradients = jax.grad(_loss)(parameters, xs, ys)
            return update(parameters, gradients, state)

        self._step = jax.jit(step, donate_argnums=(0, 1))

    def start(self) -> None:
        """Put the first weights on the device."""
        layers = self._problem.layers
        self._parameters: Tree = [(jnp.array(w.T), jnp.array(b)) for w, b in layers]
        kind = self._problem.workload.optimizer["kind"]
        copies = {"sgd": 0, "momentum": 1, "adam": 2}[kind]
        zeros = [jax.tree.map(jnp.zeros_like, self._parameters) for _ in range(copies)]
        self._state: Tree = (jnp.zeros((), jnp.float32), *zeros)
        self._next = 0

    def train(self, steps: int) -> None:
        """Call the compiled step and wait for the last one."""
        parameters, state, step, x, y = self._parameters, self._state, self._step, self._x, self._y
        batch = self._problem.workload.batch
        for start in range(self._next, self._next + steps * batch, batch):
            parameters, state = step(parameters, state, x, y, start)
        self._parameters, self._state = jax.block_until_ready((parameters, state))
        self._next += steps * batch

    def layers(self) -> Layers:
        """Weights and biases, copied from the device."""
        return [(np.asarray(w).T, np.asarray(b)) for w, b in self._parameters]


def _loss(parameters: Tree, x: jax.Array, y: jax.Array) -> jax.Array:
    for weights, biases in parameters[:-1]:
        x = jax.nn.relu(x @ weights + biases)
    weights, biases = parameters[-1]
    chances = jax.nn.log_softmax(x @ weights + biases)
    return -jnp.take_along_axis(chances, y[:, None], axis=1).mean()


def _update_of(options: dict[str, Any]) -> Callable[[Tree, Tree, Tree], tuple[Tree, Tree]]:
    """(parameters, gradients, state) -> (parameters, state); first in state is the step number."""
    rate, each = options["learning_rate"], jax.tree.map

    def sgd(parameters: Tree, gradients: Tree, state: Tree) -> tuple[Tree, Tree]:
        return each(lambda p, g: p - rate * g, parameters, gradients), state

    def momentum(parameters: Tree, gradients: Tree, state: Tree) -> tuple[Tree, Tree]:
        step, velocity = state
        velocity = each(lambda v, g: options["momentum"] * v + g, velocity, gradients)
        return each(lambda p, v: p - rate * v, parameters, velocity), (step, velocity)

    def adam(parameters: Tree, gradients: Tree, state: Tree) -> tuple[Tree, Tree]:
        step, mean, variance = state
        step = step + 1
        beta1, beta2, epsilon = options["beta1"], options["beta2"], options["epsilon"]
        mean = each(lambda m, g: beta1 * m + (1 - beta1) * g, mean, gradients)
        variance = each(lambda v, g: beta2 * v + (1 - beta2) * g * g, variance, gradients)
        root = jnp.sqrt(1 - beta2**step)
        pace = rate / (1 - beta1**step)
        parameters = each(
            lambda p, m, v: p - pace * m / (jnp.sqrt(v) / root + epsilon),
            *(parameters, mean, variance),
        )
        return parameters, (step, mean, variance)

    return {"sgd": sgd, "momentum": momentum, "adam": adam}[options["kind"]]
