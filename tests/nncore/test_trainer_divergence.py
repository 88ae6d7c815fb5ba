"""A run whose loss explodes ends in words and with weights that can be used."""

from __future__ import annotations

import json
import math
import re

import numpy as np
import pytest

from nncore.config import RunConfig
from nncore.divergence import divergence
from nncore.events import RunEnded, StepsEnded
from nncore.optimizers import SGD, Adam
from nncore.trainer import KEEP_EVERY, Trainer

WILD = {"kind": "random_uniform", "limit": 10}

TOO_FAST = {
    "network": {"hidden": [{"units": 16, "activation": "identity"}] * 3},
    "optimizer": {"kind": "momentum", "learning_rate": 1, "momentum": 0.99},
    "training": {"batch_size": 10, "epochs": 30},
}
SLOWLY = {
    "network": {"hidden": [{"units": 16, "activation": "identity"}] * 3},
    "optimizer": {"kind": "sgd", "learning_rate": 0.001},
    "training": {"batch_size": 1, "epochs": 30},
}
TOO_LARGE = {
    "network": {"hidden": [{"units": 16, "initializer": WILD}] * 10},
    "optimizer": {"kind": "sgd", "learning_rate": 0.0001},
    "training": {"batch_size": 10, "epochs": 3},
}
AT_ONCE = {
    "network": {"hidden": [{"units": 64, "activation": "identity", "initializer": WILD}] * 30},
    "training": {"batch_size": 10, "epochs": 3},
}
FULL_BATCH = {
    "network": {"hidden": [{"units": 16, "activation": "identity"}] * 3},
    "optimizer": {"kind": "momentum", "learning_rate": 1, "momentum": 0.99},
    "training": {"batch_size": "full", "epochs": 30},
}
CASES = {
    "too fast": TOO_FAST,
    "too large": TOO_LARGE,
    "at once": AT_ONCE,
    "full batch": FULL_BATCH,
}


def run(tree: dict, dataset, pace: int = KEEP_EVERY) -> Trainer:
    """A finished run, its weights checked at every rest."""
    trainer = Trainer(RunConfig.from_dict(tree), dataset)
    trainer.steps_per_event = pace
    for _ in trainer.run():
        assert np.isfinite(trainer.network.parameters).all()
    return trainer


def weights_after(tree: dict, dataset, step: int) -> np.ndarray:
    """The weights of another run after a step, taken one by one."""
    trainer = Trainer(RunConfig.from_dict(tree), dataset)
    trainer.steps_per_event = 1
    events = trainer.run()
    while trainer.step < step:
        next(events)
    return trainer.network.parameters.copy()


def spoiled(dataset, step: int, pace: int) -> Trainer:
    """A run whose weights are blown up at the first rest after a step."""
    trainer = Trainer(RunConfig.from_dict(SLOWLY), dataset)
    trainer.steps_per_event = pace
    is_spoiled = False
    for event in trainer.run():
        assert np.isfinite(trainer.network.parameters).all()
        if isinstance(event, StepsEnded) and event.step >= step and not is_spoiled:
            trainer.network.parameters *= np.float32(1e12)
            is_spoiled = True
    return trainer


@pytest.fixture(params=CASES)
def case(request) -> dict:
    return CASES[request.param]


def test_divergence_ends_the_run_with_finite_weights_of_the_step_it_names(dataset, case):
    trainer = run(case, dataset)
    ended = trainer.history.ended
    assert isinstance(ended, RunEnded)
    assert ended.reason == "diverged"
    assert ended.step == trainer.step
    np.testing.assert_array_equal(
        trainer.network.parameters, weights_after(case, dataset, ended.step)
    )
    kept = re.search(r"weights of step ([\d,]+) are kept", ended.message)
    assert ("first weights are kept" in ended.message) == (ended.step == 0)
    assert kept is None or int(kept[1].replace(",", "")) == ended.step


def test_the_message_names_epoch_step_and_last_finite_loss(dataset, case):
    trainer = run(case, dataset)
    losses = trainer.history.step_losses
    assert np.isfinite(losses).all()
    message = trainer.history.ended.message
    at_step = re.match(
        r"The loss was no longer a finite number at epoch (\d+), step ([\d,]+)\.", message
    )
    at_end = re.match(
        r"The validation loss was no longer a finite number at the end of epoch (\d+), "
        r"after step ([\d,]+)\.",
        message,
    )
    found = at_step or at_end
    assert found, message
    named_step = int(found[2].replace(",", ""))
    assert named_step == losses.size + (at_step is not None)
    assert int(found[1]) == math.ceil(named_step / trainer.steps_per_epoch)
    assert int(found[1]) == trainer.history.ended.epoch
    if losses.size:
        assert f"The last finite loss was {losses[-1]:.4g}" in message


@pytest.mark.parametrize(
    ("name", "cause"),
    [
        ("too fast", "η / (1 − μ) = 100. Try 0.001, or less momentum."),
        ("full batch", "η / (1 − μ) = 100. Try 0.001, or less momentum."),
        ("too large", "The first weights are too large: choose the initializer He or Xavier."),
        ("at once", "The first weights are too large: choose the initializer He or Xavier."),
    ],
)
def test_the_message_names_the_likely_cause_and_what_to_do(dataset, name, cause):
    assert run(CASES[name], dataset).history.ended.message.endswith(cause)


