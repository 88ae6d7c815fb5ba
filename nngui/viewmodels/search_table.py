"""TrialTable: the trials of a search as a table that can be sorted and filtered."""

from __future__ import annotations

import csv
import io
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    QSortFilterProxyModel,
    Qt,
    Slot,
)
from PySide6.QtGui import QFont, QGuiApplication

from nncore.search.records import TrialRecord, TrialState
from nngui.icons import icon
from nngui.theme import theme_of
from nngui.viewmodels.search_choices import label_of, param_text
from nngui.viewmodels.search_session import SearchModel, duration_text
from nngui.viewmodels.search_view import SearchView, epochs_of, has_value, view_of

SORT_ROLE = Qt.ItemDataRole.UserRole + 1
SIGNS: dict[TrialState, tuple[str, str]] = {
    "completed": ("check", "correct"),
    "running": ("play", "accent"),
    "waiting": ("pause", "muted"),
    "pruned": ("remove", "muted"),
    "diverged": ("warning", "warning"),
    "impossible": ("lock", "muted"),
    "failed": ("cross", "wrong"),
    "lost": ("reset", "warning"),
}
"""The icon and the color of each state."""
_SIGN_SIZE = 14
_NO_NUMBER = float("-inf")

Index = QModelIndex | QPersistentModelIndex


class TrialTable(QAbstractTableModel):
    """One row for each trial; the columns are its number, its parameters and what came of it.

    Args:
        model: The search.
        parent: Owner.
    """

    def __init__(self, model: SearchModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._numbers: list[int] = []
        self._rows: dict[int, int] = {}
        self._params: list[str] = []
        self._labels: dict[str, str] = {}
        self._view: SearchView | None = None
        self._best: int | None = None
        model.studyChanged.connect(self._begin)
        model.trialsChanged.connect(self._take)

    @property
    def headers(self) -> list[str]:
        """The titles of all columns."""
        labels = [self._labels[name] for name in self._params]
        return ["Trial", "Validation", *labels, "Epochs", "State", "Time"]

    def number_at(self, row: int) -> int:
        """The number of the trial in a row."""
        return self._numbers[row]

    def row_of(self, number: int) -> int:
        """The row of a trial, -1 for none."""
        return self._rows.get(number, -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._numbers)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else 5 + len(self._params)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.headers[section]
        if role == Qt.ItemDataRole.ToolTipRole and section == 1 and self._view is not None:
            return f"{self._view.value_title}; with several seeds their mean ± standard deviation."
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        record = self._model.records[self._numbers[index.row()]]
        column = index.column()
        is_state = column == self.columnCount() - 2
        if role == Qt.ItemDataRole.DisplayRole:
            return self._cell(record, column)[0]
        if role == SORT_ROLE:
            return self._cell(record, column)[1]
        if role == Qt.ItemDataRole.ToolTipRole:
            return record.reason or (self._view.trial_html(record) if self._view else None)
        if role == Qt.ItemDataRole.TextAlignmentRole and not is_state:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        sign, color = SIGNS[record.state]
        if role == Qt.ItemDataRole.DecorationRole and is_state:
            # No icon: in a column that is too narrow Qt would ask it for an empty picture.
            screen = QGuiApplication.primaryScreen()
            ratio = screen.devicePixelRatio()
            return icon(sign, role=color).pixmap(QSize(_SIGN_SIZE, _SIGN_SIZE), ratio)
        is_best = record.number == self._best
        if role == Qt.ItemDataRole.ForegroundRole and (is_best or is_state):
            theme = theme_of(QGuiApplication.palette())
            return theme.color("best" if is_best else color)
        if role == Qt.ItemDataRole.FontRole and is_best:
            font = QFont(QGuiApplication.font())
            font.setWeight(QFont.Weight.DemiBold)
            return font
        return None

    def to_csv(self) -> bytes:
        """The whole table, exactly, with a header."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        metric = "accuracy" if self._view is None or self._view.is_accuracy else "loss"
        names = ["trial", f"validation_{metric}", "spread", *self._params]
        writer.writerow([*names, "epochs", "state", "seconds", "reason"])
        for number in self._numbers:
            record = self._model.records[number]
            chosen = [record.params.get(name, "") for name in self._params]
            told = [number, record.value, record.spread, *chosen, epochs_of(record)]
            writer.writerow([*told, record.state, record.seconds, record.reason])
        return text.getvalue().encode()

    def _cell(self, record: TrialRecord, column: int) -> tuple[str, Any]:
        """Text and sort key of a cell."""
        if column == 0:
            return str(record.number), record.number
        if column == 1:
            words = self._view.value_words(record) if self._view else "–"
            value = record.value if has_value(record) else None
            return words, _NO_NUMBER if value is None else value
        if column < 2 + len(self._params):
            value = record.params.get(self._params[column - 2])
            return ("", _NO_NUMBER) if value is None else (param_text(value), value)
        place = column - 2 - len(self._params)
        if place == 0:
            epochs = epochs_of(record)
            return str(epochs), epochs
        if place == 1:
            again = record.attempt > 1 and record.state != "lost"
            return f"{record.state}{', repeated' if again else ''}", record.state
        return duration_text(record.seconds) if record.seconds else "", record.seconds

    @Slot()
    def _begin(self) -> None:
        self.beginResetModel()
        self._numbers, self._rows, self._params = [], {}, []
        self._add(sorted(self._model.records))
        self.endResetModel()

    @Slot(object)
    def _take(self, numbers: tuple[int, ...]) -> None:
        """Take in a batch of news."""
        names = {name for number in numbers for name in self._model.records[number].params}
        if names - set(self._params):
            self._begin()
            return
        was_best = self._best
        new = sorted(number for number in numbers if number not in self._rows)
        if new:
            first = len(self._numbers)
            self.beginInsertRows(QModelIndex(), first, first + len(new) - 1)
            self._add(new)
            self.endInsertRows()
        else:
            self._add([])
        last = self.columnCount() - 1
        marked = {it for it in (was_best, self._best) if it is not None}
        for number in {*numbers, *marked}:
            row = self._rows[number]
            self.dataChanged.emit(self.index(row, 0), self.index(row, last))

    def _add(self, numbers: list[int]) -> None:
        for number in numbers:
            self._rows[number] = len(self._numbers)
            self._numbers.append(number)
        spec = self._model.spec
        if spec is None:
            return
        self._view = view_of(spec, self._model.records.values(), None)
        self._best = self._view.best
        for dimension in self._view.dimensions:
            if dimension.name not in self._params:
                self._params.append(dimension.name)
                self._labels[dimension.name] = label_of(dimension.name, spec.space.base)


class TrialOrder(QSortFilterProxyModel):
    """Sorts by what the cells mean, and keeps the rows that hold a text."""

    def __init__(self, table: TrialTable, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setSourceModel(table)
        self.setSortRole(SORT_ROLE)
        self.setFilterKeyColumn(-1)
        self.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setDynamicSortFilter(True)

    def lessThan(self, left: Index, right: Index) -> bool:
        one, other = left.data(SORT_ROLE), right.data(SORT_ROLE)
        if isinstance(one, str) or isinstance(other, str):
            return str(one) < str(other)
        return one < other
