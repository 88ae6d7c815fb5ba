"""Schedules against PyTorch 2.13's own figures, and what every schedule must keep to."""

from __future__ import annotations

import math

import numpy as np
import pytest

from nncore.config import RunConfig
from nncore.learning_rates import learning_rates, warmup_steps
from nncore.schedules import PlateauState, ReduceOnPlateau, Schedule

EPOCHS, STEPS_PER_EPOCH = 6, 7


def rates(schedule, warmup: float = 0.0, epochs: int = EPOCHS, per_epoch: int = STEPS_PER_EPOCH):
    training = {"epochs": epochs, "schedule": schedule, "warmup": warmup}
    optimizer = {"kind": "sgd", "learning_rate": 0.1}
    config = RunConfig.from_dict({"optimizer": optimizer, "training": training})
    return learning_rates(config, per_epoch)


# What PyTorch's schedulers gave for 42 steps and a learning rate of 0.1, at steps 0, 1, 12, 13, 30
# and 41: CosineAnnealingLR(42, eta_min=0.005), OneCycleLR(0.1, 42), StepLR(2, 0.5) and
# ExponentialLR(0.9) stepped once an epoch, and LinearLR(1/11, 1, 10) before CosineAnnealingLR(32).
AT = [0, 1, 12, 13, 30, 41]
PYTORCH = {
    "cosine": [
        0.1,
        0.09986718036610606,
        0.08211576558828987,
        0.07925770275802206,
        0.022884234411710155,
        0.0051328196338939445,
    ],
    "one_cycle": [
        0.0040000000000000036,
        0.005749600359077303,
        0.09995433355352143,
        0.09944154354509119,
        0.030742770213577728,
        4e-07,
    ],
    "step": [0.1, 0.1, 0.1, 0.1, 0.025, 0.025],
    "warm_cosine": [
        0.009090909090909092,
        0.018181818181818184,
        0.09903926402016153,
        0.09784701678661045,
        0.030865828381745515,
        0.00024076366639015905,
    ],
}
SPECS = {
    "cosine": ({"kind": "cosine", "final": 0.05}, 0.0),
    "one_cycle": ("one_cycle", 0.0),
    "step": ({"kind": "step", "every": 2}, 0.0),
    "warm_cosine": ("cosine", 10 / STEPS_PER_EPOCH),
}


@pytest.mark.parametrize("name", PYTORCH)
def test_a_schedule_agrees_with_pytorch(name):
    schedule, warmup = SPECS[name]
    np.testing.assert_allclose(rates(schedule, warmup)[AT], PYTORCH[name], rtol=1e-13)


def test_the_exponential_has_pytorchs_values_at_the_epochs_and_one_ratio_between():
    got = rates({"kind": "exponential", "gamma": 0.9})
    expected = 0.1 * 0.9 ** np.arange(EPOCHS)
    np.testing.assert_allclose(got[::STEPS_PER_EPOCH], expected, rtol=1e-13)
    np.testing.assert_allclose(got[1:] / got[:-1], 0.9 ** (1 / STEPS_PER_EPOCH), rtol=1e-12)


def test_the_plateau_drops_where_pytorch_drops():
    losses = [1, 0.9, 0.95, 0.9, 0.899, 0.8, 0.81, 0.82, 0.83, 0.84, 0.7, 0.71, 0.72, 0.73]
    schedule, state, factors = ReduceOnPlateau(threshold=1e-2), PlateauState(), []
    for loss in losses:
        state = schedule.after_epoch(state, loss)
        factors.append(state.factor)
    # ReduceLROnPlateau(factor=0.5, patience=2, threshold=0.01, eps=0).
    assert factors == [1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25, 0.25, 0.125]


@pytest.mark.parametrize("kind", Schedule.members())
@pytest.mark.parametrize("epochs", [1, 2, 30])
@pytest.mark.parametrize("per_epoch", [1, 3, 400])
def test_a_schedule_never_leaves_0_to_the_rate_and_never_fails(kind, epochs, per_epoch):
    got = rates(kind, 0.0, epochs, per_epoch)
    assert got.shape == (epochs * per_epoch,)
    assert np.isfinite(got).all()
    assert (got >= 0).all()
    assert got.max() <= 0.1 * (1 + 1e-12)


@pytest.mark.parametrize("kind", Schedule.members())
def test_warm_up_climbs_evenly_to_what_the_schedule_begins_with(kind):
    got = rates(kind, 2.0)
    steps = 2 * STEPS_PER_EPOCH
    first = got[steps]
    np.testing.assert_allclose(np.diff(got[: steps + 1]), first / (steps + 1), rtol=1e-9)
    assert got[0] == pytest.approx(first / (steps + 1))


@pytest.mark.parametrize("kind", Schedule.members())
def test_after_the_warm_up_the_schedule_runs_as_in_a_run_without_those_epochs(kind):
    later = rates(kind, 2.0)[2 * STEPS_PER_EPOCH :]
    np.testing.assert_array_equal(later, rates(kind, 0.0, EPOCHS - 2))


def test_the_one_cycle_peaks_once_and_ends_where_its_divisors_say():
    got = rates({"kind": "one_cycle", "rise": 0.25, "start": 10, "end": 100}, 0, 10, 40)
    peak = int(got.argmax())
    assert peak == 0.25 * 400 - 1
    assert (np.diff(got[: peak + 1]) > 0).all()
    assert (np.diff(got[peak:]) < 0).all()
    assert got[[0, peak, -1]] == pytest.approx([0.01, 0.1, 0.0001])


def test_halfway_the_cosine_is_halfway():
    got = rates({"kind": "cosine", "final": 0.2}, 0.0, 10, 10)
    assert got[50] == pytest.approx(0.1 * (0.2 + 1) / 2)
    assert got[25] == pytest.approx(0.1 * (0.2 + 0.8 * (1 + math.sqrt(0.5)) / 2))


def test_a_warm_up_of_part_of_an_epoch_is_rounded_to_steps():
    config = RunConfig().replace("training.warmup", 0.25)
    assert warmup_steps(config, 422) == 106
