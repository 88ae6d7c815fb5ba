"""Step sizes of each weight's own, from the size of its gradients: AdaGrad and RMSProp."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from nncore.component import hyperparameter
from nncore.optimizers.optimizer import Array, Optimizer, State, epsilon, learning_rate_of


class AdaGrad(Optimizer):
    """Slows down each weight by all its gradients so far: rare features keep large steps.

    s <- s + g², θ <- θ - η g / (√s + ε).
    Source: Duchi, Hazan and Singer 2011, Adaptive subgradient methods, the diagonal form, as in
    PyTorch: s starts at 0 (at 0.1 in Keras) and ε stands outside the root, so that the first step
    is one learning rate long whatever the gradient's size.
    """

    kind: Literal["adagrad"] = "adagrad"
    label: ClassVar[str] = "AdaGrad"
    state_names: ClassVar[tuple[str, ...]] = ("sum", "scratch")
    learning_rate: float = learning_rate_of(0.01)

    epsilon: float = epsilon(1e-10, "θ ← θ − η · g / (√s + ε)")

    def update(
        self, parameters: Array, gradients: Array, state: State, step: int, learning_rate: float
    ) -> None:
        """Take s <- s + g², θ <- θ - η g / (√s + ε)."""
        del step
        total, scratch = state["sum"], state["scratch"]
        np.multiply(gradients, gradients, out=scratch)
        total += scratch
        np.sqrt(total, out=scratch)
        scratch += self.epsilon
        gradients /= scratch
        gradients *= learning_rate
        parameters -= gradients


class RMSProp(Optimizer):
    """AdaGrad that forgets: each weight is slowed down by its recent gradients only.

    s <- ρ s + (1 - ρ) g², θ <- θ - η g / (√s + ε).
    Source: Tieleman and Hinton 2012, Lecture 6.5 of Neural networks for machine learning, as in
    PyTorch: not centered, no momentum, ε outside the root (optax has it inside) and ρ = 0.99 by
    default (0.9 in the lecture and in Keras), for s starts at 0 and is not corrected: the first
    steps are 1 / √(1 - ρ) times as long.
    """

    kind: Literal["rmsprop"] = "rmsprop"
    label: ClassVar[str] = "RMSProp"
    state_names: ClassVar[tuple[str, ...]] = ("square", "scratch")
    learning_rate: float = learning_rate_of(0.001)

    rho: float = hyperparameter(
        0.99,
        ge=0,
        lt=1,
        label="Rho",
        help="Memory of the squared gradient's running mean.",
        too_small="Step sizes jump about.",
        too_large="Step sizes adapt too slowly, and the first steps are too long.",
        formula="s ← ρ · s + (1 − ρ) · g²",
        advanced=True,
    )
    epsilon: float = epsilon(1e-8, "θ ← θ − η · g / (√s + ε)")

    def update(
        self, parameters: Array, gradients: Array, state: State, step: int, learning_rate: float
    ) -> None:
        """Take s <- ρ s + (1 - ρ) g², θ <- θ - η g / (√s + ε)."""
        del step
        square, scratch = state["square"], state["scratch"]
        square *= self.rho
        np.multiply(gradients, gradients, out=scratch)
        scratch *= 1 - self.rho
        square += scratch
        np.sqrt(square, out=scratch)
        scratch += self.epsilon
        gradients /= scratch
        gradients *= learning_rate
        parameters -= gradients
