"""Which hyperparameters matter."""

from __future__ import annotations

from pathlib import Path

import pytest
from optuna.trial import TrialState

from nncore.search.importance import LEAST_TRIALS, importances
from nncore.search.queue import Claim, TrialQueue
from tests.nncore.search.searching import CONFIG, make_study

TREE = {
    "config": CONFIG,
    "strategy": "random",
    "space": {
        "optimizer.learning_rate": {"low": 0.001, "high": 1.0},
        "training.l2": {"low": 0.0, "high": 0.1, "scale": "linear"},
        "training.epochs": 3,
    },
    "budget": {"trials": 30},
}


def test_what_decides_the_value_has_the_largest_share(folder: Path) -> None:
    study = make_study(folder, TREE)
    queue = TrialQueue(study, "one")
    for number in range(30):
        claim = queue.claim()
        assert isinstance(claim, Claim)
        queue.finish(claim, TrialState.COMPLETE, claim.config.optimizer.learning_rate, {})
        if number == LEAST_TRIALS - 2:
            assert importances(study) == {}
    shares = importances(study)
    assert list(shares) == ["optimizer.learning_rate", "training.l2"]
    assert shares["optimizer.learning_rate"] > 0.8
    assert sum(shares.values()) == pytest.approx(1)
    study.close()
