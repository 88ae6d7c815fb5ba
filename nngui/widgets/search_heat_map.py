"""HeatMapChart: the mean value over two parameters, with the figure in each cell."""

from __future__ import annotations

import math
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from nncore.search.records import TrialRecord
from nngui.theme import Theme
from nngui.viewmodels.search_choices import param_text
from nngui.viewmodels.search_view import Dimension, SearchView
from nngui.widgets.confusion_shades import needs_black
from nngui.widgets.search_axis import Scale, tick_text
from nngui.widgets.search_frame import paint_upwards
from nngui.widgets.search_picture import SearchPicture, exact

MOST_CELLS = 12
"""More different numbers than that are put into ranges."""
_RANGES = 5
_KEY = 84
"""Room for what tells which color is which value [pixels]."""


@dataclass(frozen=True)
class Binning:
    """The cells along one axis.

    Attributes:
        title: What they are of.
        labels: A label for each.
        cells: The cell of each value that occurs.
        plain: What stands in a file instead of each label.
    """

    title: str
    labels: tuple[str, ...]
    cells: dict[Any, int]
    plain: tuple[str, ...]

    @classmethod
    def of(cls, dimension: Dimension) -> Binning:
        """A cell for each value, or for each of a few ranges where there are too many."""
        values = dimension.values
        most = _RANGES if dimension.is_continuous else MOST_CELLS
        if not dimension.is_number or len(values) <= most:
            cells = {value: at for at, value in enumerate(values)}
            labels = tuple(dimension.text(it) for it in values)
            return cls(dimension.label, labels, cells, tuple(param_text(it) for it in values))
        look = math.log10 if dimension.is_log else float
        low, high = (look(it) for it in dimension.ends)
        width = (high - low) / _RANGES
        edges = [low + width * at for at in range(_RANGES + 1)]
        ends = [10**it if dimension.is_log else it for it in edges]
        texts = [_short(it) for it in ends]
        labels = tuple(f"{one}–{two}" for one, two in pairwise(texts))
        cells = {it: min(int((look(it) - low) / width), _RANGES - 1) for it in values}
        return cls(dimension.label, labels, cells, labels)


