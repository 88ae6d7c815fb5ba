"""A search asks before the window leaves it, and a trial's network is opened where it is tried."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from nngui.search_controls import SearchControls
from nngui.viewmodels.search_session import SearchModel
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
    made = SearchControls(bench, opened.append, lambda: shown.append("Predict"), window)
    return SimpleNamespace(search=made, opened=opened, shown=shown)


@pytest.mark.parametrize("answer", ["Yes", "No"])
def test_leaving_a_search_is_asked_and_says_what_is_kept(controls, monkeypatch, answer):
    said = []

    def question(_parent, _title, text):
        said.append(text)
        return QMessageBox.StandardButton[answer]

    monkeypatch.setattr(QMessageBox, "question", question)
    assert controls.search.leaves_search() is (answer == "Yes")
    assert "2 finished trials are kept" in said[0]


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
