"""ParallelChart: every trial as a line across all parameters, with brushes on the axes."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPen, QPolygonF

from nncore.search.records import TrialRecord
from nngui.theme import Theme
from nngui.widgets.search_axis import Scale
from nngui.widgets.search_chart import SearchChart
from nngui.widgets.search_heat_map import shade

_GRASP = 16.0
"""How near an axis a drag has to begin to brush it [pixels]."""
_LEAST = 0.01


class ParallelChart(SearchChart):
    """Lines from parameter to parameter to the value; drag along an axis to keep a stretch of it.

    Attributes:
        brushes: The stretch kept of an axis, by the axis's number, from 0 to 1.
    """

    title = "Parallel"

    def __init__(self) -> None:
        super().__init__()
        self.brushes: dict[int, tuple[float, float]] = {}
        self._area = QRectF()
        self._axes: list[float] = []
        self._drag: tuple[int, float] | None = None
        self.setToolTip("Drag along an axis to keep the trials there; double click for all again.")

    def draw(self, painter: QPainter, box: QRectF, theme: Theme) -> None:
        view = self.view
        assert view is not None
        scales = [Scale.of(it) for it in view.dimensions]
        measured = view.measured
        values = {it.number: view.shown(it.value or 0.0) for it in measured}
        scales.append(Scale.around(view.value_title.split(",")[0], values.values()))
        line = QFontMetricsF(painter.font()).height()
        self._area = box.adjusted(60, 2 * line + 6, -60, -8)
        gap = self._area.width() / max(len(scales) - 1, 1)
        self._axes = [self._area.left() + gap * at for at in range(len(scales))]
        names = [it.name for it in view.dimensions]
        paths = {
            it.number: self._places(it, names, scales, values[it.number])
            for it in measured
            if all(name in it.params for name in names)
        }
        low, high = min(values.values()), max(values.values())
        is_good = view.spec.settings.objective.is_maximized
        order = sorted(paths, key=lambda number: values[number], reverse=not is_good)
        order.sort(key=lambda number: (self._is_kept(paths[number]), self.is_lit(number)))
        for number in order:
            share = (values[number] - low) / (high - low) if high > low else 1.0
            pen = QPen(shade(0.25 + 0.75 * (share if is_good else 1 - share), theme), 1)
            if number == view.best:
                pen = QPen(theme.color("best"), 2.5)
            if self.is_lit(number):
                pen = QPen(theme.color("text"), 2.5)
            if not self._is_kept(paths[number]):
                pen = QPen(theme.color("grid"), 1)
            self._line(painter, paths[number], pen, number)
        for at, scale in enumerate(scales):
            self._axis(painter, at, scale, theme)

    def _places(
        self, record: TrialRecord, names: list[str], scales: list[Scale], value: float
    ) -> list[float]:
        chosen = [record.params[name] for name in names]
        return [scale.place(it) for scale, it in zip(scales, [*chosen, value], strict=True)]

    def _is_kept(self, places: list[float]) -> bool:
        return all(
            low <= places[at] <= high
            for at, (low, high) in self.brushes.items()
            if at < len(places)
        )

    def _line(self, painter: QPainter, places: list[float], pen: QPen, number: int) -> None:
        area = self._area
        spots = [
            QPointF(x, area.bottom() - place * area.height())
            for x, place in zip(self._axes, places, strict=True)
        ]
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(spots))
        if self._is_kept(places):
            for spot in spots:
                self.add_hit(spot, number)

    def _axis(self, painter: QPainter, at: int, scale: Scale, theme: Theme) -> None:
        area, x = self._area, self._axes[at]
        metrics = QFontMetricsF(painter.font())
        line = metrics.height()
        painter.setPen(QPen(theme.color("muted"), 1))
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        for place, text in scale.ticks(round(area.height() / 40)):
            y = area.bottom() - place * area.height()
            wide = metrics.horizontalAdvance(text)
            plate = QRectF(x + 3, y - line / 2, wide + 4, line)
            painter.fillRect(plate, theme.color("surface", 190))
            painter.setPen(theme.color("muted"))
            painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)
        painter.setPen(theme.color("text"))
        share = area.width() / max(len(self._axes) - 1, 1) - 6
        # The names of neighbors stand on two lines, so that they have twice the room.
        top = area.top() - 6 - line * (2 if at % 2 else 1)
        reach = min(share, x - 2, self.width() - x - 2)
        room = QRectF(x - reach, top, 2 * reach, line)
        elided = metrics.elidedText(scale.title, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, elided)
        if at in self.brushes:
            low, high = self.brushes[at]
            painter.setPen(QPen(theme.color("accent"), 1))
            painter.setBrush(theme.color("accent", 70))
            top, bottom = (area.bottom() - it * area.height() for it in (high, low))
            painter.drawRect(QRectF(x - 6, top, 12, bottom - top))

    def _share_at(self, y: float) -> float:
        return min(max((self._area.bottom() - y) / max(self._area.height(), 1), 0.0), 1.0)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if self.trial_at(at) is None or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            near = [(abs(x - at.x()), number) for number, x in enumerate(self._axes)]
            distance, axis = min(near, default=(_GRASP, -1))
            if distance < _GRASP and event.button() is Qt.MouseButton.LeftButton:
                self._drag = axis, self._share_at(at.y())
                return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag is None:
            super().mouseMoveEvent(event)
            return
        axis, start = self._drag
        ends = sorted((start, self._share_at(event.position().y())))
        if ends[1] - ends[0] > _LEAST:
            self.brushes[axis] = ends[0], ends[1]
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        self._drag = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        self.brushes.clear()
        self._drag = None
        self.update()
