"""Several threads are kept as long as they pay, on a made-up machine with a made-up clock."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest

from nncore.config import RunConfig
from nncore.events import StepsEnded
from nncore.thread_watch import ThreadWatch
from nncore.trainer import Trainer
from tests import made_data


class Machine:
    """Takes steps; `step` says how long one takes with a number of threads, at a time."""

    def __init__(self, step: Callable[[int, float], float], wanted: int = 2) -> None:
        self.now = 0.0
        self.steps = 0
        self.chosen: list[tuple[float, int]] = []
        self._step = step
        self.watch = ThreadWatch(wanted, self._choose)

    def _choose(self, threads: int) -> None:
        self.chosen.append((round(self.now, 3), threads))

    def works(self, until: float) -> None:
        while self.now < until:
            steps = min(self.watch.most_steps or 256, 256)
            seconds = steps * self._step(self.watch.threads, self.now)
            self.now += seconds
            self.steps += steps
            self.watch.note(steps, seconds)


def test_one_thread_is_never_left_when_one_is_wanted() -> None:
    machine = Machine(lambda threads, now: 0.001, wanted=1)
    assert machine.watch.most_steps is None
    machine.works(10)
    assert {threads for _, threads in machine.chosen} == {1}


@pytest.mark.parametrize("each", [1e-5, 0.003, 0.2])
def test_two_that_pay_are_kept(each: float) -> None:
    machine = Machine(lambda threads, now: each / threads)
    machine.works(20)
    assert [threads for _, threads in machine.chosen] == [1, 2]
    assert machine.steps * each > 0.9 * 2 * 20


def test_two_that_gain_nothing_are_tried_ever_more_seldom() -> None:
    machine = Machine(lambda threads, now: 0.001)
    machine.works(300)
    trials = [now for now, threads in machine.chosen if threads == 2]
    assert 4 <= len(trials) <= 9
    pauses = [after - before for before, after in pairwise(trials)]
    assert pauses == sorted(pauses)


def test_a_collapse_costs_little() -> None:
    # Two threads are 1.8 times as fast, but from second 5 to 25 another program holds a core.
    def step(threads: int, now: float) -> float:
        if threads == 1:
            return 0.003
        return 0.003 * 60 if 5 <= now < 25 else 0.003 / 1.8

    machine = Machine(step)
    machine.works(5)
    before = machine.steps
    machine.works(25)
    # With one thread all the time it would have been 20 s / 3 ms.
    assert machine.steps - before > 0.6 * 20 / 0.003
    machine.works(60)
    assert machine.watch.threads == 2


def test_a_machine_that_becomes_slower_is_measured_anew() -> None:
    machine = Machine(lambda threads, now: (0.001 if now < 5 else 0.004) / threads)
    machine.works(30)
    assert machine.watch.threads == 2


def test_a_run_ends_with_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    used: list[int] = []
    monkeypatch.setattr(ThreadWatch, "_use", lambda self, threads: used.append(threads))
    config = RunConfig.from_dict({"training": {"threads": 3, "epochs": 1, "batch_size": 8}})
    trainer = Trainer(config, made_data.make_dataset())
    run = trainer.run()
    assert not isinstance(next(run), StepsEnded)
    run.close()
    assert used[-1] == 1


def test_a_run_with_two_threads_learns_the_same() -> None:
    dataset = made_data.make_dataset(noise=200)
    losses = []
    for threads in (1, 2):
        tree = {"network": {"hidden": "40"}, "training": {"threads": threads, "batch_size": 16}}
        trainer = Trainer(RunConfig.from_dict(tree), dataset)
        list(trainer.run())
        losses.append(trainer.history.step_losses)
    assert losses[0] == pytest.approx(losses[1], rel=1e-3)
