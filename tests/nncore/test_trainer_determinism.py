"""The same seed gives the same run, bit for bit, however the driver goes about it."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from nncore.config import RunConfig
from nncore.events import EpochEnded
from nncore.network import Network
from nncore.trainer import Trainer, fresh_network

OPTIMIZERS = ["sgd", "momentum", "adam"]


def make_config(size: int | str = 7, seed: int = 0, optimizer: str = "adam", **more) -> RunConfig:
    return RunConfig.from_dict(
        {
            "network": {"hidden": [{"units": 8, "activation": "tanh"}, {"units": 5}]},
            "optimizer": optimizer,
            "training": {"epochs": 4, "batch_size": size, "seed": seed, **more},
        }
    )


def told(trainer: Trainer) -> tuple[bytes, bytes, list[EpochEnded]]:
    """Everything that a run decides: weights, losses and epochs without their times."""
    epochs = [
        dataclasses.replace(event, seconds=0.0, samples_per_second=0.0)
        for event in trainer.history.epochs
    ]
    losses = trainer.history.step_losses.tobytes()
    return trainer.network.parameters.tobytes(), losses, epochs


def finished(config: RunConfig, dataset, steps_per_event: int | None = None) -> Trainer:
    trainer = Trainer(config, dataset)
    if steps_per_event is not None:
        trainer.steps_per_event = steps_per_event
    for _ in trainer.run():
        pass
    return trainer


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("size", [1, 7, 16, "full"])
def test_the_same_seed_gives_the_same_run_and_another_seed_another(dataset, optimizer, size):
    first, again = (finished(make_config(size, 3, optimizer), dataset) for _ in range(2))
    other = finished(make_config(size, 4, optimizer), dataset)
    assert told(first) == told(again)
    assert told(first)[0] != told(other)[0]
    assert told(first)[1] != told(other)[1]


@pytest.mark.parametrize("l2", [0.0, 0.01])
@pytest.mark.parametrize("pace", [1, 7, 256, 10**6])
@pytest.mark.parametrize("size", [1, 7, 50, "full"])
def test_the_drivers_pace_changes_nothing(dataset, size, pace, l2):
    config = make_config(size, l2=l2)
    assert told(finished(config, dataset, pace)) == told(finished(config, dataset))


@pytest.mark.parametrize("pace", [1, 7])
def test_the_pace_changes_no_bit_of_the_means_in_float64_either(dataset, pace):
    # Sums of float64 losses depend on how they are grouped; those of float32 hardly ever do.
    config = make_config(1)
    runs = []
    for steps in (pace, 256):
        network = Network(16, 3, config.network, np.random.default_rng(0), np.float64)
        trainer = Trainer(config, dataset, network)
        trainer.steps_per_event = steps
        list(trainer.run())
        runs.append(told(trainer))
    assert runs[0] == runs[1]


@pytest.mark.parametrize("size", [1, 7])
def test_a_pace_that_changes_on_the_way_changes_nothing(dataset, size):
    config = make_config(size)
    trainer = Trainer(config, dataset)
    rng = np.random.default_rng(1)
    for _ in trainer.run():
        trainer.steps_per_event = int(rng.choice([1, 2, 7, 100, 256, 5000]))
    assert told(trainer) == told(finished(config, dataset))


@pytest.mark.parametrize("pace", [0, -5])
def test_a_pace_of_nothing_still_goes_on(dataset, pace):
    config = make_config()
    assert told(finished(config, dataset, pace)) == told(finished(config, dataset))


def test_no_event_holds_more_steps_than_asked_for(dataset):
    trainer = Trainer(make_config(7), dataset)
    trainer.steps_per_event = 5
    counts = [len(event.losses) for event in trainer.run() if hasattr(event, "losses")]
    assert max(counts) == 5
    assert sum(counts) == 4 * 16


def test_pausing_and_looking_changes_nothing(dataset):
    config = make_config()
    trainer = Trainer(config, dataset)
    trainer.steps_per_event = 3
    for event in trainer.run():
        trainer.network.copy().parameters[...] = 0
        trainer.network.predict_proba(np.zeros((2000, 16), np.float32))
        np.random.default_rng(0).random()
        str(event)
        assert trainer.history.step_losses.size == trainer.step
    assert told(trainer) == told(finished(config, dataset))


def test_two_runs_side_by_side_do_not_disturb_each_other(dataset):
    configs = make_config(seed=1), make_config(seed=2, optimizer="momentum")
    trainers = [Trainer(config, dataset) for config in configs]
    for trainer in trainers:
        trainer.steps_per_event = 1
    runs = [trainer.run() for trainer in trainers]
    going = [True, True]
    while any(going):
        going = [next(run, None) is not None for run in runs]
    for trainer, config in zip(trainers, configs, strict=True):
        assert told(trainer) == told(finished(config, dataset))


def test_stopping_early_gives_what_the_whole_run_had_then(dataset):
    config = make_config()
    weights = {}
    whole = Trainer(config, dataset)
    whole.steps_per_event = 1
    for event in whole.run():
        if hasattr(event, "losses"):
            weights[event.step] = whole.network.parameters.copy()
    stopped = Trainer(config, dataset)
    stopped.steps_per_event = 5
    run = stopped.run()
    for _ in range(4):
        next(run)
    run.close()
    np.testing.assert_array_equal(stopped.network.parameters, weights[stopped.history.ended.step])


def test_the_first_weights_are_those_of_a_fresh_network(dataset):
    config = make_config(seed=9)
    fresh = fresh_network(config, 16, 3)
    np.testing.assert_array_equal(Trainer(config, dataset).network.parameters, fresh.parameters)


def test_another_seed_draws_other_first_weights(dataset):
    first, other = (Trainer(make_config(seed=seed), dataset).network.layers[0] for seed in (0, 1))
    assert not (first.weights == other.weights).any()


def test_the_first_weights_depend_on_nothing_but_seed_and_architecture(dataset):
    first = Trainer(make_config(1, optimizer="sgd", l2=0.5), dataset)
    second = Trainer(make_config("full"), dataset)
    np.testing.assert_array_equal(first.network.parameters, second.network.parameters)
