"""The learning rate beside the schedule follows the run, and then makes way for the next one."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

from nncore.config import RunConfig
from nncore.trainer import Trainer
from nngui.panels.hyperparameters import HyperparametersPanel
from nngui.viewmodels.config_store import ConfigStore
from nngui.viewmodels.curves import CurvesModel
from nngui.widgets.learning_rate_curve import LearningRateCurve
from tests.made_data import make_dataset

DATA = make_dataset(samples=120, classes=3)
LOCKS = {"": "A run is under way.", "training.epochs": "", "optimizer.learning_rate": ""}


class Person:
    """A panel, the run it follows, and the curve in it."""

    def __init__(self, qtbot) -> None:
        tree = {"network": {"hidden": "4"}, "training": {"epochs": 4, "schedule": "cosine"}}
        config = RunConfig.from_dict(tree).replace("training.batch_size", 10)
        self.store, self.curves = ConfigStore(config), CurvesModel()
        self.panel = HyperparametersPanel(self.store, self.curves)
        qtbot.addWidget(self.panel)
        self.trainer = Trainer(config, DATA)
        self.trainer.steps_per_event = 1
        self.panel.set_dataset_info(self.trainer.samples)
        self.curve = self.panel.findChild(LearningRateCurve)
        self.events = self.trainer.run()
        self.store.set_locks(LOCKS)

    def train(self, steps: int) -> None:
        """Take steps, each told to the window at once."""
        while self.trainer.step < steps:
            self.curves.extend([next(self.events)])

    def finish(self) -> None:
        self.curves.extend(list(self.events))
        self.store.set_locks({})


@pytest.fixture
def person(qtbot) -> Person:
    return Person(qtbot)


def taken(person: Person) -> dict[int, float]:
    steps, rates = person.curve.taken
    return dict(zip(steps.tolist(), rates.tolist(), strict=True))


def true(person: Person) -> dict[int, float]:
    return {int(step): rate for step, rate in person.trainer.history.learning_rates}


def test_it_shows_what_was_taken_and_the_new_plan_when_the_epochs_change(person):
    person.train(20)
    assert taken(person) == true(person)
    before = person.curve.rates[-1], len(taken(person))
    person.store.change("training.epochs", 8)
    person.trainer.reconfigure(person.store.config)
    person.curves.replan(8)
    # What was taken stays as it was; the plan is the longer one from its first step on.
    assert len(taken(person)) == before[1]
    assert person.curve.rates[0] == person.store.config.optimizer.learning_rate
    person.train(21)
    assert taken(person) == true(person)
    assert taken(person)[21] > taken(person)[20]


def test_after_the_run_it_stays_until_something_is_changed(person):
    person.train(3)
    person.finish()
    assert taken(person) == true(person)
    person.store.change("optimizer.learning_rate", 0.5)
    assert taken(person) == {}
    person.curves.clear_previous()
    person.curves.changed.emit()
    assert taken(person) == {}


def test_a_new_run_begins_with_its_plan_alone(person):
    person.train(5)
    person.finish()
    person.curves.begin()
    assert taken(person) == {}


def test_curve_stands_beneath_the_schedule_it_draws(person):
    person.panel.grab()  # Lays it out.
    tops = {
        name: person.panel.findChild(QWidget, name).mapTo(person.panel, QPoint()).y()
        for name in ("scheduleCombo", "finalEdit", "learningRateCurve", "l2Edit")
    }
    assert sorted(tops, key=tops.__getitem__) == list(tops)
