"""What a study's storage tells about its trials: frozen, plain, independent of Optuna."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple, Self, cast

from nncore.config import RunConfig

TrialState = Literal[
    "waiting", "running", "completed", "pruned", "diverged", "impossible", "failed", "lost"
]
"""`failed`: an error that would come again. `lost`: its worker ended; another trial repeats it."""

FINISHED: tuple[TrialState, ...] = ("completed", "pruned", "diverged", "impossible", "failed")
"""The states of trials that are done with."""


class EpochFigures(NamedTuple):
    """One epoch of one training; the names are those of `EpochEnded`."""

    epoch: int
    train_loss: float
    train_accuracy: float
    validation_loss: float
    validation_accuracy: float
    seconds: float


@dataclass(frozen=True)
class SeedRun:
    """One training of a trial.

    Attributes:
        seed: Its `training.seed`.
        epochs: Its curve so far.
        value: What it reached by the objective; None while it runs.
    """

    seed: int
    epochs: tuple[EpochFigures, ...]
    value: float | None = None

    def plain(self) -> dict[str, Any]:
        """As it is stored."""
        return {"seed": self.seed, "value": self.value, "epochs": [list(e) for e in self.epochs]}

    @classmethod
    def read(cls, tree: Mapping[str, Any]) -> Self:
        """From what is stored."""
        epochs = cast(list[Sequence[Any]], tree["epochs"])
        return cls(tree["seed"], tuple(EpochFigures(*row) for row in epochs), tree["value"])


@dataclass(frozen=True)
class TrialRecord:
    """One trial, as it stands in the storage.

    Attributes:
        number: Its number in the study, from 0.
        state: Where it stands.
        params: The chosen values by parameter name.
        config: The configuration; None before it is chosen, or if it is impossible.
        value: The mean over the seeds by the objective, None unless completed or pruned.
        runs: The trainings, one for each seed.
        started: When it was taken up.
        ended: When it ended.
        seconds: How long it took [s], 0 unless it has ended by itself.
        worker: Who took it up: host, process id and a random word.
        attempt: 1, or more when earlier attempts were lost.
        retry_of: The number of the lost trial that it repeats.
        reason: Why it was pruned, is impossible or failed; for people.
        weights: The model files that were kept of it, one for each seed.
        beat: When its worker lived last, by its own clock [ms since 1970]; 0 for not yet.
    """

    number: int
    state: TrialState
    params: dict[str, Any]
    config: RunConfig | None
    value: float | None
    runs: tuple[SeedRun, ...]
    started: datetime | None
    ended: datetime | None
    seconds: float
    worker: str
    attempt: int
    retry_of: int | None
    reason: str
    weights: tuple[str, ...]
    beat: int

    @property
    def spread(self) -> float | None:
        """Standard deviation of the seeds' values (n - 1); None with fewer than two."""
        return spread_of(run.value for run in self.runs)

    @property
    def is_finished(self) -> bool:
        """Whether it is done with: neither waiting, running nor to be repeated."""
        return self.state in FINISHED


def spread_of(values: Iterable[float | None]) -> float | None:
    """Sample standard deviation; None with fewer than two values."""
    known = [value for value in values if value is not None and math.isfinite(value)]
    return statistics.stdev(known) if len(known) > 1 else None


def best_of(records: Iterable[TrialRecord], *, is_maximized: bool) -> TrialRecord | None:
    """The completed trial with the best value; of equals the first."""
    ranking = ranked(records, is_maximized=is_maximized)
    return ranking[0] if ranking else None


def ranked(records: Iterable[TrialRecord], *, is_maximized: bool) -> list[TrialRecord]:
    """The completed trials, best first; equals in the order of their numbers."""
    sign = -1 if is_maximized else 1
    completed = [it for it in records if it.state == "completed" and it.value is not None]
    return sorted(completed, key=lambda it: (sign * (it.value or 0.0), it.number))
