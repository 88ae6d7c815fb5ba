"""Trains one configuration, once for each seed, and says what came of it."""

from __future__ import annotations

import dataclasses
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from nncore.config import RunConfig
from nncore.data import Dataset
from nncore.events import EpochEnded, StepsEnded
from nncore.network import Network
from nncore.search.records import EpochFigures, SeedRun
from nncore.search.spec import Objective
from nncore.trainer import Trainer

Outcome = Literal["completed", "pruned", "diverged"]
Report = Callable[[int, float], bool]
"""Tells the epoch and the value so far; answers whether the trial is hopeless."""

# How long a pause or a cancellation may wait for the end of the steps under way [s].
_MOST_DELAY = 0.25


@dataclass
class TrialRun:
    """One trial's training; iterate it to its end, and hold still between two steps to pause.

    With several seeds, the first one's curve decides on pruning: a trial that survives it gets the
    others.

    Attributes:
        config: The configuration; `training.seed` is the first of the seeds.
        dataset: Only its training images are looked at.
        objective: What counts.
        seeds: How many times it is trained.
        report: Told every epoch of the first seed.
        runs: The trainings so far.
        networks: For each seed the network whose figure counts.
        outcome: What came of it.
        reason: Why it was not completed.
        seconds: Time at work [s].
    """

    config: RunConfig
    dataset: Dataset
    objective: Objective
    seeds: int
    report: Report
    runs: list[SeedRun] = field(default_factory=list[SeedRun])
    networks: list[Network] = field(default_factory=list[Network])
    outcome: Outcome = "completed"
    reason: str = ""
    seconds: float = 0.0

    @property
    def value(self) -> float | None:
        """The mean over the seeds; for a pruned trial what it had reached."""
        values = [run.value for run in self.runs if run.value is not None]
        return statistics.fmean(values) if values and self.outcome != "diverged" else None

    def __iter__(self) -> Iterator[bool]:
        """Train; at rest between two of what it yields, which says whether an epoch ended."""
        for index in range(self.seeds):
            seed = (self.config.training.seed + index) % 2**32
            yield from self._train(self.config.replace("training.seed", seed), index == 0)
            if self.outcome != "completed":
                return

    def _train(self, config: RunConfig, is_first: bool) -> Iterator[bool]:
        trainer = Trainer(config, self.dataset)
        self.runs.append(SeedRun(config.training.seed, ()))
        best: Network | None = None
        events = trainer.run()
        trainer.steps_per_event, most = 8, trainer.steps_per_event
        began = time.monotonic()
        for event in events:
            self.seconds += time.monotonic() - began
            if isinstance(event, EpochEnded):
                value = self._value(event)
                if self._is_better(value, self.runs[-1].value):
                    best = trainer.network.copy()
                    self.runs[-1] = dataclasses.replace(self.runs[-1], value=value)
                self._add(event)
                if is_first and event.epoch < config.training.epochs:
                    self._ask_whether_to_go_on(event.epoch)
            elif isinstance(event, StepsEnded):
                wanted = event.samples_per_second / trainer.batch_size * _MOST_DELAY
                trainer.steps_per_event = min(max(int(wanted), 1), most)
            yield isinstance(event, EpochEnded)
            if self.outcome != "completed":
                events.close()
                return
            began = time.monotonic()
        ended = trainer.history.ended
        if ended is not None and ended.reason == "diverged":
            self.outcome, self.reason = "diverged", ended.message
        elif best is not None:
            self.networks.append(best)

    def _value(self, event: EpochEnded) -> float:
        is_accuracy = self.objective.metric == "accuracy"
        return event.validation_accuracy if is_accuracy else event.validation_loss

    def _is_better(self, value: float, before: float | None) -> bool:
        if before is None or self.objective.epoch == "last":
            return True
        return value > before if self.objective.is_maximized else value < before

    def _add(self, event: EpochEnded) -> None:
        row = EpochFigures(*(getattr(event, name) for name in EpochFigures._fields))
        run = self.runs[-1]
        self.runs[-1] = dataclasses.replace(run, epochs=(*run.epochs, row))

    def _ask_whether_to_go_on(self, epoch: int) -> None:
        value = self.runs[-1].value
        if value is not None and self.report(epoch, value):
            self.outcome = "pruned"
            self.reason = (
                f"Worse than the others after {epoch} {'epoch' if epoch == 1 else 'epochs'}."
            )
