"""Searches with worker processes: paused, stopped, killed and gone on with."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from nncore.errors import SearchError
from nncore.search.records import TrialRecord
from nncore.search.session import SearchSession, SearchUpdate
from nncore.search.study import SearchStudy
from nncore.search.trial_reading import MAX_ATTEMPTS
from tests.nncore.search.searching import CONFIG, DATASET, SWEEP, make_study

ROOT = Path(__file__).parents[3]
# A sixth of a second each, when nothing else runs.
SLOW: dict[str, Any] = SWEEP | {
    "config": CONFIG | {"training": {"epochs": 120, "batch_size": 8}},
    "space": {"optimizer.learning_rate": {"low": 0.001, "high": 0.1, "count": 6}},
    "heartbeat": 1,
}
FOREVER: dict[str, Any] = SWEEP | {
    "config": CONFIG | {"training": {"epochs": 100_000, "batch_size": 8}}
}


def until(
    session: SearchSession, condition: Callable[[SearchUpdate], bool], seconds: float = 60
) -> SearchUpdate:
    """Look after a session until something is so."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        update = session.poll()
        if condition(update):
            return update
        session._wake.wait(0.05)
    raise AssertionError(f"It did not come to it: {update}")


@pytest.fixture
def sessions() -> Iterator[Callable[..., SearchSession]]:
    """Makes sessions that are closed in the end, whatever happens."""
    made: list[SearchSession] = []

    def make(study: SearchStudy, workers: int) -> SearchSession:
        made.append(SearchSession(study, DATASET, workers=workers))
        return made[-1]

    yield make
    for session in made:
        session.close()
        session.study.close()


Sessions = Callable[..., SearchSession]


def test_two_workers_share_a_search_and_its_trials_stream_in(
    folder: Path, sessions: Sessions
) -> None:
    session = sessions(make_study(folder, SLOW), 2)
    updates = list(session.run(every=0.1))
    assert updates[-1].is_over
    assert updates[-1].finished == updates[-1].total == 6
    records = session.study.records()
    assert [record.state for record in records] == ["completed"] * 6
    assert len({record.worker for record in records}) == 2
    assert sum(any(it.state == "running" for it in update.changed) for update in updates) > 1
    assert session.study.status == "stopped"


def test_pause_holds_trials_and_cancel_gives_them_back(folder: Path, sessions: Sessions) -> None:
    session = sessions(make_study(folder, FOREVER), 1)
    session.start()
    until(session, lambda update: any(it.runs and it.runs[0].epochs for it in update.changed))
    session.pause()
    # The last steps before the pause are stored within two seconds.
    _settle(session)
    before = session.study.records()[0]
    _settle(session)
    assert session.study.records()[0].runs == before.runs
    session.go_on()
    epochs = len(before.runs[0].epochs)
    until(session, lambda update: len(session.study.records()[0].runs[0].epochs) > epochs)
    session.cancel()
    update = session.poll()
    assert update.is_over
    assert [record.state for record in session.study.records()] == ["lost", "waiting"]


def _settle(session: SearchSession) -> None:
    began = time.monotonic()
    until(session, lambda update: time.monotonic() - began > 2)


def test_killed_worker_is_replaced_and_its_trial_tried_again(
    folder: Path, sessions: Sessions
) -> None:
    session = sessions(make_study(folder, SLOW), 1)
    session.start()
    until(session, lambda update: update.running == 1)
    os.kill(session.process_ids[0], signal.SIGKILL)
    update = until(session, lambda update: update.is_over)
    assert "signal 9" in update.message
    records = session.study.records()
    assert sum(record.state == "completed" for record in records) == 6
    assert [record.state for record in records].count("lost") == 1
    assert max(record.attempt for record in records) == 2


