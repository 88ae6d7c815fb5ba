"""The drawn plan is the trainer's own, and a constant rate draws nothing."""

from __future__ import annotations

import numpy as np
import pytest

from nncore.config import RunConfig
from nncore.events import StepsEnded
from nncore.trainer import Trainer
from nngui.theme import LIGHT, palette_of
from nngui.widgets.learning_rate_curve import LearningRateCurve
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
