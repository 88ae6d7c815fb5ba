from __future__ import annotations

import math

import numpy as np
import pytest

from nncore.error_function import BLOCK, erf


def points() -> np.ndarray:
    """Dense where the formulas meet, tiny, and far out."""
    return np.concatenate(
        [
            np.linspace(-7, 7, 40_001),
            np.linspace(0.45, 0.49, 5_001),
            np.logspace(-300, 300, 2_001),
            -np.logspace(-20, 1, 2_001),
        ]
    )


def expected(x: np.ndarray) -> np.ndarray:
    return np.array([math.erf(value) for value in x.tolist()])


def test_double_precision_agrees_with_the_standard_library():
    x = points()
    np.testing.assert_allclose(erf(x), expected(x), rtol=1e-15, atol=0)


def test_single_precision_agrees_with_the_standard_library():
    x = np.concatenate([np.linspace(-7, 7, 40_001), np.logspace(-30, 30, 2_001)]).astype(np.float32)
    np.testing.assert_allclose(erf(x), expected(x), rtol=6e-7)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_limits_and_not_a_number(dtype):
    x = np.array([np.inf, -np.inf, 0.0, -0.0, np.nan], dtype)
    values = erf(x)
    assert values.dtype == dtype
    np.testing.assert_array_equal(values, [1, -1, 0, 0, np.nan])
    assert math.copysign(1, values[3]) == -1


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_it_is_odd(dtype):
    x = np.linspace(0, 7, 1_001).astype(dtype)
    np.testing.assert_array_equal(erf(-x), -erf(x))


@pytest.mark.parametrize("shape", [(), (0,), (3, 0), (7,), (3, 5, 2), (BLOCK + 1,), (3, BLOCK)])
def test_any_shape_may_be_written_into_another_array_or_over_itself(shape):
    x = np.random.default_rng(0).normal(size=shape)
    kept, out = x.copy(), np.full(shape, np.nan)
    assert erf(x, out) is out
    np.testing.assert_array_equal(x, kept)
    np.testing.assert_allclose(out.ravel(), expected(x.ravel()), rtol=1e-15)
    erf(x, x)
    np.testing.assert_array_equal(x, out)


def test_columns_in_memory_are_read_in_their_own_order():
    x = np.asfortranarray(np.random.default_rng(0).normal(size=(4, 6)))
    np.testing.assert_array_equal(erf(x), erf(x.copy(order="C")))
