"""Taking up trials, giving them back, and finding those whose worker has died."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from optuna.trial import TrialState

from nncore.search.queue import SILENT_BEATS, Claim, TrialQueue
from nncore.search.study import SearchStudy
from nncore.search.trial_reading import MAX_ATTEMPTS
from tests.nncore.search.searching import RANDOM, SWEEP, make_study

DONE: dict[str, Any] = {"outcome": "completed"}


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def study(folder: Path) -> Iterator[SearchStudy]:
    """A sweep of three points."""
    study = make_study(folder, SWEEP | {"heartbeat": 1})
    yield study
    study.close()


def take(queue: TrialQueue) -> Claim:
    claim = queue.claim()
    assert isinstance(claim, Claim)
    return claim


def finish(queue: TrialQueue, claim: Claim, value: float = 0.5) -> bool:
    return queue.finish(claim, TrialState.COMPLETE, value, DONE)


def states(study: SearchStudy) -> list[str]:
    return [record.state for record in study.records()]


def rates(study: SearchStudy, state: str) -> list[float]:
    return [it.params["optimizer.learning_rate"] for it in study.records() if it.state == state]


def test_sweep_hands_out_its_points_in_order_and_ends(study: SearchStudy) -> None:
    one, other = TrialQueue(study, "one"), TrialQueue(study, "other")
    claims = [take(one), take(other), take(one)]
    assert [claim.config.optimizer.learning_rate for claim in claims] == [0.01, 0.1, 0.5]
    assert one.claim() == other.claim() == "wait"
    assert all(finish(one, claim) for claim in claims)
    assert one.claim() == other.claim() == "done"
    assert [record.worker for record in study.records()] == ["one", "other", "one"]


def test_what_is_begun_beyond_the_budget_is_given_back(folder: Path) -> None:
    study = make_study(folder, SWEEP | {"budget": {"trials": 1}})
    queue = TrialQueue(study, "one")
    # As another worker does that looked at the same moment and saw nothing begun.
    early = study.study.ask()
    assert queue.claim() == "wait"
    late = study.study.ask()
    assert queue._take(late) is None
    assert queue._take(early) is not None
    assert states(study) == ["running"]
    study.close()


def test_silent_worker_loses_its_trial_and_the_same_point_is_tried_again(
    study: SearchStudy,
) -> None:
    clock = Clock()
    queue = TrialQueue(study, "watcher", clock)
    dead = take(TrialQueue(study, "dead"))
    assert queue.recover() == 0
    clock.now += SILENT_BEATS - 0.5
    assert queue.recover() == 0
    clock.now += 1
    assert queue.recover() == 1
    assert states(study) == ["lost", "waiting"]
    again = take(queue)
    assert again.config == dead.config
    assert study.records()[1].attempt == 2
    assert study.records()[1].retry_of == 0


def test_worker_that_beats_keeps_its_trial(study: SearchStudy) -> None:
    clock = Clock()
    queue = TrialQueue(study, "watcher", clock)
    alive = TrialQueue(study, "alive")
    claim = take(alive)
    for number in range(20):
        clock.now += SILENT_BEATS - 1
        alive.beat(claim, number)
        assert queue.recover() == 0
    assert states(study) == ["running"]


def test_search_is_deserted_when_nobody_shows_a_sign_of_life(study: SearchStudy) -> None:
    watcher, worker = TrialQueue(study, "watcher"), TrialQueue(study, "worker")
    now = time.time()
    assert not watcher.is_deserted(now + 30)
    assert watcher.is_deserted(now + 100)
    claim = take(worker)
    worker.beat(claim, round(1000 * (now + 1000)))
    assert not watcher.is_deserted(now + 1030)
    assert watcher.is_deserted(now + 1100)
    study.set_status("paused")
    assert not watcher.is_deserted(now + 9999)
    study.set_status("stopped")
    assert not watcher.is_deserted(now + 9999)


def test_trial_of_a_worker_that_died_before_it_said_anything_is_found(study: SearchStudy) -> None:
    clock = Clock()
    queue = TrialQueue(study, "watcher", clock)
    study.study.ask()
    queue.recover()
    clock.now += SILENT_BEATS + 1
    assert queue.recover() == 1
    assert take(queue).config.optimizer.learning_rate == 0.01


def test_result_of_a_worker_that_was_given_up_changes_nothing(study: SearchStudy) -> None:
    slow = TrialQueue(study, "slow")
    claim = take(slow)
    queue = TrialQueue(study, "watcher")
    queue.recover(gone=["slow"])
    assert not finish(slow, claim, 0.9)
    assert states(study) == ["lost", "waiting"]
    assert study.best() is None


def test_lost_trial_that_was_queued_twice_is_tried_once(study: SearchStudy) -> None:
    claim = take(TrialQueue(study, "dead"))
    queue = TrialQueue(study, "watcher")
    queue.recover(gone=["dead"])
    lost = study.trials()[0]
    queue._queue_again(lost)
    assert states(study) == ["lost", "waiting", "waiting"]
    assert take(queue).config == claim.config
    assert take(queue).config.optimizer.learning_rate == 0.1
    assert states(study) == ["lost", "running", "running"]


def test_configuration_that_keeps_killing_its_worker_is_given_up(study: SearchStudy) -> None:
    for attempt in range(MAX_ATTEMPTS):
        worker = f"victim {attempt}"
        assert take(TrialQueue(study, worker)).config.optimizer.learning_rate == 0.01
        TrialQueue(study, "watcher").recover(gone=[worker])
    assert states(study) == ["lost"] * (MAX_ATTEMPTS - 1) + ["failed"]
    assert take(TrialQueue(study, "next")).config.optimizer.learning_rate == 0.1


def test_stopping_a_search_does_not_count_as_an_attempt(study: SearchStudy) -> None:
    queue = TrialQueue(study, "one")
    for _ in range(MAX_ATTEMPTS + 1):
        claim = take(queue)
        assert claim.config.optimizer.learning_rate == 0.01
        queue.finish(claim, TrialState.FAIL, None, {"outcome": "interrupted"})
        queue.recover()
    assert study.records()[-1].attempt == 1


def test_every_point_of_a_sweep_is_completed_in_spite_of_losses(study: SearchStudy) -> None:
    queue = TrialQueue(study, "watcher")
    take(TrialQueue(study, "dead"))
    finish(queue, take(queue))
    queue.recover(gone=["dead"])
    while isinstance(claim := queue.claim(), Claim):
        finish(queue, claim)
    assert sorted(rates(study, "completed")) == [0.01, 0.1, 0.5]
    assert "running" not in states(study)


def test_random_points_do_not_depend_on_who_draws_them(folder: Path) -> None:
    drawn: list[list[dict[str, Any]]] = []
    for name, workers in (("alone", 1), ("together", 3)):
        study = make_study(folder, RANDOM, name)
        queues = [TrialQueue(study, str(number)) for number in range(workers)]
        for number in range(6):
            take(queues[number % workers])
        drawn.append([record.params for record in study.records()])
        study.close()
    assert drawn[0] == drawn[1]
    assert len({str(params) for params in drawn[0]}) == 6


def test_running_time_adds_up_without_the_pauses(
    study: SearchStudy, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr("nncore.search.study.time.time", lambda: now[0])
    study.set_status("stopped")
    before = study.clock.seconds(now[0])
    for status in ("running", "running", "paused", "running", "stopped"):
        study.set_status(status)
        now[0] += 10
    assert study.clock.seconds(now[0]) - before == pytest.approx(30)


def test_search_whose_time_is_out_starts_nothing(folder: Path) -> None:
    study = make_study(folder, RANDOM | {"budget": {"seconds": 1e-6}})
    assert TrialQueue(study, "one").claim() == "done"
    assert states(study) == []
    study.close()
