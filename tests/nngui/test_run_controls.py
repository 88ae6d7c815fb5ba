"""The toolbar's buttons say to everybody what they would do now."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QToolButton, QWidget

from nngui.actions import ACTIONS, build_actions
from nngui.run_controls import RunToolBar
from nngui.viewmodels.run_session import RunSession


@pytest.fixture
def window(qtbot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    return window


@pytest.fixture
def actions(window):
    return build_actions(window, {spec.name: lambda: None for spec in ACTIONS})


@pytest.fixture
def bar(window, actions, store) -> RunToolBar:
    return RunToolBar(RunSession(store, window), store, actions, window)


def test_train_button_is_announced_by_what_it_does_now(bar, actions):
    button = bar.findChild(QToolButton, "trainButton")
    assert button.accessibleName() == "Train"
    actions["train"].setIconText("Pause")
    assert button.text() == "Pause"
    assert button.accessibleName() == "Pause"


def test_short_captions_are_announced_in_full(bar):
    names = {
        name: bar.findChild(QToolButton, name).accessibleName()
        for name in ("stepButton", "stepEpochButton", "stopButton", "resetButton")
    }
    assert names == {
        "stepButton": "Step a batch",
        "stepEpochButton": "Step an epoch",
        "stopButton": "Stop the run",
        "resetButton": "Reset the weights",
    }
