"""nnScratch itself: the trainer as the window and the command line drive it, events included."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.peers import Layers
from benchmarks.workloads import Problem
from nncore.blas_threads import set_blas_threads
from nncore.events import Event
from nncore.trainer import KEEP_EVERY, Trainer


class Ours:
    """A fresh trainer each round; its events are taken but not looked at."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem

    def start(self) -> None:
        """Make a trainer; its watch begins with one thread, so more are given after that."""
        self._trainer = Trainer(self._problem.workload.config, self._problem.dataset)
        self._events: Iterator[Event] = self._trainer.run()
        next(self._events)
        set_blas_threads(self._problem.threads)

    def train(self, steps: int) -> None:
        """Take steps, up to 256 for each event."""
        trainer = self._trainer
        target = trainer.step + steps
        while trainer.step < target:
            trainer.steps_per_event = min(KEEP_EVERY, target - trainer.step)
            next(self._events)

    def layers(self) -> Layers:
        """The network's weights and biases."""
        return [(layer.weights, layer.biases) for layer in self._trainer.network.layers]
