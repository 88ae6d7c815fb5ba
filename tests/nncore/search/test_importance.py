"""Which hyperparameters matter."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import optuna
import pytest
from optuna.exceptions import ExperimentalWarning
from optuna.importance import PedAnovaImportanceEvaluator
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
            assert importances(study.spec, study.records()) == {}
    shares = importances(study.spec, study.records())
    assert list(shares) == ["optimizer.learning_rate", "training.l2"]
    assert shares["optimizer.learning_rate"] > 0.8
    assert sum(shares.values()) == pytest.approx(1)
    study.close()


def test_share_is_the_one_that_a_study_of_optuna_itself_gives(folder: Path) -> None:
    space: dict[str, Any] = {
        "optimizer.learning_rate": {"low": 0.001, "high": 1.0},
        "optimizer.kind": ["sgd", "adam"],
        "network.hidden": {"layers": [1, 2], "units": {"low": 2, "high": 60, "scale": "log"}},
        "training.batch_size": {"low": 8, "high": 64, "step": 8, "scale": "linear"},
    }
    study = make_study(folder, TREE | {"space": space})
    queue = TrialQueue(study, "one")
    for _ in range(30):
        claim = queue.claim()
        assert isinstance(claim, Claim)
        config = claim.config
        value = config.optimizer.learning_rate + config.network.hidden[0].units / 100
        queue.finish(claim, TrialState.COMPLETE, value, {})
    shares = importances(study.spec, study.records())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ExperimentalWarning)
        own = optuna.importance.get_param_importances(
            study.study, evaluator=PedAnovaImportanceEvaluator(), params=list(shares)
        )
    assert shares == pytest.approx(own)
    assert set(shares) == {*space, "network.hidden.layers", "network.hidden.0.units"} - {
        "network.hidden"
    }
    study.close()
