"""CurvesPicture: a figure of every trial after each epoch."""

from __future__ import annotations

import math
from collections.abc import Generator, Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from nncore.search.records import TrialRecord
from nngui.theme import Theme
from nngui.viewmodels.search_view import SearchView, curve_of
from nngui.widgets.search_axis import Scale
from nngui.widgets.search_charts import ZOOM_HINT
from nngui.widgets.search_frame import Frame
from nngui.widgets.search_picture import DOT, NO_SEARCH, Floats, SearchPicture, exact, polyline

FIGURES = {
    "validation_accuracy": "Validation accuracy [%]",
    "validation_loss": "Validation loss",
    "train_accuracy": "Train accuracy [%]",
    "train_loss": "Train loss",
}
"""The figures of an epoch that may be shown, with their titles."""
MOST_NAMED = 12
"""The curves of a sweep are told apart by color and dashes up to that many."""
_CLEAR = 60
"""Up to so many curves each is painted alike; more are painted fainter."""
_LOSSES_SHOWN = 0.98
_RAMPS = {
    False: ("#440154", "#3b528b", "#21918c", "#3f9b3c", "#8a8f00"),
    True: ("#8f8cf0", "#4fa3d1", "#35b7a0", "#8fd744", "#fde725"),
}
"""From the smallest to the largest value, on a light and on a dark ground."""
_DASHES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine)


