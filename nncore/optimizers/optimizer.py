"""Optimizer: the family, and the hyperparameters that its members share."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from nncore.component import Component, hyperparameter

Array = NDArray[np.floating[Any]]
State = dict[str, Array]


class Optimizer(Component):
    """How a gradient becomes a step. One learning rate, one update over all parameters at once."""

    state_names: ClassVar[tuple[str, ...]] = ()
    learning_rate: float

    @property
    def decoupled_decay(self) -> float:
        """The share of each weight (biases left out) that a step of learning rate 1 takes away."""
        return 0.0

    @property
    def accumulation(self) -> float:
        """How many learning rates long a step becomes while the gradient stays the same.

        Above 1 where gradients add up in a velocity.
        """
        return 1.0

    def create_state(self, parameters: Array) -> State:
        """Zeroed memory of the optimizer, one flat array for each of `state_names`."""
        return {name: np.zeros_like(parameters) for name in self.state_names}

    @abstractmethod
    def update(
        self, parameters: Array, gradients: Array, state: State, step: int, learning_rate: float
    ) -> None:
        """Take one step in place.

        Args:
            parameters: All parameters, flat; changed.
            gradients: dL/dparameters, flat, same dtype; overwritten.
            state: What `create_state` made; changed.
            step: Number of this step, from 1.
            learning_rate: This step's, as the schedule has it.
        """


def learning_rate_of(default: float) -> Any:
    """Declare the learning rate."""
    return hyperparameter(
        default,
        gt=0,
        le=1,
        scale="log",
        help="How far each step moves the weights along the gradient.",
        too_small="Learning crawls, and may stop in a poor place.",
        too_large="The loss jumps about or explodes to infinity.",
        formula="θ ← θ − η · step",
    )


def weight_decay(default: float) -> Any:
    """Declare a decay of the weights that stands beside the gradient and not in it."""
    return hyperparameter(
        default,
        ge=0,
        le=10,
        scale="log",
        label="Weight decay",
        help="How much of each weight (not bias) a step takes away, times the learning rate,"
        " whatever the gradient is.",
        too_small="At 0 it is off; the network may learn by heart.",
        too_large="The weights cannot grow enough to tell the classes apart.",
        formula="θ ← θ − η · λ · θ",
    )


def epsilon(default: float, formula: str) -> Any:
    """Declare the small number in a denominator."""
    return hyperparameter(
        default,
        ge=1e-12,
        le=1,
        scale="log",
        help="Keeps the division safe where gradients are almost zero.",
        too_small="Weights with tiny gradients take wild steps.",
        too_large="The steps shrink, and all weights share one step size again.",
        formula=formula,
        advanced=True,
    )


def momentum() -> Any:
    """Declare how long a velocity lasts."""
    return hyperparameter(
        0.9,
        ge=0,
        lt=1,
        help="How much of the last step's velocity is kept.",
        too_small="At 0 it is plain SGD.",
        too_large="Near 1 it overshoots and swings for a long time.",
        formula="v ← μ · v + g",
    )
