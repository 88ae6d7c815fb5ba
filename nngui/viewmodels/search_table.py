"""TrialTable: the trials of a search as a table that sorts and filters itself."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Slot,
)
from PySide6.QtGui import QFont, QGuiApplication

from nncore.search.records import TrialRecord, TrialState
from nngui.number_words import duration
from nngui.theme import theme_of
from nngui.viewmodels.search_session import SearchModel
from nngui.viewmodels.search_view import SearchView, epochs_of, has_value

STATE_ROLE = Qt.ItemDataRole.UserRole + 1
"""The TrialState of a cell of the column of states; None elsewhere."""
COLORS: dict[TrialState, str] = {
    "completed": "correct",
    "running": "accent",
    "waiting": "muted",
    "pruned": "muted",
    "diverged": "warning",
    "impossible": "muted",
    "failed": "wrong",
    "lost": "warning",
}
"""The color of each state, as a role of the theme."""
_STATE, _VALUE = 1, 2
"""Columns."""

Index = QModelIndex | QPersistentModelIndex
Cells = list[tuple[str, Any]]
"""Text and sort key of each cell of a row."""


class TrialTable(QAbstractTableModel):
    """One row for each trial; the columns are its number, its parameters and what came of it.

    It sorts and filters by itself: a proxy would ask for the cells of a thousand trials one by one,
    which takes the window's thread too long.

    Args:
        model: The search.
        parent: Owner.
    """

    def __init__(self, model: SearchModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._numbers: list[int] = []
        self._cells: dict[int, Cells] = {}
        self._params: list[str] = []
        self._view: SearchView | None = None
        self._best: int | None = None
        self._filter = ""
        self._sorted = 0, Qt.SortOrder.AscendingOrder
        model.studyChanged.connect(self._begin)
        model.trialsChanged.connect(self._take)

    @property
    def headers(self) -> list[str]:
        """The titles of all columns."""
        labels = [it.label for it in self._view.dimensions] if self._view is not None else []
        return ["Trial", "State", "Validation", *labels, "Epochs run", "Time", "Remark"]

    @property
    def has_remarks(self) -> bool:
        """Whether the last column says anything."""
        return any(cells[-1][0] for cells in self._cells.values())

    def number_at(self, row: int) -> int:
        """The number of the trial in a row."""
        return self._numbers[row]

    def row_of(self, number: int) -> int:
        """The row of a trial, -1 for none."""
        return self._numbers.index(number) if number in self._numbers else -1

    def set_filter(self, text: str) -> None:
        """Keep the rows that hold a text in any cell, whatever its case."""
        self.beginResetModel()
        self._filter = text.casefold()
        self._numbers = self._order(self._cells)
        self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; what has no value there stands last either way."""
        self._sorted = column, order
        self._rearrange(self._order(self._numbers))

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._numbers)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else 6 + len(self._params)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.headers[section]
        if role == Qt.ItemDataRole.ToolTipRole and self._view is not None:
            title = self._view.value_title if section == _VALUE else self.headers[section]
            seeds = (
                "; with several seeds their mean ± standard deviation" if section == _VALUE else ""
            )
            return f"{title}{seeds}. Click to sort by it, again for the other way round."
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        number, column = self._numbers[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._cells[number][column][0]
        is_state = column == _STATE
        is_words = is_state or column == self.columnCount() - 1
        if role == Qt.ItemDataRole.TextAlignmentRole and not is_words:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        record = self._model.records[number]
        if role == Qt.ItemDataRole.ToolTipRole:
            return record.reason or (self._view.trial_html(record) if self._view else None)
        if role == STATE_ROLE:
            return record.state if is_state else None
        is_best = number == self._best
        if role == Qt.ItemDataRole.ForegroundRole and (is_best or is_state):
            theme = theme_of(QGuiApplication.palette())
            return theme.color("best" if is_best else COLORS[record.state])
        if role == Qt.ItemDataRole.FontRole and is_best:
            font = QFont(QGuiApplication.font())
            font.setWeight(QFont.Weight.DemiBold)
            return font
        return None

    def saving(self) -> Callable[[], bytes]:
        """What makes the whole table as CSV, exactly; for a thread, so of the trials of now."""
        metric = "accuracy" if self._view is None or self._view.is_accuracy else "loss"
        records = tuple(self._model.records[number] for number in sorted(self._model.records))
        return partial(_csv_of, records, tuple(self._params), metric)

    def _row(self, record: TrialRecord, view: SearchView) -> Cells:
        has_figure = has_value(record)
        again = ", repeated" if record.attempt > 1 and record.state != "lost" else ""
        cells: Cells = [(str(record.number), record.number)]
        cells.append((f"{record.state}{again}", record.state))
        cells.append((view.value_words(record), record.value if has_figure else None))
        for dimension in view.dimensions:
            value = record.params.get(dimension.name)
            cells.append(("", None) if value is None else (dimension.text(value), value))
        epochs = epochs_of(record)
        time = duration(record.seconds) if record.seconds else ""
        cells.append((f"{epochs:,}", epochs))
        return [*cells, (time, record.seconds or None), (record.reason, record.reason or None)]

    def _order(self, numbers: Iterable[int]) -> list[int]:
        """Those of some trials that pass the filter, as they are sorted."""
        column, order = self._sorted
        column = min(column, self.columnCount() - 1)
        sign, is_down = self._filter, order is Qt.SortOrder.DescendingOrder
        kept = sorted(
            number
            for number in numbers
            if not sign or any(sign in text.casefold() for text, _ in self._cells[number])
        )
        keys = {number: self._cells[number][column][1] for number in kept}
        known = [number for number in kept if keys[number] is not None]
        if any(isinstance(keys[number], str) for number in known):
            known.sort(key=lambda number: str(keys[number]), reverse=is_down)
        else:
            known.sort(key=lambda number: keys[number], reverse=is_down)
        return known + [number for number in kept if keys[number] is None]

    @Slot()
    def _begin(self) -> None:
        self.beginResetModel()
        book = self._model.book
        self._cells, self._params, self._best = {}, [], None
        self._view = book.view() if book is not None else None
        if book is not None and self._view is not None:
            self._params = [it.name for it in self._view.dimensions]
            self._best = self._view.best
            self._cells = {it.number: self._row(it, self._view) for it in self._view.trials}
        self._numbers = self._order(self._cells)
        self.endResetModel()

    @Slot(object)
    def _take(self, numbers: tuple[int, ...]) -> None:
        """Take in a batch of news."""
        book = self._model.book
        if book is None or self._view is None:
            return
        if len(book.dimensions) != len(self._params):
            self._begin()
            return
        marked = {self._best, book.best.number if book.best is not None else None} - {None}
        self._best = book.best.number if book.best is not None else None
        for number in numbers:
            self._cells[number] = self._row(book.records[number], self._view)
        wanted = self._order(self._cells)
        there, kept = set(self._numbers), set(wanted)
        self._remove([row for row, number in enumerate(self._numbers) if number not in kept])
        new = [number for number in wanted if number not in there]
        if new:
            first = len(self._numbers)
            self.beginInsertRows(QModelIndex(), first, first + len(new) - 1)
            self._numbers = self._numbers + new
            self.endInsertRows()
        self._rearrange(wanted)
        last = self.columnCount() - 1
        changed = kept & {*numbers, *marked}
        for row in [row for row, number in enumerate(wanted) if number in changed]:
            self.dataChanged.emit(self.index(row, 0), self.index(row, last))

    def _remove(self, rows: list[int]) -> None:
        for row in reversed(rows):
            self.beginRemoveRows(QModelIndex(), row, row)
            del self._numbers[row]
            self.endRemoveRows()

    def _rearrange(self, wanted: list[int]) -> None:
        """Put the same rows into another order; what is selected stays selected."""
        if wanted == self._numbers:
            return
        self.layoutAboutToBeChanged.emit()
        old = self.persistentIndexList()
        numbers = [self._numbers[index.row()] for index in old]
        self._numbers = wanted
        rows = {number: row for row, number in enumerate(wanted)}
        fresh = [
            self.index(rows[number], index.column())
            for number, index in zip(numbers, old, strict=True)
        ]
        self.changePersistentIndexList(old, fresh)
        self.layoutChanged.emit()


def _csv_of(records: Iterable[TrialRecord], params: Sequence[str], metric: str) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    names = ["trial", f"validation_{metric}", "spread", *params]
    writer.writerow([*names, "epochs", "state", "seconds", "reason"])
    for record in records:
        chosen = [record.params.get(name, "") for name in params]
        told = [record.number, record.value, record.spread, *chosen, epochs_of(record)]
        writer.writerow([*told, record.state, record.seconds, record.reason])
    return text.getvalue().encode()
