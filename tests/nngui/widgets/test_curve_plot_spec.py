from __future__ import annotations

import math

import numpy as np
import pytest

from nngui.widgets.curve_plot_spec import Quantity

LOSS = Quantity("Loss", "nats")
ERROR = Quantity("Error rate", "%", factor=100.0, complement=True)


def test_axis_title_has_the_unit():
    assert LOSS.title == "Loss [nats]"


def test_axis_title_of_a_plain_number_has_no_unit():
    assert Quantity("Loss", "").title == "Loss"


def test_logarithm_has_no_place_for_zero_negative_and_missing_values():
    values = np.array([0.01, 0.0, -1.0, math.nan, 100.0])
    places = LOSS.positions(values, log=True)
    assert places[[0, 4]].tolist() == pytest.approx([-2, 2])
    assert np.isnan(places[1:4]).all()


def test_accuracy_becomes_an_error_rate():
    assert ERROR.shown(np.array([0.98, 1.0])).tolist() == pytest.approx([2.0, 0.0])
    assert np.isnan(ERROR.positions(np.array([1.0]), log=True)).all()


@pytest.mark.parametrize(
    ("quantity", "value", "text"),
    [
        (LOSS, 0.0712345, "0.0712"),
        (LOSS, 0.00012345, "0.0001234"),
        (LOSS, 37512.3, "3.751e+04"),
        (LOSS, math.nan, "not a number"),
        (LOSS, math.inf, "infinite"),
        (ERROR, 0.9792, "2.08 %"),
    ],
)
def test_numbers_have_a_sensible_number_of_digits(quantity, value, text):
    assert quantity.text(value) == text
