"""The measured process of `benchmarks.window`: the real window beside the bare trainer."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication, QWidget

from benchmarks.metronome import Metronome
from benchmarks.workloads import WORKLOADS
from nncore.config import RunConfig
from nncore.data import Dataset, load_dataset
from nncore.events import EpochEnded, Event, StepsEnded
from nncore.trainer import Trainer
from nngui.look import apply_theme
from nngui.main_window import MainWindow
from nngui.tabs.training import TrainingTab
from nngui.viewmodels.run_session import RunState
from nngui.viewmodels.settings import Settings
from nngui.viewmodels.workbench import Workbench
from nngui.workers.garbage import GarbageSearch

ROUNDS = 5
"""After one that warms up."""
ROUND_SECONDS = 3.0
"""Each turn goes on to the end of an epoch after that [s]."""


class Length(NamedTuple):
    """How long a run is: epochs whose curves are there before it is measured, and planned ones."""

    before: int
    planned: int


LENGTHS = {"W2": Length(60, 200), "W4": Length(60, 100)}
"""101,280 steps of W2 and 25,320 of W4 are in the curves when the measuring begins."""


class PaintCounter(QObject):
    """Counts how often a widget is painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__()
        self._count = 0
        widget.installEventFilter(self)

    def take(self) -> int:
        """How often since the last call."""
        count, self._count = self._count, 0
        return count

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 Qt's name.
        """Look at an event and let it pass."""
        if event.type() == QEvent.Type.Paint:
            self._count += 1
        return False


class BareRun:
    """The trainer without a window."""

    def __init__(self, config: RunConfig, dataset: Dataset) -> None:
        self._trainer = Trainer(config, dataset)
        self._events = self._trainer.run()
        self._epoch = 0
        self.train(0.0)

    def train(self, seconds: float) -> float:
        """Train whole epochs for so long [s]; returns the speed [samples/s]."""
        before, began = self._epoch, time.perf_counter()
        for event in self._events:
            passed = time.perf_counter() - began
            if isinstance(event, EpochEnded) and passed >= seconds:
                self._epoch = event.epoch
                return (event.epoch - before) * self._trainer.samples / passed
        raise RuntimeError("The run is too short to be measured.")


class Past(QObject):
    """Makes the run under way look as if it had gone on for many epochs before.

    Only the curves are told, with losses as noisy as real ones; the weights are what they are.
    """

    def __init__(self, bench: Workbench, epochs: int) -> None:
        super().__init__(bench)
        self._curves, self._epochs = bench.curves, epochs
        self._steps = epochs * bench.curves.current.steps_per_epoch
        bench.session.eventsArrived.disconnect(bench.curves.extend)
        bench.session.eventsArrived.connect(self._tell)
        rate = bench.store.config.optimizer.learning_rate
        rng = np.random.default_rng(0)
        events: list[Event] = []
        for epoch, step in enumerate(range(0, self._steps, self._steps // epochs), start=2):
            noise = np.exp(0.4 * rng.standard_normal(self._steps // epochs))
            losses = (0.3 / epoch**0.5 * noise).astype(np.float32)
            loss = float(losses.mean())
            now = step + 2 * len(losses)
            events.append(StepsEnded(epoch, now, losses, rate, 1e5))
            figures = loss, 1 - loss / 4, 1.1 * loss, 1 - loss / 3
            events.append(EpochEnded(epoch, now, *figures, rate, 1.0, 1e5, is_best=True))
        self._curves.extend(events)

    @Slot(list)
    def _tell(self, events: list[Event]) -> None:
        self._curves.extend([self._later(event) for event in events])

    def _later(self, event: Event) -> Event:
        if not isinstance(event, StepsEnded | EpochEnded):
            return event
        return replace(event, epoch=event.epoch + self._epochs, step=event.step + self._steps)


class WindowRun:
    """The same in the window, seen and drawn."""

    def __init__(self, bench: Workbench, window: MainWindow, length: Length) -> None:
        self._bench = bench
        self._metronome = Metronome()
        self._session = bench.session
        self._session.step_epoch()
        wait_for(bench, RunState.PAUSED)
        self._past = Past(bench, length.before)
        tab = window.findChild(TrainingTab)
        assert isinstance(tab, TrainingTab)
        canvas = tab.stepLossPlot.canvas
        assert canvas is not None
        self._paints = PaintCounter(canvas.viewport())

    def train(self, seconds: float) -> dict[str, float]:
        """Train whole epochs for so long [s]; returns what was measured."""
        before = self._session.progress
        disturbed = waited()
        self._session.train()
        self._paints.take()
        self._metronome.start()
        QTimer.singleShot(round(1000 * seconds), self._session, self._session.step_epoch)
        wait_for(self._bench, RunState.PAUSED)
        late, paints = self._metronome.stop(), self._paints.take()
        now, started = self._session.progress, self._session.history.started
        assert started is not None
        passed = now.elapsed - before.elapsed
        return {
            "with window": (now.epoch - before.epoch) * started.samples / passed,
            "late p99": float(np.percentile(late, 99)),
            "late median": float(np.median(late)),
            "paints": paints / passed,
            "disturbed": (waited() - disturbed) / passed,
        }


def waited() -> float:
    """How long this process's threads were ready and found no core free so far [s]; Linux only."""
    threads = Path("/proc/self/task").glob("*/schedstat")
    return sum(int(thread.read_text().split()[1]) for thread in threads) / 1e9


def wait_for(bench: Workbench, state: RunState) -> None:
    """Let the window live, as it does for a person, until the session is in a state."""
    loop = QEventLoop()

    def look() -> None:
        if bench.session.state is state:
            loop.quit()

    bench.session.stateChanged.connect(look)
    if bench.session.state is not state:
        loop.exec()
    bench.session.stateChanged.disconnect(look)


def measure(name: str, width: int, height: int) -> list[dict[str, float]]:
    """Train by turns without and with the window; one entry a round."""
    app = QApplication([])
    GarbageSearch(app)
    dataset, length = load_dataset("mnist"), LENGTHS[name]
    training = WORKLOADS[name].config.training.model_copy(update={"epochs": length.planned})
    config = WORKLOADS[name].config.model_copy(update={"training": training})
    found: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(Path(folder, "settings.json"))
        settings.config = config
        bench = Workbench(settings, Path(folder))
        apply_theme(app, "light")
        window = MainWindow(bench, "")
        window.resize(width, height)
        window.firstPainted.connect(bench.start)
        window.show()
        wait_for(bench, RunState.READY)
        bare, seen = BareRun(config, dataset), WindowRun(bench, window, length)
        for number in range(ROUNDS + 1):
            alone = bare.train(ROUND_SECONDS)
            beside = seen.train(ROUND_SECONDS)
            if number:
                found.append({"without window": alone} | beside)
        bench.session.stop_and_wait()  # A window with a run asks whether it may close.
        window.close()
    return found


def main() -> None:
    """Print all rounds as one line of JSON."""
    name, width, height = sys.argv[1:]
    print(json.dumps(measure(name, int(width), int(height))))


if __name__ == "__main__":
    main()
