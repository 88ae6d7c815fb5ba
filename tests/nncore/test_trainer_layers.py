"""Runs with dropout and normalization keep every promise that plain runs keep."""

from __future__ import annotations

import numpy as np
import pytest

from nncore.config import RunConfig
from nncore.events import RunEnded
from nncore.normalizations import running
from nncore.trainer import Trainer

LAYERS = [
    {"units": 8, "normalization": "batch", "dropout": 0.2},
    {"units": 6, "normalization": "layer", "dropout": 0.5},
]


def make_config(size: int | str = 7, seed: int = 0, **network) -> RunConfig:
    return RunConfig.from_dict(
        {
            "network": {"hidden": LAYERS, "input_dropout": 0.1} | network,
            "training": {"epochs": 3, "batch_size": size, "seed": seed},
        }
    )


def finished(config: RunConfig, dataset, pace: int = 256) -> Trainer:
    trainer = Trainer(config, dataset)
    trainer.steps_per_event = pace
    for _ in trainer.run():
        pass
    return trainer


@pytest.mark.parametrize("size", [2, 7, "full"])
@pytest.mark.parametrize("pace", [1, 5, 10**6])
def test_the_drivers_pace_changes_nothing(dataset, size, pace):
    one, other = finished(make_config(size), dataset), finished(make_config(size), dataset, pace)
    assert one.network.state.tobytes() == other.network.state.tobytes()
    assert one.history.step_losses.tobytes() == other.history.step_losses.tobytes()


def test_every_step_leaves_others_out(dataset):
    # With a learning rate of almost nothing, only masks tell losses of the same batch apart.
    config = make_config("full", hidden=[{"units": 8, "dropout": 0.5}])
    config = config.replace("optimizer.learning_rate", 1e-12)
    losses = finished(config, dataset).history.step_losses
    assert len(set(losses.tolist())) == len(losses) == 3
    other = finished(config.replace("network.hidden.0.dropout", 0.0), dataset).history.step_losses
    assert not set(losses.tolist()) & set(other.tolist())


def test_another_seed_leaves_others_out(dataset):
    weights = [finished(make_config(seed=seed), dataset).network.state for seed in (0, 1)]
    assert not np.array_equal(*weights)


def test_a_last_batch_of_one_sample_trains_and_is_not_counted(dataset):
    samples = Trainer(make_config(), dataset).samples
    size = next(size for size in range(2, samples) if samples % size == 1)
    trainer = finished(make_config(size), dataset)
    _, _, count = running(trainer.network.layers[0].norm)
    assert trainer.steps_per_epoch == samples // size + 1
    assert count[0] == 3 * (samples // size)
    assert np.isfinite(trainer.network.state).all()


def test_a_fall_back_brings_the_running_figures_back_too(dataset):
    config = make_config(hidden=[{"units": 8, "normalization": "batch"}], input_dropout=0.0)
    trainer = Trainer(config.replace("optimizer.kind", "sgd"), dataset)
    trainer.steps_per_event = 1
    events = trainer.run()
    for _ in range(4):
        next(events)
    trainer.network.parameters[...] = np.nan
    *_, last = events
    assert isinstance(last, RunEnded)
    assert last.reason == "diverged"
    assert np.isfinite(trainer.network.state).all()


def test_it_learns(dataset):
    hidden = [{"units": 16, "normalization": "batch", "dropout": 0.1}]
    config = make_config(16, hidden=hidden, input_dropout=0.0).replace("training.epochs", 20)
    config = config.replace("optimizer.learning_rate", 0.01)
    assert finished(config, dataset).history.epochs[-1].validation_accuracy > 0.9
