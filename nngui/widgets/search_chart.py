"""SearchChart: the base of a search's plots, painted in the theme's colors."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from nngui.theme import Theme, theme_of
from nngui.viewmodels.search_view import SearchView
from nngui.widgets.search_axis import Scale

DOT = 4.0
"""Radius of a trial's dot [pixels]."""
_REACH = 14.0
"""How near the mouse must come to a trial [pixels]."""
_EVERY_ACROSS, _EVERY_UP = 90, 36

Hit = tuple[float, float, int]
"""Where a trial can be pointed at [pixels], and its number."""


class SearchChart(QWidget):
    """A picture of a search; a subclass says how it is painted.

    Attributes:
        choosers: How many parameters a person chooses for it.
        has_names: Whether there is something to say about how it was made, in `method`.
    """

    picked = Signal(int)
    """A person clicked at the trial of this number."""

    title = ""
    choosers = 0
    method = ""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view: SearchView | None = None
        self.names: list[str] = []
        self._hits: list[Hit] = []
        self._hovered: int | None = None
        self.setMouseTracking(True)
        self.setAccessibleName(self.title)
        self.setMinimumSize(QSize(240, 150))

    def show_view(self, view: SearchView | None, names: Sequence[str] = ()) -> None:
        """Show a search as it is now.

        Args:
            view: The search, None for none.
            names: The parameters chosen.
        """
        self.view, self.names = view, list(names)
        self.update()

    def why_empty(self) -> str:
        """Why there is nothing to see; "" when there is."""
        if self.view is None or not self.view.measured:
            return "The first completed trial appears here."
        return ""

    def draw(self, painter: QPainter, box: QRectF, theme: Theme) -> None:
        """Paint it; a subclass's part."""
        raise NotImplementedError

    def paint_picture(self, painter: QPainter, scale: float) -> None:
        """Paint all of it as it stands in a file, without what the mouse points at.

        Args:
            painter: Paints from (0, 0) on.
            scale: Dots of the picture for each pixel; not needed here.
        """
        del scale
        theme = theme_of(self.palette())
        painter.fillRect(self.rect(), theme.color("surface"))
        self._paint(painter, theme)

    def font_small(self) -> QFont:
        """The font of ticks."""
        font = QFont(self.font())
        font.setPointSizeF(max(font.pointSizeF() * 0.92, 7.0))
        return font

    # For subclasses.

    def frame(
        self, painter: QPainter, box: QRectF, theme: Theme, across: Scale, up: Scale
    ) -> QRectF:
        """Paint axes with their grid; returns the area between them."""
        painter.setFont(self.font_small())
        metrics = QFontMetricsF(painter.font())
        line = metrics.height()
        ups = up.ticks(round(box.height() / _EVERY_UP))
        left = min(
            max([metrics.horizontalAdvance(text) for _, text in ups] or [20.0]), box.width() / 4
        )
        area = box.adjusted(left + line + 12, 6, -12, -2 * line - 10)
        crossings = across.ticks(round(area.width() / _EVERY_ACROSS))
        grid, muted = QPen(theme.color("grid"), 1), QPen(theme.color("muted"))
        for place, text in ups:
            y = area.bottom() - place * area.height()
            if not up.categories:
                painter.setPen(grid)
                painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(muted)
            room = QRectF(area.left() - left - 6, y - line / 2, left, line)
            elided = metrics.elidedText(text, Qt.TextElideMode.ElideRight, left)
            painter.drawText(room, _RIGHT, elided)
        share = area.width() / max(len(crossings), 1) - 4
        for place, text in crossings:
            x = area.left() + place * area.width()
            if not across.categories:
                painter.setPen(grid)
                painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
            painter.setPen(muted)
            wide = max(share, metrics.horizontalAdvance(text)) if not across.categories else share
            room = QRectF(x - wide / 2, area.bottom() + 3, wide, line)
            elided = metrics.elidedText(text, Qt.TextElideMode.ElideRight, wide + 1)
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, elided)
        painter.setPen(QPen(theme.color("border"), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        painter.drawLine(area.topLeft(), area.bottomLeft())
        self._titles(painter, box, area, (across.title, up.title), theme)
        return area

    def dot(
        self, painter: QPainter, at: QPointF, theme: Theme, number: int, *, role: str = "train"
    ) -> None:
        """Paint a trial's dot; the best is a green diamond, the one looked at has a ring."""
        assert self.view is not None
        is_best, is_picked = number == self.view.best, number == self.view.picked
        painter.setPen(QPen(theme.color("surface"), 1))
        painter.setBrush(theme.color("best" if is_best else role))
        if is_best:
            reach = DOT + 2.5
            painter.drawPolygon(
                [
                    at + QPointF(0, -reach),
                    at + QPointF(reach, 0),
                    at + QPointF(0, reach),
                    at + QPointF(-reach, 0),
                ]
            )
        else:
            painter.drawEllipse(at, DOT, DOT)
        if is_picked or number == self._hovered:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("text"), 1.5))
            painter.drawEllipse(at, DOT + 4, DOT + 4)

    def add_hit(self, at: QPointF, number: int) -> None:
        """Let a trial be pointed at."""
        self._hits.append((at.x(), at.y(), number))

    def is_lit(self, number: int) -> bool:
        """Whether a trial is looked at or pointed at."""
        return self.view is not None and number in (self.view.picked, self._hovered)

    def trial_at(self, at: QPointF) -> int | None:
        """The number of the trial at a place, None for none."""
        near = [(math.hypot(x - at.x(), y - at.y()), number) for x, y, number in self._hits]
        distance, number = min(near, default=(math.inf, -1))
        return number if distance <= _REACH else None

    def hover_html(self, number: int) -> str:
        """What a tooltip says about a trial."""
        assert self.view is not None
        record = next((it for it in self.view.trials if it.number == number), None)
        return self.view.trial_html(record) if record is not None else ""

    def _titles(
        self, painter: QPainter, box: QRectF, area: QRectF, titles: tuple[str, str], theme: Theme
    ) -> None:
        line = QFontMetricsF(painter.font()).height()
        painter.setPen(theme.color("text"))
        below = QRectF(area.left(), box.bottom() - line - 1, area.width(), line)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, titles[0])
        painter.save()
        painter.translate(box.left(), area.center().y())
        painter.rotate(-90)
        beside = QRectF(-area.height() / 2, 0, area.height(), line)
        painter.drawText(beside, Qt.AlignmentFlag.AlignCenter, titles[1])
        painter.restore()

    def _paint(self, painter: QPainter, theme: Theme) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self.font_small())
        self._hits = []
        why = self.why_empty()
        if why:
            painter.setPen(theme.color("muted"))
            painter.drawText(self.rect(), _MIDDLE, why)
        else:
            self.draw(painter, QRectF(self.rect()).adjusted(2, 2, -2, -2), theme)

    # Qt calls these.

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._paint(painter, theme_of(self.palette()))
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        number = self.trial_at(event.position())
        if number == self._hovered:
            return
        self._hovered = number
        self.setCursor(
            Qt.CursorShape.ArrowCursor if number is None else Qt.CursorShape.PointingHandCursor
        )
        if number is None:
            QToolTip.hideText()
        else:
            QToolTip.showText(event.globalPosition().toPoint(), self.hover_html(number), self)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = self.trial_at(event.position())
        if number is not None and event.button() is Qt.MouseButton.LeftButton:
            self.picked.emit(number)
        else:
            super().mousePressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hovered = None
        self.update()


_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_MIDDLE = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
