"""Combinations that cannot work are refused by the trainer before anything is trained."""

from __future__ import annotations

import pytest

from nncore import config_rules
from nncore.config import RunConfig
from nncore.config_rules import problems_of
from nncore.errors import ConfigError, Problem
from nncore.presets import PRESETS
from nncore.trainer import Trainer


def no_seed_seven(experiment):
    if experiment.config.training.seed == 7:
        words = f"is unlucky with {experiment.classes} classes and {experiment.samples} samples"
        yield Problem("training.seed", words)


@pytest.fixture
def rule(monkeypatch):
    monkeypatch.setattr(config_rules, "RULES", (no_seed_seven,))


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
def test_no_rule_speaks_against_a_preset(preset):
    assert problems_of(preset.config, 784, 10, 54_000) == []


def blamed(tree) -> list[str]:
    return [problem.path for problem in problems_of(RunConfig.from_dict(tree), 16, 3, 108)]


@pytest.mark.parametrize(
    ("warmup", "epochs", "paths"),
    [(0, 1, []), (0.9, 1, []), (1, 1, ["training.warmup"]), (5, 5, ["training.warmup"])],
)
def test_a_warm_up_must_leave_something_of_the_run(warmup, epochs, paths):
    assert blamed({"training": {"warmup": warmup, "epochs": epochs}}) == paths


@pytest.mark.parametrize("decay", [0.0, 0.1, 1.0])
@pytest.mark.parametrize("rate", [0.001, 1.0])
def test_a_decay_must_leave_something_of_the_weights(decay, rate):
    optimizer = {"kind": "adamw", "learning_rate": rate, "weight_decay": decay}
    expected = ["optimizer.learning_rate"] if rate * decay >= 1 else []
    assert blamed({"optimizer": optimizer}) == expected


def test_a_live_change_is_refused_by_the_rules_too(dataset):
    config = RunConfig.from_dict({"training": {"warmup": 3, "epochs": 5}})
    trainer = Trainer(config, dataset)
    with pytest.raises(ConfigError, match=r"training\.warmup must be shorter"):
        trainer.reconfigure(config.replace("training.epochs", 2))
    assert trainer.config == config


@pytest.mark.usefixtures("rule")
def test_a_trainer_refuses_what_a_rule_speaks_against(dataset):
    Trainer(RunConfig(), dataset)
    with pytest.raises(ConfigError) as caught:
        Trainer(RunConfig().replace("training.seed", 7), dataset)
    assert caught.value.problems == (
        Problem("training.seed", "is unlucky with 3 classes and 108 samples"),
    )


def normalized(kind: str, batch_size: int | str = 32, units: int = 4, samples: int = 100):
    layers = [{"units": 4}, {"units": units, "normalization": kind}]
    tree = {"network": {"hidden": layers}, "training": {"batch_size": batch_size}}
    return problems_of(RunConfig.from_dict(tree), 784, 10, samples)


def test_batch_normalization_is_refused_for_batches_of_one():
    (problem,) = normalized("batch", 1)
    assert problem.path == "training.batch_size"
    assert "batch normalization of layer 2" in problem.message
    assert "layer normalization" in problem.message
    assert normalized("batch", "full", samples=1) != []
    for kind, size in (("batch", 2), ("batch", "full"), ("layer", 1), ("none", 1)):
        assert normalized(kind, size) == []


def test_layer_normalization_is_refused_for_a_single_unit():
    (problem,) = normalized("layer", units=1)
    assert problem.path == "network.hidden.1.units"
    assert "Choose more units" in problem.message
    assert normalized("layer", units=2) == normalized("batch", units=1) == []


def test_a_last_batch_of_one_sample_is_no_reason_to_refuse():
    assert normalized("batch", 33, samples=100) == []
