"""Lion: every weight takes a step of the same length; only the direction is learned."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from nncore.component import hyperparameter
from nncore.optimizers.optimizer import Array, Optimizer, State, learning_rate_of, weight_decay


class Lion(Optimizer):
    """Steps by the sign of a blend of gradient and momentum: half of Adam's memory.

    c = β1 m + (1-β1) g, θ <- θ - η λ θ (weights only), θ <- θ - η sign(c),
    m <- β2 m + (1-β2) g.
    Source: Chen et al. 2023, Symbolic discovery of optimization algorithms, algorithm 2. Each step
    is as long as the learning rate, so it should be 3 to 10 times smaller than Adam's and the decay
    as many times larger (section 5). PyTorch has no Lion; biases are not decayed here.
    """

    kind: Literal["lion"] = "lion"
    label: ClassVar[str] = "Lion"
    state_names: ClassVar[tuple[str, ...]] = ("mean", "scratch")
    learning_rate: float = learning_rate_of(0.0001)

    weight_decay: float = weight_decay(0.1)
    beta1: float = hyperparameter(
        0.9,
        ge=0,
        lt=1,
        label="Beta 1",
        help="How much of the running mean is in the direction; the rest is the new gradient.",
        too_small="The direction becomes noisy: at 0 it is the sign of each gradient.",
        too_large="New gradients hardly count, and it reacts late to turns.",
        formula="c = β₁ · m + (1 − β₁) · g",
        advanced=True,
    )
    beta2: float = hyperparameter(
        0.99,
        ge=0,
        lt=1,
        label="Beta 2",
        help="Memory of the gradient's running mean.",
        too_small="The mean is noisy.",
        too_large="The mean holds on to gradients that are long past.",
        formula="m ← β₂ · m + (1 − β₂) · g",
        advanced=True,
    )

    @property
    def decoupled_decay(self) -> float:
        """λ, which the training loop takes off the weights before the step."""
        return self.weight_decay

    def update(
        self, parameters: Array, gradients: Array, state: State, step: int, learning_rate: float
    ) -> None:
        """Take θ <- θ - η sign(β1 m + (1-β1) g), m <- β2 m + (1-β2) g."""
        del step
        mean, scratch = state["mean"], state["scratch"]
        # β1 m + (1-β1) g, divided by (1-β1), which does not change its sign.
        np.multiply(mean, self.beta1 / (1 - self.beta1), out=scratch)
        scratch += gradients
        np.sign(scratch, out=scratch)
        scratch *= learning_rate
        parameters -= scratch
        mean *= self.beta2
        gradients *= 1 - self.beta2
        mean += gradients
