from __future__ import annotations

import numpy as np
import pytest

from nncore.activations import ReLU, Tanh
from nncore.initializers import RandomUniform
from nncore.layers import NARROW, Dense


def bound(inputs: int = 3, units: int = 2, activation=None) -> Dense:
    layer = Dense(inputs, units, activation or ReLU(), RandomUniform())
    layer.bind(np.zeros(layer.size), np.zeros(layer.size))
    layer.initialize(np.random.default_rng(0))
    return layer


def test_its_size_counts_weights_and_biases():
    assert Dense(784, 128, ReLU(), RandomUniform()).size == 784 * 128 + 128


def test_bind_lays_weights_first_and_biases_last():
    layer = Dense(3, 2, ReLU(), RandomUniform())
    flat = np.arange(8.0)
    layer.bind(flat, flat.copy())
    np.testing.assert_array_equal(layer.weights, [[0, 1, 2], [3, 4, 5]])
    np.testing.assert_array_equal(layer.biases, [6, 7])
    np.testing.assert_array_equal(layer.weight_gradients, [[0, 1, 2], [3, 4, 5]])
    layer.biases += 10
    assert list(flat[-2:]) == [16, 17]


@pytest.mark.parametrize("activation", [ReLU(), Tanh()])
def test_it_takes_samples_in_rows(activation):
    layer = bound(activation=activation)
    x = np.random.default_rng(1).normal(size=(5, 3))
    for row, sample in zip(layer.predict(x), x, strict=True):
        sums = [
            sum(w * value for w, value in zip(weights, sample, strict=True)) + bias
            for weights, bias in zip(layer.weights, layer.biases, strict=True)
        ]
        expected = np.maximum(sums, 0) if activation == ReLU() else np.tanh(sums)
        np.testing.assert_allclose(row, expected, rtol=1e-12, atol=1e-15)


def test_the_sums_are_those_before_the_activation():
    layer = bound()
    x, z = np.random.default_rng(1).normal(size=(50, 3)), np.empty((50, 2))
    layer.sums(x, z)
    assert z.min() < 0
    np.testing.assert_allclose(np.maximum(z, 0), layer.predict(x), rtol=1e-12)


@pytest.mark.parametrize("batch", [1, 5])
@pytest.mark.parametrize("units", [2, NARROW - 1, NARROW, NARROW + 1])
def test_backward_gives_the_originals_equations(batch, units):
    layer = bound(units=units)
    rng = np.random.default_rng(2)
    x, d = rng.normal(size=(batch, 3)), rng.normal(size=(batch, units))
    dx = np.full((batch, 3), np.nan)
    layer.backward(x, d, np.ones(batch), dx)
    a1, dz2 = x.T, d.T  # The original has samples in columns.
    np.testing.assert_allclose(layer.weight_gradients, np.dot(dz2, a1.T), rtol=1e-12)
    np.testing.assert_allclose(layer.bias_gradients, np.sum(dz2, axis=1), rtol=1e-12)
    np.testing.assert_allclose(dx.T, np.dot(layer.weights.T, dz2), rtol=1e-12)


def test_backward_of_the_first_layer_needs_no_gradient_of_the_samples():
    layer, other = bound(), bound()
    rng = np.random.default_rng(2)
    x, d = rng.normal(size=(5, 3)), rng.normal(size=(5, 2))
    layer.backward(x, d, np.ones(5), None)
    other.backward(x, d, np.ones(5), np.empty((5, 3)))
    np.testing.assert_array_equal(layer.weight_gradients, other.weight_gradients)
