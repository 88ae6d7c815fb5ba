"""What a run tells, and that it is true."""

from __future__ import annotations

import math

import numpy as np
import pytest

from nncore.backpropagation import Backpropagation
from nncore.config import RunConfig
from nncore.errors import DataError, NNError, ShapeError
from nncore.events import EpochEnded, RunEnded, RunStarted, StepsEnded
from nncore.network import Network
from nncore.trainer import Trainer, fresh_network


def make_config(**values) -> RunConfig:
    """A small experiment; `training_epochs=2` sets `training.epochs`."""
    config = RunConfig().replace("network.hidden", "8").replace("training.epochs", 3)
    config = config.replace("training.batch_size", 16)
    for name, value in values.items():
        config = config.replace(name.replace("_", ".", 1), value)
    return config


class TrainingPartOnly:
    """A data set whose test part raises when it is touched."""

    def __init__(self, dataset):
        self._dataset = dataset

    def __getattr__(self, name):
        assert not name.startswith("test"), f"the trainer asked for {name}"
        return getattr(self._dataset, name)


@pytest.fixture
def batches(monkeypatch):
    """Every batch that is trained on, as (features, classes)."""
    seen = []
    backward = Backpropagation.backward

    def spy(self, x, logits, targets):
        seen.append((x.copy(), targets.argmax(axis=0)))
        backward(self, x, logits, targets)

    monkeypatch.setattr(Backpropagation, "backward", spy)
    return seen


SIZES = [1, 7, 16, 108, 500, "full"]


@pytest.mark.parametrize("size", SIZES)
def test_the_events_come_in_order_and_their_counts_agree(dataset, size):
    trainer = Trainer(make_config(training_batch_size=size), dataset)
    events = list(trainer.run())
    started, *middle, ended = events
    assert isinstance(started, RunStarted)
    assert started.config == trainer.config
    assert (started.samples, started.validation_samples) == (108, 12)
    per_epoch = math.ceil(108 / (108 if size == "full" else min(size, 108)))
    assert started.steps_per_epoch == trainer.steps_per_epoch == per_epoch
    assert started.epochs == 3
    assert started.parameters == 16 * 8 + 8 + 8 * 3 + 3 == trainer.network.parameters.size
    assert ended == RunEnded("completed", 3, 3 * per_epoch)
    step = 0
    epoch = 1
    for event in middle:
        assert event.epoch == epoch
        if isinstance(event, StepsEnded):
            step += len(event.losses)
            assert event.losses.dtype == np.float32
            assert event.samples_per_second > 0
        else:
            assert isinstance(event, EpochEnded)
            assert event.step == epoch * per_epoch
            assert event.seconds > 0
            assert event.samples_per_second == pytest.approx(108 / event.seconds)
            epoch += 1
        assert event.step == step
        assert event.learning_rate == trainer.config.optimizer.learning_rate
    assert epoch == 4
    assert step == ended.step == trainer.step == trainer.history.step_losses.size


def test_the_history_is_what_was_told(dataset):
    trainer = Trainer(make_config(), dataset)
    events = list(trainer.run())
    assert trainer.history.started is events[0]
    assert trainer.history.ended is events[-1]
    assert trainer.history.epochs == [e for e in events if isinstance(e, EpochEnded)]
    losses = np.concatenate([e.losses for e in events if isinstance(e, StepsEnded)])
    np.testing.assert_array_equal(trainer.history.step_losses, losses)


@pytest.mark.parametrize("size", SIZES)
def test_every_training_sample_is_used_once_an_epoch(make_dataset, batches, size):
    dataset = make_dataset(noise=200)
    trainer = Trainer(make_config(training_batch_size=size), dataset)
    list(trainer.run())
    indices = trainer.split.train_indices
    expected = sorted(
        (tuple(image), int(label))
        for image, label in zip(
            dataset.train_images[indices].tolist(), dataset.train_labels[indices], strict=True
        )
    )
    per_epoch = trainer.steps_per_epoch
    assert len(batches) == 3 * per_epoch
    orders = []
    for start in range(0, len(batches), per_epoch):
        used = [
            (tuple(np.rint(row * 255).astype(int).tolist()), int(label))
            for x, labels in batches[start : start + per_epoch]
            for row, label in zip(x, labels, strict=True)
        ]
        assert sorted(used) == expected
        orders.append(used)
    assert orders[0] != orders[1]
    assert orders[1] != orders[2]
    assert orders[0] != orders[2]


@pytest.mark.parametrize(("size", "lengths"), [(50, [50, 50, 8]), (107, [107, 1]), (54, [54, 54])])
def test_a_short_last_batch_is_used(dataset, batches, size, lengths):
    list(Trainer(make_config(training_batch_size=size, training_epochs=1), dataset).run())
    assert [len(x) for x, _ in batches] == lengths


