"""Says in words whether the best trial is better, or only luckier."""

from __future__ import annotations

import math
from collections.abc import Sequence

from nncore.search.records import TrialRecord, ranked
from nncore.search.spec import Objective


def value_text(value: float, objective: Objective) -> str:
    """A trial's value for people: accuracies in percent."""
    return f"{value:.2%}" if objective.metric == "accuracy" else f"{value:.4f}"


def verdict(records: Sequence[TrialRecord], objective: Objective, seeds: int) -> str:
    """Compare the best trial with the next one.

    Args:
        records: All trials.
        objective: What counts.
        seeds: How many times each was trained.

    Returns:
        One or two sentences; empty when there is nothing to compare.
    """
    ranking = ranked(records, is_maximized=objective.is_maximized)
    if len(ranking) < 2:
        return ""
    best, second = ranking[:2]
    gap = abs((best.value or 0.0) - (second.value or 0.0))
    pair = f"Trial {best.number} is ahead of trial {second.number} by {_text(gap, objective)}"
    if not gap:
        pair = f"Trials {best.number} and {second.number} are level"
    if seeds == 1:
        return (
            f"{pair}. Each point was trained once, so that luck cannot be told from merit: "
            "repeat with 3 or more seeds before you trust a small difference."
        )
    if not gap:
        return f"{pair}; take the simpler of them."
    spread = _pooled(best, second)
    if spread is None:
        return f"{pair}; the spread between seeds is not known."
    if gap >= spread:
        return f"{pair}, which is more than the spread between seeds ({_text(spread, objective)})."
    near = [it for it in ranking if abs((it.value or 0.0) - (best.value or 0.0)) < spread]
    return (
        f"{pair}, which is smaller than the spread between seeds ({_text(spread, objective)}): no "
        f"difference to rely on. {len(near)} trials lie that close to the best; take the "
        "simplest of them."
    )


def _pooled(one: TrialRecord, other: TrialRecord) -> float | None:
    """The standard deviation of a single seed's value, estimated from both trials."""
    if one.spread is None or other.spread is None:
        return None
    return math.sqrt((one.spread**2 + other.spread**2) / 2)


def _text(difference: float, objective: Objective) -> str:
    if objective.metric == "accuracy":
        return f"{100 * difference:.2f} percentage points"
    return f"{difference:.4f}"
