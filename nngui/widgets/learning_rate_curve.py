"""LearningRateCurve: the learning rate over the run, taken and planned, beside the schedule."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from nncore.config import RunConfig
from nncore.learning_rates import rate_at, warmup_steps
from nncore.schedules import PlateauState
from nngui.theme import SPACE, theme_of
from nngui.widgets.card import paint_card

POINTS = 160
"""Steps at which the curve is worked out, however long the run."""
MOST_TAKEN = 400
"""Of more steps that were taken, so many are drawn."""
DOT = 3.0
"""Radius of the mark at the last step taken [pixels]."""
NO_RATES = np.zeros(0, np.int64), np.zeros(0)
"""What `LearningRateCurve.show_taken` takes when no step was taken."""


class LearningRateCurve(QWidget):
    """A small line from the first step to the last; nothing is shown of a constant rate.

    Before a run the line is the plan. During it, and until something is changed after it, what the
    steps took is drawn, and beyond them the plan of the moment, dashed.

    Args:
        parent: Owner.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("learningRateCurve")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._steps: NDArray[np.int64] = np.zeros(0, np.int64)
        self._rates: NDArray[np.float64] = np.zeros(0)
        self._is_constant = True
        self._depends = False
        self._epochs = 0
        self._taken: tuple[NDArray[np.int64], NDArray[np.float64]] = NO_RATES
        self.hide()

    @property
    def rates(self) -> NDArray[np.float64]:
        """The planned learning rates, evenly spaced over the run; empty if constant."""
        return self._rates[:0] if self._is_constant else self._rates

    @property
    def taken(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Steps and learning rates that were taken, as far as they are drawn."""
        return self._taken

    def show_plan(self, config: RunConfig, samples: int) -> None:
        """Draw what a configuration plans.

        Args:
            config: The experiment.
            samples: Training samples.
        """
        training = config.training
        size = samples if training.batch_size == "full" else min(training.batch_size, samples)
        per_epoch = -(-samples // size)
        last = training.epochs * per_epoch - 1
        steps = np.unique(np.linspace(0, last, POINTS).round().astype(int))
        fresh = PlateauState()
        rates = np.array([rate_at(config, per_epoch, step, fresh) for step in steps.tolist()])
        self._is_constant = training.schedule.is_constant and not warmup_steps(config, per_epoch)
        self._depends, self._epochs = training.schedule.depends_on_run, training.epochs
        self._steps, self._rates = steps + 1, rates
        self._refresh()

    def show_taken(self, steps: NDArray[np.int64], rates: NDArray[np.float64]) -> None:
        """Draw what was taken so far over the plan; nothing takes it away.

        Args:
            steps: Some of the steps taken, from 1, in order (rates,).
            rates: Their learning rates (rates,).
        """
        if len(steps) > MOST_TAKEN:
            some = np.linspace(0, len(steps) - 1, MOST_TAKEN).round().astype(int)
            steps, rates = steps[some], rates[some]
        self._taken = (steps.copy(), rates.copy()) if len(steps) else NO_RATES
        self._refresh()

    def _refresh(self) -> None:
        rates = np.concatenate([self._taken[1], self._rates])
        # A plan that is constant says nothing, unless the rate was another one before.
        is_shown = self._rates.size > 1 and (not self._is_constant or np.ptp(rates) > 0)
        note = ", if the validation loss never stops falling" if self._depends else ""
        tip = f"The planned learning rate of every step{note}."
        if len(self._taken[0]):
            tip = f"Solid: the learning rate of the steps taken. Dashed: what is planned{note}."
        self.setToolTip(tip)
        if is_shown:
            first, last = rates[0], self._rates[-1]
            self.setAccessibleName(
                f"Learning rate from {first:.2g} over {rates.max():.2g} to {last:.2g}"
            )
        self.setVisible(bool(is_shown))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, 9 * SPACE)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._rates.size < 2:
            return
        theme = theme_of(self.palette())
        painter = QPainter(self)
        frame = paint_card(painter, self.rect(), theme)
        text = self.fontMetrics().height()
        # Clear of the words above it, whose letters reach down: η.
        area = frame.adjusted(SPACE, text + 5, -SPACE, -text - 2)
        steps, rates = self._taken
        top = float(max(self._rates.max(), rates.max(initial=0)))
        painter.setPen(QPen(theme.color("grid"), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        here = int(steps[-1]) if len(steps) else 0
        ahead = self._steps > here
        style = Qt.PenStyle.DashLine if here else Qt.PenStyle.SolidLine
        painter.setPen(QPen(theme.color("train", 160 if here else 255), 2, style))
        painter.drawPolyline(self._line(area, self._steps[ahead], self._rates[ahead], top))
        if here:
            taken = self._line(area, steps, rates, top)
            painter.setPen(QPen(theme.color("train"), 2))
            painter.drawPolyline(taken)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("train"))
            painter.drawEllipse(taken.last(), DOT, DOT)
        painter.setPen(theme.color("muted"))
        inner = frame.adjusted(SPACE, 1, -SPACE, -1)
        left, right = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        above, below = Qt.AlignmentFlag.AlignTop, Qt.AlignmentFlag.AlignBottom
        painter.drawText(
            inner, left | above, f"η now {rates[-1]:.3g}" if here else f"η up to {top:.3g}"
        )
        painter.drawText(inner, right | above, f"at the end {self._rates[-1]:.3g}")
        painter.drawText(inner, left | below, "epoch 1")
        painter.drawText(inner, right | below, f"{self._epochs:,}")
        painter.end()

    def _line(
        self, area: QRectF, steps: NDArray[np.int64], rates: NDArray[np.float64], top: float
    ) -> QPolygonF:
        """Where some steps stand; the first is at the left end, the last planned at the right."""
        along = (steps - 1) / max(int(self._steps[-1]) - 1, 1)
        across = area.left() + along.clip(0, 1) * area.width()
        down = area.bottom() - rates / top * area.height()
        return QPolygonF([QPointF(x, y) for x, y in zip(across, down, strict=True)])