@pytest.mark.parametrize("momentum", [0.9, 0.99, 0.999])
@pytest.mark.parametrize("kind", ["momentum", "nesterov"])
def test_the_learning_rate_to_try_learns_however_heavy_the_momentum_is(dataset, kind, momentum):
    optimizer = {"kind": kind, "learning_rate": 1, "momentum": momentum}
    message = run(TOO_FAST | {"optimizer": optimizer}, dataset).history.ended.message
    assert f"η / (1 − μ) = {1 / (1 - momentum):.3g}" in message
    advised = float(re.search(r"Try ([\d.e-]+), or less momentum", message)[1])
    assert advised <= 0.1
    trainer = run(TOO_FAST | {"optimizer": optimizer | {"learning_rate": advised}}, dataset)
    assert trainer.history.ended.reason == "completed"
    assert max(epoch.validation_accuracy for epoch in trainer.history.epochs) == 1


def test_without_momentum_a_tenth_of_the_learning_rate_is_to_be_tried():
    for optimizer in (SGD(learning_rate=0.3), Adam(learning_rate=0.3)):
        losses = np.array([2.3, 50.0])
        message = str(divergence("It grew.", losses, 0, RunConfig(optimizer=optimizer)))
        assert message.endswith("The learning rate 0.3 is probably too large: try 0.03.")


def test_class_weights_that_make_the_loss_large_are_blamed_and_not_the_first_weights(dataset):
    classes = len(dataset.class_names)
    tree = {
        "network": {
            "hidden": "16,16,16,16",
            "loss": {"kind": "cross_entropy", "class_weights": [1e6] + [5e5] * (classes - 1)},
        },
        "optimizer": {"kind": "sgd", "learning_rate": 0.1},
        "training": {"batch_size": 10, "epochs": 30},
    }
    ended = run(tree, dataset).history.ended
    assert ended.reason == "diverged"
    assert ended.message.endswith("times as long: divide all class weights by 1e+06.")
    tree["network"]["loss"]["class_weights"] = [1] + [0.5] * (classes - 1)
    assert run(tree, dataset).history.ended.reason == "completed"


@pytest.mark.parametrize("pace", [1, 3, 10**6])
def test_the_pace_changes_nothing_about_a_divergence(dataset, case, pace):
    slow, fast = run(case, dataset, pace), run(case, dataset)
    assert slow.history.ended == fast.history.ended
    np.testing.assert_array_equal(slow.network.parameters, fast.network.parameters)
    np.testing.assert_array_equal(slow.history.step_losses, fast.history.step_losses)


def test_a_late_divergence_goes_back_to_the_last_copy_that_was_seen_to_work(dataset):
    """The weights are spoiled in the third epoch, long after the first copy."""
    trainer = spoiled(dataset, step=270, pace=1)
    ended = trainer.history.ended
    assert ended.reason == "diverged"
    assert ended.epoch == 3
    assert ended.step == KEEP_EVERY
    assert trainer.history.step_losses.size >= 270
    np.testing.assert_array_equal(
        trainer.network.parameters, weights_after(SLOWLY, dataset, KEEP_EVERY)
    )


@pytest.mark.parametrize("pace", [1, 100, 10**6])
def test_copies_are_made_at_the_same_steps_at_any_pace(make_dataset, pace):
    """In an epoch of 810 steps, where no beginning of an epoch helps out."""
    dataset = make_dataset(samples=900)
    ended = spoiled(dataset, step=2 * KEEP_EVERY + 1, pace=pace).history.ended
    assert (ended.reason, ended.step) == ("diverged", 2 * KEEP_EVERY)


def test_a_validation_loss_that_explodes_ends_the_run_as_well(dataset):
    """One step an epoch, so that the only loss after the bad step is the validation's."""
    trainer = Trainer(RunConfig.from_dict(FULL_BATCH), dataset)
    with np.errstate(over="ignore"):
        for event in trainer.run():
            if isinstance(event, StepsEnded) and event.step == 2:
                trainer.network.parameters *= np.float32(1e30)
    ended = trainer.history.ended
    assert ended.reason == "diverged"
    assert ended.message.startswith(
        "The validation loss was no longer a finite number at the end of epoch 2, after step 2. "
    )
    assert (ended.epoch, ended.step) == (2, 1)
    assert len(trainer.history.epochs) == 1
    np.testing.assert_array_equal(trainer.network.parameters, weights_after(FULL_BATCH, dataset, 1))


def test_weights_that_become_infinite_behind_a_dead_unit_are_not_kept(dataset):
    """A ReLU unit with a bias of minus infinity passes 0 on: every loss stays finite."""
    tree = {"network": {"hidden": "8"}, "training": {"batch_size": 50, "epochs": 3}}
    trainer = Trainer(RunConfig.from_dict(tree), dataset)
    for event in trainer.run():
        if isinstance(event, StepsEnded) and event.epoch == 2:
            trainer.network.layers[0].biases[0] = -np.inf
    ended = trainer.history.ended
    assert ended.reason == "diverged"
    assert "weights" in ended.message
    assert np.isfinite(trainer.network.parameters).all()
    np.testing.assert_array_equal(
        trainer.network.parameters, weights_after(tree, dataset, ended.step)
    )


def test_what_was_told_until_then_can_be_written(dataset, case):
    trainer = run(case, dataset)
    tree = json.loads(trainer.history.to_json(), parse_constant=pytest.fail)
    assert tree["ended"]["reason"] == "diverged"
    assert len(tree["step_losses"]) == trainer.history.step_losses.size
    lines = trainer.history.to_csv().splitlines()
    assert len(lines) == 1 + len(trainer.history.epochs)
    assert "nan" not in trainer.history.to_csv()
    assert "inf" not in trainer.history.to_csv()


def test_training_can_go_on_from_the_kept_weights_with_a_smaller_rate(dataset):
    diverged = run(TOO_FAST, dataset)
    calmer = RunConfig.from_dict(TOO_FAST).replace("optimizer.learning_rate", 1e-4)
    trainer = Trainer(calmer, dataset, diverged.network)
    assert list(trainer.run())[-1].reason == "completed"
