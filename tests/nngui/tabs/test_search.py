"""A whole small search in the tab: filled in, started, cancelled, continued, used."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from nncore.config import RunConfig
from nncore.model_file import load_model
from nncore.search.presets import DEFAULT, SEARCH_PRESETS
from nngui.tabs.search import SearchTab
from nngui.tabs.search_extend import SearchExtendDialog
from nngui.viewmodels.config_store import ConfigStore
from nngui.viewmodels.search_phase import SearchPhase
from nngui.viewmodels.search_session import SearchModel
from nngui.workers.search_studies import OpenedStudy
from tests.idx_files import write_idx_folder
from tests.made_data import make_dataset
from tests.nngui.made_searches import made_spec, made_trial

LONG = 60_000


@pytest.fixture
def make_tab(qtbot, tmp_path):
    data = write_idx_folder(tmp_path / "data", make_dataset(samples=120, classes=3, side=28))
    tabs = []

    def make(epochs: int = 1) -> SearchTab:
        config = {
            "data": {"name": str(data), "validation_fraction": 0.2},
            "network": {"hidden": "4"},
            "training": {"epochs": epochs, "batch_size": 20},
        }
        store = ConfigStore(RunConfig.from_dict(config))
        model = SearchModel(str(tmp_path / "searches.sqlite3"))
        tab = SearchTab(model, store, lambda *_: str(tmp_path / "trials.csv"))
        tab.model, tab.store = model, store
        tabs.append(tab)
        qtbot.addWidget(tab)
        tab.resize(1000, 700)
        tab.show()
        tab.plan.remove("network.hidden.*.units")
        tab.plan.set_setting("strategy", "sweep")
        tab.plan.set_setting("budget.trials", "unlimited")
        tab.plan.set_setting("workers", 1)
        tab.plan.set_row(tab.plan.rows[0].with_text("count", "3"))
        tab.plan.rebuilt.emit()
        return tab

    yield make
    for tab in tabs:
        tab.model.close()


def wait_for(qtbot, tab, phase):
    qtbot.waitUntil(lambda: tab.model.phase is phase, timeout=LONG)


def test_small_search_runs_to_its_end_and_its_best_is_used(qtbot, make_tab, tmp_path):
    tab = make_tab()
    QTest.mouseClick(tab.buttons.startButton, Qt.MouseButton.LeftButton)
    assert not tab.buttons.startButton.isEnabled()
    wait_for(qtbot, tab, SearchPhase.RESTING)
    assert tab.model.finished == 3
    assert tab.trials.table.rowCount() == 3
    assert "The test images were read once" in tab.model.report
    assert not tab.buttons.continueButton.isEnabled()
    best = tab.model.book.best
    tab.plots.picked.emit(best.number)
    assert tab.trials.chosen.number == best.number
    assert tab.trials.dialog.isVisible()
    assert '"learning_rate"' in tab.trials.dialog.text.toPlainText()
    with qtbot.waitSignal(tab.networkAsked) as asked:
        tab.trials.openButton.click()
    assert asked.args[0].exists()
    before = tab.store.config
    tab.trials.useButton.click()
    rate = best.params["optimizer.learning_rate"]
    assert tab.store.config.optimizer.learning_rate == rate
    tab.store.undoStack.undo()
    assert tab.store.config == before
    with qtbot.waitSignal(tab.saved):
        tab.trials.saveButton.click()
    assert len((tmp_path / "trials.csv").read_text().splitlines()) == 4


def sweeps():
    """Every sweep of the original; one of each kind where there is little time."""
    quick = "initializer", "activation-initializer"
    for key in SEARCH_PRESETS:
        if key != DEFAULT:
            yield pytest.param(key, marks=[] if key in quick else [pytest.mark.slow])


@pytest.mark.parametrize("key", list(sweeps()))
def test_every_sweep_of_the_original_runs_from_the_window(qtbot, make_tab, enter, key):
    tab = make_tab()
    enter(tab.form.presetCombo, key)
    points = [point.values for point in tab.plan.spec.space.points()]
    tab.plan.set_setting("workers", 1)
    QTest.mouseClick(tab.buttons.startButton, Qt.MouseButton.LeftButton)
    wait_for(qtbot, tab, SearchPhase.RESTING)
    records = tab.model.records.values()
    assert {it.state for it in records} == {"completed"}
    assert [it.params for it in records] == points
    assert all(len(it.runs[0].epochs) == it.config.training.epochs for it in records)
    assert tab.model.report.count("The test images were read once") == 1
    title = "Slice" if len(points[0]) == 1 else "Heat map"
    chart = tab.plots.chart
    assert chart.kind.title == title
    qtbot.waitUntil(lambda: chart.picture is not None and len(chart.picture.marks) == len(points))
    assert len(chart.picture.rows()) - 1 == len(points)


def test_network_of_any_completed_trial_is_opened(qtbot, make_tab):
    tab = make_tab()
    tab.start()
    wait_for(qtbot, tab, SearchPhase.RESTING)
    other = next(it for it in tab.model.records.values() if it.number != tab.model.book.best.number)
    assert not any(Path(path).exists() for path in other.weights)
    for _ in range(2):
        tab.trials.choose(other.number)
        with qtbot.waitSignal(tab.networkAsked, timeout=LONG) as asked:
            tab.trials.openButton.click()
    model = load_model(asked.args[0])
    assert model.config == other.config
    # The same network, not merely one with the same settings: it has the figure of the trial.
    run = other.runs[0]
    assert model.figures["validation_accuracy"] == run.value
    assert tab.progress.task.isHidden()


def test_search_whose_budget_is_used_up_is_extended(qtbot, make_tab):
    tab = make_tab()
    tab.plan.set_setting("strategy", "random")
    tab.plan.set_setting("budget.trials", 2)
    tab.start()
    wait_for(qtbot, tab, SearchPhase.RESTING)
    assert tab.buttons.continueButton.text() == "Extend…"
    tab.buttons.continueButton.click()
    dialog = tab.findChild(SearchExtendDialog)
    editor = dialog.findChild(QWidget, "searchExtendTrialsEdit")
    assert dialog.values["trials"] > 2
    dialog._on_edited("trials", 2)
    assert not dialog.goButton.isEnabled()
    assert "2 trials are finished already" in dialog.note.text()
    assert dialog.height() >= dialog.layout().totalHeightForWidth(dialog.width())
    assert editor is not None
    dialog._on_edited("trials", 4)
    dialog.goButton.click()
    assert tab.model.is_active
    wait_for(qtbot, tab, SearchPhase.RESTING)
    assert tab.model.finished == 4
    assert tab.model.spec.settings.budget.trials == 4


def test_earlier_search_fills_the_form_with_what_it_searched(qtbot, make_tab):
    tab = make_tab()
    tab.plan.set_row(tab.plan.rows[0].with_text("count", "2"))
    tab.plan.set_setting("heartbeat", 7)
    tab.start()
    wait_for(qtbot, tab, SearchPhase.RESTING)
    searched = tab.model.spec
    tab.store.change("training.batch_size", 30)
    tab.plan.load_preset("learning-rate-hidden-units")
    tab.model.show_study(tab.model.name)
    qtbot.waitUntil(lambda: len(tab.plan.rows) == 1, timeout=LONG)
    assert tab.plan.spec == replace(searched, name="")
    assert tab.form.baseCombo.currentText() == "That of the search shown"
    assert tab.store.config.training.batch_size == 30


def test_plot_of_the_strategy_is_turned_to(qtbot, make_tab):
    tab = make_tab()
    tab.start()
    wait_for(qtbot, tab, SearchPhase.RESTING)
    assert tab.plots.chart.kind.title == "Slice"


def test_reading_of_the_test_images_is_told(qtbot, make_tab):
    tab = make_tab()
    told = []
    tab.model.phaseChanged.connect(lambda: told.append(tab.progress.words.text()))
    tab.start()
    wait_for(qtbot, tab, SearchPhase.RESTING)
    assert any("Reading the test images" in text for text in told)


def test_table_is_sorted_and_looked_into_with_the_keyboard(qtbot, make_tab):
    tab = make_tab()
    records = tuple(made_trial(at, value) for at, value in enumerate((0.5, 0.9, 0.7)))
    tab.model._on_looked(OpenedStudy("study", made_spec(), records, 4, ""))
    table, rows = tab.trials.table, tab.trials.rows
    tab.trials.choose(0)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_S):
        QTest.keyClick(rows, key)
    assert [table.number_at(row) for row in range(3)] == [0, 2, 1]
    QTest.keyClick(rows, Qt.Key.Key_S)
    assert [table.number_at(row) for row in range(3)] == [1, 2, 0]
    assert tab.trials.chosen.number == 0
    QTest.keyClick(rows, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(rows, Qt.Key.Key_Return)
    assert tab.trials.dialog.isVisible()
    assert tab.trials.dialog.windowTitle() == "Trial 1"


def test_search_that_the_window_left_is_continued_another_day(qtbot, make_tab):
    tab = make_tab(epochs=40)
    tab.plan.set_row(tab.plan.rows[0].with_text("count", "4"))
    tab.start()
    qtbot.waitUntil(lambda: tab.model.finished >= 1, timeout=LONG)
    tab.model.close()
    done = {number for number, it in tab.model.records.items() if it.is_finished}
    again = make_tab()
    with qtbot.waitSignal(again.model.studiesListed, timeout=LONG):
        again.buttons.earlierMenu.aboutToShow.emit()
    again.buttons.earlierMenu.actions()[0].trigger()
    wait_for(qtbot, again, SearchPhase.RESTING)
    kept = {number for number, it in again.model.records.items() if it.is_finished}
    assert done <= kept
    if again.model.can_continue:
        again.buttons.continueButton.click()
        wait_for(qtbot, again, SearchPhase.RESTING)
    assert again.model.finished == 4


def test_search_is_paused_gone_on_with_and_cancelled(qtbot, make_tab):
    tab = make_tab(epochs=2000)
    tab.start()
    wait_for(qtbot, tab, SearchPhase.RUNNING)
    tab.buttons.pauseButton.click()
    assert tab.model.phase is SearchPhase.PAUSED
    assert tab.buttons.pauseButton.text() == "Go on"
    qtbot.waitUntil(lambda: tab.model.update.status == "paused", timeout=LONG)
    tab.buttons.pauseButton.click()
    qtbot.waitUntil(lambda: tab.model.update.status == "running", timeout=LONG)
    tab.buttons.cancelButton.click()
    wait_for(qtbot, tab, SearchPhase.RESTING)
    assert tab.model.report == ""
    assert tab.buttons.continueButton.isEnabled()


def test_fault_stands_at_its_field_and_start_waits(qtbot, make_tab, enter):
    tab = make_tab()
    field = tab.form.rows[0].findChild(QLineEdit, "searchOptimizerLearning_rateLowEdit")
    enter(field, "much")
    told = "From: must be a number, got 'much'."
    qtbot.waitUntil(lambda: tab.form.rows[0].problem == told)
    assert field.faulty
    other = field.objectName().replace("Low", "High")
    assert not tab.form.rows[0].findChild(QLineEdit, other).faulty
    assert not tab.buttons.startButton.isEnabled()
    assert "Mend" in tab.buttons.startButton.toolTip()
    enter(field, "0.001")
    qtbot.waitUntil(tab.buttons.startButton.isEnabled)
    assert not field.faulty


def test_preset_fills_the_form(make_tab, enter):
    tab = make_tab()
    enter(tab.findChild(QComboBox, "searchPresetCombo"), "learning-rate-hidden-units")
    tab.form.finish()
    assert [row.row.mode for row in tab.form.rows] == ["linear", "linear"]
    assert tab.findChild(QComboBox, "searchStrategyEdit").currentData() == "two-factor"
    assert tab.findChild(QComboBox, "searchBaseCombo").currentData() == "original"


def test_row_that_stays_shows_the_values_of_another_search(make_tab, enter):
    tab = make_tab()
    tab.plan.load_preset("free")
    tab.form.finish()
    rate = tab.form.rows[0]
    low = rate.findChild(QLineEdit, "searchOptimizerLearning_rateLowEdit")
    enter(low, "0.03")
    tab.plan.load_preset("activation")
    tab.form.finish()
    assert rate.isHidden()
    tab.plan.load_preset("free")
    tab.form.finish()
    assert tab.form.rows[0] is rate
    assert not rate.isHidden()
    assert low.text() == tab.plan.rows[0].texts["low"] == "0.0001"
    enter(low, "0.02")
    assert tab.plan.rows[0].texts["low"] == "0.02"
    assert tab.plan.rows[0].texts["high"] == "0.1"
    assert len(tab.plan.rows) == len(tab.form.rows) == 2


def test_names_of_earlier_searches_stay_beside_their_button(make_tab):
    tab = make_tab()
    button, menu = tab.buttons.earlierButton, tab.buttons.earlierMenu
    tab.buttons._fill_studies(("a search with a rather long name 2026-11-25 18.47.01", "another"))
    right = button.mapToGlobal(button.rect().bottomRight()).x()
    assert menu.geometry().right() == right
    assert menu.width() >= menu.sizeHint().width()


def test_data_that_cannot_be_loaded_are_told(qtbot, make_tab, tmp_path):
    tab = make_tab()
    tab.store.change("data.name", str(tmp_path / "nowhere"))
    tab.start()
    qtbot.waitUntil(lambda: tab.banner.isVisible(), timeout=LONG)
    assert "nowhere" in tab.banner.text
    assert not tab.model.is_active


def test_columns_that_come_later_hide_no_other(make_tab):
    tab = make_tab()
    few, many = made_trial(0, 0.5), made_trial(1, None, "running")
    del few.params["network.hidden.0.activation"]
    tab.model._on_looked(OpenedStudy("study", made_spec(), (few,), 4, ""))
    tab.model.book.take([many])
    tab.model.trialsChanged.emit((1,))
    rows = tab.trials.rows
    titles = tab.trials.table.headers
    hidden = [title for at, title in enumerate(titles) if rows.isColumnHidden(at)]
    assert set(hidden) <= {"Remark"}


def test_empty_remarks_take_no_more_than_the_room_that_is_left(make_tab):
    tab = make_tab()
    rows, header = tab.trials.rows, tab.trials.rows.horizontalHeader()
    few = made_trial(0, 0.5)
    for width in range(900, 1300, 10):
        tab.resize(width, 700)
        tab.grab()
        tab.model._on_looked(OpenedStudy("study", made_spec(), (few,), 4, ""))
        last = header.count() - 1
        others = sum(header.sectionSize(at) for at in range(last))
        assert header.length() <= max(rows.viewport().width(), others)


def test_long_names_leave_the_fields_in_sight(make_tab):
    tab = make_tab()
    tab.plan.load_preset("default")
    tab.plan.add("network.hidden.each.normalization")
    tab.form.finish()
    tab.resize(940, 600)
    tab.grab()
    view = tab.form.viewport()
    assert tab.form.widget().width() <= view.width()
