"""History and slice of a search: a dot for each trial."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from nncore.search.records import TrialRecord
from nngui.viewmodels.search_view import Dimension, SearchView
from nngui.widgets.curve_plot_ranges import grow_range
from nngui.widgets.search_axis import Scale
from nngui.widgets.search_picture import SearchPicture, exact

_LEAST_TRIALS = 9
"""The horizontal axis of the history reaches at least so far, and grows in steps."""
_ZOOM = "Point at a trial to read it, click for its configuration. Drag a rectangle or turn the "
ZOOM_HINT = f"{_ZOOM}wheel to look closely; double click for all again."


class DotsPicture(SearchPicture):
    """Trials as dots by their value; a subclass says where they stand across."""

    has_zoom = True
    hint = ZOOM_HINT

    @property
    def has_log(self) -> bool:
        return self.view is not None and not self.view.is_accuracy

    def value_scale(self, view: SearchView, measured: Iterable[TrialRecord]) -> Scale:
        """The axis of the values, with room for the spread between seeds."""
        is_log = self.look.is_log and self.has_log
        # Downwards, a spread as large as its loss would reach to the end of a log axis.
        ends = (0, 1) if is_log else (-1, 1)
        values = [
            view.shown((it.value or 0.0) + end * (it.spread or 0.0))
            for it in measured
            for end in ends
        ]
        return Scale.around(view.value_title, values, log=is_log)

    def paint_dots(
        self, painter: QPainter, spots: Mapping[int, QPointF], measured: Sequence[TrialRecord]
    ) -> Generator[None, None, None]:
        """Paint a dot for each trial, with the spread between seeds as a bar through it."""
        assert self.view is not None
        assert self.frame is not None
        up, frame, shown = self.frame.up, self.frame, self.view.shown
        painter.setClipRect(frame.area.adjusted(-8, -8, 8, 8))
        for record in measured:
            spread, value, spot = record.spread, record.value, spots[record.number]
            if spread and value is not None:
                painter.setPen(QPen(self.theme.color("muted"), 1))
                ends = [up.place(shown(value + sign * spread)) for sign in (-1, 1)]
                painter.drawLine(*(QPointF(spot.x(), frame.y(it)) for it in ends))
        last = [it for it in measured if it.number == self.view.best]
        for record in [*measured, *last]:
            self.dot(painter, spots[record.number], record.number)
            yield
        painter.setClipping(False)


class HistoryPicture(DotsPicture):
    """Each trial's value in order, with the best so far as a line."""

    title = "History"

    def draw(self, painter: QPainter, box: QRectF, view: SearchView) -> Generator[None, None, None]:
        measured = view.measured
        planned = view.spec.settings.budget.trials
        reached, known = measured[-1].number, 0 if planned == "unlimited" else planned - 1
        across = Scale.around("Trial", grow_range(known, reached, _LEAST_TRIALS), whole=True)
        frame = self.paint_axes(painter, box, across, self.value_scale(view, measured))
        spots = {
            it.number: QPointF(
                frame.x(frame.across.place(it.number)),
                frame.y(frame.up.place(view.shown(it.value or 0.0))),
            )
            for it in measured
        }
        line, best = QPolygonF(), None
        for number, record_best in self._bests(view):
            spot = spots[number]
            if best is not None:
                line.append(QPointF(spot.x(), best))
            best = frame.y(frame.up.place(view.shown(record_best)))
            line.append(QPointF(spot.x(), best))
        painter.setClipRect(frame.area)
        painter.setPen(QPen(self.theme.color("best"), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(line)
        yield
        yield from self.paint_dots(painter, spots, measured)

    def rows(self) -> list[Sequence[Any]]:
        rows: list[Sequence[Any]] = [("trial", "value", "spread", "best_so_far")]
        if self.view is not None:
            bests = dict(self._bests(self.view))
            rows += [
                (it.number, exact(it.value), exact(it.spread), exact(bests[it.number]))
                for it in self.view.measured
            ]
        return rows

    def _bests(self, view: SearchView) -> list[tuple[int, float]]:
        """The best value up to each trial."""
        choose = max if view.spec.settings.objective.is_maximized else min
        bests: list[tuple[int, float]] = []
        for record in view.measured:
            value = record.value or 0.0
            bests.append((record.number, choose(bests[-1][1], value) if bests else value))
        return bests


class SlicePicture(DotsPicture):
    """Each trial's value over one parameter; those of a sweep are joined by a line."""

    title = "Slice"
    choosers = 1

    def why_empty(self) -> str:
        return super().why_empty() or ("" if self.look.names else "Nothing is varied.")

    def draw(self, painter: QPainter, box: QRectF, view: SearchView) -> Generator[None, None, None]:
        dimension, measured = self._chosen(view)
        frame = self.paint_axes(painter, box, Scale.of(dimension), self.value_scale(view, measured))
        spots = {
            it.number: QPointF(
                frame.x(frame.across.place(it.params[dimension.name])),
                frame.y(frame.up.place(view.shown(it.value or 0.0))),
            )
            for it in measured
        }
        if len(view.dimensions) == 1:
            painter.setClipRect(frame.area)
            painter.setPen(QPen(self.theme.color("train", 120), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPolyline(QPolygonF(sorted(spots.values(), key=QPointF.x)))
        yield
        yield from self.paint_dots(painter, spots, measured)

    def rows(self) -> list[Sequence[Any]]:
        if self.view is None or not self.look.names:
            return [("trial", "value", "spread")]
        dimension, measured = self._chosen(self.view)
        rows: list[Sequence[Any]] = [("trial", dimension.name, "value", "spread")]
        return rows + [
            (it.number, it.params[dimension.name], exact(it.value), exact(it.spread))
            for it in measured
        ]

    def _chosen(self, view: SearchView) -> tuple[Dimension, list[TrialRecord]]:
        name = self.look.names[0]
        dimension = next(it for it in view.dimensions if it.name == name)
        return dimension, [it for it in view.measured if name in it.params]
