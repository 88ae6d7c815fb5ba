from __future__ import annotations

import csv
import io
import json
import math

import numpy as np
import pytest

from nncore.config import RunConfig
from nncore.events import EpochEnded, RunEnded, RunStarted, StepsEnded
from nncore.history import History

LOSSES = [2.302585, 1 / 3, 0.1, 1e-30]


def epoch(number: int, validation_loss: float, is_best: bool = True) -> EpochEnded:
    return EpochEnded(
        epoch=number,
        step=number * 2,
        train_loss=0.1 + 0.2,
        train_accuracy=2 / 3,
        validation_loss=validation_loss,
        validation_accuracy=0.5,
        learning_rate=1e-3,
        seconds=0.25,
        samples_per_second=1e6 / 7,
        is_best=is_best,
    )


def steps(number: int, losses: list[float]) -> StepsEnded:
    return StepsEnded(number, number * 2, np.array(losses, np.float32), 1e-3, 1e5)


def told(ended: RunEnded | None = None) -> History:
    history = History()
    history.add(RunStarted(RunConfig(), 90, 10, 2, 2, 7))
    history.add(steps(1, LOSSES[:2]))
    history.add(epoch(1, 1 / 7))
    history.add(steps(2, LOSSES[2:3]))
    history.add(steps(2, LOSSES[3:]))
    history.add(epoch(2, 0.25, is_best=False))
    if ended is not None:
        history.add(ended)
    return history


def test_an_empty_history_can_be_asked_anything():
    history = History()
    assert history.started is None
    assert history.ended is None
    assert history.epochs == []
    assert history.best is None
    assert history.best_epoch == 0
    assert history.step_losses.shape == (0,)
    assert history.step_losses.dtype == np.float32
    assert history.to_csv().count("\n") == 1
    tree = json.loads(history.to_json())
    assert tree == {
        "config": None,
        "epochs": [],
        "step_losses": [],
        "learning_rates": [],
        "ended": None,
    }


def test_events_are_folded_in_order():
    history = told(RunEnded("completed", 2, 4))
    assert history.started is not None
    assert history.started.parameters == 7
    assert [item.epoch for item in history.epochs] == [1, 2]
    np.testing.assert_array_equal(history.step_losses, np.array(LOSSES, np.float32))
    np.testing.assert_array_equal(history.step_losses, np.array(LOSSES, np.float32))
    history.add(steps(3, [9.0]))
    assert history.step_losses[-1] == 9
    assert history.step_losses.size == 5
    assert history.ended == RunEnded("completed", 2, 4)


def test_the_best_epoch_has_the_lowest_validation_loss_and_the_first_wins_a_tie():
    history = History()
    for number, loss in enumerate([0.5, 0.2, 0.3, 0.2], start=1):
        history.add(epoch(number, loss))
    assert history.best_epoch == 2
    assert history.best is history.epochs[1]


def test_csv_holds_every_number_exactly():
    text = told().to_csv()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert text.splitlines()[0] == (
        "epoch,step,train_loss,train_accuracy,validation_loss,validation_accuracy,"
        "learning_rate,seconds,samples_per_second,is_best"
    )
    assert len(rows) == 2
    for row, event in zip(rows, told().epochs, strict=True):
        for name, text_value in row.items():
            value = getattr(event, name)
            assert (
                (text_value == str(value))
                if isinstance(value, bool)
                else float(text_value) == value
            )
    assert "\r" not in text


def test_json_holds_every_number_exactly():
    tree = json.loads(told(RunEnded("stopped", 2, 4, "Stopped.")).to_json())
    assert RunConfig.from_dict(tree["config"]) == RunConfig()
    assert tree["step_losses"] == [float(np.float32(loss)) for loss in LOSSES]
    assert tree["ended"] == {"reason": "stopped", "epoch": 2, "step": 4, "message": "Stopped."}
    for item, event in zip(tree["epochs"], told().epochs, strict=True):
        assert EpochEnded(**item) == event


def test_json_of_a_value_that_json_has_no_word_for_is_refused_and_not_invented():
    history = told()
    history.add(epoch(3, math.nan))
    with pytest.raises(ValueError, match="JSON"):
        history.to_json()
