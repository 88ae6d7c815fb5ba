"""The table of trials sorts by meaning, filters, marks the best and is saved exactly."""

from __future__ import annotations

import csv
import io

import pytest
from PySide6.QtCore import Qt

from nngui.viewmodels.search_session import SearchModel, SearchPhase
from nngui.viewmodels.search_table import SIGNS, TrialOrder, TrialTable
from nngui.workers.search_runner import OpenedStudy
from tests.nngui.made_searches import made_spec, made_trial


@pytest.fixture
def model(qapp):
    made = SearchModel("nowhere.sqlite3")
    yield made
    made.close()


def show(model, *records):
    model._on_looked(OpenedStudy("study", made_spec(), records, 12, ""))


def column(view, number):
    return [view.index(row, number).data() for row in range(view.rowCount())]


def test_values_sort_as_numbers_and_unfinished_ones_apart(model):
    table = TrialTable(model)
    order = TrialOrder(table)
    rates = (0.4, 0.1, 0.05)
    records = [made_trial(at, 0.5 + rate, rate=rate) for at, rate in enumerate(rates)]
    show(model, *records, made_trial(3, None, "running", rate=0.9))
    order.sort(table.headers.index("Learning rate"), Qt.SortOrder.AscendingOrder)
    assert column(order, 0) == ["2", "1", "0", "3"]
    order.sort(1, Qt.SortOrder.DescendingOrder)
    assert column(order, 0) == ["0", "1", "2", "3"]


def test_filter_keeps_rows_that_hold_the_text(model):
    order = TrialOrder(TrialTable(model))
    show(model, made_trial(0, 0.9), made_trial(1, 0.8, "pruned"))
    order.setFilterFixedString("PRUNED")
    assert column(order, 0) == ["1"]


def test_mean_stands_with_the_spread_of_the_seeds(model):
    table = TrialTable(model)
    show(model, made_trial(0, 0.9, values=(0.89, 0.91)))
    assert table.index(0, 1).data() == "90.00% ± 1.41%"


def test_news_add_rows_and_change_those_that_are_there(model, qtbot):
    table = TrialTable(model)
    show(model, made_trial(0, None, "running"))
    model.records |= {0: made_trial(0, 0.9), 1: made_trial(1, None, "running")}
    with qtbot.waitSignals([table.rowsInserted, table.dataChanged]):
        model.trialsChanged.emit((0, 1))
    assert column(table, 4 + 1) == ["completed", "running"]
    assert table.index(0, 0).data(Qt.ItemDataRole.FontRole).bold() is not None


def test_every_state_has_a_sign_of_its_own():
    assert len({sign for sign, _ in SIGNS.values()}) == len(SIGNS)


def test_saved_table_has_every_value_exactly(model):
    table = TrialTable(model)
    show(model, made_trial(0, 0.123456789, rate=0.0123456789), made_trial(1, None, "failed"))
    rows = list(csv.DictReader(io.StringIO(table.to_csv().decode())))
    assert float(rows[0]["validation_accuracy"]) == 0.123456789
    assert float(rows[0]["optimizer.learning_rate"]) == 0.0123456789
    assert [row["state"] for row in rows] == ["completed", "failed"]


def test_shown_study_with_trials_left_can_be_continued(model):
    show(model, made_trial(0, 0.9))
    assert model.phase is SearchPhase.RESTING
    assert model.can_continue
    model.total = 1
    assert not model.can_continue
