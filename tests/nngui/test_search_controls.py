"""A search asks before the window leaves it, and a trial's network is opened where it is tried."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from nngui.search_controls import SearchControls
from nngui.viewmodels.search_phase import SearchPhase
from nngui.viewmodels.search_session import SearchModel
from nngui.workers.search_runner import SearchEnd
from nngui.workers.search_studies import OpenedStudy
from tests.nngui.made_searches import made_spec, made_trial

NETWORK = Path("trial-0007-seed-0.safetensors")


class Files(QObject):
    modelOpened = Signal(object, object)


@pytest.fixture
def bench(qapp):
    search = SearchModel("nowhere.sqlite3")
    records = made_trial(0, 0.9), made_trial(1, 0.8), made_trial(2, None, "running")
    search._on_opened(OpenedStudy("study", made_spec(), records, 4, ""))
    session = SimpleNamespace(is_active=False)
    yield SimpleNamespace(files=Files(), session=session, search=search, is_searching=True)
    search.close()


@pytest.fixture
def controls(qtbot, bench):
    window = QWidget()
    qtbot.addWidget(window)
    opened, shown = [], []
    window.show()
    made = SearchControls(bench, opened.append, lambda: shown.append("Predict"), window)
    return SimpleNamespace(search=made, opened=opened, shown=shown, window=window)


@pytest.fixture
def ask(monkeypatch):
    said, answers = [], []

    def question(_parent, _title, text):
        said.append(text)
        return QMessageBox.StandardButton[answers[0]]

    monkeypatch.setattr(QMessageBox, "question", question)
    return SimpleNamespace(said=said, answers=answers)


def test_leaving_a_search_is_asked_and_says_what_is_kept(controls, bench, ask):
    bench.search.phase = SearchPhase.RUNNING
    ask.answers.append("No")
    assert not controls.search.leaves_search()
    assert "2 finished trials are kept" in ask.said[0]
    assert bench.search.phase is SearchPhase.RUNNING
    assert controls.window.isVisible()


@pytest.mark.parametrize("phase", ["STARTING", "RUNNING", "PAUSED", "STOPPING", "TESTING"])
def test_window_stays_alive_until_the_search_has_ended_then_closes(
    qtbot, controls, bench, ask, phase
):
    bench.search.phase = SearchPhase[phase]
    ask.answers.append("Yes")
    assert not controls.search.leaves_search()
    assert controls.window.isVisible()
    ending = controls.window.findChild(QWidget, "searchEndingDialog")
    assert "Ending the search" in ending.labelText()
    # Whoever presses the window's cross once more is not asked again.
    assert not controls.search.leaves_search()
    assert len(ask.said) == 1
    bench.search._on_ended(SearchEnd(was_cancelled=True))
    bench.is_searching = False
    qtbot.waitUntil(lambda: not controls.window.isVisible())
    assert controls.search.leaves_search()


def test_search_that_ended_while_the_question_stood_there_holds_nobody_up(controls, ask):
    ask.answers.append("Yes")
    assert controls.search.leaves_search()
    assert len(ask.said) == 1


def test_without_a_search_nothing_is_asked(controls, bench):
    bench.is_searching = False
    assert controls.search.leaves_search()


def test_network_of_a_trial_is_opened_and_gone_to(controls, bench):
    controls.search.open_network(NETWORK)
    assert controls.opened == [NETWORK]
    assert controls.shown == []
    bench.files.modelOpened.emit(None, NETWORK)
    assert controls.shown == ["Predict"]


def test_another_model_leaves_the_tab_alone(controls, bench):
    bench.files.modelOpened.emit(None, NETWORK)
    assert controls.shown == []
