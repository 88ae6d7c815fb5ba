"""RangeTestPlot: the loss of each step of a learning-rate range test, and the suggestion."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from nncore.lr_finder import RangePoint, Suggestion
from nngui.theme import RADIUS, SPACE, Theme, theme_of

_TICK = 4
_HEADROOM = 1.3
"""The top of the loss axis over the first smoothed loss: what explodes is cut off there."""


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

    def show_test(
        self, points: Sequence[RangePoint], suggestion: Suggestion, unit: str = ""
    ) -> None:
        """Draw a finished test, its losses counted in a unit."""
        self._points, self._suggestion, self._unit = points, suggestion, unit
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
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.color("border"))
        painter.setBrush(theme.color("surface"))
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(frame, RADIUS, RADIUS)
        line = self.fontMetrics().height()
        area = frame.adjusted(6 * SPACE, 3 * SPACE, -2 * SPACE, -2 * line - SPACE)
        if len(self._points) > 1:
            self._draw(painter, area, theme)
        else:
            painter.setPen(theme.color("muted"))
            painter.drawText(frame, Qt.AlignmentFlag.AlignCenter, "Testing …")
        painter.end()

    def _draw(self, painter: QPainter, area: QRectF, theme: Theme) -> None:
        first, last = self._points[0].learning_rate, self._points[-1].learning_rate
        low, high = math.log10(first), math.log10(last)
        top = _HEADROOM * max(self._points[0].smoothed, min(p.smoothed for p in self._points))

        def place(rate: float, loss: float) -> QPointF:
            across = area.left() + (math.log10(rate) - low) / (high - low) * area.width()
            return QPointF(across, area.bottom() - min(loss / top, 1.0) * area.height())

        self._draw_axes(painter, area, theme, (low, high), top)
        raw = QPolygonF([place(p.learning_rate, p.loss) for p in self._points])
        smooth = QPolygonF([place(p.learning_rate, p.smoothed) for p in self._points])
        painter.setPen(QPen(theme.color("train", 90), 1))
        painter.drawPolyline(raw)
        painter.setPen(QPen(theme.color("train"), 2))
        painter.drawPolyline(smooth)
        rate = self._suggestion.learning_rate
        if rate is not None and first <= rate <= last:
            x = place(rate, 0.0).x()
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
            painter.drawText(label, center, f"{10.0**decade:g}")
        for part in range(5):
            y = area.bottom() - part / 4 * area.height()
            painter.setPen(theme.color("grid"))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(theme.color("muted"))
            label = QRectF(0, y - line, area.left() - 2 * _TICK, 2 * line)
            painter.drawText(label, right | middle, f"{part / 4 * top:.2g}")
        below = QRectF(area.left(), area.bottom() + line + _TICK, area.width(), line)
        painter.drawText(below, center, "Learning rate")
        painter.drawText(QPointF(SPACE, area.top() - SPACE), self._title)
