"""The answer is shown with its doubt, in the same place and height whatever it is."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QLabel

from nngui.answers import answer_from, answer_to_nothing
from nngui.theme import DARK, LIGHT, palette_of
from nngui.widgets.answer_view import AnswerView

DIGITS = tuple("0123456789")


@pytest.fixture
def view(qtbot):
    view = AnswerView()
    qtbot.addWidget(view)
    view.resize(400, view.sizeHint().height())
    view.show()
    return view


def text(view, name):
    return view.findChild(QLabel, name).text().replace("\u00a0", " ")


def sure_of(k, p):
    return [p if i == k else (1 - p) / 9 for i in range(10)]


def test_sure_answer_is_the_class_and_how_sure(view):
    view.setAnswer(answer_from(sure_of(7, 0.98), DIGITS, trained=True))
    assert text(view, "answerLabel") == "7"
    assert text(view, "answerWords") == "Quite sure (98 %)"
    assert view.accessibleDescription().startswith("7, quite sure")


def test_unsure_answer_has_a_question_mark(view):
    view.setAnswer(answer_from(sure_of(7, 0.6), DIGITS, trained=True))
    assert text(view, "answerLabel") == "7?"


def test_untrained_and_empty_name_no_class(view):
    view.setAnswer(answer_from(sure_of(7, 0.98), DIGITS, trained=False))
    assert text(view, "answerLabel") == "?"
    view.setAnswer(answer_to_nothing())
    assert text(view, "answerLabel") == "–"
    assert text(view, "answerWords") == "Nothing drawn yet"


def test_long_names_fit_and_change_no_height(view):
    height = view.sizeHint().height()
    names = ("Ankle boot", "Sneaker with laces")
    view.setAnswer(answer_from([0.55, 0.45], names, trained=True))
    name = view.findChild(QLabel, "answerLabel")
    assert name.width() <= 0.45 * view.width()
    assert view.sizeHint().height() == height == view.height()


def test_color_follows_certainty_and_theme(view):
    name = view.findChild(QLabel, "answerLabel")
    for theme in (LIGHT, DARK):
        view.setPalette(palette_of(theme))
        for p, role in ((0.98, "accent"), (0.6, "warning")):
            view.setAnswer(answer_from(sure_of(7, p), DIGITS, trained=True))
            color = name.palette().color(QPalette.ColorRole.WindowText)
            assert color == QColor(getattr(theme, role))
