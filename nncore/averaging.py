"""Averaged weights: what is judged, shown and saved in place of the last step's weights.

To add one, write one subclass of `Averaging` here.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from nncore.component import Component, hyperparameter

Array = NDArray[np.floating[Any]]


class Averaging(Component):
    """How the weights of many steps become one network."""

    is_on: ClassVar[bool] = True

    @abstractmethod
    def update(self, average: Array, parameters: Array, scratch: Array, step: int) -> None:
        """Take one step's weights into the average.

        Args:
            average: The average of the steps before, flat; changed. What stands there before step 1
                does not matter.
            parameters: The weights after the step, flat.
            scratch: Of the same shape; overwritten.
            step: Number of the step, from 1.
        """


class NoAveraging(Averaging):
    """The last step's weights are used."""

    kind: Literal["none"] = "none"
    label: ClassVar[str] = "None"
    is_on: ClassVar[bool] = False

    def update(self, average: Array, parameters: Array, scratch: Array, step: int) -> None:
        """Change nothing."""
        del average, parameters, scratch, step


class ExponentialAverage(Averaging):
    """Uses an average in which each earlier step weighs a little less: calmer, often better.

    a_t = Σ_i d^(t-i) θ_i / Σ_i d^(t-i) over the steps i = 1 ... t, worked out as
    a <- a + (1 - d) / (1 - d^t) · (θ - a).
    Source: Polyak and Juditsky 1992 for averaging; the weights and their bias correction as in
    Kingma and Ba 2015, sections 3 and 7.2. The first weights are in no average, so that it needs no
    warm start. PyTorch's AveragedModel with get_ema_avg_fn begins with the first step's weights
    as if they had been there forever, so that they weigh 1 / (1 - d) times as much as here; after
    some multiples of 1 / (1 - d) steps both are the same.
    """

    kind: Literal["ema"] = "ema"
    label: ClassVar[str] = "Exponential"

    decay: float = hyperparameter(
        0.999,
        ge=0,
        lt=1,
        help="How much an earlier step weighs against the one after it; "
        "1 / (1 − d) steps count most.",
        too_small="At 0 it is the last step alone.",
        too_large="The average lags behind the training by many epochs.",
        formula="a ← d · a + (1 − d) · θ",
    )

    def update(self, average: Array, parameters: Array, scratch: Array, step: int) -> None:
        """Take a <- a + (1 - d) / (1 - d^t) · (θ - a)."""
        if step == 1:
            np.copyto(average, parameters)
            return
        np.subtract(parameters, average, out=scratch)
        scratch *= (1 - self.decay) / (1 - self.decay**step)
        average += scratch
