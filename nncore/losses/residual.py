"""Losses of the distance between the outputs and the targets 1 (true class) and 0 (others)."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar, Literal

import numpy as np

from nncore.component import hyperparameter
from nncore.losses.loss import Array, Labels, Loss


class Residual(Loss):
    """A loss of the residuals r = z - y; the outputs are taken as they are (identity).

    Identity outputs keep the gradient alive where a sigmoid or softmax in front of such a loss
    would be flat. Where probabilities are shown, they are the point of the probability simplex that
    is nearest to the outputs: outputs that are probabilities already are shown unchanged.
    Source: Hui and Belkin 2021, Evaluation of neural architectures trained with square loss vs
    cross-entropy in classification tasks; the projection by Held, Wolfe and Crowder 1974.
    """

    output_label: ClassVar[str] = "identity"

    def probabilities(self, logits: Array, out: Array) -> None:
        """Write p = max(0, z - τ), with the τ for which they sum to 1."""
        shifted = logits - logits.max(axis=0)
        # What lies 1 below the largest has no part in it; this keeps the sums exact.
        np.maximum(shifted, -1, out=shifted)
        sums = np.cumsum(np.sort(shifted, axis=0)[::-1], axis=0)
        sums -= 1
        sums /= np.arange(1, len(logits) + 1, dtype=logits.dtype)[:, None]
        np.subtract(shifted, sums.max(axis=0), out=out)
        np.maximum(out, 0, out=out)

    def gradient(self, logits: Array, targets: Array, out: Array) -> None:
        """dL/dz = cost'(z - y) / (K batch)."""
        np.subtract(logits, targets, out=out)
        self._slopes(out)
        out *= 1 / logits.size

    def values(self, logits: Array, labels: Labels) -> Array:
        """L = mean over k of cost(z_k - y_k)."""
        residuals = logits.copy()
        places = labels[..., None, :]
        np.put_along_axis(residuals, places, np.take_along_axis(logits, places, -2) - 1, -2)
        # A cost beyond the dtype's range is infinite; the trainer tells of it in words.
        with np.errstate(over="ignore"):
            return self._costs(residuals).mean(axis=-2)

    @abstractmethod
    def _slopes(self, residuals: Array) -> None:
        """Turn residuals into the cost's derivative, in place."""

    @abstractmethod
    def _costs(self, residuals: Array) -> Array:
        """The cost of each residual."""


class MeanSquaredError(Residual):
    """Mean squared error: large errors count far more than small ones.

    L = 1/K sum_k (z_k - y_k)², dL/dz = 2 (z - y) / K, over K outputs, as PyTorch's MSELoss takes
    the mean (without the 1/2 of many textbooks).
    Source: Bishop 2006, Pattern Recognition and Machine Learning, equation 5.11.
    """

    kind: Literal["mean_squared_error"] = "mean_squared_error"
    label: ClassVar[str] = "Mean squared error"

    def _slopes(self, residuals: Array) -> None:
        residuals *= 2

    def _costs(self, residuals: Array) -> Array:
        return residuals * residuals


class Huber(Residual):
    """Huber loss: squared for small errors, absolute for large ones.

    L = 1/K sum_k of r²/2 for |r| <= δ, else δ (|r| - δ/2), r = z - y; dL/dz = clip(r, -δ, δ) / K,
    over K outputs, as PyTorch's HuberLoss takes the mean.
    Source: Huber 1964, Robust estimation of a location parameter.
    """

    kind: Literal["huber"] = "huber"
    label: ClassVar[str] = "Huber"

    delta: float = hyperparameter(
        1.0,
        gt=0,
        le=100,
        scale="log",
        help="Errors up to this size are squared; beyond it they count in proportion.",
        too_small="It becomes the absolute error, δ times as steep: learning slows down.",
        too_large="It becomes half the squared error: outliers pull hard.",
        formula="L = r² / 2 for |r| ≤ δ, else δ · (|r| − δ / 2)",
    )

    def _slopes(self, residuals: Array) -> None:
        np.clip(residuals, -self.delta, self.delta, out=residuals)

    def _costs(self, residuals: Array) -> Array:
        size = np.abs(residuals)
        within = np.minimum(size, self.delta)
        # r²/2 where it is all within δ, and δ (|r| - δ/2) where δ is all that is within.
        return within * (size - within / 2)
