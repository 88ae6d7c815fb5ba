"""Softmax, the output activation that makes probabilities of logits."""

from __future__ import annotations

import numpy as np

from nncore.losses.loss import Array


def softmax(logits: Array, out: Array) -> None:
    """Write p_k = exp(z_k - max z) / sum_j exp(z_j - max z), which cannot overflow.

    Args:
        logits: (classes, batch).
        out: Where the probabilities go (classes, batch); may be `logits` itself.
    """
    np.subtract(logits, np.maximum.reduce(logits, axis=0), out=out)
    np.exp(out, out=out)
    out /= np.add.reduce(out, axis=0)
