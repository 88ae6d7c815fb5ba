"""Activations that pass the positive side as it is: ReLU and its kin."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from nncore.activations.activation import Activation, Array
from nncore.activations.blocks import blocks
from nncore.component import hyperparameter


class ReLU(Activation):
    """Passes what is positive and stops the rest: fast, and the default almost everywhere.

    a = max(0, z), act'(z) = 1 for z > 0, else 0 (0 is chosen at z = 0, as PyTorch does).
    Source: Nair and Hinton 2010, Rectified linear units improve restricted Boltzmann machines.
    """

    kind: Literal["relu"] = "relu"
    label: ClassVar[str] = "ReLU"

    def forward(self, z: Array, out: Array) -> None:
        """Write a = max(0, z)."""
        # A row of zeros: against a single 0, numpy's maximum takes twice as long.
        np.maximum(z, np.zeros(z.shape[-1:], z.dtype), out=out)

    def backward(self, d: Array, z: Array, a: Array) -> None:
        """Multiply d by 1 where a > 0, else by 0."""
        d *= a > 0


class LeakyReLU(Activation):
    """ReLU that lets a little of the negative side through, so that no unit can die.

    a = max(z, slope z), act'(z) = 1 for z > 0, else slope.
    Source: Maas, Hannun and Ng 2013, Rectifier nonlinearities improve neural network acoustic
    models.
    """

    kind: Literal["leaky_relu"] = "leaky_relu"
    label: ClassVar[str] = "Leaky ReLU"
    in_place: ClassVar[bool] = False

    slope: float = hyperparameter(
        0.01,
        ge=0,
        lt=1,
        label="Negative slope",
        help="How much of a negative pre-activation passes.",
        too_small="At 0 it is ReLU: units can die and stop learning.",
        too_large="Near 1 it is almost the identity: layers merge into one linear map.",
        formula="a = max(z, slope · z)",
    )

    def forward(self, z: Array, out: Array) -> None:
        """Write a = max(z, slope z); slope < 1."""
        np.multiply(z, self.slope, out=out)
        np.maximum(z, out, out=out)

    def backward(self, d: Array, z: Array, a: Array) -> None:
        """Multiply d by 1 where z > 0, else by the slope."""
        np.greater(z, 0, out=a)
        a *= 1 - self.slope
        a += self.slope
        d *= a


class ELU(Activation):
    """ReLU with a smooth negative side that levels off, so that means stay near zero.

    a = z for z > 0, else α (exp(z) - 1); act'(z) = 1 for z > 0, else a + α.
    Source: Clevert, Unterthiner and Hochreiter 2016, Fast and accurate deep network learning by
    exponential linear units (ELUs), equation 15.
    """

    kind: Literal["elu"] = "elu"
    label: ClassVar[str] = "ELU"

    alpha: float = hyperparameter(
        1.0,
        gt=0,
        le=10,
        help="The negative side levels off at minus this.",
        too_small="Near 0 it is ReLU: units can die and stop learning.",
        too_large="The slope jumps at zero and negative values swamp the signal.",
        formula="a = α · (exp(z) − 1) for z ≤ 0",
    )

    def forward(self, z: Array, out: Array) -> None:
        """Write a = max(0, z) + α (exp(min(0, z)) - 1)."""
        _exponential_linear(z, out, self.alpha, 1.0)

    def backward(self, d: Array, z: Array, a: Array) -> None:
        """Multiply d by 1 where a > 0, else by a + α."""
        _exponential_linear_backward(d, a, self.alpha, 1.0)


class SELU(Activation):
    """ELU with constants that pull every layer towards mean 0 and variance 1 by itself.

    a = λ z for z > 0, else λ α (exp(z) - 1); act'(z) = λ for z > 0, else a + λ α;
    λ = 1.0507..., α = 1.6733.... It needs the initializer LeCun normal to hold.
    Source: Klambauer et al. 2017, Self-normalizing neural networks, equation 2.
    """

    kind: Literal["selu"] = "selu"
    label: ClassVar[str] = "SELU"

    alpha: ClassVar[float] = 1.6732632423543772
    scale: ClassVar[float] = 1.0507009873554805

    def forward(self, z: Array, out: Array) -> None:
        """Write a = λ (max(0, z) + α (exp(min(0, z)) - 1))."""
        _exponential_linear(z, out, self.alpha, self.scale)

    def backward(self, d: Array, z: Array, a: Array) -> None:
        """Multiply d by λ where a > 0, else by a + λ α."""
        _exponential_linear_backward(d, a, self.alpha, self.scale)


def _exponential_linear(z: Array, out: Array, alpha: float, scale: float) -> None:
    for part, result in blocks(z, out):
        positive = np.maximum(part, 0)
        np.minimum(part, 0, out=result)
        np.expm1(result, out=result)
        result *= alpha
        result += positive
        if scale != 1:
            result *= scale


def _exponential_linear_backward(d: Array, a: Array, alpha: float, scale: float) -> None:
    for slope, part in blocks(d, a):
        is_positive = part > 0
        np.minimum(part, 0, out=part)
        part += scale * alpha
        if alpha != 1:
            part += np.multiply(is_positive, scale - scale * alpha, dtype=part.dtype)
        slope *= part
