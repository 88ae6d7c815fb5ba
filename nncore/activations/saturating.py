"""Activations that saturate at both ends, and the identity, which does nothing."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from nncore.activations.activation import Activation, Array


def logistic(z: Array, out: Array) -> None:
    """Write σ(z) = (1 + tanh(z / 2)) / 2 into `out`, which may be `z` itself."""
    np.multiply(z, 0.5, out=out)
    np.tanh(out, out=out)
    out += 1
    out *= 0.5


class Sigmoid(Activation):
    """Squeezes everything between 0 and 1: the classic, slow to learn in deep networks.

    a = 1 / (1 + exp(-z)), computed as (1 + tanh(z / 2)) / 2, which cannot overflow;
    act'(z) = a (1 - a).
    """

    kind: Literal["sigmoid"] = "sigmoid"
    label: ClassVar[str] = "Sigmoid"

    def forward(self, z: Array, out: Array) -> None:
        """Write a = (1 + tanh(z / 2)) / 2."""
        logistic(z, out)

    def backward(self, d: Array, z: Array, a: Array) -> None:
        """Multiply d by a (1 - a)."""
        d *= a
        np.subtract(1, a, out=a)
        d *= a


class Tanh(Activation):
    """Squeezes everything between -1 and 1, centered on zero.

    a = tanh(z), act'(z) = 1 - a².
    """

    kind: Literal["tanh"] = "tanh"
    label: ClassVar[str] = "Tanh"

    def forward(self, z: Array, out: Array) -> None:
        """Write a = tanh(z)."""
        np.tanh(z, out=out)

    def backward(self, d: Array, z: Array, a: Array) -> None:
        """Multiply d by 1 - a²."""
        a *= a
        np.subtract(1, a, out=a)
        d *= a


class Identity(Activation):
    """Changes nothing: the layer stays linear, which shows why networks need the others.

    a = z, act'(z) = 1.
    """

    kind: Literal["identity"] = "identity"
    label: ClassVar[str] = "Identity"

    def forward(self, z: Array, out: Array) -> None:
        """Write a = z."""
        if out is not z:
            np.copyto(out, z)

    def backward(self, d: Array, z: Array, a: Array) -> None:
        """Leave d as it is."""
        del z, a
