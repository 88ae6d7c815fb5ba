"""ParallelPicture: every trial as a line across all parameters, with brushes on the axes."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from nncore.search.records import TrialRecord
from nngui.theme import Theme
from nngui.viewmodels.search_view import SearchView
from nngui.widgets.search_axis import Scale
from nngui.widgets.search_heat_map import shade
from nngui.widgets.search_picture import Floats, Look, SearchPicture, exact, polyline

_GRASP = 16.0
"""How near an axis a drag has to begin to brush it [pixels]."""
_LEAST = 0.01
_EDGE, _FOOT = 60, 8
_NONE = -0.08
"""Where a trial stands that has no value on an axis: below its end."""
VALUE = ""
"""Stands for the value among the names of the axes."""


class ParallelPicture(SearchPicture):
    """Lines from parameter to parameter to the value; drag along an axis to keep a stretch of it.

    Attributes:
        kept: The trials that every brush keeps.
    """

    title = "Parallel"
    hint = (
        "Drag along an axis to keep the trials there; double click for all again. Point at a "
        "trial to read it, click for its configuration."
    )

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.kept: list[int] = []
        self._area = QRectF()
        self._axes: dict[str, float] = {}

    def draw(self, painter: QPainter, box: QRectF, view: SearchView) -> Generator[None, None, None]:
        scales = self._scales(view)
        line = QFontMetricsF(painter.font()).height()
        self._area = box.adjusted(_EDGE, 3 * line + 6, -_EDGE, -_FOOT)
        records, missing = view.measured, self._missing(view)
        if missing:
            self._area.setHeight((self._area.height() - line / 2) / (1 - _NONE))
        gap = self._area.width() / max(len(scales) - 1, 1)
        self._axes = {name: self._area.left() + gap * at for at, name in enumerate(scales)}
        shown: dict[int, Floats] = {}
        for record in records:
            shown[record.number] = self._places(record, scales, view)
            yield
        self.kept = [number for number, it in shown.items() if self._is_kept(it, scales)]
        xs, kept = np.array(list(self._axes.values())), set(self.kept)
        values = [places[-1] for places in shown.values()]
        is_good = view.spec.settings.objective.is_maximized
        order = sorted(shown, key=lambda it: shown[it][-1] if is_good else -shown[it][-1])
        order.sort(key=lambda it: (it in kept, it == view.best))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for number in order:
            share = (shown[number][-1] - min(values)) / ((max(values) - min(values)) or 1.0)
            ys = self._area.bottom() - shown[number] * self._area.height()
            pen = QPen(shade(0.25 + 0.75 * (share if is_good else 1 - share), self.theme), 1)
            if number == view.best:
                pen = QPen(self.theme.color("best"), 2.5)
            if number not in kept:
                pen = QPen(self.theme.color("grid"), 1)
            painter.setPen(pen)
            painter.drawPolyline(polyline(xs, ys))
            if number in kept:
                self.mark(number, xs, ys)
            yield
        for at, (name, scale) in enumerate(scales.items()):
            self._axis(painter, at, name, scale)
            if name in missing:
                self._none(painter, name)
        self._count(painter, box, len(shown))

    def light(self, painter: QPainter, number: int) -> None:
        if number in self.marks:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self.theme.color("text"), 2.5))
            painter.drawPolyline(polyline(*self.marks[number]))

    def dragged(self, start: QPointF, now: QPointF) -> tuple[QRectF, Look] | None:
        """A drag along an axis keeps a stretch of it."""
        name = min(self._axes, key=lambda it: abs(self._axes[it] - start.x()), default=None)
        if name is None or abs(self._axes[name] - start.x()) > _GRASP:
            return None
        low, high = sorted((self._share_at(start.y()), self._share_at(now.y())))
        if high - low < _LEAST:
            return None
        look = replace(self.look, brushes={**self.look.brushes, name: (low, high)})
        return self._brush(name, (low, high)), look

    def rows(self) -> list[Sequence[Any]]:
        view = self.view
        names = [it.name for it in view.dimensions] if view is not None else []
        rows: list[Sequence[Any]] = [("trial", *names, "value", "kept")]
        if view is not None and view.measured:
            scales = self._scales(view)
            rows += [
                (
                    it.number,
                    *(it.params.get(name, "") for name in names),
                    exact(it.value),
                    str(self._is_kept(self._places(it, scales, view), scales)).lower(),
                )
                for it in view.measured
            ]
        return rows

    def _scales(self, view: SearchView) -> dict[str, Scale]:
        values = [view.shown(it.value or 0.0) for it in view.measured]
        scales = {it.name: Scale.of(it) for it in view.dimensions}
        return scales | {VALUE: Scale.around(view.value_title.split(",")[0], values)}

    def _missing(self, view: SearchView) -> set[str]:
        """The parameters that not all trials have, as those of a third layer."""
        names = [it.name for it in view.dimensions]
        return {name for it in view.measured for name in names if name not in it.params}

    def _places(self, record: TrialRecord, scales: Mapping[str, Scale], view: SearchView) -> Floats:
        params = record.params | {VALUE: view.shown(record.value or 0.0)}
        return np.array(
            [it.place(params[name]) if name in params else _NONE for name, it in scales.items()]
        )

    def _is_kept(self, places: Floats, scales: Mapping[str, Scale]) -> bool:
        brushes = self.look.brushes
        return all(
            name not in brushes or brushes[name][0] <= place <= brushes[name][1]
            for name, place in zip(scales, places.tolist(), strict=True)
        )

    def _axis(self, painter: QPainter, at: int, name: str, scale: Scale) -> None:
        area, x, theme = self._area, self._axes[name], self.theme
        metrics = QFontMetricsF(painter.font())
        line = metrics.height()
        painter.setPen(QPen(theme.color("muted"), 1))
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        gap = area.width() / max(len(self._axes) - 1, 1)
        for place, text in scale.ticks(round(area.height() / 40)):
            y = area.bottom() - place * area.height()
            is_last = at == len(self._axes) - 1
            text = metrics.elidedText(
                text, Qt.TextElideMode.ElideRight, _EDGE - 6 if is_last else gap - 12
            )
            wide = metrics.horizontalAdvance(text)
            plate = QRectF(x + 3, y - line / 2, wide + 4, line)
            painter.fillRect(plate, theme.color("surface", 190))
            painter.setPen(theme.color("muted"))
            painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)
        painter.setPen(theme.color("text"))
        # The names of neighbors stand on two lines, so that they have twice the room.
        top = area.top() - 6 - line * (2 if at % 2 else 1)
        reach = min(gap - 6, x - 2, self.size.width() - x - 2)
        room = QRectF(x - reach, top, 2 * reach, line)
        elided = metrics.elidedText(scale.title, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, elided)
        if name in self.look.brushes:
            paint_brush(painter, self._brush(name, self.look.brushes[name]), theme)

    def _none(self, painter: QPainter, name: str) -> None:
        """Paint where the trials without a value on an axis cross it."""
        area, x = self._area, self._axes[name]
        line = QFontMetricsF(painter.font()).height()
        y = area.bottom() - _NONE * area.height()
        painter.setPen(self.theme.color("muted"))
        painter.drawText(
            QRectF(x + 5, y - line / 2, _EDGE, line), Qt.AlignmentFlag.AlignLeft, "none"
        )

    def _count(self, painter: QPainter, box: QRectF, count: int) -> None:
        if self.look.brushes:
            painter.setPen(self.theme.color("muted"))
            line = QFontMetricsF(painter.font()).height()
            room = QRectF(box.left(), box.top(), box.width(), line)
            text = f"{len(self.kept):,} of {count:,} trials kept"
            painter.drawText(room, Qt.AlignmentFlag.AlignRight, text)

    def _brush(self, name: str, span: tuple[float, float]) -> QRectF:
        area, x = self._area, self._axes[name]
        top, bottom = (area.bottom() - it * area.height() for it in reversed(span))
        return QRectF(x - 6, top, 12, bottom - top)

    def _share_at(self, y: float) -> float:
        return min(max((self._area.bottom() - y) / max(self._area.height(), 1), 0.0), 1.0)


def paint_brush(painter: QPainter, shape: QRectF, theme: Theme) -> None:
    """Paint a stretch that a person marks or has marked."""
    painter.setPen(QPen(theme.color("accent"), 1))
    painter.setBrush(theme.color("accent", 70))
    painter.drawRect(shape)
