"""SearchRows: what a search varies, a row for each hyperparameter, made a few at a time."""

from __future__ import annotations

import time
from functools import partial

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QMenu, QPushButton, QVBoxLayout, QWidget

from nngui.forms.note import Note
from nngui.forms.tooltips import tooltip_of
from nngui.icons import icon
from nngui.tabs.search_row import SearchRow
from nngui.viewmodels.search_plan import SearchPlan
from nngui.viewmodels.search_rows import PlanRow

_SLICE = 0.003
"""For how long rows are made at a time [s]; one takes 1 to 2 ms."""


class SearchRows(QWidget):
    """The rows of a search, and a button to vary one more.

    Args:
        plan: What they edit.
        parent: Owner.

    Attributes:
        rows: Those that are shown.
    """

    def __init__(self, plan: SearchPlan, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plan = plan
        self.rows: list[SearchRow] = []
        self._made: dict[str, SearchRow] = {}
        self._turn = QTimer(self, singleShot=True, interval=0)
        self._build()
        self._turn.timeout.connect(self._make_rows)
        self._add_menu.aboutToShow.connect(self._fill_menu)

    def _build(self) -> None:
        self._note = Note(self)
        self._add = QPushButton("Vary another…")
        self._add.setObjectName("searchAddButton")
        self._add.setAccessibleName("Vary another hyperparameter")
        self._add.setToolTip("Choose a hyperparameter that the search may change.")
        self._add.setIcon(icon("add"))
        self._add_menu = QMenu(self._add)
        self._add_menu.setToolTipsVisible(True)
        self._add.setMenu(self._add_menu)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(4, 4, 0, 0)
        self._column.setSpacing(2)
        self._column.addWidget(self._note)
        self._column.addWidget(self._add)

    def show_plan(self) -> None:
        """Show the plan's rows anew; what is missing of them is made by and by."""
        for row in self.rows:
            self._column.removeWidget(row)
            row.hide()
        self.rows = []
        self._make_rows()

    def show_strategy(self) -> None:
        """Show the fields that the strategy of the plan needs."""
        for row in self.rows:
            row.set_grid(self._plan.is_grid)

    def show_problems(self, others: str) -> None:
        """Show what is wrong with each row, and under them what is wrong besides."""
        for row in self.rows:
            self._show_problem(row)
        self._note.show_text(others)

    def finish(self) -> None:
        """Make all rows now that are still missing."""
        while self._turn.isActive():
            self._make_rows()

    @Slot()
    def _make_rows(self) -> None:
        """Show one row after the other for a slice of time; the rest follows by itself."""
        plan, began = self._plan, time.perf_counter()
        for wanted in plan.rows[len(self.rows) :]:
            if time.perf_counter() - began > _SLICE:
                self._turn.start()
                return
            row = self._row_for(wanted)
            row.set_grid(plan.is_grid)
            self._show_problem(row)
            self._column.insertWidget(len(self.rows), row)
            row.show()
            self.rows.append(row)
        self._turn.stop()

    def _show_problem(self, row: SearchRow) -> None:
        plan, path = self._plan, row.row.choice.path
        row.show_problem(plan.problems.get(path, ""), plan.faulty.get(path, set()))

    def _row_for(self, wanted: PlanRow) -> SearchRow:
        """The fields of a hyperparameter, those that it had before if they still fit."""
        path = wanted.choice.path
        row = self._made.get(path)
        if row is not None and row.row.choice == wanted.choice:
            row.show_row(wanted)
            return row
        if row is not None:
            row.deleteLater()
        row = self._made[path] = SearchRow(wanted)
        row.changed.connect(self._plan.set_row)
        row.removed.connect(self._plan.remove)
        return row

    @Slot()
    def _fill_menu(self) -> None:
        self._add_menu.clear()
        groups: dict[str, QMenu] = {}
        for choice in self._plan.choices():
            if choice.group not in groups:
                groups[choice.group] = self._add_menu.addMenu(choice.group)
            action = groups[choice.group].addAction(choice.label)
            action.setToolTip(tooltip_of(choice.declared))
            action.triggered.connect(partial(self._plan.add, choice.path))