@pytest.mark.parametrize("size", [1, 7, 50, "full"])
def test_the_training_loss_is_the_mean_over_the_samples_of_the_steps_losses(dataset, size):
    trainer = Trainer(make_config(training_batch_size=size), dataset)
    list(trainer.run())
    step = 108 if size == "full" else size
    weights = [min(step, 108 - start) for start in range(0, 108, step)]
    losses = trainer.history.step_losses.astype(np.float64).reshape(3, -1)
    for row, event in zip(losses, trainer.history.epochs, strict=True):
        assert event.train_loss == pytest.approx(np.average(row, weights=weights), rel=1e-12)


def test_step_losses_and_training_accuracy_are_those_before_each_update(dataset, batches):
    trainer = Trainer(make_config(training_batch_size=50, training_epochs=1), dataset)
    trainer.steps_per_event = 1
    right = 0
    network = trainer.network.copy()
    for event in trainer.run():
        if isinstance(event, StepsEnded):
            x, labels = batches[-1]
            probabilities = network.predict_proba(x).astype(np.float64)
            expected = -np.log(probabilities[np.arange(len(x)), labels]).mean()
            assert event.losses[0] == pytest.approx(expected, rel=1e-4)
            right += np.count_nonzero(probabilities.argmax(axis=1) == labels)
            network = trainer.network.copy()
    assert trainer.history.epochs[0].train_accuracy == right / 108


def test_validation_figures_agree_with_an_evaluation_from_outside(make_dataset):
    dataset = make_dataset(samples=300, noise=250)
    trainer = Trainer(make_config(data_validation_fraction=0.5), dataset)
    held_back = trainer.split.validation_indices
    x, labels = dataset.train_images[held_back] / 255, dataset.train_labels[held_back]
    seen = 0
    for event in trainer.run():
        if isinstance(event, EpochEnded):
            seen += 1
            probabilities = trainer.network.predict_proba(x).astype(np.float64)
            loss = -np.log(probabilities[np.arange(len(x)), labels]).mean()
            assert event.validation_loss == pytest.approx(loss, rel=1e-4)
            right = sum(
                int(row.argmax()) == label for row, label in zip(probabilities, labels, strict=True)
            )
            assert event.validation_accuracy == right / 150
    assert seen == 3


def test_the_best_epoch_is_marked_where_the_validation_loss_is_lowest_so_far(make_dataset):
    dataset = make_dataset(noise=255)
    config = make_config(training_epochs=30, optimizer_learning_rate=0.05)
    trainer = Trainer(config, dataset)
    list(trainer.run())
    best = math.inf
    for event in trainer.history.epochs:
        assert event.is_best == (event.validation_loss < best)
        best = min(best, event.validation_loss)
    flags = [event.is_best for event in trainer.history.epochs]
    assert flags[0]
    assert not all(flags)
    assert trainer.history.best_epoch == max(i for i, flag in enumerate(flags, 1) if flag)


def test_the_split_is_stratified_and_uses_every_sample_once(make_dataset):
    dataset = make_dataset(samples=1000, classes=4)
    split = Trainer(make_config(data_validation_fraction=0.2), dataset).split
    together = np.concatenate([split.train_indices, split.validation_indices])
    assert sorted(together.tolist()) == list(range(1000))
    counts = np.bincount(dataset.train_labels[split.validation_indices], minlength=4)
    assert counts.tolist() == [50, 50, 50, 50]


def test_the_split_follows_the_seed(dataset):
    splits = [
        Trainer(make_config(training_seed=seed), dataset).split.validation_indices
        for seed in (0, 0, 1)
    ]
    np.testing.assert_array_equal(splits[0], splits[1])
    assert not np.array_equal(splits[0], splits[2])


def test_validation_samples_are_never_trained_on(make_dataset, batches):
    dataset = make_dataset(noise=200)
    trainer = Trainer(make_config(), dataset)
    list(trainer.run())
    held_back = {
        tuple(row) for row in dataset.train_images[trainer.split.validation_indices].tolist()
    }
    for x, _ in batches:
        for row in np.rint(x * 255).astype(int).tolist():
            assert tuple(row) not in held_back


def test_the_test_part_is_never_touched(dataset):
    events = list(Trainer(make_config(), TrainingPartOnly(dataset)).run())
    assert events[-1].reason == "completed"


def test_the_stored_samples_are_left_alone(make_dataset):
    dataset = make_dataset()
    kept = dataset.train_images.copy()
    for array in (dataset.train_images, dataset.train_labels):
        array.flags.writeable = False
    list(Trainer(make_config(), dataset).run())
    np.testing.assert_array_equal(dataset.train_images, kept)


