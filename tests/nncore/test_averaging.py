from __future__ import annotations

import numpy as np
import pytest

from nncore.averaging import ExponentialAverage


@pytest.mark.parametrize("decay", [0.0, 0.5, 0.99, 0.9999])
def test_the_average_is_the_weighted_mean_of_all_steps(decay):
    steps = np.random.default_rng(0).normal(size=(40, 6))
    average, scratch = np.full(6, 1e9), np.empty(6)
    for number, parameters in enumerate(steps, start=1):
        ExponentialAverage(decay=decay).update(average, parameters, scratch, number)
        ages = np.arange(number)[::-1]
        expected = np.average(steps[:number], axis=0, weights=decay ** ages.astype(float))
        np.testing.assert_allclose(average, expected, rtol=1e-9, atol=1e-12)


def test_weights_that_stand_still_are_their_own_average():
    average, parameters = np.zeros(3, np.float32), np.array([1, -2, 0.1], np.float32)
    for number in range(1, 50):
        ExponentialAverage().update(average, parameters, np.empty_like(average), number)
    np.testing.assert_array_equal(average, parameters)
