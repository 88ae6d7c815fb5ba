"""Sigmoids with binary cross-entropy, the loss of independent yes-or-no questions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

import numpy as np

from nncore.component import hyperparameter
from nncore.errors import Problem
from nncore.losses.loss import Array, Labels, Loss


class BinaryCrossEntropy(Loss):
    """Asks of each class "is it this one?", yes or no, with a sigmoid of its own.

    p_k = σ(z_k), L = -mean over k of (y_k log p_k + (1 - y_k) log(1 - p_k)), dL/dz = (p - y) / K,
    computed as log(1 + exp(∓z)), which cannot overflow.
    The answers are independent and need not sum to 1; where probabilities are shown, each is
    divided by their sum.
    Source: Bishop 2006, Pattern Recognition and Machine Learning, equation 4.90; the mean over the
    K outputs, as PyTorch's BCEWithLogitsLoss takes it.
    """

    kind: Literal["binary_cross_entropy"] = "binary_cross_entropy"
    label: ClassVar[str] = "Binary cross-entropy"
    output_label: ClassVar[str] = "sigmoid"
    unit: ClassVar[str] = "nats"

    one_vs_rest: bool = hyperparameter(
        False,
        label="One-vs-rest",
        help="Let it tell more than two classes apart: each gets a question of its own, this class"
        " or any other.",
    )

    def problems(self, classes: int) -> Iterator[Problem]:
        """More than two classes, unless each is to have its own question."""
        if classes != 2 and not self.one_vs_rest:
            yield Problem(
                "kind",
                f"cannot be {self.label} with {classes} classes: it tells two apart; choose"
                " Cross-entropy, or turn One-vs-rest on (one_vs_rest)",
            )

    def probabilities(self, logits: Array, out: Array) -> None:
        """σ(z_k) / sum_j σ(z_j), through its logarithm, so that no sum is ever 0."""
        # log σ(z) = min(0, z) - log(1 + exp(-|z|))
        np.subtract(np.minimum(logits, 0), _log_of_one_plus_exp_of_minus(logits), out=out)
        out -= out.max(axis=0)
        np.exp(out, out=out)
        out /= out.sum(axis=0)

    def gradient(self, logits: Array, targets: Array, out: Array) -> None:
        """dL/dz = (σ(z) - y) / (K batch), with σ(z) = (1 + tanh(z / 2)) / 2."""
        np.multiply(logits, 0.5, out=out)
        np.tanh(out, out=out)
        out += 1
        out *= 0.5
        out -= targets
        out *= 1 / logits.size

    def values(self, logits: Array, labels: Labels) -> Array:
        """L = mean over k of log(1 + exp(s z_k)), s = -1 for the true class, 1 for the others."""
        signed = logits.copy()
        places = labels[..., None, :]
        np.put_along_axis(signed, places, -np.take_along_axis(logits, places, -2), -2)
        costs = _log_of_one_plus_exp_of_minus(signed)
        costs += np.maximum(signed, 0)
        return costs.mean(axis=-2)


def _log_of_one_plus_exp_of_minus(z: Array) -> Array:
    """log(1 + exp(-|z|))."""
    size = np.abs(z)
    np.negative(size, out=size)
    np.exp(size, out=size)
    return np.log1p(size, out=size)
