"""From Optuna's trials to records: the names under which a trial's facts are kept."""

from __future__ import annotations

from typing import Any, cast

from optuna.trial import FrozenTrial
from optuna.trial import TrialState as OptunaState

from nncore.config import RunConfig
from nncore.search.records import SeedRun, TrialRecord, TrialState

CLAIM = "claim"
"""Who took it up: {worker}."""
CONFIG = "config"
"""The configuration as plain values."""
BEAT = "beat"
"""When its worker lived last, by its own clock [ms since 1970]."""
LIVE = "live"
"""The trainings so far, while it runs."""
RESULT = "result"
"""What came of it: {outcome, reason, seconds, runs, weights}."""

MAX_ATTEMPTS = 3
"""How often a trial is begun again whose worker keeps dying, before it counts as failed."""

AGAIN = ("lost", "interrupted")
SURPLUS = "surplus"


def is_surplus(trial: FrozenTrial) -> bool:
    """Whether it was begun beyond the budget, or twice, and given back at once."""
    return outcome_of(trial) == SURPLUS


def outcome_of(trial: FrozenTrial) -> str:
    """What its worker, or whoever found it abandoned, said of its end; "" for nothing."""
    return str(trial.user_attrs.get(RESULT, {}).get("outcome", ""))


def retry_of(trial: FrozenTrial) -> int | None:
    """The number of the trial that it repeats."""
    return trial.user_attrs.get("retry_of")


def attempt_of(trial: FrozenTrial) -> int:
    """1, or more for a repetition."""
    return int(trial.user_attrs.get("attempt", 1))


def wants_retry(trial: FrozenTrial) -> bool:
    """Whether it ended for no fault of its own, and may be begun again."""
    if trial.state != OptunaState.FAIL or outcome_of(trial) not in ("", *AGAIN):
        return False
    return outcome_of(trial) == "interrupted" or attempt_of(trial) < MAX_ATTEMPTS


def read_trial(trial: FrozenTrial) -> TrialRecord:
    """One trial as a record."""
    facts = trial.user_attrs
    claim, result = (cast(dict[str, Any], facts.get(key, {})) for key in (CLAIM, RESULT))
    runs = cast(list[Any], result.get("runs") or facts.get(LIVE, []))
    config = facts.get(CONFIG)
    return TrialRecord(
        number=trial.number,
        state=_state(trial),
        params=dict(trial.params),
        config=None if config is None else RunConfig.from_dict(config),
        value=trial.values[0] if trial.values else None,
        runs=tuple(SeedRun.read(run) for run in runs),
        started=trial.datetime_start,
        ended=trial.datetime_complete,
        seconds=float(result.get("seconds", 0.0)),
        worker=str(claim.get("worker", "")),
        attempt=attempt_of(trial),
        retry_of=retry_of(trial),
        reason=str(result.get("reason", "")),
        weights=tuple(result.get("weights", ())),
        beat=int(facts.get(BEAT, 0)),
    )


def _state(trial: FrozenTrial) -> TrialState:
    outcome = outcome_of(trial)
    if trial.state == OptunaState.PRUNED:
        return (
            "diverged"
            if outcome == "diverged"
            else ("impossible" if outcome == "impossible" else "pruned")
        )
    if trial.state == OptunaState.FAIL:
        return "lost" if wants_retry(trial) else "failed"
    names: dict[OptunaState, TrialState] = {
        OptunaState.WAITING: "waiting",
        OptunaState.RUNNING: "running",
        OptunaState.COMPLETE: "completed",
    }
    return names[trial.state]
