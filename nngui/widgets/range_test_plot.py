"""RangeTestPlot: the loss of each step of a learning-rate range test, and the suggestion."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from nncore.lr_finder import RangePoint, Suggestion
from nngui.theme import SPACE, Theme, theme_of
from nngui.viewmodels.number_text import number_text
from nngui.widgets.card import paint_card
from nngui.widgets.curve_plot_decimation import MinMaxPyramid
from nngui.widgets.curve_plot_ranges import linear_ticks

Array = NDArray[Any]

_TICK = 4
_MOST_TICKS = 5
_SAMPLE = 18
"""Length of a line in the legend [pixels]."""
_HEADROOM = 1.3
"""The top of the loss axis over the smoothed loss in the beginning: what explodes is cut off."""
_BEGINNING = 0.2
"""The part of the test that is the beginning."""
_MOST_SMOOTHED = 300
"""Points of the smoothed line, however many steps a test has."""


class RangeTestPlot(QWidget):
    """Loss over the learning rate on a log axis: raw faint, smoothed strong, suggestion dashed.

    Args:
        parent: Owner.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rangeTestPlot")
        self.setToolTip("The loss of each step, while the learning rate grows from left to right.")
        self._points: Sequence[RangePoint] = ()
        self._suggestion = Suggestion(None, "")
        self._unit = ""
        self._show_placeholder("Testing …")
        self._losses = MinMaxPyramid()
        self._smoothed: Array = np.zeros(0)

    def show_failure(self) -> None:
        """Say that there will be nothing to draw."""
        self._show_placeholder("Nothing was tested.")

    def _show_placeholder(self, words: str) -> None:
        self._placeholder = words
        self.setAccessibleName(words)
        self.update()

    def show_test(
        self, points: Sequence[RangePoint], suggestion: Suggestion, unit: str = ""
    ) -> None:
        """Draw a finished test, its losses counted in a unit."""
        self._points, self._suggestion, self._unit = points, suggestion, unit
        self._losses.update(np.array([point.loss for point in points]))
        self._smoothed = np.array([point.smoothed for point in points])
        self.setAccessibleName(f"Range test of {len(points)} steps. {suggestion.reason}")
        self.update()

    @property
    def _title(self) -> str:
        return f"Loss of the step [{self._unit}]" if self._unit else "Loss of the step"

    def sizeHint(self) -> QSize:
        return QSize(560, 320)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_of(self.palette())
        painter = QPainter(self)
        frame = paint_card(painter, self.rect(), theme)
        line = self.fontMetrics().height()
        area = frame.adjusted(6 * SPACE, 3 * SPACE, -2 * SPACE, -2 * line - SPACE)
        if len(self._points) > 1:
            self._draw(painter, area, theme)
        else:
            painter.setPen(theme.color("muted"))
            painter.drawText(frame, Qt.AlignmentFlag.AlignCenter, self._placeholder)
        painter.end()

    def _draw(self, painter: QPainter, area: QRectF, theme: Theme) -> None:
        first, last = self._points[0].learning_rate, self._points[-1].learning_rate
        low, high = math.log10(first), math.log10(last)
        smoothed = self._smoothed
        top = _HEADROOM * float(smoothed[: math.ceil(_BEGINNING * len(smoothed))].max())
        count = len(smoothed)

        def line(steps: Array, losses: Array) -> QPolygonF:
            # The rates grow by one ratio, so that on this axis the steps stand evenly.
            across = area.left() + steps / (count - 1) * area.width()
            down = area.bottom() - np.minimum(losses / top, 1) * area.height()
            return QPolygonF([QPointF(x, y) for x, y in zip(across, down, strict=True)])

        self._draw_axes(painter, area, theme, (low, high), top)
        self._draw_legend(painter, area, theme)
        steps, losses = self._losses.window(0, count, round(area.width()) // 2)
        if len(steps) == count:
            painter.setPen(QPen(theme.color("train", 90), 1))
            painter.drawPolyline(line(steps, losses))
        else:
            # Lines up and down all the time would take 60 ms: a band from the least to the most.
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("train", 60))
            around = np.r_[0 : len(steps) : 2, len(steps) - 1 : 0 : -2]
            painter.drawPolygon(line(steps[around], losses[around]))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("train"), 2))
        some = np.linspace(0, count - 1, min(count, _MOST_SMOOTHED)).round().astype(int)
        painter.drawPolyline(line(some, smoothed[some]))
        rate = self._suggestion.learning_rate
        if rate is not None and first <= rate <= last:
            x = area.left() + (math.log10(rate) - low) / (high - low) * area.width()
            painter.setPen(QPen(theme.color("best"), 2, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
            painter.drawText(QPointF(x + 6, area.top() + 12), f"{rate:g}")

    def _draw_axes(
        self,
        painter: QPainter,
        area: QRectF,
        theme: Theme,
        decades: tuple[float, float],
        top: float,
    ) -> None:
        right, middle = Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignVCenter
        center = Qt.AlignmentFlag.AlignHCenter
        line = self.fontMetrics().height()
        low, high = decades
        for decade in range(math.ceil(low - 1e-9), math.floor(high + 1e-9) + 1):
            x = area.left() + (decade - low) / (high - low) * area.width()
            painter.setPen(theme.color("grid"))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
            painter.setPen(theme.color("muted"))
            label = QRectF(x - 40, area.bottom() + _TICK, 80, line)
            painter.drawText(label, center, number_text(float(f"1e{decade}")))
        for loss in linear_ticks(0.0, top, _MOST_TICKS, whole=False)[1]:
            y = area.bottom() - loss / top * area.height()
            painter.setPen(theme.color("grid"))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(theme.color("muted"))
            label = QRectF(0, y - line, area.left() - 2 * _TICK, 2 * line)
            painter.drawText(label, right | middle, f"{loss:g}")
        below = QRectF(area.left(), area.bottom() + line + _TICK, area.width(), line)
        painter.drawText(below, center, "Learning rate")
        painter.drawText(QPointF(SPACE, area.top() - SPACE), self._title)

    def _draw_legend(self, painter: QPainter, area: QRectF, theme: Theme) -> None:
        """What the two lines are, at the right above the plot."""
        x, y = area.right(), area.top() - SPACE
        for words, pen in (
            ("smoothed", QPen(theme.color("train"), 2)),
            ("each step", QPen(theme.color("train", 90), 1)),
        ):
            x -= self.fontMetrics().horizontalAdvance(words)
            painter.setPen(theme.color("muted"))
            painter.drawText(QPointF(x, y), words)
            x -= SPACE
            middle = y - self.fontMetrics().ascent() / 3
            painter.setPen(pen)
            painter.drawLine(QPointF(x - _SAMPLE, middle), QPointF(x, middle))
            x -= _SAMPLE + 2 * SPACE
