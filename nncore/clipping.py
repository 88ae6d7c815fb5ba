"""Gradient clipping: how a batch's gradient is kept from throwing the weights far away.

To add one, write one subclass of `Clipping` here.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from nncore.component import Component, hyperparameter

Array = NDArray[np.floating[Any]]


class Clipping(Component):
    """What is done to a gradient that is too large."""

    is_on: ClassVar[bool] = True

    @abstractmethod
    def clip(self, gradients: Array) -> None:
        """Make the gradient small enough, in place.

        Args:
            gradients: dL/dparameters of the whole network, penalties included, flat.
        """


class NoClipping(Clipping):
    """Gradients are used as they are."""

    kind: Literal["none"] = "none"
    label: ClassVar[str] = "None"
    is_on: ClassVar[bool] = False

    def clip(self, gradients: Array) -> None:
        """Change nothing."""
        del gradients


class ClipNorm(Clipping):
    """Shortens the whole network's gradient to a greatest length and keeps its direction.

    g <- g · min(1, c / (‖g‖ + 1e-6)).
    Source: Pascanu, Mikolov and Bengio 2013, algorithm 1, with the 1e-6 of PyTorch's
    clip_grad_norm_, so that both agree in every digit.
    """

    kind: Literal["norm"] = "norm"
    label: ClassVar[str] = "By norm"

    limit: float = hyperparameter(
        1.0,
        gt=0,
        le=1e6,
        scale="log",
        label="Longest gradient",
        help="The length that the gradient of all parameters together is shortened to.",
        too_small="Every step is shortened, as by a smaller learning rate.",
        too_large="It never takes effect.",
        formula="g ← g · min(1, c / ‖g‖)",
    )

    def clip(self, gradients: Array) -> None:
        """Take g <- g · min(1, c / (‖g‖ + 1e-6))."""
        scale = self.limit / (_norm(gradients) + 1e-6)
        # A comparison that NaN fails: a gradient that is no number is left for the trainer to find.
        if scale < 1:
            gradients *= scale


class ClipValue(Clipping):
    """Cuts every single derivative off at a greatest size, which may turn the gradient.

    g_i <- max(-c, min(c, g_i)).
    Source: PyTorch's clip_grad_value_.
    """

    kind: Literal["value"] = "value"
    label: ClassVar[str] = "By value"

    limit: float = hyperparameter(
        0.1,
        gt=0,
        le=1e6,
        scale="log",
        label="Largest derivative",
        help="No derivative is larger than this, up or down.",
        too_small="Only the signs of the derivatives are left.",
        too_large="It never takes effect.",
        formula="gᵢ ← max(−c, min(c, gᵢ))",
    )

    def clip(self, gradients: Array) -> None:
        """Take g_i <- max(-c, min(c, g_i))."""
        np.clip(gradients, -self.limit, self.limit, out=gradients)


def _norm(gradients: Array) -> float:
    """The Euclidean length; its square may be too large for the gradient's type."""
    square = float(gradients @ gradients)
    if square == math.inf:
        largest = float(np.abs(gradients).max())
        return largest * float(np.linalg.norm(gradients / largest))
    return math.sqrt(square)
