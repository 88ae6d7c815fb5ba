"""LearningRateCurve: the planned learning rate over the run, beside the schedule's fields."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from nncore.config import RunConfig
from nncore.learning_rates import rate_at, warmup_steps
from nncore.schedules import PlateauState
from nngui.theme import RADIUS, SPACE, theme_of

POINTS = 160
"""Steps at which the curve is worked out, however long the run."""


class LearningRateCurve(QWidget):
    """A small line from the first step to the last; nothing is shown of a constant rate.

    Args:
        parent: Owner.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("learningRateCurve")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._rates: NDArray[np.float64] = np.zeros(0)
        self._epochs = 0
        self.hide()

    @property
    def rates(self) -> NDArray[np.float64]:
        """The learning rates that are drawn, evenly spaced over the run; empty if constant."""
        return self._rates

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
        steps = np.unique(np.linspace(0, last, POINTS).round().astype(int)).tolist()
        fresh = PlateauState()
        rates = np.array([rate_at(config, per_epoch, step, fresh) for step in steps])
        constant = training.schedule.is_constant and not warmup_steps(config, per_epoch)
        self._rates, self._epochs = (np.zeros(0), 0) if constant else (rates, training.epochs)
        note = ", if the validation loss never stops falling" if _depends(config) else ""
        self.setToolTip(f"The planned learning rate of every step{note}.")
        self.setAccessibleName(
            f"Learning rate from {rates[0]:.2g} over {rates.max():.2g} to {rates[-1]:.2g}"
        )
        self.setVisible(self._rates.size > 1)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, 9 * SPACE)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._rates.size < 2:
            return
        theme = theme_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.color("border"))
        painter.setBrush(theme.color("surface"))
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(frame, RADIUS, RADIUS)
        text = self.fontMetrics().height()
        area = frame.adjusted(SPACE, text + 2, -SPACE, -text - 2)
        top = float(self._rates.max())
        across = np.linspace(area.left(), area.right(), self._rates.size)
        down = area.bottom() - self._rates / top * area.height()
        line = QPolygonF([QPointF(x, y) for x, y in zip(across, down, strict=True)])
        painter.setPen(QPen(theme.color("grid"), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        painter.setPen(QPen(theme.color("train"), 2))
        painter.drawPolyline(line)
        painter.setPen(theme.color("muted"))
        inner = frame.adjusted(SPACE, 1, -SPACE, -1)
        left, right = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        above, below = Qt.AlignmentFlag.AlignTop, Qt.AlignmentFlag.AlignBottom
        painter.drawText(inner, left | above, f"η up to {top:.3g}")
        painter.drawText(inner, right | above, f"at the end {self._rates[-1]:.2g}")
        painter.drawText(inner, left | below, "epoch 1")
        painter.drawText(inner, right | below, f"{self._epochs:,}")
        painter.end()


def _depends(config: RunConfig) -> bool:
    """Whether the schedule looks at how the run goes."""
    return config.training.schedule.depends_on_run
