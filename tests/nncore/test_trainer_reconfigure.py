"""What may change during a run, and what may not."""

from __future__ import annotations

import numpy as np
import pytest

from nncore.config import RunConfig
from nncore.errors import ConfigError
from nncore.events import EpochEnded, StepsEnded
from nncore.learning_rates import learning_rates
from nncore.trainer import Trainer


def make_config(optimizer: str = "sgd") -> RunConfig:
    return RunConfig.from_dict(
        {
            "network": {"hidden": "8"},
            "optimizer": {"kind": optimizer, "learning_rate": 0.02},
            "training": {"epochs": 3, "batch_size": 20},
        }
    )


def advance(trainer: Trainer, run, step: int) -> None:
    while trainer.step < step:
        next(run)


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
def test_a_learning_rate_takes_effect_at_the_very_next_step(dataset, optimizer):
    """Compared with stepping by hand what the trainer's own gradients say."""
    config = make_config(optimizer)
    trainer = Trainer(config, dataset)
    trainer.steps_per_event = 1
    run = trainer.run()
    changed = config.replace("optimizer.learning_rate", 0.5)
    parameters = trainer.network.parameters.copy()
    state = config.optimizer.create_state(parameters)
    gradients = []
    update = type(config.optimizer).update

    def spy(self, parameters, gradient, state, step, learning_rate):
        gradients.append((gradient.copy(), learning_rate))
        update(self, parameters, gradient, state, step, learning_rate)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(config.optimizer), "update", spy)
        advance(trainer, run, 4)
        trainer.reconfigure(changed)
        event = next(run)
        assert isinstance(event, StepsEnded)
        assert (event.step, event.learning_rate) == (5, 0.5)
        advance(trainer, run, 8)
    assert [rate for _, rate in gradients] == [0.02] * 4 + [0.5] * 4
    for step, (gradient, rate) in enumerate(gradients, start=1):
        optimizer_then = config.optimizer if rate == 0.02 else changed.optimizer
        optimizer_then.update(parameters, gradient, state, step, optimizer_then.learning_rate)
    np.testing.assert_array_equal(trainer.network.parameters, parameters)


def test_a_changed_learning_rate_equals_a_run_that_had_it_from_there_on(dataset):
    """With SGD the second half can be run alone from a copy of the weights at rest."""
    trainer = Trainer(make_config(), dataset)
    trainer.steps_per_event = 1
    run = trainer.run()
    advance(trainer, run, 3)
    half = trainer.network.parameters.copy()
    trainer.reconfigure(make_config().replace("optimizer.learning_rate", 0.5))
    advance(trainer, run, 4)
    first_move = trainer.network.parameters - half

    other = Trainer(make_config(), dataset)
    other.steps_per_event = 1
    run = other.run()
    advance(other, run, 4)
    np.testing.assert_allclose(
        first_move, 25 * (other.network.parameters - half), rtol=1e-3, atol=1e-6
    )


@pytest.mark.parametrize("schedule", ["cosine", "one_cycle", "exponential", "step"])
@pytest.mark.parametrize("epochs", [2, 6])
def test_other_epochs_plan_the_rates_to_come_as_if_they_had_always_been_asked_for(
    dataset, schedule, epochs
):
    """The steps taken keep their rates in the history; from there on the new plan holds."""
    config = make_config().replace("training.epochs", 4).replace("training.schedule", schedule)
    changed = config.replace("training.epochs", epochs)
    trainer = Trainer(config, dataset)
    trainer.steps_per_event = 1
    run = trainer.run()
    here = trainer.steps_per_epoch + 2
    advance(trainer, run, here)
    trainer.reconfigure(changed)
    list(run)
    before, after = (learning_rates(c, trainer.steps_per_epoch) for c in (config, changed))
    expected = np.concatenate([before[:here], after[here:]])
    told = trainer.history.learning_rates
    assert told[-1, 0] == trainer.step == epochs * trainer.steps_per_epoch
    steps = np.arange(1, trainer.step + 1)
    np.testing.assert_allclose(np.interp(steps, *told.T), expected, rtol=1e-12)
    assert trainer.history.epochs[-1].learning_rate == pytest.approx(expected[-1], rel=1e-12)


def test_a_run_that_is_cut_short_ends_with_the_plans_last_rates(dataset):
    """A cosine that is asked to end after the epoch under way glides to its end within it."""
    config = make_config().replace("training.schedule", "cosine").replace("training.epochs", 40)
    trainer = Trainer(config, dataset)
    trainer.steps_per_event = 1
    run = trainer.run()
    advance(trainer, run, 2)
    trainer.reconfigure(config.replace("training.epochs", 1))
    list(run)
    rates = trainer.history.learning_rates[:, 1]
    assert rates[1] > 0.99 * 0.02
    assert rates[-1] < 0.1 * 0.02
    assert (np.diff(rates) < 0).all()


