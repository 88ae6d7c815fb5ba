"""Learning-rate schedules: what the learning rate is multiplied by at each step.

To add one, write one subclass of `Schedule` here. The trainer asks through
`nncore.learning_rates`, which also knows the warm-up.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from typing import ClassVar, Literal, NamedTuple

from nncore.component import Component, hyperparameter


class Place(NamedTuple):
    """Where a schedule is; its clock starts when the warm-up is over.

    Attributes:
        step: Steps taken before this one, from 0.
        steps: Steps of the whole schedule.
        steps_per_epoch: Steps of one epoch.
    """

    step: int
    steps: int
    steps_per_epoch: int


class PlateauState(NamedTuple):
    """What a schedule that watches the validation loss remembers.

    Attributes:
        factor: What the learning rate is multiplied by now.
        best: Lowest validation loss that counted as better.
        bad_epochs: Epochs since then.
    """

    factor: float = 1.0
    best: float = math.inf
    bad_epochs: int = 0


class Schedule(Component):
    """How the learning rate changes over a run; pure functions of the place in it."""

    is_constant: ClassVar[bool] = False
    """Whether the factor is 1 everywhere, so that nobody needs to ask."""
    depends_on_run: ClassVar[bool] = False
    """Whether the factor also depends on how the run goes, so that no plan can show it."""

    @abstractmethod
    def factor(self, place: Place) -> float:
        """What the learning rate is multiplied by at one step, from 0 to 1.

        What an epoch's validation loss has done to it comes on top: see `after_epoch`.
        """

    def after_epoch(self, state: PlateauState, validation_loss: float) -> PlateauState:
        """Learn from an epoch's validation loss; most schedules don't."""
        del validation_loss
        return state


class Constant(Schedule):
    """The learning rate stays as it is.

    factor = 1.
    """

    kind: Literal["constant"] = "constant"
    label: ClassVar[str] = "Constant"
    is_constant: ClassVar[bool] = True

    def factor(self, place: Place) -> float:
        """Always 1."""
        del place
        return 1.0


class StepDecay(Schedule):
    """The learning rate drops every few epochs.

    factor = gamma^floor(epoch / every), epoch from 0; PyTorch's StepLR, stepped once an epoch.
    """

    kind: Literal["step"] = "step"
    label: ClassVar[str] = "Steps"

    every: int = hyperparameter(
        5,
        ge=1,
        le=100_000,
        unit="epochs",
        label="Drop every",
        help="Epochs between two drops.",
        too_small="The learning rate is gone before anything is learned.",
        too_large="It never drops.",
        formula="η · γ^⌊epoch / every⌋",
    )
    gamma: float = hyperparameter(
        0.5,
        gt=0,
        le=1,
        help="What the learning rate is multiplied by at each drop.",
        too_small="Learning stops at the first drop.",
        too_large="At 1 nothing changes.",
        formula="η ← γ · η",
    )

    def factor(self, place: Place) -> float:
        """Take gamma^floor(epoch / every)."""
        return self.gamma ** (place.step // place.steps_per_epoch // self.every)


class Exponential(Schedule):
    """The learning rate shrinks by the same share in every epoch, a little at each step.

    factor = gamma^(step / steps_per_epoch): PyTorch's ExponentialLR at its epochs, smooth between.
    """

    kind: Literal["exponential"] = "exponential"
    label: ClassVar[str] = "Exponential"

    gamma: float = hyperparameter(
        0.9,
        gt=0,
        le=1,
        help="What the learning rate is multiplied by over one epoch.",
        too_small="Learning stops early.",
        too_large="At 1 nothing changes.",
        formula="η · γ^epoch",
    )

    def factor(self, place: Place) -> float:
        """Take gamma^(step / steps_per_epoch)."""
        return self.gamma ** (place.step / place.steps_per_epoch)


class Cosine(Schedule):
    """The learning rate glides down along half a cosine: fast in the middle, gently at both ends.

    factor = final + (1 - final) (1 + cos(π step / steps)) / 2.
    Source: Loshchilov and Hutter 2017, SGDR, equation 5, without restarts; PyTorch's
    CosineAnnealingLR, stepped once a step over the whole run.
    """

    kind: Literal["cosine"] = "cosine"
    label: ClassVar[str] = "Cosine"

    final: float = hyperparameter(
        0.0,
        ge=0,
        le=1,
        label="Final share",
        help="What is left of the learning rate at the end of the run.",
        too_small="At 0 the last steps change nothing, which is usually right.",
        too_large="At 1 nothing changes.",
        formula="η · (f + (1 − f) · (1 + cos(π · t)) / 2)",
    )

    def factor(self, place: Place) -> float:
        """Take the half cosine; at the end, if a run grew shorter."""
        along = min(place.step / place.steps, 1.0)
        return self.final + (1 - self.final) * (1 + math.cos(math.pi * along)) / 2


class OneCycle(Schedule):
    """The learning rate climbs to its value, then glides down to almost nothing.

    From 1/start to 1 over the first `rise` of the run, then down to 1/(start · end), both along
    half a cosine.
    Source: Smith and Topin 2018, Super-convergence, with the phases of PyTorch's OneCycleLR: the
    peak is at step rise · steps - 1, the end at the last step. The momentum stays as it is, unlike
    there, because not every optimizer has one.
    """

    kind: Literal["one_cycle"] = "one_cycle"
    label: ClassVar[str] = "One cycle"

    rise: float = hyperparameter(
        0.3,
        gt=0,
        lt=1,
        label="Rising share",
        help="The part of the run in which the learning rate climbs.",
        too_small="The peak comes before the weights are ready for it.",
        too_large="Too little time is left to settle.",
    )
    start: float = hyperparameter(
        25.0,
        ge=1,
        le=1e6,
        scale="log",
        label="Start divisor",
        help="The first learning rate is the peak divided by this.",
        too_small="At 1 there is no climb.",
        too_large="The first epochs are wasted.",
        formula="η₀ = η / start",
    )
    end: float = hyperparameter(
        1e4,
        ge=1,
        le=1e9,
        scale="log",
        label="End divisor",
        help="The last learning rate is the first one divided by this.",
        too_small="The weights never come to rest.",
        too_large="The last steps change nothing.",
        formula="η_end = η₀ / end",
    )

    def factor(self, place: Place) -> float:
        """Take the climb or the descent."""
        first, last = 1 / self.start, 1 / (self.start * self.end)
        top = self.rise * place.steps - 1
        if place.step <= top:
            return _glide(first, 1.0, place.step / top if top > 0 else 1.0)
        return _glide(1.0, last, min((place.step - top) / (place.steps - 1 - top), 1.0))


class ReduceOnPlateau(Schedule):
    """The learning rate drops whenever the validation loss stops getting better.

    After more than `patience` epochs without a loss below best · (1 - threshold),
    factor <- gamma · factor. PyTorch's ReduceLROnPlateau with its relative threshold, without
    cooldown, lowest learning rate and smallest change; epochs of the warm-up don't count.
    """

    kind: Literal["plateau"] = "plateau"
    label: ClassVar[str] = "Reduce on plateau"
    depends_on_run: ClassVar[bool] = True

    gamma: float = hyperparameter(
        0.5,
        gt=0,
        lt=1,
        help="What the learning rate is multiplied by at each drop.",
        too_small="Learning stops at the first drop.",
        too_large="The drops hardly matter.",
        formula="η ← γ · η",
    )
    patience: int = hyperparameter(
        2,
        ge=0,
        le=1000,
        unit="epochs",
        help="Epochs without progress that are borne before a drop.",
        too_small="Chance alone makes it drop.",
        too_large="It never drops.",
    )
    threshold: float = hyperparameter(
        1e-3,
        ge=0,
        lt=1,
        scale="log",
        help="The share by which the loss must fall to count as progress.",
        too_small="The smallest luck counts as progress.",
        too_large="Real progress does not count.",
    )

    def factor(self, place: Place) -> float:
        """Always 1: the drops come from `after_epoch`."""
        del place
        return 1.0

    def after_epoch(self, state: PlateauState, validation_loss: float) -> PlateauState:
        """Drop after more than `patience` epochs without progress."""
        if validation_loss < state.best * (1 - self.threshold):
            return PlateauState(state.factor, validation_loss, 0)
        if state.bad_epochs + 1 > self.patience:
            return PlateauState(state.factor * self.gamma, state.best, 0)
        return state._replace(bad_epochs=state.bad_epochs + 1)


def _glide(begin: float, end: float, along: float) -> float:
    """Half a cosine from `begin` (along = 0) to `end` (along = 1)."""
    return end + (begin - end) * (1 + math.cos(math.pi * along)) / 2
