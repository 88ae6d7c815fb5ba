"""Bars are as long as the probabilities, whichever classes there are."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor

from nngui.theme import DARK, LIGHT, palette_of
from nngui.widgets.probability_bars import ProbabilityBars

DIGITS = tuple("0123456789")


@pytest.fixture(params=[LIGHT, DARK], ids=["light", "dark"])
def theme(request):
    return request.param


@pytest.fixture
def bars(qtbot, theme):
    bars = ProbabilityBars()
    qtbot.addWidget(bars)
    bars.setPalette(palette_of(theme))
    bars.setClassNames(DIGITS)
    bars.resize(420, 240)
    bars.show()
    qtbot.waitExposed(bars)
    return bars


def count(bars, k, color):
    """Pixels of exactly a color in the middle of a row."""
    shot = bars.viewport().grab().toImage()
    height = bars.viewport().height() // len(DIGITS)
    middle = k * height + height // 2
    return sum(shot.pixelColor(x, middle) == QColor(color) for x in range(shot.width()))


def test_length_is_the_probability(bars, theme):
    whole = count(bars, 0, theme.raised)
    assert whole > 200
    for p in (0.25, 0.5, 0.9):
        rest = np.full(10, (1 - p) / 9)
        rest[4] = p
        bars.setProbabilities(rest if p > 0.3 else np.eye(10)[4] * p)
        assert count(bars, 4, theme.accent) == pytest.approx(p * whole, abs=3)


def test_only_the_most_probable_stands_out_and_none_of_chance(bars, theme):
    bars.setProbabilities(np.array([0.3, 0.6] + [0.0125] * 8))
    assert count(bars, 1, theme.accent) > 50
    assert count(bars, 0, theme.accent) == 0
    bars.setProbabilities(np.array([0.3, 0.6] + [0.0125] * 8), muted=True)
    assert count(bars, 1, theme.accent) == 0


def test_true_class_is_outlined(bars, theme):
    values = np.array([0.3, 0.6] + [0.0125] * 8)

    def green():
        shot = bars.viewport().grab().toImage()
        places = ((x, y) for x in range(0, 420, 2) for y in range(24, 48))
        return sum(shot.pixelColor(*place) == QColor(theme.correct) for place in places)

    bars.setProbabilities(values)
    assert green() == 0
    bars.setProbabilities(values, truth=1)
    assert green() > 100


def test_screen_readers_hear_the_leading_classes(bars):
    bars.setProbabilities(np.array([0.3, 0.6, 0.05] + [0.05 / 7] * 7))
    told = bars.accessibleDescription().replace("\u00a0", " ")
    assert told == "1 60.0 %, 0 30.0 %, 2 5.0 %"


def test_all_rows_fit_where_there_is_room_and_scroll_where_not(bars):
    assert bars.verticalScrollBar().maximum() == 0
    bars.setClassNames([f"a class with a long name {k}" for k in range(30)])
    assert bars.probabilities() is None
    bars.setProbabilities(np.full(30, 1 / 30))
    assert bars.verticalScrollBar().maximum() > 0
    bars.verticalScrollBar().setValue(bars.verticalScrollBar().maximum())
    assert not bars.viewport().grab().isNull()


def test_probabilities_of_another_number_of_classes_are_not_shown(bars):
    bars.setProbabilities(np.array([0.5, 0.5]))
    assert bars.probabilities() is None