def test_the_epochs_event_tells_the_new_learning_rate(dataset):
    trainer = Trainer(make_config(), dataset)
    for event in trainer.run():
        if isinstance(event, EpochEnded) and event.epoch == 1:
            trainer.reconfigure(trainer.config.replace("optimizer.learning_rate", 0.25))
    assert [event.learning_rate for event in trainer.history.epochs] == [0.02, 0.25, 0.25]


@pytest.mark.parametrize("when", [1, 2, 3])
@pytest.mark.parametrize("epochs", [3, 5])
def test_more_epochs_may_be_asked_for_until_the_last_word(dataset, when, epochs):
    trainer = Trainer(make_config(), dataset)
    for event in trainer.run():
        if isinstance(event, EpochEnded) and event.epoch == when:
            trainer.reconfigure(trainer.config.replace("training.epochs", epochs))
    assert [event.epoch for event in trainer.history.epochs] == list(range(1, epochs + 1))
    whole = Trainer(make_config().replace("training.epochs", epochs), dataset)
    list(whole.run())
    np.testing.assert_array_equal(trainer.network.parameters, whole.network.parameters)


def test_fewer_epochs_end_the_run_after_the_one_under_way(dataset):
    trainer = Trainer(make_config(), dataset)
    trainer.steps_per_event = 1
    run = trainer.run()
    advance(trainer, run, 8)  # In the second epoch of 6 steps.
    trainer.reconfigure(trainer.config.replace("training.epochs", 2))
    list(run)
    assert len(trainer.history.epochs) == 2
    assert trainer.history.ended.reason == "completed"


def test_fewer_epochs_than_are_begun_are_refused(dataset):
    trainer = Trainer(make_config(), dataset)
    trainer.steps_per_event = 1
    run = trainer.run()
    advance(trainer, run, 8)
    before = trainer.config
    with pytest.raises(ConfigError) as caught:
        trainer.reconfigure(before.replace("training.epochs", 1))
    assert str(caught.value) == "training.epochs must be at least 2, the epoch under way, got 1"
    assert trainer.config is before
    assert len(list(run)) > 0


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("training.seed", 5),
        ("training.batch_size", 21),
        ("training.l2", 0.5),
        ("data.name", "other"),
        ("data.validation_fraction", 0.2),
        ("network.hidden", "8,8"),
        ("network.hidden.0.units", 9),
        ("network.hidden.0.activation.kind", "tanh"),
        ("network.output.initializer.kind", "xavier"),
        ("optimizer.kind", "adam"),
        ("optimizer.momentum", 0.5),
    ],
)
def test_what_may_not_change_is_refused_with_its_path_and_the_reason(dataset, path, value):
    config = make_config("momentum" if path == "optimizer.momentum" else "sgd")
    trainer = Trainer(config, dataset)
    trainer.steps_per_event = 1
    run = trainer.run()
    advance(trainer, run, 2)
    with pytest.raises(ConfigError) as caught:
        trainer.reconfigure(config.replace(path, value))
    assert str(caught.value) == (
        f"{path} cannot change during a run; only optimizer.learning_rate and training.epochs can."
    )
    assert trainer.config is config


def test_everything_that_may_not_change_is_named_at_once(dataset):
    config = make_config()
    trainer = Trainer(config, dataset)
    changed = config.replace("training.seed", 5).replace("network.hidden.0.units", 3)
    changed = changed.replace("optimizer.learning_rate", 0.5)
    with pytest.raises(ConfigError) as caught:
        trainer.reconfigure(changed)
    assert [p.path for p in caught.value.problems] == ["network.hidden.0.units", "training.seed"]
    assert trainer.config is config


def test_a_refused_change_leaves_the_run_as_it_was(dataset):
    config = make_config()
    trainer, undisturbed = Trainer(config, dataset), Trainer(config, dataset)
    for _ in trainer.run():
        with pytest.raises(ConfigError):
            trainer.reconfigure(config.replace("training.seed", 5))
    list(undisturbed.run())
    np.testing.assert_array_equal(trainer.network.parameters, undisturbed.network.parameters)


def test_reconfiguring_with_the_same_changes_nothing(dataset):
    config = make_config()
    trainer = Trainer(config, dataset)
    for _ in trainer.run():
        trainer.reconfigure(RunConfig.from_json(config.to_json()))
    assert len(trainer.history.epochs) == 3
