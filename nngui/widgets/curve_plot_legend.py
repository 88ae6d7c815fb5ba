"""PlotLegend: the signs and names of a plot's curves, in as many lines as the width needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from nngui.theme import SPACE, theme_of
from nngui.widgets.curve_plot_sign import FULL, SIGN_WIDTH, Sign, paint_sign

_BETWEEN = 2 * SPACE
_TEXT_AT = SIGN_WIDTH + 6


@dataclass(frozen=True)
class LegendEntry:
    """One line of the legend.

    Attributes:
        sign: How the curve looks.
        text: What it is.
        hint: What exactly it shows, as a tooltip.
    """

    sign: Sign
    text: str
    hint: str = ""


class PlotLegend(QWidget):
    """Paints its entries with the palette's colors of that moment, so a new theme needs nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[LegendEntry, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def entries(self) -> tuple[LegendEntry, ...]:
        """What is shown."""
        return self._entries

    def set_entries(self, entries: Sequence[LegendEntry]) -> None:
        """Show other entries."""
        if tuple(entries) == self._entries:
            return
        height = self.heightForWidth(self.width())
        self._entries = tuple(entries)
        self.setAccessibleDescription(", ".join(entry.text for entry in self._entries))
        if self.heightForWidth(self.width()) != height:
            self.updateGeometry()  # It has the whole window laid out anew.
        self.update()

    def sizeHint(self) -> QSize:
        places = self._places(10_000)
        width = max((place.right() + 1 for place in places), default=0)
        return QSize(width, self._line_height())

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self._line_height())

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return max((p.bottom() + 1 for p in self._places(width)), default=self._line_height())

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_of(self.palette())
        painter = QPainter(self)
        for entry, place in zip(self._entries, self._places(self.width()), strict=True):
            sign_rect = QRectF(place.left(), place.top(), SIGN_WIDTH, place.height())
            paint_sign(painter, sign_rect, entry.sign, theme)
            painter.setPen(theme.color("text" if entry.sign.strength == FULL else "muted"))
            text_rect = place.adjusted(_TEXT_AT, 0, 0, 0)
            painter.drawText(text_rect, Qt.AlignmentFlag.AlignVCenter, entry.text)
        painter.end()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self._hint_at(event.pos()), self)
            return True
        return super().event(event)

    def _hint_at(self, point: QPoint) -> str:
        places = self._places(self.width())
        for entry, place in zip(self._entries, places, strict=True):
            if place.contains(point):
                return entry.hint
        return ""

    def _line_height(self) -> int:
        return self.fontMetrics().height() + 4

    def _places(self, width: int) -> list[QRect]:
        """A rectangle for each entry, line by line."""
        x, y, height = 0, 0, self._line_height()
        places = []
        for entry in self._entries:
            wide = _TEXT_AT + self.fontMetrics().horizontalAdvance(entry.text) + 1
            if x > 0 and x + wide > width:
                x, y = 0, y + height
            places.append(QRect(x, y, wide, height))
            x += wide + _BETWEEN
        return places
