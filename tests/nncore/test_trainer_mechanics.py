"""What the configuration lets alter training does so in a whole run, and is told truly."""

from __future__ import annotations

import math

import numpy as np
import pytest

from nncore.config import RunConfig
from nncore.events import EpochEnded, RunEnded, StepsEnded
from nncore.learning_rates import learning_rates
from nncore.metrics import measure
from nncore.optimizers import SGD
from nncore.schedules import Schedule
from nncore.trainer import Trainer


def make_config(optimizer="sgd", loss="cross_entropy", **training) -> RunConfig:
    return RunConfig.from_dict(
        {
            "network": {"hidden": "6", "loss": loss},
            "optimizer": optimizer,
            "training": {"epochs": 4, "batch_size": 20, **training},
        }
    )


@pytest.fixture
def updates(monkeypatch):
    """The learning rate and the gradient's length of every step that an SGD took."""
    seen = []
    update = SGD.update

    def spy(self, parameters, gradients, state, step, learning_rate):
        seen.append((learning_rate, float(np.linalg.norm(gradients))))
        update(self, parameters, gradients, state, step, learning_rate)

    monkeypatch.setattr(SGD, "update", spy)
    return seen


@pytest.mark.parametrize("kind", [k for k in Schedule.members() if k != "plateau"])
@pytest.mark.parametrize("warmup", [0.0, 1.5])
@pytest.mark.parametrize("pace", [1, 4, 256])
def test_every_step_takes_the_planned_rate_at_any_pace(dataset, updates, kind, warmup, pace):
    config = make_config(schedule=kind, warmup=warmup)
    trainer = Trainer(config, dataset)
    trainer.steps_per_event = pace
    planned = learning_rates(config, trainer.steps_per_epoch)
    for event in trainer.run():
        if isinstance(event, StepsEnded | EpochEnded):
            assert event.learning_rate == planned[event.step - 1]
    assert [rate for rate, _ in updates] == planned.tolist()
    for step, rate in trainer.history.learning_rates:
        assert rate == planned[int(step) - 1]
    assert trainer.history.learning_rates[-1, 0] == trainer.step


def test_a_constant_rate_is_remembered_by_its_two_ends(dataset):
    trainer = Trainer(make_config(), dataset)
    trainer.steps_per_event = 1
    list(trainer.run())
    rate = trainer.config.optimizer.learning_rate
    assert trainer.history.learning_rates.tolist() == [[1, rate], [trainer.step, rate]]


def test_the_plateau_drops_the_rate_after_the_epochs_that_brought_nothing(make_dataset, updates):
    dataset = make_dataset(noise=255)
    schedule = {"kind": "plateau", "patience": 0, "threshold": 0.02, "gamma": 0.1}
    trainer = Trainer(make_config(schedule=schedule, epochs=12), dataset)
    list(trainer.run())
    best, rate, expected = math.inf, trainer.config.optimizer.learning_rate, []
    for epoch in trainer.history.epochs:
        expected.append(rate)
        if epoch.validation_loss < best * 0.98:
            best = epoch.validation_loss
        else:
            rate *= 0.1
    assert len(set(expected)) > 1
    told = [epoch.learning_rate for epoch in trainer.history.epochs]
    np.testing.assert_allclose(told, expected, rtol=1e-12)


def test_a_changed_base_rate_scales_the_rest_of_the_schedule(dataset, updates):
    config = make_config(schedule="cosine")
    trainer = Trainer(config, dataset)
    for event in trainer.run():
        if isinstance(event, EpochEnded) and event.epoch == 2:
            trainer.reconfigure(config.replace("optimizer.learning_rate", 0.01))
    planned = learning_rates(config, 6)
    planned[12:] *= 0.01 / config.optimizer.learning_rate
    np.testing.assert_allclose([rate for rate, _ in updates], planned, rtol=1e-12)


def test_no_gradient_is_longer_than_the_clipping_allows(dataset, updates):
    list(Trainer(make_config(clipping={"kind": "norm", "limit": 0.3}), dataset).run())
    lengths = [length for _, length in updates]
    assert max(lengths) == pytest.approx(0.3, rel=1e-3)
    free = len(lengths)
    list(Trainer(make_config(), dataset).run())
    assert max(length for _, length in updates[free:]) > 0.5


@pytest.mark.parametrize("hidden", ["", "6,5"])
def test_at_every_rest_no_unit_is_longer_than_max_norm(dataset, hidden):
    config = make_config(max_norm=0.8).replace("network.hidden", hidden)
    trainer = Trainer(config, dataset)
    longest = 0.0
    for event in trainer.run():
        if isinstance(event, StepsEnded):
            lengths = [np.linalg.norm(layer.weights, axis=1) for layer in trainer.network.layers]
            longest = max(longest, *(float(each.max()) for each in lengths))
    assert longest == pytest.approx(0.8, rel=1e-5)