def test_search_whose_own_process_was_killed_leaves_no_worker_and_goes_on(
    folder: Path, sessions: Sessions
) -> None:
    study = make_study(folder, SLOW)
    program = (
        "from tests.nncore.search.searching import DATASET\n"
        "from nncore.search.session import SearchSession\n"
        "from nncore.search.study import SearchStudy\n"
        f"study = SearchStudy.open({study.url!r}, 'study')\n"
        "for update in SearchSession(study, DATASET, workers=1).run(0.1):\n"
        "    print(update.finished, update.running, flush=True)\n"
    )
    driver = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert driver.stdout is not None
    for line in driver.stdout:
        if int(line.split()[0]) >= 2:
            break
    driver.kill()
    driver.wait()
    driver.stdout.close()
    finished = {it.number: it for it in study.records() if it.state == "completed"}
    assert len(finished) >= 2
    session = sessions(study, 1)
    list(session.run(every=0.1))
    after = {it.number: it for it in study.records()}
    assert sum(it.state == "completed" for it in after.values()) == 6
    assert all(after[number] == record for number, record in finished.items())
    assert not any(it.state == "running" for it in after.values())


def test_workers_that_cannot_work_end_the_search_with_their_reason(
    folder: Path, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = sessions(make_study(folder, SLOW), 1)
    monkeypatch.setattr("nncore.search.worker_pool.sys.executable", "/bin/false")
    with pytest.raises(SearchError, match="keep dying"):
        list(session.run(every=0.01))
    assert session.study.status == "stopped"


def kill_at_random(
    session: SearchSession, seconds: float, every: tuple[float, float], most: int = 10_000
) -> int:
    """Kill workers at random moments for a while, and check that nothing finished is lost.

    Returns:
        How many were killed.
    """
    rng = random.Random(3)
    finished: dict[int, TrialRecord] = {}
    kills = 0
    deadline = time.monotonic() + seconds
    session.start()
    next_kill = time.monotonic()
    while time.monotonic() < deadline and kills < most:
        update = session.poll()
        after = {record.number: record for record in session.study.records()}
        assert all(after[number] == record for number, record in finished.items())
        finished |= {number: it for number, it in after.items() if it.state == "completed"}
        if update.is_over:
            break
        at_work = any(record.state == "running" for record in after.values())
        if at_work and time.monotonic() >= next_kill and session.process_ids:
            os.kill(rng.choice(session.process_ids), signal.SIGKILL)
            kills += 1
            next_kill = time.monotonic() + rng.uniform(*every)
        session._wake.wait(0.05)
    return kills


def last_attempts(study: SearchStudy, begun: int) -> list[TrialRecord]:
    """The last attempt at each of the trials that were begun first."""
    retries = {it.retry_of: it for it in study.records()}
    found: list[TrialRecord] = []
    for record in study.records()[:begun]:
        while record.number in retries:
            record = retries[record.number]
        found.append(record)
    return found


def check_whole(study: SearchStudy, begun: int) -> None:
    """Every trial was completed at last, or given up after being killed too often."""
    for record in last_attempts(study, begun):
        is_given_up = record.state == "failed" and record.attempt == MAX_ATTEMPTS
        assert record.state == "completed" or is_given_up
    assert not any(it.state == "running" for it in study.records())


def test_workers_killed_at_random_moments_lose_no_finished_trial(
    folder: Path, sessions: Sessions
) -> None:
    session = sessions(make_study(folder, SLOW), 2)
    assert kill_at_random(session, 60, (0.3, 1.5), most=4) >= 1
    until(session, lambda update: update.is_over)
    check_whole(session.study, 6)
    assert sum(record.is_finished for record in session.study.records()) == 6


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_two_minutes_of_killing_lose_no_finished_trial(folder: Path, sessions: Sessions) -> None:
    # Without an end, so that there is something to kill on machines of any speed.
    tree = SLOW | {
        "strategy": "random",
        "space": {"optimizer.learning_rate": {"low": 0.001, "high": 0.1}},
        "budget": {"seconds": 100_000},
    }
    session = sessions(make_study(folder, tree), 2)
    study = session.study
    assert kill_at_random(session, 120, (0.5, 5)) > 20
    begun = len(study.records())
    until(session, lambda _: all(it.is_finished for it in last_attempts(study, begun)), 240)
    session.cancel()
    check_whole(study, begun)
