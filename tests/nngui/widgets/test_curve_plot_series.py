from __future__ import annotations

import numpy as np
import pytest

from nngui.widgets.curve_plot_series import Series
from tests.nngui.widgets.test_curve_plot_smoothing import weighted_means


def filled(values: np.ndarray, smoothing: float = 0.0) -> Series:
    series = Series(smoothing)
    series.update(values)
    while series.is_behind:
        series.catch_up()
    return series


def test_first_value_stands_at_one():
    places, values = filled(np.array([3.0, 4.0, 5.0])).points(0, 10, 100)
    assert places.tolist() == [1, 2, 3]
    assert values.tolist() == [3, 4, 5]


def test_stretch_reaches_one_value_beyond_each_end_so_that_the_line_does():
    places, _ = filled(np.arange(100.0)).points(10.5, 20.5, 100)
    assert places.tolist() == list(range(10, 22))


def test_stretch_far_off_is_empty():
    places, _ = filled(np.arange(100.0)).points(500, 600, 100)
    assert len(places) <= 3


def test_values_are_read_at_their_place():
    series = filled(np.array([3.0, 4.0, 5.0]))
    assert [series.at(place) for place in (0, 1, 3, 4)] == [None, 3, 5, None]


def test_smoothed_values_follow_growth_and_a_change_of_strength():
    values = np.random.default_rng(0).random(300)
    series = filled(values[:100], 0.9)
    series.update(values)
    series.catch_up()
    assert series.at(300, smooth=True) == pytest.approx(weighted_means(values, 0.9)[-1])
    series.set_smoothing(0.5)
    series.catch_up()
    assert series.at(300, smooth=True) == pytest.approx(weighted_means(values, 0.5)[-1])


def test_long_curve_is_smoothed_over_several_frames_to_the_same_end():
    values = np.random.default_rng(0).random(250_000)
    series = Series(0.99)
    series.update(values)
    series.catch_up()
    assert series.is_behind
    while series.is_behind:
        series.catch_up()
    tail = weighted_means(values[-3000:], 0.99)[-1]
    assert series.at(250_000, smooth=True) == pytest.approx(tail)
