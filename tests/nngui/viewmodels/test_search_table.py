"""The table of trials sorts by meaning, filters, marks the best and is saved exactly."""

from __future__ import annotations

import csv
import io

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from nngui.viewmodels.search_phase import SearchPhase
from nngui.viewmodels.search_session import SearchModel
from nngui.viewmodels.search_table import TrialTable
from nngui.workers.search_studies import OpenedStudy
from tests.nngui.made_searches import made_spec, made_trial


@pytest.fixture
def model(qapp):
    made = SearchModel("nowhere.sqlite3")
    yield made
    made.close()


@pytest.fixture
def table(model):
    made = TrialTable(model)
    # Qt's own judge of models complains about anything that would confuse a view.
    made.tester = QAbstractItemModelTester(
        made, QAbstractItemModelTester.FailureReportingMode.Fatal
    )
    return made


def show(model, *records, total=12, **changes):
    model._on_looked(OpenedStudy("study", made_spec(**changes), records, total, "", points=4))


def tell(model, *records):
    model.book.take(records)
    model.trialsChanged.emit(tuple(it.number for it in records))


def column(view, number):
    return [view.index(row, number).data() for row in range(view.rowCount())]


def test_values_sort_as_numbers_and_unfinished_ones_stand_last(model, table):
    rates = (0.4, 0.1, 0.05)
    records = [made_trial(at, 0.5 + rate, rate=rate) for at, rate in enumerate(rates)]
    show(model, *records, made_trial(3, None, "running", rate=0.9))
    table.sort(table.headers.index("Learning rate"), Qt.SortOrder.AscendingOrder)
    assert column(table, 0) == ["2", "1", "0", "3"]
    table.sort(2, Qt.SortOrder.DescendingOrder)
    assert column(table, 0) == ["0", "1", "2", "3"]
    table.sort(2, Qt.SortOrder.AscendingOrder)
    assert column(table, 0) == ["2", "1", "0", "3"]


def test_sorted_table_takes_news_in_at_their_place(model, table):
    show(model, made_trial(0, 0.5), made_trial(1, 0.7), made_trial(2, None, "running"))
    table.sort(2, Qt.SortOrder.DescendingOrder)
    tell(model, made_trial(2, 0.6), made_trial(3, 0.9), made_trial(4, None, "running"))
    assert column(table, 0) == ["3", "1", "2", "0", "4"]


def test_filter_keeps_rows_that_hold_the_text_and_lets_go_of_those_that_change(model, table):
    show(model, made_trial(0, 0.9), made_trial(1, None, "running"))
    table.set_filter("RUNNING")
    assert column(table, 0) == ["1"]
    tell(model, made_trial(1, 0.8), made_trial(2, None, "running"))
    assert column(table, 0) == ["2"]
    table.set_filter("")
    assert column(table, 0) == ["0", "1", "2"]


def test_mean_stands_with_the_spread_of_the_seeds(model, table):
    show(model, made_trial(0, 0.9, values=(0.89, 0.91)))
    assert table.index(0, 2).data() == "90.00\u00a0% ± 1.41\u00a0%"


def test_news_add_rows_and_change_those_that_are_there(model, table, qtbot):
    show(model, made_trial(0, None, "running"))
    with qtbot.waitSignals([table.rowsInserted, table.dataChanged]):
        tell(model, made_trial(0, 0.9), made_trial(1, None, "running"))
    assert column(table, table.headers.index("State")) == ["completed", "running"]
    assert table.index(0, 0).data(Qt.ItemDataRole.FontRole).weight() > 400
    assert table.index(1, 0).data(Qt.ItemDataRole.FontRole) is None


def test_saved_table_has_every_value_exactly(model, table):
    show(model, made_trial(0, 0.123456789, rate=0.0123456789), made_trial(1, None, "failed"))
    table.set_filter("completed")
    rows = list(csv.DictReader(io.StringIO(table.saving()().decode())))
    assert float(rows[0]["validation_accuracy"]) == 0.123456789
    assert float(rows[0]["optimizer.learning_rate"]) == 0.0123456789
    assert [row["state"] for row in rows] == ["completed", "failed"]


def test_study_with_points_left_is_continued_and_one_without_is_not(model):
    show(model, made_trial(0, 0.9), total=4)
    assert model.phase is SearchPhase.RESTING
    assert model.can_continue
    assert not model.is_spent
    show(model, *(made_trial(number, 0.9) for number in range(4)), total=4)
    assert model.is_spent
    assert not model.can_continue


def test_grid_cut_short_by_its_budget_can_be_extended(model):
    show(model, made_trial(0, 0.9), made_trial(1, 0.9), total=2, budget={"trials": 2})
    assert model.is_spent
    assert model.can_continue


def test_time_that_is_used_up_can_be_extended(model):
    spec = made_spec(strategy="random", budget={"seconds": 60})
    model._on_looked(OpenedStudy("study", spec, (made_trial(0, 0.9),), None, "", seconds=61.0))
    assert model.is_spent
    assert model.can_continue
