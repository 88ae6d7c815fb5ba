"""Adam and AdamW: a direction and a step size of each weight's own."""

from __future__ import annotations

import math
from typing import Any, ClassVar, Literal

import numpy as np

from nncore.component import hyperparameter
from nncore.optimizers.optimizer import (
    Array,
    Optimizer,
    State,
    epsilon,
    learning_rate_of,
    weight_decay,
)

_STATE = ("mean", "variance")
_EPSILON_FORMULA = "θ ← θ − η · m̂ / (√v̂ + ε)"


def _beta1() -> Any:
    return hyperparameter(
        0.9,
        ge=0,
        lt=1,
        label="Beta 1",
        help="Memory of the gradient's running mean.",
        too_small="The direction becomes noisy.",
        too_large="It reacts late to turns.",
        formula="m ← β₁ · m + (1 − β₁) · g",
        advanced=True,
    )


def _beta2() -> Any:
    return hyperparameter(
        0.999,
        ge=0,
        lt=1,
        label="Beta 2",
        help="Memory of the squared gradient's running mean.",
        too_small="Step sizes jump about.",
        too_large="Step sizes adapt too slowly.",
        formula="v ← β₂ · v + (1 − β₂) · g²",
        advanced=True,
    )


class Adam(Optimizer):
    """Gives every weight its own step size from the mean and spread of its gradients.

    m <- β1 m + (1-β1) g, v <- β2 v + (1-β2) g²,
    θ <- θ - η (m / (1-β1^t)) / (sqrt(v / (1-β2^t)) + ε).
    Source: Kingma and Ba 2015, algorithm 1, as in PyTorch: ε outside the root and after the bias
    correction, so that it is as small against the first gradients as against later ones (Keras has
    it before, the paper's ε̂).
    """

    kind: Literal["adam"] = "adam"
    label: ClassVar[str] = "Adam"
    state_names: ClassVar[tuple[str, ...]] = _STATE
    learning_rate: float = learning_rate_of(0.001)

    beta1: float = _beta1()
    beta2: float = _beta2()
    epsilon: float = epsilon(1e-8, _EPSILON_FORMULA)

    def update(
        self, parameters: Array, gradients: Array, state: State, step: int, learning_rate: float
    ) -> None:
        """Take θ <- θ - η m̂ / (sqrt(v̂) + ε), the hats for bias correction by the step's number."""
        _step(self, parameters, gradients, state, step, learning_rate)


class AdamW(Optimizer):
    """Adam that also shrinks the weights a little at each step, which works against overfitting.

    θ <- θ - η λ θ (weights only, not biases), then Adam's step.
    Source: Loshchilov and Hutter 2019, Decoupled weight decay regularization, algorithm 2, as in
    PyTorch: the decay is multiplied by the learning rate (the paper has the schedule's factor
    alone), so that a schedule fades both. The decay stays out of Adam's running means, unlike an L2
    penalty. PyTorch decays every parameter it is given; here biases are left out, as is usual.
    """

    kind: Literal["adamw"] = "adamw"
    label: ClassVar[str] = "AdamW"
    state_names: ClassVar[tuple[str, ...]] = _STATE
    learning_rate: float = learning_rate_of(0.001)

    weight_decay: float = weight_decay(0.01)
    beta1: float = _beta1()
    beta2: float = _beta2()
    epsilon: float = epsilon(1e-8, _EPSILON_FORMULA)

    @property
    def decoupled_decay(self) -> float:
        """λ, which the training loop takes off the weights before the step."""
        return self.weight_decay

    def update(
        self, parameters: Array, gradients: Array, state: State, step: int, learning_rate: float
    ) -> None:
        """Take Adam's step; the training loop has taken the decay off before it."""
        _step(self, parameters, gradients, state, step, learning_rate)


def _step(
    adam: Adam | AdamW,
    parameters: Array,
    gradients: Array,
    state: State,
    step: int,
    learning_rate: float,
) -> None:
    # The running means are kept as m / (1-β1) and v / (1-β2) and the factors put right below: a
    # tenth of the time, for numpy passes over all parameters for each factor.
    mean, variance = state["mean"], state["variance"]
    mean *= adam.beta1
    mean += gradients
    variance *= adam.beta2
    gradients *= gradients
    variance += gradients
    of_mean = (1 - adam.beta1) / (1 - adam.beta1**step)
    of_root = math.sqrt((1 - adam.beta2) / (1 - adam.beta2**step))
    # Into the gradients, of which nothing is needed any more: 1 to 3 % of W3 and W4.
    move = np.sqrt(variance, out=gradients)
    move += adam.epsilon / of_root
    np.divide(mean, move, out=move)
    move *= learning_rate * of_mean / of_root
    parameters -= move
