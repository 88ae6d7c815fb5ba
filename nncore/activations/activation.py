"""Activation: the family of elementwise functions between the layers."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from nncore.component import Component

Array = NDArray[np.floating[Any]]


class Activation(Component):
    """An elementwise function a = act(z) between the layers.

    The arrays have shape (batch, units) and one floating dtype. `forward` may write over `z` only
    when `in_place` says so; then `out` is `z` itself.
    """

    in_place: ClassVar[bool] = True

    @abstractmethod
    def forward(self, z: Array, out: Array) -> None:
        """Write act(z) into `out`.

        Args:
            z: Pre-activations (batch, units).
            out: Where the activations go (batch, units); `z` itself if `in_place`.
        """

    @abstractmethod
    def backward(self, d: Array, z: Array, a: Array) -> None:
        """Turn dL/da into dL/dz in place: d <- d * act'(z).

        Args:
            d: dL/da (batch, units), overwritten with dL/dz.
            z: Pre-activations (batch, units); the same array as `a` if `in_place`. May be
                overwritten.
            a: Activations (batch, units). May be overwritten.
        """
