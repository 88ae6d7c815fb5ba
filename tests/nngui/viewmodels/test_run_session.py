"""The session's states, its thread, and what it hands to the window."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from nncore.config import RunConfig
from nncore.events import EpochEnded, RunEnded, StepsEnded
from nncore.trainer import Trainer, fresh_network
from nngui.viewmodels.config_store import ConfigStore
from nngui.viewmodels.run_session import RunSession
from nngui.viewmodels.run_state import NetworkCopy, RunState
from nngui.viewmodels.run_words import status_in_words
from nngui.workers.training import Pace
from tests.made_data import make_dataset

DATA = make_dataset(samples=120, classes=3)
SMALL = RunConfig.from_dict(
    {
        "data": {"validation_fraction": 0.2},
        "network": {"hidden": "8"},
        "training": {"epochs": 4, "batch_size": 10},
    }
)
LONG = SMALL.replace("training.epochs", 100_000)


class Bench:
    """A session with a store, and all that it told."""

    def __init__(self, config: RunConfig) -> None:
        self.store = ConfigStore(config)
        self.session = RunSession(self.store)
        self.events: list[object] = []
        self.copies: list[NetworkCopy] = []
        self.messages: list[tuple[str, str]] = []
        self.session.eventsArrived.connect(self.events.extend)
        self.session.networkChanged.connect(self.copies.append)
        self.session.messageRaised.connect(lambda kind, text: self.messages.append((kind, text)))
        self.session.set_dataset(DATA)


@pytest.fixture
def make_bench() -> Iterator[object]:
    made: list[Bench] = []

    def make(config: RunConfig = SMALL) -> Bench:
        made.append(Bench(config))
        return made[-1]

    yield make
    for bench in made:
        assert bench.session.close()


def wait_for(qtbot: QtBot, bench: Bench, state: RunState) -> None:
    qtbot.waitUntil(lambda: bench.session.state is state)


def test_run_gives_the_weights_that_the_trainer_alone_gives(qtbot, make_bench):
    bench = make_bench()
    bench.session.train()
    wait_for(qtbot, bench, RunState.FINISHED)
    alone = Trainer(SMALL, DATA)
    list(alone.run())
    copy = bench.session.copy
    assert copy is not None
    np.testing.assert_array_equal(copy.network.parameters, alone.network.parameters)
    told = [e for e in bench.events if isinstance(e, EpochEnded)]
    expected = alone.history.epochs
    assert [e.validation_loss for e in told] == [e.validation_loss for e in expected]
    losses = np.concatenate([e.losses for e in bench.events if isinstance(e, StepsEnded)])
    np.testing.assert_array_equal(losses, alone.history.step_losses)


def test_before_training_the_fresh_weights_are_shown(qtbot, make_bench):
    bench = make_bench()
    qtbot.waitUntil(lambda: bool(bench.copies))
    fresh = fresh_network(SMALL, 16, 3)
    np.testing.assert_array_equal(bench.copies[-1].network.parameters, fresh.parameters)
    assert not bench.copies[-1].trained


def test_changed_architecture_shows_other_fresh_weights(qtbot, make_bench):
    bench = make_bench()
    qtbot.waitUntil(lambda: bool(bench.copies))
    bench.store.change("network.hidden.0.units", 5)
    qtbot.waitUntil(lambda: bench.copies[-1].network.layers[0].units == 5)


def test_pause_rests_and_resume_goes_on_to_the_same_end(qtbot, make_bench):
    bench = make_bench(LONG)
    bench.session.train()
    qtbot.waitUntil(lambda: bench.session.progress.step > 50)
    bench.session.pause()
    wait_for(qtbot, bench, RunState.PAUSED)
    step = bench.session.progress.step
    assert bench.session.copy is not None
    assert bench.session.copy.step == step
    qtbot.wait(100)
    assert bench.session.progress.step == step
    epochs = bench.session.progress.epoch + 3
    with qtbot.waitSignal(bench.session.progressChanged):
        bench.store.change("training.epochs", epochs)
    told = bench.session.progress
    assert (told.epochs, told.step) == (epochs, step)
    assert told.steps == epochs * bench.session.history.started.steps_per_epoch
    bench.session.train()
    wait_for(qtbot, bench, RunState.FINISHED)
    ended = bench.session.history.ended
    assert ended is not None
    assert ended.reason == "completed"
    alone = Trainer(bench.store.config, DATA)
    list(alone.run())
    np.testing.assert_array_equal(bench.session.copy.network.parameters, alone.network.parameters)


def paused_in_a_long_run(qtbot, make_bench):
    """After more than three of its epochs."""
    bench = make_bench(LONG)
    bench.session.train()
    qtbot.waitUntil(lambda: bench.session.progress.epoch > 3)
    bench.session.pause()
    wait_for(qtbot, bench, RunState.PAUSED)
    return bench


def test_fewer_epochs_than_are_begun_are_refused_at_the_field_and_the_run_keeps_its_plan(
    qtbot, make_bench
):
    bench = paused_in_a_long_run(qtbot, make_bench)
    session, store = bench.session, bench.store
    planned = session.progress.steps
    store.change("training.epochs", 1)
    problem = store.problem_at("training.epochs")
    assert problem is not None
    assert f"at least {session.progress.epoch}, the epoch under way, got 1" in problem.message
    step = session.progress.step
    session.step_batch()
    qtbot.waitUntil(lambda: session.progress.step > step)
    assert (session.progress.epochs, session.progress.steps) == (100_000, planned)
    store.change("training.epochs", 1000)
    assert store.problems == ()
    assert session.progress.epochs == 1000
    store.change("training.epochs", 1)
    with qtbot.waitSignal(session.runEnded):
        session.stop()
    assert store.problems == ()
    assert bench.messages == []


def test_change_that_comes_too_late_for_the_run_is_taken_back_and_told(
    qtbot, make_bench, monkeypatch
):
    """An epoch has ended since the window looked last."""
    bench = paused_in_a_long_run(qtbot, make_bench)
    session, store = bench.session, bench.store
    monkeypatch.setattr(session._meter, "progress", replace(session.progress, epoch=1))
    store.change("training.epochs", 2)
    qtbot.waitUntil(lambda: len(bench.messages) > 0)
    ((kind, text),) = bench.messages
    assert (kind, text.startswith("The run goes on as it was. Epochs must ")) == ("warning", True)
    assert store.config.training.epochs == 100_000
    assert session.progress.epochs == 100_000


def test_step_takes_one_batch_and_pauses(qtbot, make_bench):
    bench = make_bench()
    for expected in (1, 2, 3):
        bench.session.step_batch()
        qtbot.waitUntil(
            lambda expected=expected: (
                bench.session.state is RunState.PAUSED and bench.session.progress.step == expected
            )
        )
    steps = [e for e in bench.events if isinstance(e, StepsEnded)]
    assert [len(e.losses) for e in steps] == [1, 1, 1]


def test_last_step_of_an_epoch_measures_it(qtbot, make_bench):
    bench = make_bench(SMALL.replace("training.batch_size", "full"))
    bench.session.step_batch()
    wait_for(qtbot, bench, RunState.PAUSED)
    assert [e.epoch for e in bench.session.history.epochs] == [1]


def test_step_epoch_pauses_at_the_epochs_end(qtbot, make_bench):
    bench = make_bench()
    bench.session.step_epoch()
    wait_for(qtbot, bench, RunState.PAUSED)
    assert bench.session.progress.step == 10
    assert len(bench.session.history.epochs) == 1


def test_stop_ends_the_run_and_keeps_the_weights(qtbot, make_bench):
    bench = make_bench(LONG)
    bench.session.train()
    qtbot.waitUntil(lambda: bench.session.progress.step > 20)
    with qtbot.waitSignal(bench.session.runEnded) as ended:
        bench.session.stop()
    assert isinstance(ended.args[0], RunEnded)
    assert ended.args[0].reason == "stopped"
    assert bench.session.state is RunState.FINISHED
    assert bench.session.copy is not None
    assert bench.session.copy.step == ended.args[0].step


def test_only_a_run_under_way_has_time_left(qtbot, make_bench):
    bench = make_bench()
    bench.session.step_batch()
    wait_for(qtbot, bench, RunState.PAUSED)
    assert bench.session.progress.remaining > 0
    with qtbot.waitSignal(bench.session.runEnded):
        bench.session.stop()
    assert (bench.session.progress.step, bench.session.progress.remaining) == (1, None)
    assert bench.session.progress.elapsed > 0


def test_stop_while_paused_ends_the_run(qtbot, make_bench):
    bench = make_bench()
    bench.session.step_batch()
    wait_for(qtbot, bench, RunState.PAUSED)
    bench.session.stop()
    wait_for(qtbot, bench, RunState.FINISHED)


def test_reset_during_a_run_ends_it_and_shows_fresh_weights(qtbot, make_bench):
    bench = make_bench(LONG)
    bench.session.train()
    qtbot.waitUntil(lambda: bench.session.progress.step > 20)
    bench.session.reset()
    wait_for(qtbot, bench, RunState.READY)
    qtbot.waitUntil(lambda: bench.session.copy is not None)
    fresh = fresh_network(LONG, 16, 3)
    np.testing.assert_array_equal(bench.session.copy.network.parameters, fresh.parameters)


def test_learning_rate_changed_while_paused_takes_effect_on_resume(qtbot, make_bench):
    bench = make_bench()
    bench.session.step_batch()
    wait_for(qtbot, bench, RunState.PAUSED)
    bench.store.change("optimizer.learning_rate", 0.02)
    bench.session.step_batch()
    qtbot.waitUntil(lambda: bench.session.progress.step == 2)
    rates = [e.learning_rate for e in bench.events if isinstance(e, StepsEnded)]
    assert rates == [0.001, 0.02]


def test_locked_field_says_why_during_a_run(qtbot, make_bench):
    bench = make_bench()
    bench.session.step_batch()
    wait_for(qtbot, bench, RunState.PAUSED)
    with qtbot.waitSignal(bench.store.refused) as refused:
        bench.store.change("network.hidden.0.units", 99)
    assert refused.args == [
        "network.hidden.0.units",
        "A run is under way: stop it first to change this.",
    ]
    assert bench.store.config.network.hidden[0].units == 8
    bench.session.stop()
    wait_for(qtbot, bench, RunState.FINISHED)
    bench.store.change("network.hidden.0.units", 99)
    assert bench.store.config.network.hidden[0].units == 99


def test_faulty_configuration_keeps_train_from_starting_and_says_why(make_bench):
    bench = make_bench()
    bench.store.change("optimizer.learning_rate", 3.0)
    bench.session.train()
    assert bench.session.state is RunState.READY
    kind, text = bench.messages[-1]
    assert kind == "error"
    assert "must be in (0, 1], got 3.0" in text


def test_divergence_is_told_with_its_cause_and_finite_weights_stay(qtbot, make_bench):
    wild = SMALL.replace("optimizer.kind", "momentum").replace("optimizer.learning_rate", 1.0)
    wild = wild.replace("optimizer.momentum", 0.99).replace("training.epochs", 500)
    wild = wild.replace("network.hidden.0.activation", "identity").replace("training.l2", 0.99)
    bench = make_bench(wild)
    bench.session.train()
    wait_for(qtbot, bench, RunState.FINISHED)
    assert bench.messages
    kind, text = bench.messages[-1]
    assert kind == "error"
    assert "learning rate 1 is probably too large" in text
    assert bench.session.copy is not None
    assert np.isfinite(bench.session.copy.network.parameters).all()


def test_continue_starts_from_the_weights_that_are_there(qtbot, make_bench):
    bench = make_bench()
    bench.session.train()
    wait_for(qtbot, bench, RunState.FINISHED)
    before = bench.session.copy.network
    assert bench.session.can_continue
    bench.session.continue_training()
    assert bench.session.state is RunState.RUNNING
    wait_for(qtbot, bench, RunState.FINISHED)
    alone = Trainer(SMALL, DATA, before)
    list(alone.run())
    np.testing.assert_array_equal(bench.session.copy.network.parameters, alone.network.parameters)


def test_weights_are_continued_only_with_data_that_they_fit(qtbot, make_bench):
    bench = make_bench()
    session = bench.session
    session.train()
    wait_for(qtbot, bench, RunState.FINISHED)
    epochs = session.history.epochs
    session.set_dataset(make_dataset(samples=120, classes=2))
    assert not session.can_continue
    session.continue_training()
    assert (session.state, session.history.epochs) == (RunState.FINISHED, epochs)
    assert bench.messages == []
    session.set_dataset(DATA)
    assert session.can_continue


def test_opened_network_can_be_continued_only_while_the_architecture_fits(make_bench):
    bench = make_bench()
    network = fresh_network(SMALL, 16, 3)
    bench.session.show_opened(NetworkCopy(network, SMALL, 0, 0, "model.safetensors"))
    assert bench.session.state is RunState.FINISHED
    assert bench.session.can_continue
    bench.store.change("network.hidden.0.units", 9)
    assert not bench.session.can_continue


def test_handed_over_networks_never_change_afterwards(qtbot, make_bench):
    bench = make_bench(LONG)
    bench.session.train()
    qtbot.waitUntil(lambda: len(bench.copies) >= 2)
    kept = bench.copies[-1].network
    snapshot = kept.parameters.copy()
    step = bench.session.progress.step
    qtbot.waitUntil(lambda: bench.session.progress.step > step + 100)
    np.testing.assert_array_equal(kept.parameters, snapshot)


def test_close_during_training_ends_the_thread(qtbot, make_bench):
    bench = make_bench(LONG)
    bench.session.train()
    qtbot.waitUntil(lambda: bench.session.progress.step > 5)
    assert bench.session.close()
    assert not bench.session.is_active


def test_broken_rule_keeps_train_from_starting_and_says_why(make_bench):
    bench = make_bench()
    bench.store.change("training.warmup", 100.0)
    assert bench.store.problem_at("training.warmup") is not None
    bench.session.train()
    assert bench.session.state is RunState.READY
    kind, text = bench.messages[-1]
    assert kind == "error"
    assert "Warm-up must be shorter than the run" in text
    bench.store.change("training.warmup", 0.5)
    assert bench.store.problems == ()


def test_early_stop_shows_the_best_weights_and_says_so(qtbot, make_bench):
    wild = SMALL.replace("optimizer.learning_rate", 0.5).replace("training.l2", 0.05)
    wild = wild.replace("training.epochs", 500).replace("training.early_stopping", "patience")
    wild = wild.replace("training.early_stopping.patience", 2)
    bench = make_bench(wild)
    bench.session.train()
    wait_for(qtbot, bench, RunState.FINISHED)
    best = bench.session.history.best
    assert (bench.session.copy.epoch, bench.session.copy.step) == (best.epoch, best.step)
    words = status_in_words(bench.session)
    assert words.startswith("Stopped early after epoch")
    assert f"of epoch {best.epoch}, are back. Best epoch {best.epoch}:" in words


def alone(config: RunConfig) -> Trainer:
    """The run that nobody interrupted."""
    trainer = Trainer(config, DATA)
    list(trainer.run())
    return trainer


def assert_same_run(bench: Bench, expected: Trainer) -> None:
    """The session shows, bit for bit, what the other run came to."""
    assert bench.session.copy is not None
    np.testing.assert_array_equal(bench.session.copy.network.state, expected.network.state)
    history = bench.session.history
    np.testing.assert_array_equal(history.step_losses, expected.history.step_losses)
    figures = [(e.epoch, e.step, e.validation_loss, e.is_best) for e in history.epochs]
    assert figures == [
        (e.epoch, e.step, e.validation_loss, e.is_best) for e in expected.history.epochs
    ]


def test_stopped_run_goes_on_as_if_it_had_not_been_stopped(qtbot, make_bench):
    bench = make_bench()
    for _ in range(13):
        bench.session.step_batch()
        wait_for(qtbot, bench, RunState.PAUSED)
    bench.session.stop()
    wait_for(qtbot, bench, RunState.FINISHED)
    assert bench.session.why_not_on == ""
    bench.session.go_on()
    assert bench.session.state is RunState.RUNNING
    assert bench.session.progress.step == 13
    wait_for(qtbot, bench, RunState.FINISHED)
    assert_same_run(bench, alone(SMALL))


def test_finished_run_goes_on_for_more_epochs(qtbot, make_bench):
    bench = make_bench()
    bench.session.train()
    wait_for(qtbot, bench, RunState.FINISHED)
    assert "raise Epochs" in bench.session.why_not_on
    bench.store.change("training.epochs", 6)
    bench.session.go_on()
    wait_for(qtbot, bench, RunState.FINISHED)
    assert_same_run(bench, alone(SMALL.replace("training.epochs", 6)))


def test_run_goes_on_only_with_its_own_settings(qtbot, make_bench):
    bench = make_bench()
    assert "no run" in bench.session.why_not_on
    bench.session.step_epoch()
    wait_for(qtbot, bench, RunState.PAUSED)
    assert "under way" in bench.session.why_not_on
    bench.session.stop()
    wait_for(qtbot, bench, RunState.FINISHED)
    bench.store.change("training.l2", 0.01)
    assert "L2 penalty has changed" in bench.session.why_not_on
    bench.session.go_on()
    assert bench.session.state is RunState.FINISHED
    assert bench.messages[-1][0] == "warning"
    bench.store.undoStack.undo()
    assert bench.session.why_not_on == ""
    bench.session.reset()
    assert "no run" in bench.session.why_not_on


def test_checkpoint_of_a_run_under_way_goes_on_in_another_session(qtbot, make_bench):
    first, second = make_bench(LONG), make_bench(LONG)
    first.session.train()
    qtbot.waitUntil(lambda: first.session.progress.step > 30)
    with qtbot.waitSignal(first.session.checkpointTaken) as taken:
        first.session.ask_for_checkpoint()
    checkpoint = taken.args[0]
    second.session.resume(checkpoint, Pace.PAUSE)
    wait_for(qtbot, second, RunState.PAUSED)
    assert second.session.progress.step == checkpoint.step
    assert second.session.progress.steps == 100_000 * 10
    assert second.session.copy.step == checkpoint.step
    assert len(second.session.history.step_losses) == checkpoint.step
    last = checkpoint.epoch + 2
    second.store.change("training.epochs", last)
    second.session.train()
    wait_for(qtbot, second, RunState.FINISHED)
    assert_same_run(second, alone(LONG.replace("training.epochs", last)))


def test_paused_run_gives_its_checkpoint_without_moving(qtbot, make_bench):
    bench = make_bench()
    bench.session.step_batch()
    wait_for(qtbot, bench, RunState.PAUSED)
    with qtbot.waitSignal(bench.session.checkpointTaken) as taken:
        bench.session.ask_for_checkpoint()
    assert taken.args[0].step == 1
    assert bench.session.state is RunState.PAUSED


def test_diverged_run_cannot_go_on(qtbot, make_bench):
    wild = SMALL.replace("optimizer.kind", "sgd").replace("optimizer.learning_rate", 1.0)
    wild = wild.replace("training.l2", 0.99).replace("network.hidden.0.activation", "identity")
    wild = wild.replace("training.epochs", 500).replace("network.loss", "mean_squared_error")
    bench = make_bench(wild)
    bench.session.train()
    wait_for(qtbot, bench, RunState.FINISHED)
    assert bench.session.history.ended.reason == "diverged"
    assert "no run" in bench.session.why_not_on


def test_run_started_right_after_another_was_waited_for_is_not_taken_for_that_one(
    qtbot, make_bench
):
    bench = make_bench(LONG)
    bench.session.train()
    qtbot.waitUntil(lambda: bench.session.progress.step > 5)
    bench.session.stop_and_wait()
    bench.session.go_on()
    step = bench.session.progress.step
    qtbot.waitUntil(lambda: bench.session.progress.step > step + 50)
    assert bench.session.is_active
