"""Place: where a run is, as numbers that can be written down and checked against each other."""

from __future__ import annotations

import math
from dataclasses import fields
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt, PositiveInt

from nncore.early_stopping import Waiting
from nncore.run_progress import RunProgress, RunState
from nncore.schedules import PlateauState
from nncore.trainer import Trainer

_Finite = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Place(BaseModel):
    """The numbers of a `RunProgress`, as they stand in a checkpoint; None for an infinite loss."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    fingerprint: str
    epoch: PositiveInt
    step: NonNegativeInt
    samples: NonNegativeInt
    correct: NonNegativeInt
    seconds: _Finite
    learning_rate: _Finite
    is_measured: bool
    best_loss: _Finite | None
    best_epoch: NonNegativeInt
    best_step: NonNegativeInt
    plateau_factor: _Finite
    plateau_best: _Finite | None
    plateau_bad_epochs: NonNegativeInt
    waiting_best: _Finite | None
    waiting_bad_epochs: NonNegativeInt
    kept_step: NonNegativeInt
    candidate_step: Annotated[int, Field(ge=-1)]

    @classmethod
    def of(cls, state: RunState, fingerprint: str) -> Place:
        """Where a run is.

        Args:
            state: The run at a rest.
            fingerprint: That of its data.
        """
        run = state.progress
        return cls(
            fingerprint=fingerprint,
            epoch=run.epoch,
            step=run.step,
            samples=run.samples,
            correct=run.correct,
            seconds=run.seconds,
            learning_rate=run.learning_rate,
            is_measured=run.is_measured,
            best_loss=_finite(run.best_loss),
            best_epoch=run.best_epoch,
            best_step=run.best_step,
            plateau_factor=run.plateau.factor,
            plateau_best=_finite(run.plateau.best),
            plateau_bad_epochs=run.plateau.bad_epochs,
            waiting_best=_finite(run.waiting.best),
            waiting_bad_epochs=run.waiting.bad_epochs,
            kept_step=state.kept_steps[0],
            candidate_step=state.kept_steps[1],
        )

    def progress(self) -> RunProgress:
        """The same as a run goes on with it; the losses of its epoch are left out."""
        names = {field.name for field in fields(RunProgress)}
        plain = {name: value for name, value in self.model_dump().items() if name in names}
        plateau = self.plateau_factor, _number(self.plateau_best), self.plateau_bad_epochs
        waiting = Waiting(_number(self.waiting_best), self.waiting_bad_epochs)
        plain |= {"best_loss": _number(self.best_loss)}
        return RunProgress(**plain, plateau=PlateauState(*plateau), waiting=waiting)

    def adds_up_in(self, trainer: Trainer) -> bool:
        """Whether the numbers agree with each other and with the run's configuration and data."""
        steps = -(-self.samples // trainer.batch_size)
        is_whole = self.samples % trainer.batch_size == 0 or self.samples == trainer.samples
        return (
            self.epoch <= trainer.config.training.epochs
            and self.samples <= trainer.samples
            and is_whole
            and self.step == (self.epoch - 1) * trainer.steps_per_epoch + steps
            and self.correct <= self.samples
            and (not self.is_measured or self.samples == trainer.samples)
            and self.best_epoch <= self.epoch
            and max(self.kept_step, self.candidate_step) <= self.step
        )


def _finite(loss: float) -> float | None:
    return loss if math.isfinite(loss) else None


def _number(loss: float | None) -> float:
    return math.inf if loss is None else loss
