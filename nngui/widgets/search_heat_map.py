"""HeatMapChart: the mean value over two parameters, with the figure in each cell."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from nncore.search.records import TrialRecord
from nngui.theme import Theme
from nngui.viewmodels.search_view import Dimension, SearchView
from nngui.widgets.search_axis import Scale, tick_text
from nngui.widgets.search_chart import SearchChart

MOST_CELLS = 12
"""More different numbers than that are put into ranges."""
_RANGES = 5


@dataclass(frozen=True)
class Binning:
    """The cells along one axis.

    Attributes:
        labels: A label for each.
        cells: The cell of each value that occurs.
    """

    labels: tuple[str, ...]
    cells: dict[Any, int]

    @classmethod
    def of(cls, dimension: Dimension) -> Binning:
        """A cell for each value, or for each of a few ranges where there are too many."""
        values = dimension.values
        most = _RANGES if dimension.is_continuous else MOST_CELLS
        if not dimension.is_number or len(values) <= most:
            scale = Scale("", categories=values)
            labels = tuple(text for _, text in scale.ticks(len(values)))
            return cls(labels, {value: at for at, value in enumerate(values)})
        look = math.log10 if dimension.is_log else float
        low, high = look(values[0]), look(values[-1])
        width = (high - low) / _RANGES
        edges = [low + width * at for at in range(_RANGES + 1)]
        ends = [10**it if dimension.is_log else it for it in edges]
        texts = [_short(it) for it in ends]
        labels = tuple(f"{one}–{two}" for one, two in pairwise(texts))
        cells = {it: min(int((look(it) - low) / width), _RANGES - 1) for it in values}
        return cls(labels, cells)


class HeatMapChart(SearchChart):
    """Cells colored and labeled by the mean of their trials."""

    title = "Heat map"
    choosers = 2

    def why_empty(self) -> str:
        why = super().why_empty()
        if why or self.view is None:
            return why
        if len(set(self.names)) < 2:
            return "A heat map needs two hyperparameters that are varied."
        return ""

    def draw(self, painter: QPainter, box: QRectF, theme: Theme) -> None:
        view = self.view
        assert view is not None
        one, two = (next(it for it in view.dimensions if it.name == name) for name in self.names)
        across, up = Binning.of(one), Binning.of(two)
        cells = self._gather(view, across, up)
        means = {place: _mean(records) for place, records in cells.items()}
        low, high = min(means.values()), max(means.values())
        horizontal = Scale(one.label, categories=across.labels)
        vertical = Scale(two.label, categories=up.labels)
        area = self.frame(painter, box.adjusted(0, 0, -64, 0), theme, horizontal, vertical)
        size = area.width() / len(across.labels), area.height() / len(up.labels)
        for (column, row), mean in means.items():
            share = (mean - low) / (high - low) if high > low else 1.0
            is_good = view.spec.settings.objective.is_maximized
            corner = QPointF(area.left() + column * size[0], area.bottom() - (row + 1) * size[1])
            cell = QRectF(corner.x(), corner.y(), *size).adjusted(1, 1, -1, -1)
            color = shade(share if is_good else 1 - share, theme)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color)
            painter.drawRect(cell)
            self._mark(painter, cell, cells[column, row], theme)
            self._figure(painter, cell, view.text(mean).rstrip("%"), color)
        self._key(painter, QRectF(area.right() + 18, area.top(), 12, area.height()), (low, high),
                  theme)  # fmt: skip

    def _gather(
        self, view: SearchView, across: Binning, up: Binning
    ) -> dict[tuple[int, int], list[TrialRecord]]:
        one, two = self.names
        cells: dict[tuple[int, int], list[TrialRecord]] = {}
        for record in view.measured:
            if one in record.params and two in record.params:
                place = across.cells[record.params[one]], up.cells[record.params[two]]
                cells.setdefault(place, []).append(record)
        return cells

    def _figure(self, painter: QPainter, cell: QRectF, text: str, color: QColor) -> None:
        metrics = QFontMetricsF(painter.font())
        if metrics.horizontalAdvance(text) < cell.width() and metrics.height() < cell.height() + 2:
            painter.setPen(QColor("#000000" if color.lightnessF() > 0.5 else "#ffffff"))
            painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, text)

    def _mark(
        self, painter: QPainter, cell: QRectF, records: Sequence[TrialRecord], theme: Theme
    ) -> None:
        assert self.view is not None
        for record in records:
            self.add_hit(cell.center(), record.number)
        numbers = {it.number for it in records}
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self.view.best in numbers:
            painter.setPen(QPen(theme.color("best"), 2.5))
            painter.drawRect(cell.adjusted(1, 1, -1, -1))
        if any(self.is_lit(number) for number in numbers):
            painter.setPen(QPen(theme.color("text"), 1.5))
            painter.drawRect(cell.adjusted(-2, -2, 2, 2))

    def _key(self, painter: QPainter, bar: QRectF, ends: tuple[float, float], theme: Theme) -> None:
        """Paint which color stands for which value."""
        assert self.view is not None
        steps = 24
        painter.setPen(Qt.PenStyle.NoPen)
        is_good = self.view.spec.settings.objective.is_maximized
        for step in range(steps):
            share = step / (steps - 1)
            painter.setBrush(shade(share if is_good else 1 - share, theme))
            height = bar.height() / steps
            painter.drawRect(
                QRectF(bar.left(), bar.bottom() - (step + 1) * height, bar.width(), height + 0.5)
            )
        painter.setPen(theme.color("muted"))
        for value, y in zip(ends, (bar.bottom() - 7, bar.top() + 7), strict=True):
            room = QRectF(bar.right() + 4, y - 8, 60, 16)
            text = f"{self.view.shown(value):.4g}"
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
