"""RunMeter: how far a run is, how long it has trained, and how long it will still take."""

from __future__ import annotations

import time

from nncore.events import EpochEnded, Event, RunStarted, StepsEnded
from nngui.viewmodels.run_clock import RunClock
from nngui.viewmodels.run_state import Progress

TOLD_EVERY = 0.2
"""How often the progress is told while training: nobody reads faster, and it repaints a bar [s]."""


class RunMeter:
    """Folds a run's events into its `Progress`.

    Attributes:
        progress: As of the last event; its times are those of the last `measure`.
    """

    def __init__(self) -> None:
        self.progress = Progress()
        self._clock = RunClock()
        self._measured = 0.0

    @property
    def is_running(self) -> bool:
        """Whether time is counted now."""
        return self._clock.is_running

    @property
    def is_due(self) -> bool:
        """Whether it is time to tell the progress again."""
        return time.monotonic() - self._measured > TOLD_EVERY

    def reset(self, progress: Progress | None = None, seconds: float = 0.0) -> None:
        """Stand still: at nothing, or where a run from a file goes on.

        Args:
            progress: How far it has come.
            seconds: How long it took [s].
        """
        self.progress = progress or Progress()
        self._clock.reset(seconds)

    def start(self) -> None:
        """Count the time from now on."""
        self._clock.start()

    def pause(self) -> None:
        """Count no more until the next start."""
        self._clock.pause()

    def fold(self, event: Event, epochs: int, steps_per_epoch: int) -> None:
        """Take an event in.

        Args:
            event: The trainer's.
            epochs: Planned at the moment.
            steps_per_epoch: Steps in each of them.
        """
        now = self.progress
        if isinstance(event, RunStarted):
            self._clock.start()
            self.progress = Progress(now.epoch, epochs, now.step, epochs * steps_per_epoch)
        elif isinstance(event, StepsEnded | EpochEnded):
            steps, speed = epochs * steps_per_epoch, now.samples_per_second
            self.progress = Progress(event.epoch, epochs, event.step, steps, speed)

    def replan(self, epochs: int, steps_per_epoch: int) -> bool:
        """Take another number of epochs in; whether it is another one."""
        now = self.progress
        if epochs == now.epochs:
            return False
        self.progress = Progress(now.epoch, epochs, now.step, epochs * steps_per_epoch)
        return True

    def measure(self, samples_per_step: float, *, is_active: bool) -> None:
        """Work the times out.

        Args:
            samples_per_step: On average, the short last batch included.
            is_active: Whether the run will take more steps; else it has no time left.
        """
        self._measured = time.monotonic()
        now, elapsed = self.progress, self._clock.seconds
        speed, remaining = 0.0, None
        if now.step and elapsed > 0:
            speed = now.step * samples_per_step / elapsed
            if is_active:
                remaining = elapsed / now.step * max(now.steps - now.step, 0)
        self.progress = Progress(
            now.epoch, now.epochs, now.step, now.steps, speed, elapsed, remaining
        )
