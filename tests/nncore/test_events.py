from __future__ import annotations

import dataclasses
import pickle

import numpy as np
import pytest

from nncore.config import RunConfig
from nncore.events import EpochEnded, RunEnded, RunStarted, StepsEnded

EVENTS = [
    RunStarted(RunConfig(), 90, 10, 2, 2, 7),
    EpochEnded(1, 2, 0.5, 0.5, 0.5, 0.5, 0.1, 1.0, 10.0, True),
    RunEnded("completed", 1, 2),
]
STEPS = StepsEnded(1, 2, np.array([0.5, 0.25], np.float32), 0.1, 10.0)


@pytest.mark.parametrize("event", [*EVENTS, STEPS], ids=lambda event: type(event).__name__)
def test_no_event_can_be_changed(event):
    name = dataclasses.fields(event)[0].name
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(event, name, None)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_every_event_reaches_another_process_whole(event):
    assert pickle.loads(pickle.dumps(event)) == event


def test_the_losses_reach_another_process_whole():
    again = pickle.loads(pickle.dumps(STEPS))
    np.testing.assert_array_equal(again.losses, STEPS.losses)
    assert again.losses.dtype == np.float32
    assert (again.epoch, again.step, again.learning_rate) == (1, 2, 0.1)
