"""Drawn numbers are short, and stay as good as drawn."""

from __future__ import annotations

from pathlib import Path

import pytest
from optuna.distributions import FloatDistribution, IntDistribution
from optuna.trial import TrialState

from nncore.search.queue import Claim, TrialQueue
from nncore.search.sampling import tidy
from tests.nncore.search.searching import CONFIG, make_study


@pytest.mark.parametrize(
    ("low", "high", "is_log", "value", "expected"),
    [
        (1e-4, 1.0, True, 0.13655998794998994, 0.1366),
        (1e-4, 1.0, True, 0.0005733068212, 0.0005733),
        (0.0, 0.5, False, 0.123456789, 0.1235),
        (0.0, 30.0, False, 12.3456789, 12.35),
        (0.0, 0.12345, False, 0.123449, 0.1234),
        (1e-4, 0.99999, True, 0.999989, 0.99999),
    ],
)
def test_number_is_short_and_in_its_range(
    low: float, high: float, is_log: bool, value: float, expected: float
) -> None:
    written = tidy(value, FloatDistribution(low, high, log=is_log))
    assert written == pytest.approx(expected, rel=1e-12)
    assert low <= written <= high


@pytest.mark.parametrize("is_log", [False, True])
def test_narrow_range_keeps_its_numbers_apart(is_log: bool) -> None:
    distribution = FloatDistribution(0.1, 0.1001, log=is_log)
    drawn = [0.1 + 1e-4 * at / 100 for at in range(101)]
    assert len({tidy(value, distribution) for value in drawn}) == 101


def test_whole_numbers_steps_and_words_are_left_alone() -> None:
    assert tidy(12345, IntDistribution(1, 99999)) == 12345
    assert tidy(0.30000000000000004, FloatDistribution(0, 1, step=0.1)) == 0.30000000000000004


@pytest.mark.parametrize("strategy", ["random", "tpe"])
def test_what_is_told_is_what_is_trained(folder: Path, strategy: str) -> None:
    tree = {
        "config": CONFIG,
        "strategy": strategy,
        "space": {"optimizer.learning_rate": {"low": 0.0001, "high": 1.0}},
        "budget": {"trials": 15},
    }
    study = make_study(folder, tree)
    queue = TrialQueue(study, "one")
    for _ in range(15):
        claim = queue.claim()
        assert isinstance(claim, Claim)
        queue.finish(claim, TrialState.COMPLETE, claim.config.optimizer.learning_rate, {})
    for record in study.records():
        assert record.config is not None
        rate = record.params["optimizer.learning_rate"]
        assert record.config.optimizer.learning_rate == rate == float(f"{rate:.4g}")
    assert len({record.params["optimizer.learning_rate"] for record in study.records()}) == 15
    study.close()
