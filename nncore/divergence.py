"""What is said when a run's loss explodes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

LARGE_FIRST_LOSS = 100.0
"""A first loss above this is the first weights' fault; guessing among ten classes costs 2.3."""


class DivergenceError(Exception):
    """The loss or the weights became NaN or infinite; its text is the sentence for people."""


def divergence(
    fault: str, losses: NDArray[np.floating[Any]], kept_step: int, learning_rate: float
) -> DivergenceError:
    """The error of a run that diverged: what was seen, what is kept, the likely cause.

    Args:
        fault: What was seen and where, a sentence.
        losses: The finite losses until then (steps,).
        kept_step: The step after which the weights were copied that are kept.
        learning_rate: Of the last step.
    """
    kept = (
        f"the weights of step {kept_step:,} are kept."
        if kept_step
        else "the first weights are kept."
    )
    last = f"The last finite loss was {losses[-1]:.4g}; {kept}" if losses.size else f"T{kept[1:]}"
    if losses.size == 0 or losses[0] > LARGE_FIRST_LOSS:
        cause = "The first weights are too large: choose the initializer He or Xavier."
    else:
        advice = f"try {learning_rate / 10:g}"
        cause = f"The learning rate {learning_rate:g} is probably too large: {advice}."
    return DivergenceError(f"{fault} {last} {cause}")
