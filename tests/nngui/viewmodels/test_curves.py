from __future__ import annotations

import numpy as np
import pytest

from nncore.events import RunEnded
from nncore.history import History
from nngui.viewmodels.curves import CurvesModel, GrowingArray
from tests.nngui.made_runs import epoch, run, started, steps


@pytest.fixture
def model(qapp) -> CurvesModel:
    return CurvesModel()


def test_growing_array_holds_what_was_put_in_over_many_growths():
    array = GrowingArray(np.float32)
    pieces = [np.arange(size, dtype=np.float32) + 0.5 for size in (1, 3000, 0, 7, 5000)]
    for piece in pieces:
        array.extend(piece)
    array.append(9.0)
    np.testing.assert_array_equal(array.values, np.concatenate([*pieces, [9.0]]))
    assert array.values.dtype == np.float32


def test_growing_array_gives_views_that_cannot_be_written_and_do_not_change():
    array = GrowingArray()
    array.append(1.0)
    view = array.values
    for value in range(5000):
        array.append(value)
    assert view.tolist() == [1.0]
    with pytest.raises(ValueError, match="read-only"):
        view[0] = 2.0


def test_events_become_curves(model):
    model.extend(
        [
            started(epochs=3),
            steps(1, 2, 2.5, 2.25),
            steps(1, 5, 2.0, 1.5, 1.0),
            epoch(1, 1.85, 1.2, train_accuracy=0.4, validation_accuracy=0.6, is_best=True),
            steps(2, 6, 0.5),
        ]
    )
    current = model.current
    assert current.step_losses.tolist() == [2.5, 2.25, 2.0, 1.5, 1.0, 0.5]
    assert current.train_loss.tolist() == [1.85]
    assert current.validation_loss.tolist() == [1.2]
    assert current.train_accuracy.tolist() == [0.4]
    assert current.validation_accuracy.tolist() == [0.6]
    assert current.epoch_steps.tolist() == [5]
    assert (current.steps, current.epochs) == (6, 1)
    assert (current.planned_epochs, current.planned_steps) == (3, 15)


def test_best_epoch_is_the_last_that_was_called_best(model):
    model.extend(run(4))
    assert model.current.best is not None
    assert model.current.best.epoch == 3


def test_the_end_is_kept(model):
    ended = RunEnded("diverged", 1, 3, "The loss became infinite.")
    model.extend([started(), steps(1, 1, 1.0), ended])
    assert model.current.ended is ended


def test_new_run_puts_the_old_one_behind(model):
    model.extend(run(2))
    first = model.current
    model.extend(run(3))
    assert model.previous is first
    assert first.epochs == 2
    assert model.current.epochs == 3


def test_run_without_any_step_is_not_kept_behind(model):
    model.extend(run(2))
    first = model.current
    model.extend([started()])
    model.extend([started()])
    assert model.previous is first


def test_begin_shows_empty_curves_and_keeps_the_old(model):
    model.extend(run(2))
    first = model.current
    model.begin()
    assert model.current.is_empty
    assert model.previous is first


def test_changed_is_emitted_once_for_a_batch_and_not_for_none(model, qtbot):
    with qtbot.waitSignal(model.changed):
        model.extend(run(2))
    told = []
    model.changed.connect(lambda: told.append(1))
    model.extend(run(5))
    model.extend([])
    assert len(told) == 1


def test_previous_is_cleared(model, qtbot):
    model.extend(run(2))
    model.extend(run(2))
    with qtbot.waitSignal(model.changed):
        model.clear_previous()
    assert model.previous is None
    with qtbot.assertNotEmitted(model.changed):
        model.clear_previous()


def test_clear_forgets_everything(model):
    model.extend(run(2))
    model.extend(run(2))
    model.clear()
    assert model.current.is_empty
    assert model.previous is None


def test_plan_can_change_during_a_run(model, qtbot):
    model.extend([started(epochs=3)])
    with qtbot.waitSignal(model.changed):
        model.replan(8)
    assert model.current.planned_steps == 40
    with qtbot.assertNotEmitted(model.changed):
        model.replan(8)


def test_run_that_goes_on_after_its_end_grows_where_it_was(model):
    events = run(2, planned=4)
    model.extend([*events, RunEnded("stopped", 2, 10)])
    curves = model.current
    model.go_on(None)
    model.extend([started(6), steps(3, 11, 0.5)])
    assert model.current is curves
    assert model.previous is None
    assert (curves.steps, curves.epochs, curves.planned_epochs) == (11, 2, 6)
    assert curves.ended is None


def test_run_from_a_file_shows_what_it_told_before_and_goes_on(model):
    model.extend(run(4))
    before = model.current
    history = History()
    for event in run(2, start=1.0):
        history.add(event)
    model.go_on(history.copy())
    model.extend([started(3), steps(3, 11, 0.25), epoch(3, 0.2, 0.3, is_best=True)])
    assert model.previous is before
    now = model.current
    np.testing.assert_array_equal(now.step_losses, [*history.step_losses, np.float32(0.25)])
    assert now.validation_loss.tolist() == [*(e.validation_loss for e in history.epochs), 0.3]
    assert now.best.epoch == 3
    model.extend([started(9)])
    assert model.previous is now
