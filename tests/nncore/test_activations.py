from __future__ import annotations

import math
import tracemalloc
from statistics import NormalDist

import numpy as np
import pytest

from nncore.activations import (
    ELU,
    GELU,
    SELU,
    Activation,
    Identity,
    LeakyReLU,
    ReLU,
    Sigmoid,
    SiLU,
    Softplus,
    Tanh,
)

# Written from the definitions, one number at a time.
DEFINITIONS = {
    ReLU(): lambda z: z if z > 0 else 0.0,
    LeakyReLU(): lambda z: z if z > 0 else 0.01 * z,
    LeakyReLU(slope=0.3): lambda z: z if z > 0 else 0.3 * z,
    LeakyReLU(slope=0): lambda z: z if z > 0 else 0.0,
    Sigmoid(): lambda z: 1 / (1 + math.exp(-z)),
    Tanh(): lambda z: (math.exp(z) - math.exp(-z)) / (math.exp(z) + math.exp(-z)),
    Identity(): lambda z: z,
    ELU(): lambda z: z if z > 0 else math.exp(z) - 1,
    ELU(alpha=0.3): lambda z: z if z > 0 else 0.3 * (math.exp(z) - 1),
    ELU(alpha=4): lambda z: z if z > 0 else 4 * (math.exp(z) - 1),
    SELU(): lambda z: (
        1.05070098735548 * z if z > 0 else 1.05070098735548 * 1.67326324235437 * (math.exp(z) - 1)
    ),
    GELU(): lambda z: z * NormalDist().cdf(z),
    GELU(form="tanh"): lambda z: (
        0.5 * z * (1 + math.tanh(math.sqrt(2 / math.pi) * (z + 0.044715 * z**3)))
    ),
    SiLU(): lambda z: z / (1 + math.exp(-z)),
    Softplus(): lambda z: math.log(1 + math.exp(z)),
}

MEMBERS = list(DEFINITIONS)
"""Every member, with hyperparameters off their defaults too."""


def run_forward(activation: Activation, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Z and A as the training buffers hold them after the forward pass."""
    z = z.copy()
    a = z if activation.in_place else np.full_like(z, np.nan)
    activation.forward(z, a)
    return z, a


def some_values(dtype: type = np.float64) -> np.ndarray:
    return np.random.default_rng(1).normal(0, 3, (7, 5)).astype(dtype)


def test_every_member_is_defined_here():
    assert {type(activation) for activation in DEFINITIONS} == set(Activation.members().values())


@pytest.mark.parametrize("activation", DEFINITIONS, ids=repr)
def test_forward_agrees_with_the_definition(activation):
    z = some_values()
    expected = np.array([[DEFINITIONS[activation](value) for value in row] for row in z])
    np.testing.assert_allclose(run_forward(activation, z)[1], expected, rtol=1e-13, atol=1e-14)


@pytest.mark.parametrize("member", MEMBERS, ids=repr)
def test_backward_multiplies_by_the_slope_of_forward(member):
    activation, values = member, some_values()
    step = 1e-6
    slope = run_forward(activation, values + step)[1] - run_forward(activation, values - step)[1]
    slope /= 2 * step
    d = np.random.default_rng(2).normal(size=values.shape)
    expected = d * slope
    activation.backward(d, *run_forward(activation, values))
    np.testing.assert_allclose(d, expected, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("member", MEMBERS, ids=repr)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_forward_keeps_z_unless_it_is_in_place(member, dtype):
    values = some_values(dtype)
    z, a = run_forward(member, values)
    assert a.dtype == dtype
    if not member.in_place:
        np.testing.assert_array_equal(z, values)


@pytest.mark.parametrize("member", MEMBERS, ids=repr)
def test_backward_keeps_the_dtype_and_writes_in_place(member):
    z, a = run_forward(member, some_values(np.float32))
    d = np.ones_like(z)
    assert member.backward(d, z, a) is None
    assert d.dtype == np.float32
    assert np.isfinite(d).all()


@pytest.mark.parametrize("member", MEMBERS, ids=repr)
def test_huge_values_neither_overflow_nor_warn(member):
    with np.errstate(all="raise", under="ignore"):
        z, a = run_forward(member, np.array([[-1e30, -1e3, 0, 1e3, 1e30]], np.float32))
        expected_finite = np.isfinite(a)
        d = np.ones_like(z)
        member.backward(d, z, a)
    assert expected_finite.all()
    assert np.isfinite(d).all()


@pytest.mark.parametrize("member", MEMBERS, ids=repr)
def test_not_a_number_stays_visible(member):
    _, a = run_forward(member, np.array([[np.nan, 1.0]], np.float32))
    assert np.isnan(a[0, 0])
    assert np.isfinite(a[0, 1])


@pytest.mark.parametrize(
    ("activation", "slope"), [(ReLU(), 0.0), (LeakyReLU(slope=0.2), 0.2), (ELU(alpha=3), 3.0)]
)
def test_the_left_slope_is_chosen_at_the_kink(activation, slope):
    d = np.ones((1, 2))
    activation.backward(d, *run_forward(activation, np.array([[0.0, -0.0]])))
    np.testing.assert_array_equal(d, [[slope, slope]])


def test_sigmoid_saturates_to_exactly_zero_and_one():
    _, a = run_forward(Sigmoid(), np.array([[-1e4, 0.0, 1e4]], np.float32))
    np.testing.assert_array_equal(a, [[0, 0.5, 1]])


@pytest.mark.parametrize("member", MEMBERS, ids=repr)
def test_zero_has_the_slope_of_its_neighbors_where_there_is_no_kink(member):
    if (
        isinstance(member, ReLU | LeakyReLU | SELU)
        or member == ELU(alpha=4)
        or member == ELU(alpha=0.3)
    ):
        return
    slopes = []
    for value in (-1e-9, 0.0, -0.0, 1e-9):
        d = np.ones((1, 1))
        member.backward(d, *run_forward(member, np.array([[value]])))
        slopes.append(d[0, 0])
    np.testing.assert_allclose(slopes, slopes[0], rtol=1e-6)


@pytest.mark.parametrize("member", MEMBERS, ids=repr)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_ends_are_those_of_the_definition(member, dtype):
    far = np.array([[-90.0, 90.0]], dtype)
    _, a = run_forward(member, far)
    expected = [DEFINITIONS[member](value) for value in far[0].tolist()]
    np.testing.assert_allclose(
        a[0], expected, rtol=1e-6, atol=1e-30 if dtype == np.float64 else 1e-7
    )


@pytest.mark.parametrize("member", MEMBERS, ids=repr)
def test_single_precision_is_near_double_precision(member):
    values = np.linspace(-12, 12, 4803).reshape(-1, 3)
    results = []
    for dtype in (np.float32, np.float64):
        z, a = run_forward(member, values.astype(dtype))
        kept, d = a.copy(), np.ones_like(z)
        member.backward(d, z, a)
        results.append((kept, d))
    for single, double in zip(*results, strict=True):
        np.testing.assert_allclose(single, double, rtol=2e-6, atol=3e-6)


@pytest.mark.parametrize("member", MEMBERS, ids=repr)
def test_no_array_of_a_batchs_size_is_allocated(member):
    values = np.random.default_rng(0).normal(size=(1024, 256)).astype(np.float32)
    z, d = values.copy(), np.ones_like(values)
    a = z if member.in_place else np.empty_like(z)
    member.forward(z[:16], a[:16])
    tracemalloc.start()
    member.forward(z, a)
    member.backward(d, z, a)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # ReLU's boolean mask is a quarter of a float32 batch.
    assert peak < 1.3 * values.size
