"""The drawn plan is the trainer's own, and a constant rate draws nothing."""

from __future__ import annotations

import numpy as np
import pytest

from nncore.config import RunConfig
from nncore.events import StepsEnded
from nncore.trainer import Trainer
from nngui.theme import LIGHT, palette_of
from nngui.widgets.learning_rate_curve import NO_RATES, LearningRateCurve
from tests.made_data import make_dataset

DATA = make_dataset(samples=120, classes=3)
SMALL = RunConfig.from_dict(
    {
        "data": {"validation_fraction": 0.2},
        "network": {"hidden": "4"},
        "training": {"epochs": 5, "batch_size": 10},
    }
)


@pytest.fixture
def curve(qtbot):
    curve = LearningRateCurve()
    curve.setPalette(palette_of(LIGHT))
    qtbot.addWidget(curve)
    return curve


@pytest.mark.parametrize("kind", ["step", "exponential", "cosine", "one_cycle"])
@pytest.mark.parametrize("warmup", [0.0, 1.5])
def test_drawn_plan_is_what_the_trainer_does(curve, kind, warmup):
    config = SMALL.replace("training.schedule", kind).replace("training.warmup", warmup)
    trainer = Trainer(config, DATA)
    trainer.steps_per_event = 1
    done = [event.learning_rate for event in trainer.run() if isinstance(event, StepsEnded)]
    curve.show_plan(config, trainer.samples)
    assert not curve.isHidden()
    np.testing.assert_allclose(curve.rates, done, rtol=1e-12)


def test_constant_rate_takes_no_room(curve):
    curve.show_plan(SMALL.replace("training.schedule", "cosine"), 96)
    curve.show_plan(SMALL, 96)
    assert curve.isHidden()
    assert curve.rates.size == 0


def test_long_run_is_drawn_from_few_steps_and_reaches_both_ends(curve):
    config = SMALL.replace("training.schedule", "cosine").replace("training.epochs", 100_000)
    curve.show_plan(config, 60_000)
    assert 100 < curve.rates.size <= 160
    assert curve.rates[0] == config.optimizer.learning_rate
    assert curve.rates[-1] < 1e-12


def test_line_is_painted_in_the_color_of_training(curve):
    curve.show_plan(SMALL.replace("training.schedule", "cosine"), 96)
    curve.resize(240, 72)
    image = curve.grab().toImage()
    wanted = LIGHT.color("train").rgb()
    places = [(x, y) for x in range(240) for y in range(72) if image.pixel(x, y) == wanted]
    assert places
    left = [y for x, y in places if x < 60]
    right = [y for x, y in places if x > 180]
    assert max(left) < min(right), "it glides down"


def test_what_was_taken_is_drawn_solid_and_what_is_planned_beyond(curve):
    config = SMALL.replace("training.schedule", "cosine").replace("training.epochs", 20)
    curve.resize(240, 72)
    curve.show_plan(config, 100)
    steps, rates = np.array([1, 50, 100]), np.array([5e-4, 5e-4, 5e-4])
    curve.show_taken(steps, rates)
    image = curve.grab().toImage()
    wanted = LIGHT.color("train").rgb()
    solid = {x for x in range(240) for y in range(72) if image.pixel(x, y) == wanted}
    # 100 of 200 steps: the left half.
    assert max(solid) < 130
    assert {20, 40, 60, 80, 100} <= solid
    assert "Dashed: what is planned" in curve.toolTip()
    curve.show_taken(*NO_RATES)
    assert "Dashed" not in curve.toolTip()


def test_a_constant_rate_is_drawn_once_it_was_another_one(curve):
    curve.show_plan(SMALL, 96)
    rate = SMALL.optimizer.learning_rate
    curve.show_taken(np.array([1, 2]), np.array([rate, rate]))
    assert curve.isHidden()
    curve.show_taken(np.array([1, 2]), np.array([rate / 2, rate]))
    assert not curve.isHidden()


def test_many_steps_are_drawn_from_few_with_the_first_and_the_last(curve):
    curve.show_plan(SMALL.replace("training.schedule", "cosine"), 96)
    steps = np.arange(1, 100_001)
    curve.show_taken(steps, 1 / steps)
    drawn, rates = curve.taken
    assert len(drawn) < 1000
    assert (drawn[0], drawn[-1]) == (1, 100_000)
    np.testing.assert_array_equal(rates, 1 / drawn)
