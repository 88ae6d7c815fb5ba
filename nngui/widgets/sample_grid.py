"""SampleGrid: a view of fixed geometry, so that 60,000 samples cost no more than those in sight."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QStyleOptionViewItem, QWidget

from nngui.viewmodels.sample_list import SampleList
from nngui.widgets.sample_grid_delegate import MARGIN, CellLook, SampleDelegate

THUMBNAIL = 56
"""Least side of a thumbnail where all scroll: MNIST's pixels doubled [pixels]."""
LARGEST_THUMBNAIL = 112
MOST_COLUMNS = 16
"""A wider view shows larger thumbnails: more are hard to look through, and slow to paint."""
LEAST_THUMBNAIL = 40
"""A grid of a fixed number of columns scrolls rather than show smaller ones [pixels]."""

_Index = QModelIndex | QPersistentModelIndex
_Action = QAbstractItemView.CursorAction
_Hint = QAbstractItemView.ScrollHint


@dataclass(frozen=True)
class GridLayout:
    """Equal cells, line by line.

    Attributes:
        columns: Cells in a line.
        size: Of a cell [pixels].
        left: Where the first column begins [pixels].
    """

    columns: int
    size: QSize
    left: int

    def cell(self, row: int) -> QRect:
        """The cell of a row of the model, in the whole grid."""
        x = self.left + row % self.columns * self.size.width()
        return QRect(QPoint(x, row // self.columns * self.size.height()), self.size)


class SampleGrid(QAbstractItemView):
    """Rows of equal cells; QListView lays out every item, which takes too long for so many."""

    def __init__(self, model: SampleList, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fixed: int | None = None
        self._top = 0
        self._empty_text = ""
        self._list = model
        self._delegate = SampleDelegate(model)
        self.setObjectName("sampleGrid")
        self.setAccessibleName("Sample images")
        self.setToolTip("Click an image to see it large, with its probabilities.")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setItemDelegate(self._delegate)
        self.setModel(model)

    def setFixedColumns(self, columns: int | None) -> None:
        """Show so many columns, if they fit, as large as that many lines fit; the most if None."""
        if columns != self._fixed:
            self._fixed = columns
            self._relayout()

    def setEmptyText(self, text: str) -> None:
        """Say why there is nothing to see when there is nothing."""
        self._empty_text = text
        self.viewport().update()

    # --- geometry --------------------------------------------------------------------------------

    def _look(self) -> CellLook:
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        return self._delegate.look(option, self.devicePixelRatioF())

    def layout_cells(self) -> GridLayout:
        """How the cells lie at the view's present size."""
        room, look = self.viewport().size(), self._look()
        if self._fixed is None:
            side = room.width() // MOST_COLUMNS - 2 * MARGIN
            least = look.cell(min(max(side, THUMBNAIL), LARGEST_THUMBNAIL))
            columns = max(1, room.width() // least.width())
            return GridLayout(columns, QSize(room.width() // columns, least.height()), 0)
        least = look.cell(LEAST_THUMBNAIL)
        n = max(1, min(self._fixed, room.width() // least.width()))
        height = max(least.height(), room.height() // n)
        # A cell is as wide as its thumbnail needs: a wide view would tear the columns apart.
        widest = height - least.height() + max(LEAST_THUMBNAIL, least.width()) + 12
        width = max(least.width(), min(room.width() // n, widest))
        return GridLayout(n, QSize(width, height), max(0, (room.width() - n * width) // 2))

    def _relayout(self) -> None:
        """Fit the scroll bar to the cells."""
        layout, bar = self.layout_cells(), self.verticalScrollBar()
        lines = -(-self._list.rowCount() // layout.columns)
        room = self.viewport().height()
        bar.setRange(0, max(0, lines * layout.size.height() - room))
        bar.setPageStep(room)
        bar.setSingleStep(max(1, layout.size.height() // 2))
        self.viewport().update()

    def updateGeometries(self) -> None:
        self._relayout()
        super().updateGeometries()

    def resizeEvent(self, event: QResizeEvent) -> None:
        # The sample at the top stays there, though it may stand in another line afterwards.
        top = self._top
        super().resizeEvent(event)
        self._relayout()
        if top:
            self.verticalScrollBar().setValue(self.layout_cells().cell(top).top())
            self._top = top

    def visualRect(self, index: _Index) -> QRect:
        if not index.isValid():
            return QRect()
        return self.layout_cells().cell(index.row()).translated(0, -self.verticalOffset())

    def indexAt(self, point: QPoint) -> QModelIndex:
        layout = self.layout_cells()
        column = (point.x() - layout.left) // layout.size.width()
        line = (point.y() + self.verticalOffset()) // layout.size.height()
        row = line * layout.columns + column
        if not 0 <= column < layout.columns or not 0 <= row < self._list.rowCount():
            return QModelIndex()
        return self._list.index(row)

    def scrollTo(self, index: _Index, hint: _Hint = _Hint.EnsureVisible) -> None:
        cell, room = self.visualRect(index), self.viewport().height()
        bar = self.verticalScrollBar()
        if hint == _Hint.PositionAtCenter:
            bar.setValue(bar.value() + cell.center().y() - room // 2)
        elif cell.top() < 0:
            bar.setValue(bar.value() + cell.top())
        elif cell.bottom() >= room:
            bar.setValue(bar.value() + cell.bottom() - room + 1)

    def horizontalOffset(self) -> int:
        return 0

    def verticalOffset(self) -> int:
        return self.verticalScrollBar().value()

    def isIndexHidden(self, index: _Index) -> bool:
        return False

    # --- choosing --------------------------------------------------------------------------------

    def moveCursor(self, cursorAction: _Action, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        count, layout = self._list.rowCount(), self.layout_cells()
        if not count:
            return QModelIndex()
        row = self.currentIndex().row()
        if row < 0:
            line = -(-self.verticalOffset() // layout.size.height())
            return self._list.index(min(line * layout.columns, count - 1))
        lines = max(1, self.viewport().height() // layout.size.height())
        step = {
            _Action.MoveLeft: -1,
            _Action.MovePrevious: -1,
            _Action.MoveRight: 1,
            _Action.MoveNext: 1,
            _Action.MoveUp: -layout.columns,
            _Action.MoveDown: layout.columns,
            _Action.MovePageUp: -lines * layout.columns,
            _Action.MovePageDown: lines * layout.columns,
            _Action.MoveHome: -row,
            _Action.MoveEnd: count - 1 - row,
        }[cursorAction]
        if cursorAction in (_Action.MoveUp, _Action.MoveDown) and not 0 <= row + step < count:
            return self._list.index(row)
        return self._list.index(min(max(row + step, 0), count - 1))

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        self.selectionModel().select(self.indexAt(rect.center()), command)

    def visualRegionForSelection(self, selection: object) -> QRegion:
        region = QRegion()
        for index in self.selectionModel().selectedIndexes():
            region += self.visualRect(index)
        return region

    # --- painting --------------------------------------------------------------------------------

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        layout = self.layout_cells()
        self._top = self.verticalOffset() // layout.size.height() * layout.columns
        # Moves what is painted already, so that only the new lines are painted.
        self.viewport().scroll(dx, dy)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        layout, look, count = self.layout_cells(), self._look(), self._list.rowCount()
        if not count:
            painter.setPen(look.theme.color("muted"))
            place = self.viewport().rect().adjusted(16, 8, -16, -8)
            words = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(place, words, self._empty_text)
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        area, offset = event.rect(), self.verticalOffset()
        height = layout.size.height()
        first = (area.top() + offset) // height * layout.columns
        last = ((area.bottom() + offset) // height + 1) * layout.columns
        current = self.currentIndex().row()
        for row in range(max(0, first), min(last, count)):
            cell = layout.cell(row).translated(0, -offset)
            sample = self._list.sample(row)
            self._delegate.paint_cell(painter, look, cell, sample, row == current)
        painter.end()
