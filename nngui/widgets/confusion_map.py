"""ConfusionMap: which class was taken for which, as a map of colored cells with their counts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from nngui.answers import percent
from nngui.theme import SPACE, Theme, theme_of
from nngui.widgets.confusion_shades import needs_black, shades

LEAST_CELL = 15
"""Smaller cells than this show their color alone [pixels]."""
MOST_COUNTS = 160
"""More counts than this are not written but told by color and tooltip: each takes 40 us."""
LEAST_FONT = 6.5
"""Counts are not written smaller than this [points]."""
MOST_LABEL = 0.3
"""The class names at the left take at most this part of the width."""
_CENTER = Qt.AlignmentFlag.AlignCenter
_ARROWS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}
_CHOOSE = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ConfusionMap(QWidget):
    """True classes from top to bottom, predicted ones from left to right.

    What is right stands on the diagonal, in green; mistakes beside it, the stronger in color the
    more there are. A click, or the arrow keys and Return, choose a cell.
    """

    chosen = Signal(int, int)
    """A person asks for the samples of this true class that were taken for that class."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self._counts: NDArray[np.int64] = np.zeros((0, 0), np.int64)
        self._cell: tuple[int, int] | None = None
        self.setObjectName("confusionMap")
        self.setAccessibleName("Confusion matrix")
        self.setToolTip("Which class was taken for which. Click a cell to see its images.")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_counts(self, counts: NDArray[np.int64] | None, names: Sequence[str]) -> None:
        """Show how often each class was taken for each.

        Args:
            counts: True classes in rows, predicted in columns (classes, classes); None for none.
            names: What the classes are called.
        """
        if counts is None or len(counts) != len(self._counts):
            self._cell = None
        self._counts = np.zeros((0, 0), np.int64) if counts is None else counts
        self._names = tuple(names)
        self._describe()
        self.update()

    def counts(self) -> NDArray[np.int64]:
        """What is shown (classes, classes)."""
        return self._counts

    def cell_text(self, true: int, predicted: int) -> str:
        """One cell in words."""
        count, total = int(self._counts[true, predicted]), int(self._counts[true].sum())
        share = f", {percent(count / total, 1)} of them" if total else ""
        if true == predicted:
            return f"{self._names[true]}: {count:,} of {total:,} right{share}"
        said = f"{self._names[true]} taken for {self._names[predicted]}"
        return f"{said}: {count:,} of {total:,}{share}"

    def cell_rect(self, true: int, predicted: int) -> QRectF:
        """Where a cell is painted [pixels]."""
        area = self._area()
        side = area.width() / max(len(self._counts), 1)
        return QRectF(area.left() + predicted * side, area.top() + true * side, side, side)

    # --- geometry --------------------------------------------------------------------------------

    def _area(self) -> QRectF:
        """The square of all cells, room left for names and titles at its left and top."""
        metrics = QFontMetricsF(self.font())
        line = metrics.height()
        widest = max((metrics.horizontalAdvance(name) for name in self._names), default=0.0)
        left = line + SPACE + min(widest, MOST_LABEL * self.width()) + SPACE / 2
        top = 2 * line + SPACE / 2
        side = max(0.0, min(self.width() - left - 1, self.height() - top - 1))
        return QRectF(left, top, side, side)

    def _cell_at(self, place: QPointF) -> tuple[int, int] | None:
        area, classes = self._area(), len(self._counts)
        if not classes or not area.contains(place):
            return None
        row = int((place.y() - area.top()) / area.height() * classes)
        column = int((place.x() - area.left()) / area.width() * classes)
        return min(row, classes - 1), min(column, classes - 1)

    def sizeHint(self) -> QSize:
        return QSize(320, 320)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 180)

    # --- choosing --------------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        is_cell = self._cell_at(event.position()) is not None
        shape = Qt.CursorShape.PointingHandCursor if is_cell else Qt.CursorShape.ArrowCursor
        self.setCursor(shape)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self._cell_at(event.position())
        if cell is None or event.button() is not Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        self._go_to(cell)
        self.chosen.emit(*cell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, last = Qt.Key(event.key()), len(self._counts) - 1
        if last >= 0 and key in _ARROWS:
            row, column = self._cell or (0, 0)
            down, right = _ARROWS[key] if self._cell else (0, 0)
            self._go_to((min(max(row + down, 0), last), min(max(column + right, 0), last)))
        elif self._cell is not None and key in _CHOOSE:
            self.chosen.emit(*self._cell)
        else:
            super().keyPressEvent(event)

    def _go_to(self, cell: tuple[int, int]) -> None:
        self._cell = cell
        self._describe()
        self.update()

    def _describe(self) -> None:
        """Tell screen readers the cell looked at, or what to do."""
        told = "Arrow keys go from cell to cell, Return shows the images of one."
        self.setAccessibleDescription(self.cell_text(*self._cell) if self._cell else told)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            cell = self._cell_at(QPointF(event.pos()))
            text = self.toolTip() if cell is None else self.cell_text(*cell)
            QToolTip.showText(event.globalPos() + QPoint(0, SPACE), text, self)
            return True
        return super().event(event)

    # --- painting --------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        if not len(self._counts):
            return
        painter = QPainter(self)
        theme, area = theme_of(self.palette()), self._area()
        # One picture of a pixel a cell: a rectangle for each would take long for many classes.
        colors = shades(self._counts, theme)
        height, width = colors.shape[:2]
        image = QImage(colors.data, width, height, 3 * width, QImage.Format.Format_RGB888)
        painter.drawImage(area, image)
        side = area.width() / width
        if side >= LEAST_CELL:
            self._paint_cells(painter, theme, area, colors)
        self._paint_names(painter, theme, area, side)
        if self._cell is not None and self.hasFocus():
            painter.setPen(QPen(theme.color("text"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.cell_rect(*self._cell).adjusted(1, 1, -1, -1))
        painter.end()

    def _paint_cells(
        self, painter: QPainter, theme: Theme, area: QRectF, colors: NDArray[np.uint8]
    ) -> None:
        """Paint the lines between cells, and the counts that fit."""
        classes = len(self._counts)
        side = area.width() / classes
        painter.setPen(QPen(theme.color("surface"), 1))
        for line in range(classes + 1):
            at = line * side
            painter.drawLine(area.topLeft() + QPointF(at, 0), area.bottomLeft() + QPointF(at, 0))
            painter.drawLine(area.topLeft() + QPointF(0, at), area.topRight() + QPointF(0, at))
        if np.count_nonzero(self._counts) > MOST_COUNTS:
            return
        painter.save()
        self._fit_font(painter, side - 3)
        metrics, is_black = QFontMetricsF(painter.font()), needs_black(colors)
        for row, column in np.argwhere(self._counts).tolist():
            text = f"{self._counts[row, column]}"
            if metrics.horizontalAdvance(text) > side - 2:
                continue
            painter.setPen(QColor("#000000" if is_black[row, column] else "#ffffff"))
            painter.drawText(self.cell_rect(row, column), _CENTER, text)
        painter.restore()

    def _fit_font(self, painter: QPainter, room: float) -> None:
        """Make the font so small that the largest count fits, as far as it can then be read."""
        font = painter.font()
        wide = QFontMetricsF(font).horizontalAdvance(f"{self._counts.max()}")
        if wide > room:
            font.setPointSizeF(max(font.pointSizeF() * room / wide, LEAST_FONT))
            painter.setFont(font)

    def _paint_names(self, painter: QPainter, theme: Theme, area: QRectF, side: float) -> None:
        metrics = QFontMetricsF(painter.font())
        line, room = metrics.height(), area.left() - metrics.height() - SPACE * 1.5
        painter.setPen(theme.color("muted"))
        every = max(1, int(np.ceil(line / side)))
        elide = Qt.TextElideMode.ElideRight
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        widest = max(metrics.horizontalAdvance(name) for name in self._names) + SPACE / 2
        every_across = every if widest < every * side else max(every, int(widest / side) + 1)
        for index, name in enumerate(self._names):
            middle = (index + 0.5) * side
            if index % every == 0:
                beside = QRectF(line + SPACE, area.top() + middle - line / 2, room, line)
                painter.drawText(beside, right, metrics.elidedText(name, elide, room))
            if index % every_across == 0:
                wide = every_across * side
                above = QRectF(area.left() + middle - wide / 2, area.top() - line - 2, wide, line)
                painter.drawText(above, _CENTER, metrics.elidedText(name, elide, wide))
        painter.setPen(theme.color("text"))
        painter.drawText(QRectF(area.left(), 0, area.width(), line), _CENTER, "Predicted class")
        painter.translate(0, area.center().y())
        painter.rotate(-90)
        painter.drawText(QRectF(-area.height() / 2, 0, area.height(), line), _CENTER, "True class")
        painter.resetTransform()
