"""The measured process of `benchmarks.window`: the real window beside the bare trainer."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PySide6.QtCore import QElapsedTimer, QEventLoop, QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QApplication

from nncore.data import Dataset, load_dataset
from nncore.events import RunStarted
from nncore.presets import PRESETS
from nncore.trainer import Trainer
from nngui.look import apply_theme
from nngui.main_window import MainWindow
from nngui.viewmodels.run_session import RunState
from nngui.viewmodels.settings import Settings
from nngui.viewmodels.workbench import Workbench

ROUNDS = 5
FRAME_MS = 17
"""The whole milliseconds nearest to a sixtieth of a second."""
STEPS_PER_EVENT = 64


class Metronome(QObject):
    """A 60 Hz timer in the window's thread that notes how late it is called."""

    def __init__(self) -> None:
        super().__init__()
        self.late: list[float] = []
        self._clock = QElapsedTimer()
        self._due = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._tick)
        self._clock.start()
        self._arm()

    def _arm(self) -> None:
        now = self._clock.nsecsElapsed() / 1e6
        self._due = now + FRAME_MS
        self._timer.start(FRAME_MS)

    @Slot()
    def _tick(self) -> None:
        now = self._clock.nsecsElapsed() / 1e6
        self.late.append(max(now - self._due, 0.0))
        self._arm()


def bare_speed(dataset: Dataset) -> float:
    """Samples a second of the Quick preset without a window, from its first to its last event."""
    trainer = Trainer(PRESETS["quick"].config, dataset)
    trainer.steps_per_event = STEPS_PER_EVENT
    began = 0.0
    for event in trainer.run():
        if isinstance(event, RunStarted):
            began = time.perf_counter()
    return trainer.samples * trainer.epoch / (time.perf_counter() - began)


def window_speed(bench: Workbench) -> tuple[float, Metronome]:
    """The same in the window, watched by a metronome."""
    metronome = Metronome()
    bench.session.train()
    wait_for(bench, RunState.FINISHED)
    now = bench.session.progress
    started = bench.session.history.started
    assert started is not None
    return started.samples * now.epoch / now.elapsed, metronome


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


def rounds() -> Iterator[tuple[float, float, list[float]]]:
    """With the window, without it, and how late the metronome was."""
    app = QApplication([])
    dataset = load_dataset("mnist")
    with tempfile.TemporaryDirectory() as folder:
        bench = Workbench(Settings(Path(folder, "settings.json")), Path(folder))
        apply_theme(app, "light")
        window = MainWindow(bench, "")
        window.firstPainted.connect(bench.start)
        window.show()
        wait_for(bench, RunState.READY)
        for number in range(ROUNDS + 1):
            bare = bare_speed(dataset)
            speed, metronome = window_speed(bench)
            if number:
                yield speed, bare, metronome.late
        window.close()


def main() -> None:
    """Print all rounds as one line of JSON."""
    found = list(rounds())
    result = {
        "with window": [speed for speed, _, _ in found],
        "without window": [bare for _, bare, _ in found],
        "late p99": [float(np.percentile(late, 99)) for _, _, late in found],
        "late median": [float(np.median(late)) for _, _, late in found],
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
