"""Who trains what: taking up trials, giving them back, and finding those whose worker has died."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import optuna
from optuna.exceptions import UpdateFinishedTrialError
from optuna.trial import FrozenTrial, TrialState, create_trial

from nncore.config import RunConfig
from nncore.errors import ConfigError
from nncore.search.sampling import PointSampler, pick_by
from nncore.search.storage import settle
from nncore.search.study import SearchStudy
from nncore.search.trial_reading import (
    BEAT,
    CLAIM,
    CONFIG,
    RESULT,
    SURPLUS,
    attempt_of,
    outcome_of,
    retry_of,
    wants_retry,
)

SILENT_BEATS = 6
"""Heartbeats that may fail to come before a worker counts as dead."""

_LEAST_SILENCE = 60.0
"""A search is not deserted sooner [s]: the clocks of several machines differ."""


@dataclass(frozen=True)
class Claim:
    """A trial that this worker has taken up.

    Attributes:
        trial: Optuna's trial.
        trial_id: Its key in the storage.
        config: The configuration to train.
    """

    trial: optuna.Trial
    trial_id: int
    config: RunConfig


class TrialQueue:
    """The work of one study, as one process sees it.

    Any number of processes on any number of machines may share a study. Which point a trial of a
    grid stands for follows from its number and the storage alone, so that nobody has to hand out
    work; what is begun beyond the budget, when several take the last trial at the same time, is
    given back at once.
    """

    def __init__(
        self, study: SearchStudy, worker: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Look at a study.

        Args:
            study: The study.
            worker: Who takes up trials.
            clock: Tells for how long others have been silent [s].
        """
        self._clock = clock
        self.study = study
        self.worker = worker
        self._last_seen: dict[int, tuple[int, float]] = {}

    def claim(self) -> Claim | Literal["wait", "done"]:
        """Take up the next trial.

        Returns:
            The trial; "wait" if there may be more later, when another worker dies; "done" if not.
        """
        while True:
            verdict = self._look()
            if verdict != "ask":
                return verdict
            trial = self.study.study.ask()
            claim = self._take(trial)
            if claim is not None:
                return claim

    @property
    def is_done(self) -> bool:
        """Whether nothing is left, neither to be begun nor under way."""
        return self._look() == "done"

    def finish(
        self, claim: Claim, state: TrialState, value: float | None, result: Mapping[str, Any]
    ) -> bool:
        """Tell what came of a trial.

        Returns:
            False if somebody has given the trial up in the meantime; then nothing is changed.
        """
        is_kept = self._end(claim.trial_id, state, value, result)
        settle(self.study.storage)
        return is_kept

    def recover(self, gone: Sequence[str] = ()) -> int:
        """Fail the trials whose workers are dead, and queue again what was lost.

        A worker is dead when it has been silent, by this process's own clock, for `SILENT_BEATS`
        heartbeats. It does no harm if several processes do this at the same time.

        Args:
            gone: Workers that are known to be dead.

        Returns:
            How many trials were queued again.
        """
        for trial in self.study.trials():
            if trial.state == TrialState.RUNNING and self._is_abandoned(trial, gone):
                reason = "Its worker ended before it did."
                self._end(self._id(trial), TrialState.FAIL, None, _because("lost", reason))
        trials = self.study.trials()
        repeated = {retry_of(trial) for trial in trials}
        lost = [it for it in trials if wants_retry(it) and it.number not in repeated]
        for trial in lost:
            self._queue_again(trial)
        return len(lost)

    def beat(self, claim: Claim, now: int) -> None:
        """Say that this worker lives.

        Args:
            claim: Its trial.
            now: The time, by its own clock [ms since 1970].
        """
        self.study.storage.set_trial_user_attr(claim.trial_id, BEAT, now)

    def is_deserted(self, now: float) -> bool:
        """Whether the search should be running, but nobody has shown a sign of life for long.

        So it is when all its processes were killed, or a full disk kept them from saying goodbye.

        Args:
            now: The time [s since 1970].
        """
        return self.study.status == "running" and not self.is_attended(now)

    def is_attended(self, now: float) -> bool:
        """Whether the search runs, and somebody has shown a sign of life of late.

        Args:
            now: The time [s since 1970].
        """
        if self.study.status != "running":
            return False
        signs = [self.study.clock.since or 0.0]
        for record in self.study.records():
            ends = record.started, record.ended
            signs += [record.beat / 1000, *(it.timestamp() for it in ends if it is not None)]
        patience = max(SILENT_BEATS * self.study.spec.settings.heartbeat, _LEAST_SILENCE)
        return now - max(signs) <= patience

    def _look(self) -> Literal["ask", "wait", "done"]:
        trials = self.study.trials()
        states = {trial.state for trial in trials}
        fresh = sum(retry_of(trial) is None for trial in trials)
        total = self.study.total
        is_time_out = self.study.is_time_out()
        if not is_time_out and (TrialState.WAITING in states or total is None or fresh < total):
            return "ask"
        repeated = {retry_of(trial) for trial in trials}
        is_lost = any(wants_retry(it) and it.number not in repeated for it in trials)
        may_come = TrialState.RUNNING in states or is_lost
        return "wait" if may_come and not is_time_out else "done"

    def _take(self, trial: optuna.Trial) -> Claim | None:
        """Make a claim of a trial that was just begun; None if there is nothing to train."""
        trials = self.study.study.get_trials(deepcopy=False)
        own = trials[trial.number]
        trial_id = self._id(own)
        total, point = self.study.total, point_of(own, trials)
        is_twin = retry_of(own) is not None and any(
            retry_of(it) == retry_of(own) for it in trials[: own.number]
        )
        if is_twin or (total is not None and point >= total):
            self._end(trial_id, TrialState.FAIL, None, _because(SURPLUS, "Begun twice."))
            return None
        self.study.storage.set_trial_user_attr(trial_id, CLAIM, {"worker": self.worker})
        return self._configure(trial, trial_id, point)

    def _configure(self, trial: optuna.Trial, trial_id: int, point: int) -> Claim | None:
        if isinstance(self.study.sampler, PointSampler):
            self.study.sampler.values = self.study.points[point].values
        try:
            config = self.study.spec.space.build(pick_by(trial, is_grid=self.study.spec.is_grid))
        except ConfigError as error:
            because = _because("impossible", str(error))
            self._end(trial_id, TrialState.PRUNED, None, because)
            return None
        self.study.storage.set_trial_user_attr(trial_id, CONFIG, config.to_dict())
        return Claim(trial, trial_id, config)

    def _is_abandoned(self, trial: FrozenTrial, gone: Sequence[str]) -> bool:
        if trial.user_attrs.get(CLAIM, {}).get("worker") in gone:
            return True
        beat, now = int(trial.user_attrs.get(BEAT, -1)), self._clock()
        last_beat, since = self._last_seen.get(trial.number, (None, now))
        if beat != last_beat:
            self._last_seen[trial.number] = (beat, now)
            return False
        return now - since > SILENT_BEATS * self.study.spec.settings.heartbeat

    def _queue_again(self, trial: FrozenTrial) -> None:
        was_interrupted = outcome_of(trial) == "interrupted"
        facts: dict[str, Any] = {
            "retry_of": trial.number,
            "attempt": attempt_of(trial) + (not was_interrupted),
        }
        # As `Study.enqueue_trial` does it; the values are suggested again as they were.
        fixed = {"fixed_params": trial.params}
        waiting = create_trial(state=TrialState.WAITING, user_attrs=facts, system_attrs=fixed)
        self.study.study.add_trial(waiting)

    def _end(
        self, trial_id: int, state: TrialState, value: float | None, result: Mapping[str, Any]
    ) -> bool:
        storage = self.study.storage
        try:
            # First why, then the end: a trial that has ended can no longer be written to.
            storage.set_trial_user_attr(trial_id, RESULT, dict(result))
            values = None if value is None else [value]
            return storage.set_trial_state_values(trial_id, state, values)
        except UpdateFinishedTrialError:
            return False

    def _id(self, trial: FrozenTrial) -> int:
        storage, study_id = self.study.storage, self.study.study_id
        return storage.get_trial_id_from_study_id_trial_number(study_id, trial.number)


def point_of(trial: FrozenTrial, trials: Sequence[FrozenTrial]) -> int:
    """Which point of the budget, or of the grid, a trial stands for.

    Trials get their numbers one after the other, so that all earlier ones are there.

    Args:
        trial: One of `trials`; a repetition stands for the point of the first attempt.
        trials: All trials of the study, in the order of their numbers.
    """
    first = trial
    while (earlier := retry_of(first)) is not None:
        first = trials[earlier]
    before = trials[: first.number]
    return sum(retry_of(it) is None and outcome_of(it) != SURPLUS for it in before)


def _because(outcome: str, reason: str) -> dict[str, Any]:
    return {"outcome": outcome, "reason": reason}
