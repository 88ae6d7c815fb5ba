"""TrainingTab: the live curves of the run and its key figures."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSlider, QVBoxLayout, QWidget

from nngui.tabs.training_figures import FIGURES, show_figures
from nngui.tabs.training_plots import (
    ACCURACY,
    LOSS,
    STEP_LOSS,
    accuracy_data,
    all_curves_csv,
    loss_data,
    loss_unit,
    step_data,
    step_text,
)
from nngui.theme import SPACE
from nngui.viewmodels.curves import CurvesModel, RunCurves
from nngui.widgets.banner import Kind, MessageBanner
from nngui.widgets.curve_plot import CurvePlot
from nngui.widgets.curve_plot_export import FileSaver
from nngui.widgets.curve_plot_menu import ChoosePath, ask_where, with_ending
from nngui.widgets.curve_plot_spec import PlotData
from nngui.widgets.key_figures import KeyFigures

FASTEST_FRAME, SLOWEST_FRAME = 0.05, 0.25
"""Between two drawings [s]."""
DRAWING_SHARE = 0.03
"""The share of the time that drawing may take. A training in another thread waits meanwhile:
painting holds Python's lock. At 3 % W2 keeps 95.4 % of its speed and draws the curve of its steps
7 times a second; at 5 % it kept 94.5 to 95.6 % and drew 9 to 11 times (`python -m benchmarks
window`)."""
PART_MS = 17
"""Between two parts of one round: a frame, so that the window does other things in between [ms]."""
_SMOOTHING_ENDS = 60
"""The slider's last position; 3 decades of averaged steps are spread over it."""


def smoothing_of(position: int) -> float:
    """The smoothing at a position of the slider: 0 at its start, 0.999 at its end.

    The number of steps averaged, 1 / (1 - smoothing), grows by equal factors.
    """
    return 1 - 10 ** (-3 * position / _SMOOTHING_ENDS)


