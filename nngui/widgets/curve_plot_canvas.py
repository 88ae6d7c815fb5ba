"""PlotCanvas: the axes and curves of one plot. It loads pyqtgraph: imported when first needed."""

from __future__ import annotations

import math
import time

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QFont, QHelpEvent, QKeyEvent, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QGraphicsGridLayout, QGraphicsWidget, QWidget

from nngui.theme import LIGHT, Theme
from nngui.widgets.curve_plot_axis import PlotAxis
from nngui.widgets.curve_plot_best import BestMark
from nngui.widgets.curve_plot_data import PlotRuns
from nngui.widgets.curve_plot_lines import CurveLines
from nngui.widgets.curve_plot_placeholder import END_ROOM
from nngui.widgets.curve_plot_ranges import grow_range, step_log_range, step_range
from nngui.widgets.curve_plot_spec import PlotSpec

_EDGE = 0.02
"""Added to each range at its upper end, so that a dot there is whole."""


class PlotCanvas(pg.GraphicsView):
    """Draws curves in ranges of its own choice; never lets pyqtgraph choose them.

    The ranges change in steps. Once a person has zoomed or panned across, that stretch stays in
    view until `reset_view`; the vertical range always follows the data in view.

    Args:
        spec: What the plot shows.
        font: For ticks and axis titles.
        parent: Owner.
    """

    pointed = Signal(object)
    """The mouse is over this place of the horizontal axis (float), or has left (None)."""
    nudged = Signal(int)
    """An arrow key asks for the value that many places further."""
    viewMoved = Signal()
    """The visible stretch changed by mouse or by size, so `show_data` is due."""
    ownViewChanged = Signal(bool)
    """Whether a person has chosen the stretch in sight."""
    resetAsked = Signal()
    """A double click, or the Home key."""

    def __init__(self, spec: PlotSpec, font: QFont, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._spec = spec
        self._shown_y: tuple[float, float] | None = None
        self._shown_log = False
        self._own_view = False
        self._seconds = 0.0
        self._theme = LIGHT
        self._ratio = self.devicePixelRatioF()
        self._export_ratio: float | None = None
        self._build(font)
        self._connect()

    def _build(self, font: QFont) -> None:
        self.view = pg.ViewBox(enableMenu=False, defaultPadding=0)
        self.view.disableAutoRange()
        self.view.setMouseEnabled(x=True, y=False)
        self.left = PlotAxis("left", font, whole=False)
        self.bottom = PlotAxis("bottom", font, whole=True)
        self.left.linkToView(self.view)
        self.bottom.linkToView(self.view)
        plot = QGraphicsWidget()
        layout = QGraphicsGridLayout(plot)
        layout.setContentsMargins(0, END_ROOM // 2, END_ROOM, 0)
        layout.setSpacing(0)
        layout.addItem(self.left, 0, 0)
        layout.addItem(self.view, 0, 1)
        layout.addItem(self.bottom, 1, 1)
        self._plot = plot
        self.setCentralItem(plot)
        specs = self._spec.curves
        self._previous = {s.key: CurveLines(self.view, s, faint=True) for s in specs}
        self._current = {s.key: CurveLines(self.view, s, faint=False) for s in specs}
        self.best_mark = BestMark(self.view)
        self._set_ranges((0.0, 1.0), (0.0, 1.0))

    def _connect(self) -> None:
        self.view.sigRangeChangedManually.connect(self._take_over_view)
        self.view.sigResized.connect(self._report_move)

    def set_spec(self, spec: PlotSpec) -> None:
        """Take a plot that differs in its titles alone."""
        self._spec = spec
        self.left.setLabel(spec.quantity(log=self._shown_log).title)

    def set_theme(self, theme: Theme) -> None:
        """Take on the colors of a theme; curves are seen in them after the next `show_data`."""
        self._theme = theme
        self.setBackground(theme.color("surface"))
        for axis in (self.left, self.bottom):
            axis.set_theme(theme)
        for lines in (*self._current.values(), *self._previous.values()):
            lines.set_theme(theme)
        self.best_mark.set_look(theme, self._ratio)

    def show_data(self, runs: PlotRuns, *, log: bool) -> None:
        """Draw; the cost depends on the width in pixels, not on the length of the curves.

        Args:
            runs: The curves.
            log: Whether on a logarithmic vertical axis.
        """
        began = time.perf_counter()
        ratio = self._export_ratio or self.devicePixelRatioF()
        if ratio != self._ratio:
            self._ratio = ratio
            self.best_mark.set_look(self._theme, ratio)
        scale = self._spec.quantity(log=log), log
        if log != self._shown_log or not self.left.labelText:
            self._change_scale(log)
        if not self._own_view:
            reached = max((len(series) for series in runs.current.values()), default=0)
            self._set_ranges(grow_range(runs.planned, reached, self._spec.least), None)
        left, right = self.view.viewRange()[0]
        columns = max(round(self.view.width() * ratio), 2)
        extents, drawn = [], []
        for lines, series in ((self._previous, runs.previous), (self._current, runs.current)):
            for key, line in lines.items():
                if key in series:
                    extents.append(line.look(series[key], (left, right), columns, scale))
                    drawn.append(line)
                else:
                    line.clear()
        self._follow([extent for extent in extents if extent is not None], log=log)
        for line in drawn:
            line.draw(self.scale_of_view, ratio)
        place, value = runs.best or (None, math.nan)
        self.best_mark.show(place, self._height(value, log=log), self._crisp(place or 0))
        self._seconds += time.perf_counter() - began

    @property
    def scale_of_view(self) -> tuple[float, float]:
        """Pixels for each unit of the axes, across and up."""
        (left, right), (low, high) = self.view.viewRange()
        return self.view.width() / (right - left), self.view.height() / (high - low)

    def take_seconds(self) -> float:
        """How long drawing and painting took since the last call [s]."""
        seconds, self._seconds = self._seconds, 0.0
        return seconds

    def reset_view(self) -> None:
        """Give the stretch in sight back; the ranges are chosen afresh by the next `show_data`."""
        self._shown_y = None
        if self._own_view:
            self._own_view = False
            self.ownViewChanged.emit(False)

    def forget_range(self) -> None:
        """Choose the vertical range afresh."""
        self._shown_y = None

    def pixels(self, place: float, height: float) -> QPointF:
        """Where a point stands in the widget; `height` is a position on the axis."""
        area, (across, up) = self.plot_area(), self.view.viewRange()
        x = area.left() + (place - across[0]) / (across[1] - across[0]) * area.width()
        y = area.bottom() - (height - up[0]) / (up[1] - up[0]) * area.height()
        return QPointF(x, y)

    def _crisp(self, place: float) -> float:
        """The place nearest to one that stands at the middle of a column of pixels."""
        x = self.pixels(place, 0.0).x()
        return place + (math.floor(x) + 0.5 - x) / self.scale_of_view[0]

    def point_of(self, place: float, value: float, *, log: bool) -> QPointF | None:
        """Where a recorded value stands in the widget; None if the axis has no place for it."""
        height = self._height(value, log=log)
        return self.pixels(place, height) if math.isfinite(height) else None

    def plot_area(self) -> QRectF:
        """The rectangle inside the axes, in the widget's pixels."""
        return self.view.sceneBoundingRect()

    def prepare_export(self, ratio: float | None) -> None:
        """Get ready for a picture or, with None, for the screen again; `show_data` is due then.

        Args:
            ratio: Dots of the picture for each pixel.
        """
        self._export_ratio = ratio
        for axis in (self.left, self.bottom):
            axis.set_cached(ratio is None)

    def _change_scale(self, log: bool) -> None:
        self._shown_log = log
        self._shown_y = None
        self.left.set_log(log)
        self.left.setLabel(self._spec.quantity(log=log).title)
        self.bottom.setLabel(self._spec.horizontal)

    def _follow(self, extents: list[tuple[float, float]], *, log: bool) -> None:
        """Step the vertical range after the data."""
        if not extents:
            self._shown_y = None
            fresh = (-2.0, 1.0) if log else self._empty_range()
            self._set_ranges(None, fresh)
            return
        low, high = min(low for low, _ in extents), max(high for _, high in extents)
        limits = self._spec.quantity(log=log).limits
        if log:
            wanted = step_log_range(low, high, self._shown_y)
        else:
            wanted = step_range(low, high, self._shown_y, limits)
        self._shown_y = wanted
        self._set_ranges(None, wanted)

    def _empty_range(self) -> tuple[float, float]:
        limits = self._spec.linear.limits
        return limits if all(map(math.isfinite, limits)) else (0.0, 2.5)

    def _set_ranges(self, x: tuple[float, float] | None, y: tuple[float, float] | None) -> None:
        for wanted, now, change in (
            (x, self.view.viewRange()[0], self.view.setXRange),
            (y, self.view.viewRange()[1], self.view.setYRange),
        ):
            if wanted is None:
                continue
            low, high = wanted[0], wanted[1] + _EDGE * (wanted[1] - wanted[0])
            if [low, high] != now:
                change(low, high, padding=0)

    def _height(self, value: float, *, log: bool) -> float:
        return float(self._spec.quantity(log=log).positions(np.array(value), log=log))

    # Qt and pyqtgraph call these.

    @Slot()
    def _take_over_view(self) -> None:
        self._shown_y = None
        if not self._own_view:
            self._own_view = True
            self.ownViewChanged.emit(True)
        self.viewMoved.emit()

    @Slot()
    def _report_move(self) -> None:
        self.viewMoved.emit()

    def paintEvent(self, ev: QPaintEvent) -> None:
        began = time.perf_counter()
        super().paintEvent(ev)
        self._seconds += time.perf_counter() - began

    def mousePressEvent(self, ev: QMouseEvent) -> None:
        # The right button is for the menu; pyqtgraph would begin to zoom and miss the release.
        if ev.button() == Qt.MouseButton.RightButton:
            ev.ignore()
        else:
            super().mousePressEvent(ev)

    def mouseMoveEvent(self, ev: QMouseEvent) -> None:
        super().mouseMoveEvent(ev)
        scene = self.mapToScene(ev.position().toPoint())
        inside = self.view.sceneBoundingRect().contains(scene)
        self.pointed.emit(self.view.mapSceneToView(scene).x() if inside else None)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        if event.button() == Qt.MouseButton.LeftButton:
            self.resetAsked.emit()

    def viewportEvent(self, event: QEvent) -> bool:
        # Over the curves the read-out tells more, and a tooltip would hide it.
        if isinstance(event, QHelpEvent) and self.plot_area().contains(QPointF(event.pos())):
            return True
        return super().viewportEvent(event)

    def leaveEvent(self, ev: QEvent) -> None:
        super().leaveEvent(ev)
        self.pointed.emit(None)

    def keyPressEvent(self, ev: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if ev.key() in steps:
            self.nudged.emit(steps[Qt.Key(ev.key())])
        elif ev.key() == Qt.Key.Key_Home:
            self.resetAsked.emit()
        else:
            ev.ignore()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        # pyqtgraph would hand it to its scene; the widget around this has a menu of its own.
        event.ignore()
