"""Importance is worked out in the background, once for each number of completed trials."""

from __future__ import annotations

import pytest

from nngui.viewmodels.search_book import TrialBook
from nngui.viewmodels.search_importance import ImportanceModel
from nngui.workers.search_studies import Importance
from tests.nngui.made_searches import made_spec, made_trial

SOME = Importance({"optimizer.learning_rate": 1.0}, 12, "PED-ANOVA", 10)


@pytest.fixture
def asked(monkeypatch):
    """How many trials were looked at each time, and what that gives."""
    counts = []

    def importance_of(_spec, records):
        counts.append(len(records))
        if len(records) == 1:
            raise ValueError("too few")
        return SOME

    monkeypatch.setattr("nngui.viewmodels.search_importance.importance_of", importance_of)
    return counts


def book_of(count):
    return TrialBook(made_spec(), [made_trial(number, 0.5) for number in range(count)])


@pytest.fixture
def model(qapp):
    made = ImportanceModel()
    yield made
    made.close()


def test_nothing_is_read_again_while_no_trial_was_completed(qtbot, model, asked):
    with qtbot.waitSignal(model.changed):
        model.ask(book_of(12))
    assert model.importance == SOME
    model.ask(book_of(12))
    assert asked == [12]
    model.ask(book_of(13))
    assert asked == [12]  # It rests.
    model._rest.setInterval(0)
    model._rest.start()
    with qtbot.waitSignal(model.changed):
        pass
    assert asked == [12, 13]


def test_why_it_could_not_be_worked_out_is_told(qtbot, model, asked):
    with qtbot.waitSignal(model.changed):
        model.ask(book_of(1))
    assert model.importance is None
    assert "too few" in model.reason


def test_another_study_has_none_of_it(qtbot, model, asked):
    with qtbot.waitSignal(model.changed):
        model.ask(book_of(12))
    model.forget()
    assert model.importance is None
