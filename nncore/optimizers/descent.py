"""Gradient descent with one step size for all weights: plain, with momentum, Nesterov's."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from nncore.optimizers.optimizer import Array, Optimizer, State, learning_rate_of, momentum


class SGD(Optimizer):
    """Plain gradient descent on each batch.

    θ <- θ - η g.
    Source: Robbins and Monro 1951.
    """

    kind: Literal["sgd"] = "sgd"
    label: ClassVar[str] = "SGD"
    learning_rate: float = learning_rate_of(0.1)

    def update(
        self, parameters: Array, gradients: Array, state: State, step: int, learning_rate: float
    ) -> None:
        """Take θ <- θ - η g."""
        del state, step
        gradients *= learning_rate
        parameters -= gradients


class Momentum(Optimizer):
    """Gradient descent with a velocity that carries on over small bumps.

    v <- μ v + g, θ <- θ - η v.
    Source: Polyak 1964, in PyTorch's form (the learning rate outside the velocity, no dampening),
    so that changing the learning rate changes the very next step.
    """

    kind: Literal["momentum"] = "momentum"
    label: ClassVar[str] = "Momentum"
    state_names: ClassVar[tuple[str, ...]] = ("velocity",)
    learning_rate: float = learning_rate_of(0.05)

    momentum: float = momentum()

    @property
    def accumulation(self) -> float:
        """1 + μ + μ² + ... = 1 / (1 - μ)."""
        return 1 / (1 - self.momentum)

    def update(
        self, parameters: Array, gradients: Array, state: State, step: int, learning_rate: float
    ) -> None:
        """Take v <- μ v + g, θ <- θ - η v."""
        del step
        velocity = state["velocity"]
        velocity *= self.momentum
        velocity += gradients
        np.multiply(velocity, learning_rate, out=gradients)
        parameters -= gradients


class Nesterov(Optimizer):
    """Momentum that looks ahead: it corrects its course before it overshoots.

    v <- μ v + g, θ <- θ - η (g + μ v).
    Source: Nesterov 1983 in the form of Bengio, Boulanger-Lewandowski and Pascanu 2013, Advances
    in optimizing recurrent networks, equation 7, with the velocity of PyTorch's SGD(nesterov=True):
    the learning rate stands outside it, so that changing it changes the very next step. Sutskever
    et al. 2013 have it inside; with a constant learning rate the steps are the same.
    """

    kind: Literal["nesterov"] = "nesterov"
    label: ClassVar[str] = "Nesterov"
    state_names: ClassVar[tuple[str, ...]] = ("velocity",)
    learning_rate: float = learning_rate_of(0.05)

    momentum: float = momentum()

    @property
    def accumulation(self) -> float:
        """1 + μ + μ² + ... = 1 / (1 - μ)."""
        return 1 / (1 - self.momentum)

    def update(
        self, parameters: Array, gradients: Array, state: State, step: int, learning_rate: float
    ) -> None:
        """Take v <- μ v + g, θ <- θ - η g - η μ v."""
        del step
        velocity = state["velocity"]
        velocity *= self.momentum
        velocity += gradients
        gradients *= learning_rate
        parameters -= gradients
        np.multiply(velocity, self.momentum * learning_rate, out=gradients)
        parameters -= gradients