class CurvesPicture(SearchPicture):
    """Every trial's curve, the mean of its seeds; those of pruned trials are faint and dotted."""

    title = "Curves"
    has_zoom = True
    has_figures = True
    hint = ZOOM_HINT

    @property
    def has_log(self) -> bool:
        return self.figure.endswith("loss")

    def why_empty(self) -> str:
        if self.view is None:
            return NO_SEARCH
        if not any(run.epochs for it in self.view.trials for run in it.runs):
            return "The curves of all trials appear here, each after its first epoch."
        return ""

    @property
    def figure(self) -> str:
        """The figure that is shown."""
        if self.look.figure or self.view is None:
            return self.look.figure or next(iter(FIGURES))
        return f"validation_{self.view.spec.settings.objective.metric}"

    def draw(self, painter: QPainter, box: QRectF, view: SearchView) -> Generator[None, None, None]:
        unit = 100.0 if self.figure.endswith("accuracy") else 1.0
        curves: dict[int, Floats] = {}
        for record in self._shown(view):
            curve = curve_of(record, self.figure)
            if curve:
                curves[record.number] = unit * np.array(curve)
            yield
        pens = self._named(view, curves)
        if pens:
            box = self._legend(painter, box, view, pens)
        frame = self._axes(painter, box, curves)
        records = {it.number: it for it in view.trials}
        painter.setClipRect(frame.area)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        last = [view.best] if view.best in curves else []
        for number in [*(it for it in curves if it not in last), *last]:
            xs, ys = self._places(frame, curves[number])
            painter.setPen(pens.get(number) or self._pen(records[number], view))
            if len(xs) == 1:
                painter.drawEllipse(QPointF(xs[0], ys[0]), 2, 2)
            painter.drawPolyline(polyline(xs, ys))
            self.mark(number, xs, ys)
            yield
        painter.setClipping(False)

    def light(self, painter: QPainter, number: int) -> None:
        if number not in self.marks or self.frame is None:
            return
        painter.save()
        painter.setClipRect(self.frame.area)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self.theme.color("text"), 2.5))
        xs, ys = self.marks[number]
        if len(xs) == 1:
            painter.drawEllipse(QPointF(xs[0], ys[0]), DOT, DOT)
        painter.drawPolyline(polyline(xs, ys))
        painter.restore()

    def rows(self) -> list[Sequence[Any]]:
        rows: list[Sequence[Any]] = [("trial", "state", "epoch", self.figure)]
        for record in self._shown(self.view) if self.view is not None else ():
            curve = curve_of(record, self.figure)
            rows += [(record.number, record.state, at, exact(it)) for at, it in enumerate(curve, 1)]
        return rows

    def _shown(self, view: SearchView) -> list[TrialRecord]:
        return [it for it in view.trials if it.state != "lost"]

    def _axes(self, painter: QPainter, box: QRectF, curves: dict[int, Floats]) -> Frame:
        values = np.sort(np.concatenate(list(curves.values())))
        is_log = self.look.is_log and self.has_log
        if self.has_log:
            # A diverging trial would press all others flat.
            values = values[: max(round(_LOSSES_SHOWN * len(values)), 1)]
        ends = [float(values[0]), float(values[-1])]
        if is_log:
            ends = [float(it) for it in values[values > 0][[0, -1]]] if ends[1] > 0 else [1.0]
        longest = max(len(curve) for curve in curves.values())
        title = FIGURES[self.figure]
        if self.has_log and self.view is not None:
            title = self.view.of_losses(title)
        up = Scale.around(title, ends, log=is_log)
        across = Scale.around("Epoch", [1, max(longest, 2)], whole=True)
        return self.paint_axes(painter, box, across, up)

    def _places(self, frame: Frame, curve: Floats) -> tuple[Floats, Floats]:
        epochs = np.arange(1, len(curve) + 1, dtype=np.float64)
        area = frame.area
        xs = area.left() + frame.across.places(epochs) * area.width()
        ys = area.bottom() - frame.up.places(curve) * area.height()
        # What stands far outside would be painted at a cost and never seen.
        return xs, np.clip(ys, area.top() - 4000, area.bottom() + 4000)

    def _pen(self, record: TrialRecord, view: SearchView) -> QPen:
        if record.number == view.best:
            return QPen(self.theme.color("best"), 2.5)
        if record.state == "running":
            return QPen(self.theme.color("validation"), 1.5)
        if record.state == "completed":
            # Hundreds of them shall not run together into one patch.
            alpha = round(150 * min(1.0, math.sqrt(_CLEAR / len(view.trials))))
            return QPen(self.theme.color("train", alpha), 1)
        return QPen(self.theme.color("muted", 110), 1, Qt.PenStyle.DotLine)

    def _named(self, view: SearchView, curves: dict[int, Floats]) -> dict[int, QPen]:
        """The pens of a small sweep by trial, in the order of its values; empty for others."""
        if len(view.dimensions) != 1 or not 1 < len(curves) <= MOST_NAMED:
            return {}
        dimension = view.dimensions[0]
        places = {value: at for at, value in enumerate(dimension.values)}
        trials = sorted(
            (places[it.params[dimension.name]], it.number)
            for it in view.trials
            if it.number in curves
        )
        return {
            number: QPen(
                ramp(place / max(len(places) - 1, 1), self.theme),
                2.5 if number == view.best else 1.5,
                _DASHES[place % len(_DASHES)],
            )
            for place, number in trials
        }

    def _legend(
        self, painter: QPainter, box: QRectF, view: SearchView, pens: dict[int, QPen]
    ) -> QRectF:
        """Paint which curve has which value; returns the box that is left."""
        metrics = QFontMetricsF(painter.font())
        dimension, line = view.dimensions[0], metrics.height() + 1
        values = {it.number: dimension.text(it.params[dimension.name]) for it in view.trials}
        title = metrics.elidedText(dimension.label, Qt.TextElideMode.ElideRight, box.width() / 4)
        wide = max(metrics.horizontalAdvance(it) for it in [*values.values()]) + 34
        wide = max(wide, metrics.horizontalAdvance(title))
        left, y = box.right() - wide, box.top() + 6
        painter.setPen(self.theme.color("text"))
        painter.drawText(QRectF(left, y, wide, line), Qt.AlignmentFlag.AlignLeft, title)
        for number, pen in pens.items():
            y += line
            if y + line > box.bottom():
                break
            painter.setPen(pen)
            painter.drawLine(QPointF(left, y + line / 2), QPointF(left + 24, y + line / 2))
            painter.setPen(self.theme.color("text"))
            room = QRectF(left + 30, y, wide - 30, line)
            painter.drawText(room, Qt.AlignmentFlag.AlignLeft, values[number])
        return box.adjusted(0, 0, -wide - 8, 0)


def ramp(share: float, theme: Theme) -> QColor:
    """The color of a value, from the smallest at 0 to the largest at 1."""
    colors = [QColor(it) for it in _RAMPS[theme.dark]]
    place = share * (len(colors) - 1)
    at = min(int(place), len(colors) - 2)
    one, two, rest = colors[at], colors[at + 1], place - at
    ends = (one.red(), two.red()), (one.green(), two.green()), (one.blue(), two.blue())
    return QColor(*(round(low + (high - low) * rest) for low, high in ends))