class TrainingTab(QWidget):
    """Loss and accuracy of each epoch, the loss of each step, and what they come to.

    The plotting library is loaded right after the first paint. Plots are drawn only while they can
    be seen, and only those with something new.

    Args:
        curves: What to show.
        choose_path: Asks where to save.
        parent: Owner.
    """

    title = "Training"

    failed = Signal(str)
    """A sentence: a file could not be written."""
    saved = Signal(str)
    """The path of a file that was written."""

    def __init__(
        self,
        curves: CurvesModel,
        choose_path: ChoosePath = ask_where,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._curves = curves
        self._choose_path = choose_path
        self._painted = False
        self._drawn_at = -math.inf
        self._drawn_steps = 0
        self._frame_seconds = FASTEST_FRAME
        self._drawn: dict[QWidget, tuple[object, ...]] = {}
        self._build()
        self._connect()

    def _build(self) -> None:
        self.setObjectName("trainingTab")
        self.banner = MessageBanner()
        self.banner.setObjectName("trainingBanner")
        self.figures = KeyFigures(FIGURES)
        self.lossPlot = CurvePlot(LOSS, self._choose_path)
        self.accuracyPlot = CurvePlot(ACCURACY, self._choose_path)
        self.stepLossPlot = CurvePlot(STEP_LOSS, self._choose_path)
        self.stepLossPlot.place_text = self._step_text
        self.plots = (self.lossPlot, self.accuracyPlot, self.stepLossPlot)
        self._build_smoothing()
        grid = QGridLayout()
        grid.setSpacing(SPACE)
        grid.addWidget(self.lossPlot, 0, 0)
        grid.addWidget(self.accuracyPlot, 0, 1)
        grid.addWidget(self.stepLossPlot, 1, 0, 1, 2)
        grid.setRowStretch(0, 11)
        grid.setRowStretch(1, 9)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE + 4, SPACE + 4, SPACE + 4, SPACE + 4)
        layout.setSpacing(SPACE)
        layout.addWidget(self.banner)
        layout.addLayout(grid, 1)
        layout.addWidget(self.figures)
        self._saver = FileSaver(self)
        self._frame_timer = QTimer(self, singleShot=True)
        show_figures(self.figures, self._curves.current, self._curves.previous)

    def _build_smoothing(self) -> None:
        tip = "Average each step with those before it, over the raw values drawn faintly."
        caption = QLabel("Smoothing")
        self.smoothingSlider = QSlider(Qt.Orientation.Horizontal)
        self.smoothingSlider.setObjectName("smoothingSlider")
        self.smoothingSlider.setAccessibleName("Smoothing of the loss of each step")
        self.smoothingSlider.setRange(0, _SMOOTHING_ENDS)
        self.smoothingSlider.setPageStep(10)
        self.smoothingSlider.setFixedWidth(120)
        self._smoothing_text = QLabel()
        self._smoothing_text.setMinimumWidth(self.fontMetrics().horizontalAdvance("≈ 1,000 steps"))
        group = QWidget()
        row = QHBoxLayout(group)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE)
        for widget in (caption, self.smoothingSlider, self._smoothing_text):
            widget.setToolTip(tip)
            row.addWidget(widget)
        self.stepLossPlot.header.insert(group)
        self._smooth(0)

    def _connect(self) -> None:
        self._curves.changed.connect(self._mark_dirty)
        self._frame_timer.timeout.connect(self._draw_next)
        self.smoothingSlider.valueChanged.connect(self._smooth)
        self.lossPlot.hovered.connect(self.accuracyPlot.point_at)
        self.accuracyPlot.hovered.connect(self.lossPlot.point_at)
        self._saver.saved.connect(self.saved)
        self._saver.failed.connect(self.failed)
        for plot in self.plots:
            plot.failed.connect(self.failed)
            plot.saved.connect(self.saved)
            plot.saveAllAsked.connect(self.save_all)
            plot.clearPreviousAsked.connect(self._curves.clear_previous)

    # What the window calls.

    def show_message(self, kind: Kind, text: str) -> None:
        """Show a message across the top, as after a divergence; an empty one hides it."""
        self.banner.show_message(kind, text)

    @Slot()
    def build_plots(self) -> None:
        """Load the plotting library and build the plots, one at a time: the window answers."""
        missing = [plot for plot in self.plots if plot.canvas is None]
        if missing:
            missing[0].build()
        if len(missing) > 1:
            QTimer.singleShot(0, self.build_plots)

    @Slot()
    def draw_now(self) -> None:
        """Draw everything that has something new, if it can be seen."""
        while self._draw_part() is not None:
            pass

    @Slot()
    def _draw_next(self) -> None:
        """Draw one part; the others follow a frame later each, so that no turn takes long.

        The step loss comes last: it has something new all the time, and ends the round.
        """
        if self._draw_part() not in (None, self.stepLossPlot):
            self._frame_timer.start(PART_MS)

    def _draw_part(self) -> QWidget | None:
        """Draw the first part that has something new; which one it was."""
        if not self.isVisible() or self.window().isMinimized():
            return None
        run, previous = self._curves.current, self._curves.previous
        epochs = run, previous, run.epochs, run.planned_epochs, run.ended
        steps = run, previous, run.steps, run.planned_steps
        if self._is_new(self.lossPlot, epochs):
            self._draw_plot(self.lossPlot, loss_data)
            return self.lossPlot
        if self._is_new(self.accuracyPlot, epochs):
            self._draw_plot(self.accuracyPlot, accuracy_data)
            return self.accuracyPlot
        if self._is_new(self.figures, epochs):
            show_figures(self.figures, run, previous)
            return self.figures
        if self._is_new(self.stepLossPlot, steps):
            self._draw_plot(self.stepLossPlot, step_data)
            self._choose_pace()
            return self.stepLossPlot
        return None

    def _is_new(self, part: QWidget, state: tuple[object, ...]) -> bool:
        """Whether a part was last drawn in another state; takes note of this one."""
        if self._drawn.get(part) == state:
            return False
        self._drawn[part] = state
        return True

    def _draw_plot(self, plot: CurvePlot, make: Callable[[RunCurves], PlotData]) -> None:
        run, previous = self._curves.current, self._curves.previous
        if plot is not self.accuracyPlot:
            plot.set_unit(loss_unit(run))
        plot.show_runs(make(run), make(previous) if previous is not None else None)
        plot.set_waiting_text(plot.spec.waiting if run.started is None else plot.spec.soon)

    def _choose_pace(self) -> None:
        """Pace the next rounds by what the last one cost, and by how fast the curve grows.

        Nobody sees less than a pixel of growth. W4 over 100 epochs grows by 7 pixels a second:
        drawn so often and not 15 times, the curve of the steps takes half the time.
        """
        now, steps = time.perf_counter(), self._curves.current.steps
        grown = (steps - self._drawn_steps) * self.stepLossPlot.pixels_per_place
        passed = now - self._drawn_at
        self._drawn_at, self._drawn_steps = now, steps
        cost = sum(plot.canvas.take_seconds() for plot in self.plots if plot.canvas is not None)
        wanted = max(cost / DRAWING_SHARE, passed / grown if grown > 0 else 0.0)
        self._frame_seconds = min(max(wanted, FASTEST_FRAME), SLOWEST_FRAME)

    @Slot()
    def save_all(self) -> None:
        """Ask for a path and save every step and epoch of both runs as one table."""
        words = "Save all curves as CSV", "curves.csv", "Comma-separated values (*.csv)"
        chosen = self._choose_path(self, *words)
        if not chosen:
            return
        runs = [("current", self._curves.current)]
        if self._curves.previous is not None:
            runs.append(("previous", self._curves.previous))
        self._saver.save(with_ending(chosen, "csv"), partial(all_curves_csv, runs))

    # What signals call.

    @Slot()
    def _mark_dirty(self) -> None:
        if self.isVisible() and not self._frame_timer.isActive():
            passed = time.perf_counter() - self._drawn_at
            self._frame_timer.start(round(1000 * max(self._frame_seconds - passed, 0.0)))

    @Slot(int)
    def _smooth(self, position: int) -> None:
        smoothing = smoothing_of(position)
        steps = 1 / (1 - smoothing)
        self._smoothing_text.setText(f"≈ {steps:,.0f} steps" if position else "off")
        self.stepLossPlot.set_smoothing(smoothing)

    def _step_text(self, step: int) -> str:
        run: RunCurves = self._curves.current
        return step_text(step, run)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._mark_dirty()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._frame_timer.stop()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange:
            self._mark_dirty()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self.build_plots)

    def sizeHint(self) -> QSize:
        return QSize(900, 650)
