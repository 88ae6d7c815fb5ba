from __future__ import annotations

import math

import numpy as np
import pytest

from nncore.clipping import ClipNorm, Clipping, ClipValue, NoClipping

LENGTH = 5.0  # Of (3, 0, -4).


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_long_gradient_gets_the_limits_length_and_keeps_its_direction(dtype):
    gradients = np.array([3, 0, -4], dtype)
    ClipNorm(limit=2.5).clip(gradients)
    # PyTorch's clip_grad_norm_ divides by the length + 1e-6.
    expected = np.array([3, 0, -4]) * (2.5 / (LENGTH + 1e-6))
    np.testing.assert_allclose(gradients, expected, rtol=2 * np.finfo(dtype).eps)


@pytest.mark.parametrize("limit", [5.1, 100])
def test_a_short_gradient_is_left_alone_to_the_bit(limit):
    gradients = np.array([3, 0, -4], np.float32)
    ClipNorm(limit=limit).clip(gradients)
    assert gradients.tolist() == [3, 0, -4]


def test_a_gradient_whose_square_overflows_is_shortened_all_the_same():
    gradients = np.array([3e30, 0, -4e30], np.float32)
    with np.errstate(over="ignore"):
        ClipNorm(limit=1).clip(gradients)
    np.testing.assert_allclose(gradients, [0.6, 0, -0.8], rtol=1e-6)


@pytest.mark.parametrize("member", [ClipNorm(), NoClipping()])
def test_what_is_no_number_is_left_for_the_trainer_to_find(member):
    gradients = np.array([1, math.nan], np.float32)
    member.clip(gradients)
    assert np.isnan(gradients[1])


def test_each_derivative_is_cut_off_at_the_limit():
    gradients = np.array([-7, -0.5, 0, 0.25, 0.50001, math.inf])
    ClipValue(limit=0.5).clip(gradients)
    assert gradients.tolist() == [-0.5, -0.5, 0, 0.25, 0.5, 0.5]


@pytest.mark.parametrize("kind", Clipping.members())
def test_no_clipping_turns_a_derivative_around_or_makes_it_larger(kind):
    before = np.random.default_rng(0).normal(size=200)
    after = before.copy()
    Clipping.members()[kind]().clip(after)
    assert (np.abs(after) <= np.abs(before)).all()
    assert (after * before >= 0).all()
