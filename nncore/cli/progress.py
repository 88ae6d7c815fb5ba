"""What a training shows while it runs: a live bar on a terminal, a line an epoch, or JSON."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict
from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from nncore.events import EpochEnded, Event, RunStarted, StepsEnded


def print_json(record: dict[str, Any]) -> None:
    """Write one object as one line of standard output, at once."""
    print(json.dumps(record, allow_nan=False), flush=True)


def say(text: str) -> None:
    """Write a message to standard error."""
    print(text, file=sys.stderr, flush=True)


class TrainingProgress:
    """Tells a training's events; enter it before the first.

    Args:
        as_json: Whether each epoch is also written to standard output as JSON.
    """

    def __init__(self, as_json: bool) -> None:
        self._as_json = as_json
        self._console = Console(stderr=True, highlight=False, markup=False)
        self._bar = Progress(
            TextColumn("epoch {task.fields[epoch]}"),
            BarColumn(bar_width=None),
            TextColumn("loss {task.fields[loss]}  validation {task.fields[accuracy]}"),
            TextColumn("{task.fields[speed]} samples/s"),
            TimeRemainingColumn(compact=True),
            TextColumn("left"),
            console=self._console,
            disable=not self._console.is_terminal,
            transient=True,
            expand=True,
            # The trainer's thread draws, so that nothing runs beside its steps.
            auto_refresh=False,
        )
        self._task: TaskID | None = None
        self._epochs = 0
        self._told = 0
        self._began = self._drawn = time.monotonic()

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def tell(self, event: Event) -> None:
        """Show one event."""
        if isinstance(event, RunStarted):
            self._start(event)
        elif isinstance(event, StepsEnded):
            self._tell_steps(event)
        elif isinstance(event, EpochEnded):
            self._tell_epoch(event)

    def _start(self, event: RunStarted) -> None:
        self._epochs = event.epochs
        self._console.print(
            f"Training {event.parameters:,} parameters on {event.samples:,} samples, "
            f"{event.validation_samples:,} held back for validation."
        )
        self._task = self._bar.add_task(
            "train",
            total=event.epochs * event.steps_per_epoch,
            epoch=f"1/{event.epochs}",
            loss="-",
            accuracy="-",
            speed="-",
        )

    def _tell_steps(self, event: StepsEnded) -> None:
        now = time.monotonic()
        if self._task is None or now - self._drawn < 0.1:
            return
        self._drawn = now
        self._bar.update(
            self._task,
            completed=event.step,
            epoch=f"{event.epoch}/{self._epochs}",
            loss=f"{float(event.losses.mean()):.4f}",
            speed=_count(event.samples_per_second),
            refresh=True,
        )

    def _tell_epoch(self, event: EpochEnded) -> None:
        self._told += 1
        left = (time.monotonic() - self._began) / self._told * (self._epochs - event.epoch)
        if self._task is not None:
            accuracy = f"{event.validation_accuracy:.2%}"
            self._bar.update(self._task, completed=event.step, accuracy=accuracy, refresh=True)
        self._console.print(
            f"epoch {event.epoch}/{self._epochs}  "
            f"train loss {event.train_loss:.4f}, accuracy {event.train_accuracy:.2%}  "
            f"validation loss {event.validation_loss:.4f}, accuracy {event.validation_accuracy:.2%}"
            f"  {_count(event.samples_per_second)} samples/s  {duration_text(left)} left",
            soft_wrap=True,
        )
        if self._as_json:
            print_json({"event": "epoch", **asdict(event)})


def _count(number: float) -> str:
    """Three or so digits, as in "987", "12.3k" or "141k"."""
    if number < 1000:
        return f"{number:.0f}"
    return f"{number / 1000:.1f}k" if number < 100_000 else f"{number / 1000:,.0f}k"


def duration_text(seconds: float) -> str:
    """Hours, minutes and seconds, as in "8 s", "3:05" or "1:02:03"."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
