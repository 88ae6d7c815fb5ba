"""ImportancePicture: how much each hyperparameter matters, with the method named."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from nngui.viewmodels.search_view import SearchView
from nngui.widgets.search_picture import SearchPicture, exact

ROUGH_BELOW = 50
"""With fewer completed trials the picture says that it is a first impression."""
_TALLEST = 30.0


class ImportancePicture(SearchPicture):
    """A bar for each hyperparameter; together they are 100 %."""

    title = "Importance"
    hint = (
        "PED-ANOVA (Watanabe, Bansal and Hutter 2023): how differently the values of a "
        "hyperparameter are spread in the best tenth of the trials and in all of them. It tells "
        "what set good trials apart in this search, not what would matter outside its ranges."
    )

    def why_empty(self) -> str:
        view = self.view
        if view is None or view.importance is None:
            why = super().why_empty()
            return why or "Working out which hyperparameters matter…"
        found, count = view.importance, view.importance.completed
        if count < found.least:
            trials = "trial is" if count == 1 else "trials are"
            return (
                f"Importance needs {found.least} completed trials, and {count} {trials} there. "
                "With fewer, chance alone would decide."
            )
        if not found.shares:
            return (
                "Nothing to tell apart: all completed trials have the same value, or no "
                "hyperparameter differs that all of them have."
            )
        return ""

    def draw(self, painter: QPainter, box: QRectF, view: SearchView) -> Generator[None, None, None]:
        assert view.importance is not None
        metrics = QFontMetricsF(painter.font())
        line, found = metrics.height(), view.importance
        labels = {it.name: it.label for it in view.dimensions}
        names = [labels.get(name, name) for name in found.shares]
        left = min(max(metrics.horizontalAdvance(name) for name in names), box.width() / 3) + 10
        right = metrics.horizontalAdvance("100 %") + 8
        foot = 2 * line + 8
        area = box.adjusted(left, 4, -right, -foot)
        row = min(area.height() / len(names), _TALLEST)
        largest = max(found.shares.values()) or 1.0
        for at, (name, share) in enumerate(zip(names, found.shares.values(), strict=True)):
            top = area.top() + at * row
            bar = QRectF(area.left(), top + 0.15 * row, area.width() * share / largest, 0.7 * row)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.theme.color("train"))
            painter.drawRoundedRect(bar, 2, 2)
            painter.setPen(self.theme.color("text"))
            room = QRectF(box.left(), top, left - 8, row)
            text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, _RIGHT, text)
            figure = QRectF(bar.right() + 5, top, right, row)
            painter.drawText(figure, Qt.AlignmentFlag.AlignVCenter, f"{100 * share:.0f} %")
            yield
        self._method(painter, QRectF(box.left(), box.bottom() - foot, box.width(), foot), view)

    def rows(self) -> list[Sequence[Any]]:
        rows: list[Sequence[Any]] = [("hyperparameter", "importance", "method", "trials")]
        if self.view is not None and self.view.importance is not None:
            found = self.view.importance
            rows += [
                (name, exact(share), found.method, found.completed)
                for name, share in found.shares.items()
            ]
        return rows

    def _method(self, painter: QPainter, room: QRectF, view: SearchView) -> None:
        assert view.importance is not None
        found = view.importance
        text = f"By {found.method}, from {found.completed:,} completed trials."
        if found.completed < ROUGH_BELOW:
            text += f" A first impression: with {ROUGH_BELOW} or more it settles."
        missing = len(view.dimensions) - len(found.shares)
        if missing:
            text += f" {missing} left out: not in every trial, or never different."
        painter.setPen(self.theme.color("muted"))
        painter.drawText(room, Qt.AlignmentFlag.AlignBottom | Qt.TextFlag.TextWordWrap, text)


_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
