from __future__ import annotations

import numpy as np
import pytest

from nngui.widgets.curve_plot_smoothing import Smoother


def weighted_means(values: np.ndarray, beta: float) -> np.ndarray:
    """The definition: each sample's weight falls by beta for each step back."""
    found = []
    for stop in range(1, len(values) + 1):
        weights = beta ** np.arange(stop - 1, -1, -1.0)
        found.append((weights * values[:stop]).sum() / weights.sum())
    return np.array(found)


@pytest.mark.parametrize("beta", [0.0, 0.01, 0.5, 0.9, 0.99, 0.999])
def test_agrees_with_the_definition(beta):
    values = np.exp(np.random.default_rng(0).standard_normal(700))
    np.testing.assert_allclose(Smoother(beta).feed(values), weighted_means(values, beta), rtol=1e-9)


def test_negative_values_are_smoothed_too():
    values = np.random.default_rng(0).standard_normal(500)
    expected = weighted_means(values, 0.9)
    np.testing.assert_allclose(Smoother(0.9).feed(values), expected, rtol=1e-7, atol=1e-12)


@pytest.mark.parametrize("beta", [0.1, 0.97, 0.999])
def test_long_curves_agree_with_the_recursion(beta):
    values = np.exp(np.random.default_rng(0).standard_normal(20_000))
    total, expected = 0.0, []
    for number, value in enumerate(values, 1):
        total = beta * total + (1 - beta) * value
        expected.append(total / (1 - beta**number))
    np.testing.assert_allclose(Smoother(beta).feed(values), expected, rtol=1e-9)


def test_pieces_give_the_same_as_the_whole():
    values = np.random.default_rng(0).random(5_000)
    smoother = Smoother(0.95)
    pieces = [smoother.feed(part) for part in np.split(values, [1, 2, 2, 700, 4_500])]
    np.testing.assert_allclose(np.concatenate(pieces), Smoother(0.95).feed(values), rtol=1e-12)


def test_first_value_is_itself_not_a_share_of_it():
    assert Smoother(0.99).feed(np.array([4.0]))[0] == pytest.approx(4.0)


def test_values_that_are_not_finite_leave_a_gap_and_no_trace():
    values = np.array([1.0, np.nan, 3.0, np.inf, 5.0])
    smooth = Smoother(0.5).feed(values)
    assert np.isnan(smooth[[1, 3]]).all()
    np.testing.assert_allclose(smooth[[0, 2, 4]], weighted_means(np.array([1.0, 3.0, 5.0]), 0.5))


@pytest.mark.parametrize("beta", [-0.1, 1.0])
def test_impossible_smoothing_is_refused(beta):
    with pytest.raises(ValueError, match="beta"):
        Smoother(beta)