class HeatMapPicture(SearchPicture):
    """Cells colored and labeled by the mean of their trials."""

    title = "Heat map"
    choosers = 2
    hint = "Point at a cell to read it, click for the configuration of its best trial."

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._cells: dict[tuple[int, int], list[TrialRecord]] = {}
        self._places: dict[tuple[int, int], QRectF] = {}

    def why_empty(self) -> str:
        why = super().why_empty()
        if why or self.view is None:
            return why
        if len(set(self.look.names)) < 2:
            return "A heat map needs two hyperparameters that are varied."
        if not self._gather(self.view, *self._axes(self.view)):
            return "No trial has both of these hyperparameters."
        return ""

    def draw(self, painter: QPainter, box: QRectF, view: SearchView) -> Generator[None, None, None]:
        across, up = self._axes(view)
        self._cells = self._gather(view, across, up)
        means = {place: _mean(records) for place, records in self._cells.items()}
        ends = min(means.values()), max(means.values())
        horizontal = Scale(across.title, categories=across.labels)
        vertical = Scale(up.title, categories=up.labels)
        area = self.paint_axes(painter, box.adjusted(0, 0, -_KEY, 0), horizontal, vertical).area
        size = area.width() / len(across.labels), area.height() / len(up.labels)
        for (column, row), mean in means.items():
            color = self._color(view, mean, ends)
            corner = QPointF(area.left() + column * size[0], area.bottom() - (row + 1) * size[1])
            cell = QRectF(corner.x(), corner.y(), *size).adjusted(1, 1, -1, -1)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color)
            painter.drawRect(cell)
            self._places[column, row] = cell
            records = self._cells[column, row]
            for record in records:
                self.mark(
                    record.number, np.array([cell.center().x()]), np.array([cell.center().y()])
                )
            if any(it.number == view.best for it in records):
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(self.theme.color("best"), 2.5))
                painter.drawRect(cell.adjusted(1, 1, -1, -1))
            self._figure(painter, cell, view.text(mean).rstrip("\u00a0%"), color)
            yield
        bar = QRectF(area.right() + 18, area.top(), 12, area.height())
        self._key(painter, bar, ends, view)
        painter.setPen(self.theme.color("text"))
        left = box.right() - QFontMetricsF(painter.font()).height()
        paint_upwards(painter, view.value_title, left, bar, box)

    def light(self, painter: QPainter, number: int) -> None:
        for place, records in self._cells.items():
            if any(it.number == number for it in records):
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(self.theme.color("text"), 2))
                painter.drawRect(self._places[place].adjusted(-1, -1, 1, 1))

    def trial_at(self, at: QPointF) -> int | None:
        """The best trial of the cell at a place."""
        for place, cell in self._places.items():
            if cell.contains(at):
                return self._best_of(self._cells[place]).number
        return None

    def hover_html(self, number: int) -> str:
        records = next(
            (them for them in self._cells.values() if any(it.number == number for it in them)), []
        )
        if len(records) < 2 or self.view is None:
            return super().hover_html(number)
        mean = self.view.text(_mean(records))
        head = f"<b>{len(records)} trials, mean {mean}</b>; the best of them:<br>"
        return head + super().hover_html(number)

    def rows(self) -> list[Sequence[Any]]:
        rows: list[Sequence[Any]] = [(*self.look.names, "mean", "trials")]
        if self.view is not None and not self.why_empty():
            across, up = self._axes(self.view)
            cells = self._gather(self.view, across, up)
            rows += [
                (across.plain[column], up.plain[row], exact(_mean(them)), len(them))
                for (column, row), them in sorted(cells.items())
            ]
        return rows

    def _axes(self, view: SearchView) -> tuple[Binning, Binning]:
        one, two = (
            next(it for it in view.dimensions if it.name == name) for name in self.look.names
        )
        return Binning.of(one), Binning.of(two)

    def _gather(
        self, view: SearchView, across: Binning, up: Binning
    ) -> dict[tuple[int, int], list[TrialRecord]]:
        one, two = self.look.names
        cells: dict[tuple[int, int], list[TrialRecord]] = {}
        for record in view.measured:
            if one in record.params and two in record.params:
                place = across.cells[record.params[one]], up.cells[record.params[two]]
                cells.setdefault(place, []).append(record)
        return cells

    def _best_of(self, records: Sequence[TrialRecord]) -> TrialRecord:
        assert self.view is not None
        sign = -1 if self.view.spec.settings.objective.is_maximized else 1
        return min(records, key=lambda it: sign * (it.value or 0.0))

    def _color(self, view: SearchView, mean: float, ends: tuple[float, float]) -> QColor:
        low, high = ends
        share = (mean - low) / (high - low) if high > low else 1.0
        is_good = view.spec.settings.objective.is_maximized
        return shade(share if is_good else 1 - share, self.theme)

    def _figure(self, painter: QPainter, cell: QRectF, text: str, color: QColor) -> None:
        metrics = QFontMetricsF(painter.font())
        if metrics.horizontalAdvance(text) < cell.width() and metrics.height() < cell.height() + 2:
            rgb = np.array([color.red(), color.green(), color.blue()], np.uint8)
            painter.setPen(QColor("#000000" if needs_black(rgb) else "#ffffff"))
            painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, text)

    def _key(
        self, painter: QPainter, bar: QRectF, ends: tuple[float, float], view: SearchView
    ) -> None:
        """Paint which color stands for which value."""
        steps = 24
        painter.setPen(Qt.PenStyle.NoPen)
        height = bar.height() / steps
        for step in range(steps):
            value = ends[0] + (ends[1] - ends[0]) * step / (steps - 1)
            painter.setBrush(self._color(view, value, ends))
            top = bar.bottom() - (step + 1) * height
            painter.drawRect(QRectF(bar.left(), top, bar.width(), height + 0.5))
        painter.setPen(self.theme.color("muted"))
        for value, y in zip(ends, (bar.bottom() - 7, bar.top() + 7), strict=True):
            room = QRectF(bar.right() + 4, y - 8, 60, 16)
            text = f"{view.shown(value):.4g}"
            painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)


def shade(share: float, theme: Theme) -> QColor:
    """The color of a share of the best: from the paper to blue, lightness telling alone."""
    low, high = QColor(theme.raised), QColor(theme.train)
    ends = (low.red(), high.red()), (low.green(), high.green()), (low.blue(), high.blue())
    return QColor(*(round(one + (other - one) * share) for one, other in ends))


def _mean(records: Sequence[TrialRecord]) -> float:
    return sum(it.value or 0.0 for it in records) / len(records)


def _short(value: float) -> str:
    return tick_text(float(f"{value:.2g}"))
