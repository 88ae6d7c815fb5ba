"""RunProgress: how far the run is, how fast, and how long it will still take."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from nngui.number_words import duration
from nngui.theme import SPACE
from nngui.viewmodels.run_state import Progress
from nngui.widgets.still_label import StillLabel

_BAR_STEPS = 1000


class RunProgress(QWidget):
    """A bar between the epoch at its left and time and speed at its right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("runProgress")
        right, left = Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignLeft
        self._epoch = StillLabel("epochLabel", "epoch 100 of 100", right, self)
        self._bar = QProgressBar(self)
        self._time = StillLabel("timeLabel", "1 min 23 s, 1 min 23 s left", left, self)
        self._speed = StillLabel("speedLabel", "1,000,000 samples/s", right, self)
        self._build()
        self.show_progress(Progress())

    def _build(self) -> None:
        self._bar.setObjectName("runProgressBar")
        self._bar.setAccessibleName("Progress of the run")
        self._bar.setRange(0, _BAR_STEPS)
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(SPACE)
        self._bar.setMinimumWidth(6 * SPACE)
        self._bar.setMaximumWidth(40 * SPACE)
        self._epoch.setToolTip("The epoch under way and the planned ones.")
        self._time.setToolTip("Time spent training, and the time left at this speed.")
        self._speed.setToolTip("Training samples a second, measured over the run.")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACE, 0, SPACE, 0)
        layout.setSpacing(SPACE)
        layout.addWidget(self._epoch)
        layout.addWidget(self._bar, 1)
        layout.addWidget(self._time)
        layout.addWidget(self._speed)

    def show_progress(self, now: Progress) -> None:
        """Show how far a run is; all empty before its first step."""
        started = now.epochs > 0
        self._epoch.setText(f"epoch {max(now.epoch, 1):,} of {now.epochs:,}" if started else "")
        self._bar.setValue(round(_BAR_STEPS * now.step / now.steps) if now.steps else 0)
        self._bar.setToolTip(f"Step {now.step:,} of {now.steps:,}" if started else "No run yet")
        time = ""
        if started:
            time = duration(now.elapsed)
            if now.remaining is not None and now.step < now.steps:
                time += f", {duration(now.remaining)} left"
        self._time.setText(time)
        speed = f"{now.samples_per_second:,.0f} samples/s" if now.samples_per_second else ""
        self._speed.setText(speed)
