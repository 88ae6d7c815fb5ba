"""What is said when a run's loss explodes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nncore.config import RunConfig
from nncore.losses import CrossEntropy
from nncore.optimizers import SGD, Optimizer

LARGE_FIRST_LOSS = 100.0
"""A first loss above this is the first weights' fault; guessing among ten classes costs 2.3."""
LARGE_CLASS_WEIGHT = 10.0
"""From here on a class weight makes the steps so much longer that it is blamed."""


class DivergenceError(Exception):
    """The loss or the weights became NaN or infinite; its text is the sentence for people."""


def divergence(
    fault: str, losses: NDArray[np.floating[Any]], kept_step: int, config: RunConfig
) -> DivergenceError:
    """The error of a run that diverged: what was seen, what is kept, the likely cause.

    Args:
        fault: What was seen and where, a sentence.
        losses: The finite losses until then (steps,).
        kept_step: The step after which the weights were copied that are kept.
        config: The experiment.
    """
    kept = (
        f"the weights of step {kept_step:,} are kept."
        if kept_step
        else "the first weights are kept."
    )
    last = f"The last finite loss was {losses[-1]:.4g}; {kept}" if losses.size else f"T{kept[1:]}"
    largest = _largest_class_weight(config)
    if losses.size == 0 or losses[0] > LARGE_FIRST_LOSS * max(largest, 1):
        cause = "The first weights are too large: choose the initializer He or Xavier."
    elif largest >= LARGE_CLASS_WEIGHT:
        cause = (
            f"The class weight {largest:g} makes steps up to {largest:g} times as long: divide all "
            f"class weights by {largest:g}."
        )
    else:
        cause = _slower(config.optimizer)
    return DivergenceError(f"{fault} {last} {cause}")


def _largest_class_weight(config: RunConfig) -> float:
    loss = config.network.loss
    return max(loss.class_weights, default=1.0) if isinstance(loss, CrossEntropy) else 1.0


def _slower(optimizer: Optimizer) -> str:
    """Blame the learning rate, and name one to try.

    With a velocity it is the effective rate η / (1 - μ) that decides how far steps go, so a tenth
    may still be far too large. The one named also keeps the effective rate within the one that SGD,
    which has no velocity, begins with.
    """
    rate, times = optimizer.learning_rate, optimizer.accumulation
    too_large = f"The learning rate {rate:g} is probably too large"
    if times == 1:
        return f"{too_large}: try {rate / 10:g}."
    slower = min(rate / 10, SGD().learning_rate / times)
    return (
        f"{too_large}: with momentum, steps in one direction add up to {times:.3g} times that, "
        f"η / (1 − μ) = {rate * times:.3g}. Try {slower:.3g}, or less momentum."
    )
