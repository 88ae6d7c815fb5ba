"""The original's eight sweeps, and the search of what matters most."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from optuna.trial import TrialState

from nncore.presets import PRESETS
from nncore.search.presets import DEFAULT, SEARCH_PRESETS
from nncore.search.queue import Claim, TrialQueue
from nncore.search.spec import SearchSpec
from tests.nncore.search.searching import make_study

LOW_RATES = [0.01, 0.03, 0.05, 0.07, 0.09]


def axis(name: str, path: str) -> list[Any]:
    configs = [point.config for point in SEARCH_PRESETS[name].spec.space.points()]
    return [config.get(path) for config in configs if config is not None]


def test_sweeps_take_the_originals_values_around_its_settings() -> None:
    assert axis("hidden-units", "network.hidden.0.units") == list(range(10, 91, 10))
    rates = [0.01, 0.11, 0.21, 0.31, 0.41, 0.51, 0.61, 0.71, 0.81, 0.91]
    assert axis("learning-rate", "optimizer.learning_rate") == rates
    kinds = ["sigmoid", "relu", "leaky_relu"]
    assert axis("activation", "network.hidden.0.activation.kind") == kinds
    assert axis("epochs", "training.epochs") == list(range(100, 901, 100))
    assert axis("batch-size", "training.batch_size") == [10, 100, 1000, 10_000, 30_000]
    sweeps = [preset for key, preset in SEARCH_PRESETS.items() if key != DEFAULT]
    assert len(sweeps) == 8
    for preset in sweeps:
        assert preset.spec.space.base == PRESETS["original"].config


def test_default_search_always_finds_configurations_that_go_together(folder: Path) -> None:
    tree = SEARCH_PRESETS[DEFAULT].tree
    assert (tree["strategy"], tree["pruning"]) == ("tpe", "hyperband")
    study = make_study(folder, tree)
    queue = TrialQueue(study, "anyone")
    for _ in range(30):
        claim = queue.claim()
        assert isinstance(claim, Claim)
        assert claim.config.training.epochs == 9
        assert 1 <= len(claim.config.network.hidden) <= 3
        queue.finish(claim, TrialState.COMPLETE, 0.9, {"outcome": "completed"})
    assert {it.state for it in study.records()} == {"completed"}
    study.close()


def test_heat_maps_have_the_originals_axes_across_and_up() -> None:
    name = "learning-rate-hidden-units"
    units, rates = axis(name, "network.hidden.0.units"), axis(name, "optimizer.learning_rate")
    expected = [(count, rate) for count in range(10, 51, 10) for rate in LOW_RATES]
    assert list(zip(units, rates, strict=True)) == expected
    name = "activation-initializer"
    assert len(set(axis(name, "network.hidden.0.activation.kind"))) == 3
    assert len(axis(name, "network.hidden.0.initializer.kind")) == 9


def test_initializer_sweep_changes_both_layers() -> None:
    hidden = axis("initializer", "network.hidden.0.initializer.kind")
    assert hidden == axis("initializer", "network.output.initializer.kind")
    assert len(set(hidden)) == len(hidden) >= 3


@pytest.mark.parametrize("name", SEARCH_PRESETS)
def test_preset_survives_being_written_to_a_file(name: str) -> None:
    spec = SEARCH_PRESETS[name].spec
    assert SearchSpec.from_dict(spec.to_dict()) == spec
