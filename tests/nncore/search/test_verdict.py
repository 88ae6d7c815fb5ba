"""What is said about the best trial, and that it is not more than the figures say."""

from __future__ import annotations

import pytest

from nncore.search.records import SeedRun, TrialRecord, best_of, ranked
from nncore.search.spec import Objective
from nncore.search.verdict import verdict


def trial(number: int, *values: float, state: str = "completed") -> TrialRecord:
    runs = tuple(SeedRun(seed, (), value) for seed, value in enumerate(values))
    mean = sum(values) / len(values)
    return TrialRecord(number, state, {}, None, mean, runs, None, None, 1.0, "", 1, None, "", (), 0)


def test_difference_smaller_than_the_spread_is_called_that() -> None:
    words = verdict([trial(0, 0.90, 0.94), trial(1, 0.91, 0.94)], Objective(), seeds=2)
    # Standard deviations of 2.83 and 2.12 points: pooled, 2.50.
    assert "0.50 percentage points, which is smaller than the spread" in words
    assert "(2.50 percentage points)" in words
    assert "no difference to rely on" in words


def test_equal_trials_are_called_level_even_without_any_spread() -> None:
    words = verdict([trial(0, 1.0, 1.0), trial(1, 1.0, 1.0)], Objective(), seeds=2)
    assert "Trials 0 and 1 are level" in words
    assert "more than" not in words


def test_clear_difference_is_called_that() -> None:
    words = verdict([trial(0, 0.90, 0.901), trial(1, 0.95, 0.951)], Objective(), seeds=2)
    assert "Trial 1 is ahead of trial 0 by 5.00 percentage points, which is more" in words


def test_single_seed_never_makes_a_winner() -> None:
    words = verdict([trial(0, 0.1), trial(1, 0.9)], Objective(), seeds=1)
    assert "luck cannot be told from merit" in words


@pytest.mark.parametrize(("metric", "best"), [("accuracy", 1), ("loss", 0)])
def test_best_is_high_for_accuracy_and_low_for_loss(metric: str, best: int) -> None:
    objective = Objective.model_validate({"metric": metric})
    records = [trial(0, 0.2), trial(1, 0.7), trial(2, 0.9, state="pruned"), trial(3, 0.7)]
    found = best_of(records, is_maximized=objective.is_maximized)
    assert found is not None
    assert found.number == best
    assert len(ranked(records, is_maximized=True)) == 3


def test_nothing_to_compare_is_no_verdict() -> None:
    assert verdict([trial(0, 0.5)], Objective(), seeds=1) == ""
    assert best_of([], is_maximized=True) is None
