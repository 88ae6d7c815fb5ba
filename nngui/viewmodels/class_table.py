"""ClassTable: precision, recall and F1 of each class as a table that can be sorted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from nncore.metrics import ClassFigures
from nngui.answers import percent

SORT_ROLE = Qt.ItemDataRole.UserRole + 1
COLUMNS = (
    ("Class", "The true class."),
    ("Precision", "Of the images given this class, the share that has it."),
    ("Recall", "Of the images of this class, the share that was given it."),
    ("F1", "The harmonic mean of precision and recall: low if either is."),
    ("Images", "How many images have this class."),
)
"""Title and explanation of each column."""
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter

Index = QModelIndex | QPersistentModelIndex


class ClassTable(QAbstractTableModel):
    """One row for each class, in their order."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self._figures: tuple[ClassFigures, ...] = ()

    def show_figures(self, figures: Sequence[ClassFigures], names: Sequence[str]) -> None:
        """Show other figures; as long as the classes are the same, what is selected stays."""
        figures, names = tuple(figures), tuple(names)
        if len(figures) == len(self._figures) and names == self._names:
            self._figures = figures
            if figures:
                last = self.index(len(figures) - 1, len(COLUMNS) - 1)
                self.dataChanged.emit(self.index(0, 0), last)
            return
        self.beginResetModel()
        self._figures, self._names = figures, names
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._figures)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section][0]
        if role == Qt.ItemDataRole.ToolTipRole:
            return COLUMNS[section][1]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if section else _LEFT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = index.row(), index.column()
        if role == Qt.ItemDataRole.TextAlignmentRole and column:
            return _RIGHT
        if role not in (Qt.ItemDataRole.DisplayRole, SORT_ROLE):
            return None
        is_text, figures = role == Qt.ItemDataRole.DisplayRole, self._figures[row]
        if column == 0:
            return self._names[row] if is_text else row
        if column == len(COLUMNS) - 1:
            return f"{figures.samples:,}" if is_text else figures.samples
        share = figures[column - 1]
        return percent(share, 1) if is_text else share