def test_closing_stops_where_it_stands(dataset):
    trainer = Trainer(make_config(training_batch_size=10, training_epochs=1000), dataset)
    trainer.steps_per_event = 4
    run = trainer.run()
    event = next(run)
    while trainer.step < 15:
        event = next(run)
    weights = trainer.network.parameters.copy()
    run.close()
    assert isinstance(event, StepsEnded)
    assert trainer.history.ended == RunEnded("stopped", event.epoch, event.step, "Stopped.")
    assert trainer.history.step_losses.size == event.step == trainer.step
    np.testing.assert_array_equal(trainer.network.parameters, weights)
    with pytest.raises(StopIteration):
        next(run)


def test_a_run_that_was_never_begun_leaves_no_trace(dataset):
    trainer = Trainer(make_config(), dataset)
    before = trainer.network.parameters.copy()
    trainer.run().close()
    assert trainer.history.started is None
    assert trainer.history.ended is None
    np.testing.assert_array_equal(trainer.network.parameters, before)


def test_a_trainer_runs_once(dataset):
    trainer = Trainer(make_config(training_epochs=1), dataset)
    list(trainer.run())
    weights = trainer.network.parameters.copy()
    with pytest.raises(RuntimeError, match="runs once"):
        next(trainer.run())
    np.testing.assert_array_equal(trainer.network.parameters, weights)
    assert trainer.history.ended.reason == "completed"


def test_a_drivers_error_ends_the_run_and_reaches_the_driver(dataset):
    trainer = Trainer(make_config(), dataset)
    run = trainer.run()
    next(run)
    with pytest.raises(KeyboardInterrupt):
        run.throw(KeyboardInterrupt())
    assert trainer.history.ended.reason == "stopped"


def test_training_may_go_on_from_a_given_network(dataset):
    config = make_config()
    first = Trainer(config, dataset)
    list(first.run())
    given = first.network.parameters.copy()
    second = Trainer(config, dataset, first.network)
    np.testing.assert_array_equal(second.network.parameters, given)
    list(second.run())
    assert not np.array_equal(second.network.parameters, given)
    np.testing.assert_array_equal(first.network.parameters, given)
    assert second.history.epochs[0].train_loss < first.history.epochs[0].train_loss


def test_a_float64_network_is_trained_in_float64(dataset):
    config = make_config()
    given = Network(16, 3, config.network, np.random.default_rng(0), np.float64)
    trainer = Trainer(config, dataset, given)
    list(trainer.run())
    assert trainer.network.parameters.dtype == np.float64
    assert trainer.history.step_losses.dtype == np.float64


@pytest.mark.parametrize(
    ("inputs", "classes", "hidden", "words"),
    [
        (
            15,
            3,
            "8",
            "The network takes 15 features and tells 3 classes apart, "
            "but the dataset has 16 and 3.",
        ),
        (
            16,
            4,
            "8",
            "The network takes 16 features and tells 4 classes apart, "
            "but the dataset has 16 and 3.",
        ),
        (16, 3, "9", "The network has another architecture than the configuration."),
    ],
)
def test_a_network_that_does_not_fit_is_refused(dataset, inputs, classes, hidden, words):
    config = make_config()
    other = Network(inputs, classes, config.replace("network.hidden", hidden).network)
    with pytest.raises(ShapeError) as caught:
        Trainer(config, dataset, other)
    assert str(caught.value) == words


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_network_whose_weights_are_no_numbers_is_refused(dataset, bad):
    config = make_config()
    network = fresh_network(config, 16, 3)
    network.layers[0].biases[0] = bad
    with pytest.raises(NNError, match="not all finite numbers"):
        Trainer(config, dataset, network)


def test_a_fraction_that_leaves_nothing_is_refused_with_its_path(make_dataset):
    dataset = make_dataset(samples=3)
    with pytest.raises(DataError, match=r"^data\.validation_fraction of 0\.01 splits"):
        Trainer(make_config(data_validation_fraction=0.01), dataset)


@pytest.mark.parametrize("hidden", ["", "8", "5,4,3"])
@pytest.mark.parametrize("size", [1, 50, "full"])
def test_any_depth_is_trained_with_any_batch_size(dataset, hidden, size):
    config = make_config(network_hidden=hidden, training_batch_size=size, training_epochs=5)
    trainer = Trainer(config, dataset)
    list(trainer.run())
    assert len(trainer.network.layers) == len(config.network.hidden) + 1
    assert trainer.history.epochs[-1].train_loss < trainer.history.epochs[0].train_loss
