"""HoverOverlay: the crosshair and the read-out of all values at one place, over a plot."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from nngui.theme import RADIUS, SPACE, Theme, theme_of
from nngui.widgets.curve_plot_sign import SIGN_WIDTH, Sign, paint_sign

_MARGIN = 8
_PREVIOUS = "previous"


@dataclass(frozen=True)
class HoverRow:
    """One value of the read-out.

    Attributes:
        sign: How its curve looks.
        label: Its curve.
        text: The value as people read it.
        previous: The previous run's value, or "".
        point: Where the value stands in the widget; None when it is not in sight.
    """

    sign: Sign
    label: str
    text: str
    previous: str
    point: QPointF | None


@dataclass(frozen=True)
class HoverReadout:
    """All values at one place.

    Attributes:
        title: The place, as in "Epoch 6".
        x: The place in the widget [pixels].
        area: The rectangle inside the axes [pixels].
        rows: The values.
    """

    title: str
    x: float
    area: QRectF
    rows: tuple[HoverRow, ...]


class HoverOverlay(QWidget):
    """Lies over a plot, lets the mouse through and paints a read-out when there is one."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._readout: HoverReadout | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)

    @property
    def readout(self) -> HoverReadout | None:
        """What is shown."""
        return self._readout

    def show_readout(self, readout: HoverReadout | None) -> None:
        """Show a read-out, or none."""
        if readout == self._readout:
            return
        self._readout = readout
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        readout = self._readout
        if readout is None:
            return
        theme = theme_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("muted", 160), 1))
        x = round(readout.x) + 0.5
        painter.drawLine(QPointF(x, readout.area.top()), QPointF(x, readout.area.bottom()))
        for row in readout.rows:
            if row.point is not None and readout.area.adjusted(-2, -2, 2, 2).contains(row.point):
                painter.setPen(QPen(theme.color("surface"), 1.5))
                painter.setBrush(theme.color(row.sign.role))
                painter.drawEllipse(row.point, 4.5, 4.5)
        self._paint_box(painter, readout, theme)
        painter.end()

    def _paint_box(self, painter: QPainter, readout: HoverReadout, theme: Theme) -> None:
        height = self.fontMetrics().height() + 3
        widths = self._widths(readout)
        box = self._box(readout, sum(widths) + 2 * _MARGIN, height * (len(readout.rows) + 1))
        painter.setPen(QPen(theme.color("border"), 1))
        painter.setBrush(theme.color("raised", 240))
        painter.drawRoundedRect(box.translated(0.5, 0.5), RADIUS, RADIUS)
        line = QRectF(box.left() + _MARGIN, box.top() + _MARGIN - 1, sum(widths), height)
        left = Qt.AlignmentFlag.AlignVCenter
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.setPen(theme.color("muted"))
        painter.drawText(line, left, readout.title)
        if widths[2]:
            painter.drawText(line, right, _PREVIOUS)
        for row in readout.rows:
            line.translate(0, height)
            sign = QRectF(line.left(), line.top(), SIGN_WIDTH, height)
            paint_sign(painter, sign, row.sign, theme)
            painter.setPen(theme.color("text"))
            painter.drawText(line.adjusted(SIGN_WIDTH + SPACE, 0, 0, 0), left, row.label)
            painter.drawText(line.adjusted(0, 0, -widths[2], 0), right, row.text)
            painter.setPen(theme.color("muted"))
            painter.drawText(line, right, row.previous)

    def _widths(self, readout: HoverReadout) -> tuple[int, int, int]:
        """Of the labels with their signs, the values, and the previous run's values [pixels]."""
        width, rows = self.fontMetrics().horizontalAdvance, readout.rows
        labels = SIGN_WIDTH + SPACE + max((width(row.label) for row in rows), default=0)
        labels = max(labels, width(readout.title))
        texts = 2 * SPACE + max((width(row.text) for row in rows), default=0)
        if not any(row.previous for row in rows):
            return labels, texts, 0
        previous = max(width(_PREVIOUS), *(width(row.previous) for row in rows))
        return labels, texts, 2 * SPACE + previous

    def _box(self, readout: HoverReadout, width: int, height: int) -> QRectF:
        """Beside the crosshair, where there is room, and in the half with fewer points."""
        area = readout.area
        left = readout.x + 2 * SPACE
        if left + width > area.right():
            left = readout.x - 2 * SPACE - width
        left = min(max(left, area.left() + SPACE), area.right() - width)
        height += 2 * _MARGIN - 2
        heights = [row.point.y() for row in readout.rows if row.point is not None]
        above = heights and sum(heights) / len(heights) < area.center().y()
        top = area.bottom() - SPACE - height if above else area.top() + SPACE
        return QRectF(round(max(left, 0)), round(max(top, 0)), width, height)
