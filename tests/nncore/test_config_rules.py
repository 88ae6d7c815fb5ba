"""Combinations that cannot work are refused by the trainer before anything is trained."""

from __future__ import annotations

import math
import re

import pytest

from nncore import config_rules
from nncore.config import RunConfig
from nncore.config_rules import problems_of
from nncore.errors import ConfigError, Problem
from nncore.network_size import training_bytes
from nncore.optimizers import Optimizer
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


@pytest.mark.parametrize("kind", Optimizer.members())
@pytest.mark.parametrize(("rate", "l2"), [(1.0, 0.99), (1.0, 1.0), (0.5, 1.0)])
def test_a_penalty_must_leave_something_where_the_gradient_is_taken_as_it_is(kind, rate, l2):
    """The others divide by the gradient's size, of which the penalty is a part."""
    tree = {"optimizer": {"kind": kind, "learning_rate": rate}, "training": {"l2": l2}}
    is_plain = kind in ("sgd", "momentum", "nesterov")
    assert blamed(tree) == (["training.l2"] if is_plain and rate * l2 >= 1 else [])


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


GB = 10**9


def too_large(tree, memory: int) -> list[Problem]:
    return problems_of(RunConfig.from_dict(tree), 784, 10, 54_000, memory)


def test_a_network_that_cannot_fit_is_refused_with_what_it_needs_and_what_there_is():
    layers = [{"units": 128}, *[{"units": 16384}] * 63]
    (problem,) = too_large({"network": {"hidden": layers}}, 32 * GB)
    assert problem.path == "network.hidden.1.units"
    # 62 times 16,384² weights of 4 bytes: themselves, their gradients, three arrays of Adam's
    # (or fewer), and two copies to fall back on.
    need = re.search(
        r"about ([\d.]+) GB of memory, and this computer has 32\.0 GB", problem.message
    )
    assert 62 * 16384**2 * 4 * 6 < float(need[1]) * GB < 62 * 16384**2 * 4 * 7.1
    assert problem.message.startswith("must be smaller, got 16384: ")
    assert problem.message.endswith("Choose fewer units, or fewer layers")


def test_a_batch_that_cannot_fit_is_refused_for_the_batch():
    tree = {"network": {"hidden": "8192"}, "training": {"batch_size": "full"}}
    (problem,) = too_large(tree, 4 * GB)
    assert problem.path == "training.batch_size"
    assert "must be smaller, got full: " in problem.message
    assert "Choose a smaller batch" in problem.message
    assert too_large(tree, 8 * GB) == []
    assert too_large(tree | {"training": {"batch_size": 1000}}, 4 * GB) == []


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
def test_every_preset_fits_into_a_small_computer(preset):
    assert problems_of(preset.config, 784, 10, 54_000, 2 * GB) == []


def test_the_limit_is_a_declared_share_of_the_memory():
    tree = {"network": {"hidden": "4096,4096"}}
    config = RunConfig.from_dict(tree)
    need = training_bytes(config, 784, 10, 54_000)
    least = math.ceil(need / config_rules.MEMORY_SHARE)
    assert too_large(tree, least) == []
    assert [problem.path for problem in too_large(tree, least - 10)] == ["network.hidden.0.units"]


def test_a_trainer_refuses_what_does_not_fit_before_it_takes_any_memory(dataset, monkeypatch):
    monkeypatch.setattr(config_rules, "machine_memory", lambda: 16 * GB)
    giant = RunConfig.from_dict({"network": {"hidden": ",".join(["16384"] * 64)}})
    with pytest.raises(ConfigError, match=r"network\.hidden\.0\.units must be smaller, got 16384"):
        Trainer(giant, dataset)
