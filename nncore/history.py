"""History: folds a run's events into curves and writes them as CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from nncore.events import EpochEnded, Event, RunEnded, RunStarted, StepsEnded

_RATES_AT_ONCE = 4096


class History:
    """What a run has told so far.

    Attributes:
        started: The run's first event.
        epochs: One event for each finished epoch.
        ended: The run's last event.
    """

    def __init__(self) -> None:
        self.started: RunStarted | None = None
        self.epochs: list[EpochEnded] = []
        self.ended: RunEnded | None = None
        self._losses: list[NDArray[np.floating[Any]]] = []
        self._rates: list[tuple[int, float]] = []

    @classmethod
    def of_parts(
        cls,
        epochs: list[EpochEnded],
        step_losses: NDArray[np.floating[Any]],
        learning_rates: NDArray[np.float64],
    ) -> Self:
        """A history that goes on from what another one held.

        Args:
            epochs: Its `epochs`.
            step_losses: Its `step_losses` (steps,).
            learning_rates: Its `learning_rates` (corners, 2).
        """
        history = cls()
        history.epochs = epochs
        history._losses = [step_losses]
        history._rates = [(int(step), float(rate)) for step, rate in learning_rates]
        return history

    def copy(self) -> Self:
        """What it holds as a history of its own, which a run can go on with."""
        history = type(self)()
        history.epochs = list(self.epochs)
        history._losses = [self.step_losses]
        history._rates = list(self._rates)
        return history

    def add(self, event: Event) -> None:
        """Take one event in."""
        if isinstance(event, StepsEnded):
            self._losses.append(event.losses)
            self._add_rate(event.step, event.learning_rate)
        elif isinstance(event, EpochEnded):
            self.epochs.append(event)
        elif isinstance(event, RunStarted):
            self.started = event
            self.ended = None
        else:
            self.ended = event

    @property
    def step_losses(self) -> NDArray[np.floating[Any]]:
        """The loss of every step, float32 (steps,)."""
        if len(self._losses) > 1:
            self._losses = [np.concatenate(self._losses)]
        return self._losses[0] if self._losses else np.empty(0, np.float32)

    @property
    def learning_rates(self) -> NDArray[np.float64]:
        """The learning rate over the run, as corners of a line: rows of (step, rate)."""
        # In parts: a long run takes 50 ms in one go, in which no other thread could do anything.
        parts = range(0, len(self._rates), _RATES_AT_ONCE)
        rows = [np.array(self._rates[start : start + _RATES_AT_ONCE]) for start in parts]
        return np.concatenate([np.empty((0, 2)), *rows])

    def _add_rate(self, step: int, rate: float) -> None:
        # A stretch in which nothing changes is told by its two ends.
        if len(self._rates) > 1 and self._rates[-1][1] == self._rates[-2][1] == rate:
            self._rates.pop()
        self._rates.append((step, rate))

    @property
    def best(self) -> EpochEnded | None:
        """The epoch with the lowest validation loss."""
        return min(self.epochs, key=lambda epoch: epoch.validation_loss, default=None)

    @property
    def best_epoch(self) -> int:
        """The number of the best epoch, 0 before the first has ended."""
        return self.best.epoch if self.best else 0

    def to_csv(self) -> str:
        """One row an epoch, a header first, numbers in full precision."""
        names = [field.name for field in fields(EpochEnded)]
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([getattr(epoch, name) for name in names] for epoch in self.epochs)
        return text.getvalue()

    def to_json(self) -> str:
        """The epochs, the step losses, the learning rates and the configuration as JSON text."""
        whole = {
            "config": self.started.config.to_dict() if self.started else None,
            "epochs": [asdict(epoch) for epoch in self.epochs],
            "step_losses": self.step_losses.tolist(),
            "learning_rates": self.learning_rates.tolist(),
            "ended": asdict(self.ended) if self.ended else None,
        }
        return json.dumps(whole, indent=1, allow_nan=False) + "\n"
