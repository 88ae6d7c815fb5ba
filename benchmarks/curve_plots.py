"""What live plots cost: the window's thread for each frame, and the speed of a training beside it.

Run: python -m benchmarks.curve_plots
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from PySide6.QtCore import QElapsedTimer, QEventLoop, QThread, QTimer
from PySide6.QtWidgets import QApplication

from nncore.config import RunConfig
from nncore.events import EpochEnded, Event, RunStarted, StepsEnded
from nngui.look import apply_theme
from nngui.tabs.training import TrainingTab
from nngui.viewmodels.curves import CurvesModel

SIZE = 1520, 920
"""Of the tab in a window of 1920x1080 [pixels]."""


class Bench:
    """A training tab and the numbers to fill it with."""

    def __init__(self, app: QApplication) -> None:
        self.app = app
        self.rng = np.random.default_rng(0)
        self.curves = CurvesModel()
        self.tab = TrainingTab(self.curves)
        self.tab.resize(*SIZE)
        self.tab.show()
        self.wait_for(lambda: all(plot.canvas is not None for plot in self.tab.plots))

    def wait_for(self, condition: Callable[[], bool]) -> None:
        """Run the event loop until something holds."""
        while not condition():
            self.app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)

    def fill(self, epochs: int, steps: int) -> None:
        """Begin a run and let it have gone half its way."""
        started = RunStarted(RunConfig(), 54_000, 6_000, steps // epochs, 2 * epochs, 100_000)
        events: list[Event] = [started, self.steps(1, steps)]
        self.curves.extend([*events, *(self.epoch(number) for number in range(1, epochs + 1))])
        self.draw()

    def steps(self, epoch: int, count: int) -> StepsEnded:
        """Noisy losses of some steps."""
        losses = (0.3 * np.exp(0.4 * self.rng.standard_normal(count))).astype(np.float32)
        return StepsEnded(epoch, 0, losses, 1e-3, 1e5)

    def epoch(self, number: int) -> EpochEnded:
        """Noisy figures of an epoch."""
        noise = 0.02 * self.rng.standard_normal(4)
        losses = 0.2 + noise
        return EpochEnded(
            number,
            number,
            losses[0],
            0.95 + noise[1],
            losses[2],
            0.94 + noise[3],
            1e-3,
            1,
            1e5,
            number == 1,
        )

    def draw(self) -> float:
        """Draw what is new and paint it; returns the processor time it took [s]."""
        began = time.thread_time()
        self.tab.draw_now()
        self.app.sendPostedEvents()
        self.app.processEvents()
        return time.thread_time() - began

    def time_frames(self, event: Callable[[int], Event], frames: int = 60) -> str:
        """Time frames with one event each."""
        times = []
        for frame in range(frames):
            self.curves.extend([event(frame)])
            times.append(1000 * self.draw())
        return f"median {statistics.median(times):5.2f} ms, worst {max(times):5.2f} ms"


class NumpyLoop(QThread):
    """Does what a small training does, without Qt."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds
        self.steps = 0

    def run(self) -> None:
        """Take steps until the time is over."""
        rng = np.random.default_rng(0)
        images = rng.random((128, 784), np.float32)
        weights = rng.random((128, 784), np.float32)
        hidden, gradient = np.empty((128, 128), np.float32), np.empty((128, 784), np.float32)
        clock = QElapsedTimer()
        clock.start()
        while clock.elapsed() < 1000 * self.seconds:
            np.matmul(images, weights.T, out=hidden)
            np.maximum(hidden, 0, out=hidden)
            np.matmul(hidden.T, images, out=gradient)
            gradient *= 1e-9
            weights -= gradient
            self.steps += 1


def speed_beside(bench: Bench, plots: bool, seconds: float = 2.0) -> float:
    """Steps each second of a numpy loop in a thread, with or without live plots beside it."""
    loop = NumpyLoop(seconds)
    feed = QTimer()
    feed.setInterval(16)
    if plots:
        feed.timeout.connect(lambda: bench.curves.extend([bench.steps(1, 48)]))
    feed.start()
    loop.start()
    bench.wait_for(loop.isFinished)
    feed.stop()
    return loop.steps / seconds


def time_frames(bench: Bench, epochs: int, steps: int) -> None:
    """Print what frames cost in the middle of a run of so many epochs and steps."""
    bench.fill(epochs, steps)
    words = f"  {epochs:6,} epochs, {steps:9,} steps"
    print(f"{words}: new steps  {bench.time_frames(lambda _: bench.steps(1, 50))}")
    print(f"{words}: new epoch  {bench.time_frames(lambda n: bench.epoch(epochs + n))}")
    bench.tab.smoothingSlider.setValue(30)
    bench.app.processEvents()
    print(f"{words}: smoothed   {bench.time_frames(lambda _: bench.steps(1, 50))}")
    bench.tab.close()


def main() -> None:
    """Print what it costs."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    apply_theme(app, "light")
    print(f"live plots, tab of {SIZE[0]}x{SIZE[1]} pixels, one frame in the window's thread:")
    for epochs, steps in ((10, 4_000), (10_000, 10_000), (20, 1_000_000)):
        time_frames(Bench(app), epochs, steps)
    bench = Bench(app)
    bench.fill(10, 10_000)
    ratios = []
    for _ in range(5):
        alone = speed_beside(bench, plots=False)
        ratios.append(speed_beside(bench, plots=True) / alone)
    print(
        f"a numpy loop beside live plots keeps {100 * statistics.median(ratios):.1f} % of its speed"
        f" (runs: {', '.join(f'{100 * ratio:.1f}' for ratio in ratios)})"
    )


if __name__ == "__main__":
    main()