def test_the_network_shown_and_judged_is_the_average_of_the_steps(dataset):
    averaging = {"kind": "ema", "decay": 0.9}
    trainer = Trainer(make_config(averaging=averaging), dataset)
    plain = Trainer(make_config(), dataset)
    plain.steps_per_event = trainer.steps_per_event = 1
    steps = []
    for event, other in zip(trainer.run(), plain.run(), strict=True):
        if isinstance(event, StepsEnded):
            # The average changes nothing in what is trained.
            np.testing.assert_array_equal(event.losses, other.losses)
            steps.append(plain.network.parameters.astype(np.float64))
            weights = 0.9 ** np.arange(len(steps))[::-1]
            expected = np.average(steps, axis=0, weights=weights)
            np.testing.assert_allclose(trainer.network.parameters, expected, rtol=1e-4, atol=1e-6)
        if isinstance(event, EpochEnded):
            held_back = trainer.split.validation_indices
            images, labels = dataset.train_images[held_back], dataset.train_labels[held_back]
            figures = measure(trainer.network, images, labels)
            assert (event.validation_loss, event.validation_accuracy) == figures
            assert event.validation_loss != other.validation_loss


def test_the_running_figures_are_averaged_like_the_weights(dataset):
    config = make_config().replace("network.hidden.0.normalization", "batch")
    averaging = {"kind": "ema", "decay": 0.9}
    plain = Trainer(config, dataset)
    averaged = Trainer(config.replace("training.averaging", averaging), dataset)
    plain.steps_per_event = averaged.steps_per_event = 1
    steps = []
    for event, _ in zip(averaged.run(), plain.run(), strict=True):
        if isinstance(event, StepsEnded):
            steps.append(plain.network.buffers.astype(np.float64))
            weights = 0.9 ** np.arange(len(steps))[::-1]
            expected = np.average(steps, axis=0, weights=weights)
            np.testing.assert_allclose(averaged.network.buffers, expected, rtol=1e-4, atol=1e-6)


def overfitting(**stopping) -> RunConfig:
    stopping = {"kind": "patience", "patience": 2, **stopping}
    return make_config({"kind": "sgd", "learning_rate": 0.9}, epochs=80, early_stopping=stopping)


@pytest.fixture(scope="module")
def noise(make_dataset):
    return make_dataset(noise=255)


def test_it_stops_early_and_brings_the_best_weights_back(noise):
    trainer = Trainer(overfitting(), noise)
    states = {}
    for event in trainer.run():
        if isinstance(event, EpochEnded):
            states[event.epoch] = trainer.network.state.copy()
    best = trainer.history.best
    assert best.epoch == len(trainer.history.epochs) - 2 < 78
    last = best.epoch + 2
    assert trainer.history.ended == RunEnded(
        "completed",
        best.epoch,
        best.step,
        f"Stopped early after epoch {last}: the validation loss did not get better in 2 epochs. "
        f"The best weights, of epoch {best.epoch}, are back.",
    )
    assert (trainer.epoch, trainer.step) == (best.epoch, best.step)
    np.testing.assert_array_equal(trainer.network.state, states[best.epoch])
    assert not np.array_equal(states[last], states[best.epoch])


def test_without_keeping_the_best_the_last_weights_stay(noise):
    trainer = Trainer(overfitting(restore_best=False), noise)
    for _ in trainer.run():
        last = trainer.network.state.copy()
    ended = trainer.history.ended
    assert ended.epoch == len(trainer.history.epochs)
    assert "back" not in ended.message
    np.testing.assert_array_equal(trainer.network.state, last)


def test_until_it_stops_the_run_is_the_one_without_early_stopping(noise):
    config = overfitting(restore_best=False)
    stopped = Trainer(config, noise)
    list(stopped.run())
    epochs = len(stopped.history.epochs)
    config = config.replace("training.early_stopping", "none").replace("training.epochs", epochs)
    whole = Trainer(config, noise)
    list(whole.run())
    np.testing.assert_array_equal(stopped.network.state, whole.network.state)


def test_the_best_average_comes_back_when_weights_are_averaged(noise):
    trainer = Trainer(overfitting().replace("training.averaging", "ema"), noise)
    states = {}
    for event in trainer.run():
        if isinstance(event, EpochEnded):
            states[event.epoch] = trainer.network.state.copy()
    np.testing.assert_array_equal(trainer.network.state, states[trainer.history.best_epoch])


def test_a_run_that_ends_at_its_best_has_nothing_to_say(dataset):
    config = make_config(early_stopping="patience", epochs=3)
    trainer = Trainer(config, dataset)
    list(trainer.run())
    assert trainer.history.best_epoch == 3
    assert trainer.history.ended == RunEnded("completed", 3, 18)


@pytest.mark.parametrize("averaging", ["none", "ema"])
def test_after_a_divergence_the_network_is_finite_with_an_average_too(dataset, averaging):
    config = make_config(
        {"kind": "sgd", "learning_rate": 1.0}, "mean_squared_error", l2=0.99, averaging=averaging
    ).replace("network.hidden.0.activation", "identity")
    config = config.replace("training.epochs", 100)
    trainer = Trainer(config, dataset)
    for _ in trainer.run():
        assert np.isfinite(trainer.network.state).all()
    assert trainer.history.ended.reason == "diverged"
