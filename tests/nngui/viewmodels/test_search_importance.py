"""Importance is worked out in the background, once for each number of completed trials."""

from __future__ import annotations

import pytest

from nngui.viewmodels.search_importance import ImportanceModel
from nngui.workers.search_studies import Importance

SOME = Importance({"optimizer.learning_rate": 1.0}, 12, "PED-ANOVA", 10)


@pytest.fixture
def asked(monkeypatch):
    """The names of the studies that were read, and what reading one gives."""
    names = []

    def importance_of(_storage, name):
        names.append(name)
        if name == "broken":
            raise OSError("no disk")
        return SOME

    monkeypatch.setattr("nngui.viewmodels.search_importance.importance_of", importance_of)
    return names


@pytest.fixture
def model(qapp):
    made = ImportanceModel(None)
    yield made
    made.close()


def test_nothing_is_read_again_while_no_trial_was_completed(qtbot, model, asked):
    with qtbot.waitSignal(model.changed):
        model.ask("study", 12)
    assert model.importance == SOME
    model.ask("study", 12)
    assert asked == ["study"]
    model.ask("study", 13)
    assert asked == ["study"]  # It rests.
    model._rest.setInterval(0)
    model._rest.start()
    with qtbot.waitSignal(model.changed):
        pass
    assert asked == ["study", "study"]


def test_why_it_could_not_be_worked_out_is_told(qtbot, model, asked):
    with qtbot.waitSignal(model.changed):
        model.ask("broken", 12)
    assert model.importance is None
    assert "no disk" in model.reason


def test_another_study_has_none_of_it(qtbot, model, asked):
    with qtbot.waitSignal(model.changed):
        model.ask("study", 12)
    model.forget()
    assert model.importance is None
