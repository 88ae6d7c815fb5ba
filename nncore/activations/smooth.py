"""Smooth relatives of ReLU: GELU, SiLU and softplus."""

from __future__ import annotations

import math
from typing import ClassVar, Literal

import numpy as np

from nncore.activations.activation import Activation, Array
from nncore.activations.blocks import blocks
from nncore.activations.saturating import logistic
from nncore.component import hyperparameter
from nncore.error_function import erf

_DENSITY_ENDS = 40.0
"""exp(-z²/2) is 0 from here on in both precisions, and z² does not overflow."""
_TANH_ENDS = 10.0
"""The tanh form is exactly 0 or z from here on in both precisions, and z³ does not overflow."""
_LINEAR = math.sqrt(2 / math.pi)
_CUBIC = _LINEAR * 0.044715


class GELU(Activation):
    """Weighs each value by how probably a normal one is below it: smooth, favored by transformers.

    exact: a = z Φ(z), act'(z) = Φ(z) + z φ(z), with Φ(z) = (1 + erf(z / √2)) / 2 and
    φ(z) = exp(-z² / 2) / √(2π);
    tanh: a = z (1 + t) / 2, t = tanh(√(2/π) (z + 0.044715 z³)).
    Source: Hendrycks and Gimpel 2016, Gaussian error linear units (GELUs), section 2; the exact
    form is the default, as in PyTorch.
    """

    kind: Literal["gelu"] = "gelu"
    label: ClassVar[str] = "GELU"
    in_place: ClassVar[bool] = False

    form: Literal["exact", "tanh"] = hyperparameter(
        "exact",
        label="GELU form",
        help="The exact function, or the approximation by tanh of the paper, GPT-2 and BERT. They"
        " differ by less than 0.0005.",
        formula="a = z · Φ(z), or z/2 · (1 + tanh(√(2/π) · (z + 0.044715 z³)))",
    )

    def forward(self, z: Array, out: Array) -> None:
        """Write a = z Φ(z)."""
        if self.form == "exact":
            np.multiply(z, math.sqrt(0.5), out=out)
            erf(out, out)
        else:
            for part, result in blocks(z, out):
                np.tanh(_tanh_argument(np.clip(part, -_TANH_ENDS, _TANH_ENDS)), out=result)
        out += 1
        out *= 0.5
        out *= z

    def backward(self, d: Array, z: Array, a: Array) -> None:
        """Multiply d by Φ(z) + z φ(z), or by the derivative of the tanh form."""
        slope_of = _exact_slope if self.form == "exact" else _tanh_slope
        for slope, *parts in blocks(d, z, a):
            slope *= slope_of(*parts)


def _exact_slope(z: Array, a: Array) -> Array:
    # Φ(z) = a / z spares the error function, which takes most of the forward pass.
    with np.errstate(invalid="ignore"):
        a /= z
    a[z == 0] = 0.5
    np.clip(z, -_DENSITY_ENDS, _DENSITY_ENDS, out=z)
    density = z * z
    density *= -0.5
    np.exp(density, out=density)
    density *= 1 / math.sqrt(2 * math.pi)
    density *= z
    density += a
    return density


def _tanh_argument(z: Array) -> Array:
    """√(2/π) (z + 0.044715 z³)."""
    argument = z * z
    argument *= _CUBIC
    argument += _LINEAR
    argument *= z
    return argument


def _tanh_slope(z: Array, a: Array) -> Array:
    """(1 + t) / 2 + z (1 - t²) / 2 √(2/π) (1 + 3 · 0.044715 z²)."""
    np.clip(z, -_TANH_ENDS, _TANH_ENDS, out=z)
    t = np.tanh(_tanh_argument(z), out=a)
    slope = z * z
    slope *= 3 * _CUBIC
    slope += _LINEAR
    slope *= z
    slope *= 1 - t * t
    slope += t
    slope += 1
    slope *= 0.5
    return slope


class SiLU(Activation):
    """Weighs each value by its own sigmoid: smooth, slightly negative on the left ("swish").

    a = z σ(z), act'(z) = σ + a (1 - σ).
    Source: Elfwing, Uchibe and Doya 2018, Sigmoid-weighted linear units for neural network
    function approximation in reinforcement learning, equations 7 and 8; swish with β = 1 of
    Ramachandran, Zoph and Le 2017.
    """

    kind: Literal["silu"] = "silu"
    label: ClassVar[str] = "SiLU"
    in_place: ClassVar[bool] = False

    def forward(self, z: Array, out: Array) -> None:
        """Write a = z σ(z)."""
        logistic(z, out)
        out *= z

    def backward(self, d: Array, z: Array, a: Array) -> None:
        """Multiply d by σ + a (1 - σ), written as 1 - (1 - a) (1 - σ): no temporary is needed."""
        logistic(z, z)
        np.subtract(1, z, out=z)
        np.subtract(1, a, out=a)
        a *= z
        np.subtract(1, a, out=a)
        d *= a


class Softplus(Activation):
    """A ReLU with its corner rounded off: always positive, its slope is the sigmoid.

    a = log(1 + exp(z)), computed as max(0, z) + log(1 + exp(-|z|)), which cannot overflow;
    act'(z) = σ(z) = 1 - exp(-a).
    Source: Dugas et al. 2001, Incorporating second-order functional knowledge for better option
    pricing, equation 4; exact everywhere, where PyTorch is the identity above 20.
    """

    kind: Literal["softplus"] = "softplus"
    label: ClassVar[str] = "Softplus"

    def forward(self, z: Array, out: Array) -> None:
        """Write a = max(0, z) + log(1 + exp(-|z|))."""
        for part, result in blocks(z, out):
            excess = np.abs(part)
            np.negative(excess, out=excess)
            np.exp(excess, out=excess)
            np.log1p(excess, out=excess)
            np.maximum(part, 0, out=result)
            result += excess

    def backward(self, d: Array, z: Array, a: Array) -> None:
        """Multiply d by 1 - exp(-a)."""
        np.negative(a, out=a)
        np.expm1(a, out=a)
        np.negative(a, out=a)
        d *= a
