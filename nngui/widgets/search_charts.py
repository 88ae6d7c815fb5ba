"""History, slice and curves of a search."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from nngui.theme import Theme
from nngui.viewmodels.search_view import curve_of
from nngui.widgets.search_axis import Scale
from nngui.widgets.search_chart import SearchChart


class HistoryChart(SearchChart):
    """Each trial's value in order, with the best so far as a line."""

    title = "History"

    def draw(self, painter: QPainter, box: QRectF, theme: Theme) -> None:
        view = self.view
        assert view is not None
        measured = view.measured
        shown = {it.number: view.shown(it.value or 0.0) for it in measured}
        across = Scale.around("Trial", [0, max(shown)], whole=True)
        up = Scale.around(view.value_title, shown.values())
        area = self.frame(painter, box, theme, across, up)
        spots = {
            number: QPointF(
                area.left() + across.place(number) * area.width(),
                area.bottom() - up.place(value) * area.height(),
            )
            for number, value in shown.items()
        }
        line, best = QPolygonF(), None
        for spot in spots.values():
            height = spot.y()
            is_better = best is None or (
                height < best if view.spec.settings.objective.is_maximized else height > best
            )
            if best is not None:
                line.append(QPointF(spot.x(), best))
            if is_better:
                best = height
                line.append(spot)
        if best is not None:
            line.append(QPointF(area.right(), best))
        painter.setPen(QPen(theme.color("best"), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(line)
        whiskers(self, painter, theme, area, up, spots)
        for number, spot in spots.items():
            self.dot(painter, spot, theme, number)
            self.add_hit(spot, number)


class SliceChart(SearchChart):
    """Each trial's value over one parameter; a sweep's mean is joined by a line."""

    title = "Slice"
    choosers = 1

    def why_empty(self) -> str:
        return super().why_empty() or ("" if self.names else "Nothing is varied.")

    def draw(self, painter: QPainter, box: QRectF, theme: Theme) -> None:
        view = self.view
        assert view is not None
        name = self.names[0]
        dimension = next(it for it in view.dimensions if it.name == name)
        measured = [it for it in view.measured if name in it.params]
        across = Scale.of(dimension)
        up = Scale.around(view.value_title, [view.shown(it.value or 0.0) for it in measured])
        area = self.frame(painter, box, theme, across, up)
        spots = {
            it.number: QPointF(
                area.left() + across.place(it.params[name]) * area.width(),
                area.bottom() - up.place(view.shown(it.value or 0.0)) * area.height(),
            )
            for it in measured
        }
        if len(view.dimensions) == 1 and dimension.is_number:
            painter.setPen(QPen(theme.color("train", 120), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPolyline(QPolygonF(sorted(spots.values(), key=QPointF.x)))
        whiskers(self, painter, theme, area, up, spots)
        for number, spot in spots.items():
            self.dot(painter, spot, theme, number)
            self.add_hit(spot, number)


class CurvesChart(SearchChart):
    """The validation figure of every trial after each epoch; pruned ones are faint and dotted."""

    title = "Curves"

    def why_empty(self) -> str:
        if self.view is None or not any(run.epochs for it in self.view.trials for run in it.runs):
            return "The curves of all trials appear here, each after its first epoch."
        return ""

    def draw(self, painter: QPainter, box: QRectF, theme: Theme) -> None:
        view = self.view
        assert view is not None
        is_accuracy = view.is_accuracy
        curves = {it.number: curve_of(it, is_accuracy=is_accuracy) for it in view.trials}
        states = {it.number: it.state for it in view.trials}
        curves = {
            number: [view.shown(it) for it in curve]
            for number, curve in curves.items()
            if curve and states[number] != "lost"
        }
        values = sorted(it for curve in curves.values() for it in curve)
        if not is_accuracy:
            # A diverging trial would press all others flat.
            values = values[: max(round(0.98 * len(values)), 1)]
        longest = max((len(curve) for curve in curves.values()), default=1)
        title = f"Validation {'accuracy [%]' if is_accuracy else 'loss [nats]'}"
        up = Scale.around(title, values)
        across = Scale.around("Epoch", [1, max(longest, 2)], whole=True)
        area = self.frame(painter, box, theme, across, up)
        painter.save()
        painter.setClipRect(area)
        last = [number for number in curves if number == view.best or self.is_lit(number)]
        for number in [*(it for it in curves if it not in last), *last]:
            spots = [
                QPointF(
                    area.left() + across.place(epoch) * area.width(),
                    area.bottom() - up.place(value) * area.height(),
                )
                for epoch, value in enumerate(curves[number], start=1)
            ]
            painter.setPen(self._pen(number, states[number], theme))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            if len(spots) == 1:
                painter.drawEllipse(spots[0], 2, 2)
            painter.drawPolyline(QPolygonF(spots))
            for spot in spots:
                self.add_hit(spot, number)
        painter.restore()

    def _pen(self, number: int, state: str, theme: Theme) -> QPen:
        assert self.view is not None
        if self.is_lit(number):
            return QPen(theme.color("text"), 2.5)
        if number == self.view.best:
            return QPen(theme.color("best"), 2.5)
        if state == "running":
            return QPen(theme.color("validation"), 1.5)
        if state == "completed":
            return QPen(theme.color("train", 150), 1)
        return QPen(theme.color("muted", 110), 1, Qt.PenStyle.DotLine)


def whiskers(
    chart: SearchChart,
    painter: QPainter,
    theme: Theme,
    area: QRectF,
    up: Scale,
    spots: dict[int, QPointF],
) -> None:
    """Paint the spread between seeds as bars through the dots, where there is one."""
    view = chart.view
    assert view is not None
    painter.setPen(QPen(theme.color("muted"), 1))
    for record in view.measured:
        spread, spot = record.spread, spots.get(record.number)
        if spread and spot is not None:
            reach = view.shown(spread) / (up.high - up.low) * area.height()
            painter.drawLine(spot - QPointF(0, reach), spot + QPointF(0, reach))
