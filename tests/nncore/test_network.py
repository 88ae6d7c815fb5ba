from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from nncore.activations import Activation, Identity, LeakyReLU, ReLU, Sigmoid, Tanh
from nncore.config import LayerConfig, NetworkConfig, OutputConfig
from nncore.errors import ShapeError
from nncore.initializers import He, RandomUniform, Xavier
from nncore.network import PREDICTION_ROWS, Network

DEFINITIONS = {
    ReLU(): lambda z: np.where(z > 0, z, 0),
    LeakyReLU(slope=0.2): lambda z: np.where(z > 0, z, 0.2 * z),
    Sigmoid(): lambda z: 1 / (1 + np.exp(-z)),
    Tanh(): lambda z: np.sinh(z) / np.cosh(z),
    Identity(): lambda z: z,
}


def make(
    units: list[int],
    activation: Activation | None = None,
    dtype: type = np.float64,
    inputs: int = 6,
    classes: int = 4,
) -> Network:
    hidden = tuple(
        LayerConfig(
            units=count,
            activation=activation or ReLU(),
            initializer=RandomUniform(),
        )
        for count in units
    )
    config = NetworkConfig(hidden=hidden, output=OutputConfig(initializer=RandomUniform()))
    return Network(inputs, classes, config, np.random.default_rng(3), dtype)


def samples(batch: int = 9, inputs: int = 6, dtype: type = np.float64) -> np.ndarray:
    return np.random.default_rng(4).random((batch, inputs)).astype(dtype)


def in_columns(network: Network, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The original's forward pass, a sample in each column: its logits and probabilities."""
    a = x.T
    *hidden, output = network.layers
    for layer in hidden:
        a = DEFINITIONS[layer.activation](np.dot(layer.weights, a) + layer.biases.reshape(-1, 1))
    z = np.dot(output.weights, a) + output.biases.reshape(-1, 1)
    return z, np.exp(z) / np.sum(np.exp(z), axis=0)


@pytest.mark.parametrize("activation", DEFINITIONS, ids=repr)
@pytest.mark.parametrize("units", [[], [5], [5, 3, 7]], ids=str)
def test_prediction_agrees_with_the_original_written_in_columns(units, activation):
    network, x = make(units, activation), samples()
    logits, probabilities = in_columns(network, x)
    np.testing.assert_allclose(network.predict_logits(x), logits.T, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(network.predict_proba(x), probabilities.T, rtol=1e-12)


def test_a_network_of_two_neurons_agrees_with_pencil_and_paper():
    config = NetworkConfig(hidden=(LayerConfig(units=2),))
    network = Network(2, 2, config, dtype=np.float64)
    network.layers[0].weights[...] = [[1, 2], [-1, 1]]
    network.layers[0].biases[...] = [0.5, -3]
    network.layers[1].weights[...] = [[1, 10], [2, 20]]
    network.layers[1].biases[...] = [0.25, -1]
    # z1 = (1*1 + 2*3 + 0.5, -1 + 3 - 3) = (7.5, -1), a1 = (7.5, 0), z2 = (7.75, 14)
    np.testing.assert_array_equal(network.predict_logits(np.array([[1.0, 3.0]])), [[7.75, 14]])


def test_the_layers_are_views_of_the_flat_parameters_in_order():
    network = make([5, 3])
    parts = [array for layer in network.layers for array in (layer.weights, layer.biases)]
    assert [part.shape for part in parts] == [(5, 6), (5,), (3, 5), (3,), (4, 3), (4,)]
    np.testing.assert_array_equal(np.concatenate([p.ravel() for p in parts]), network.parameters)
    network.parameters[...] = np.arange(network.parameters.size)
    np.testing.assert_array_equal(
        np.concatenate([p.ravel() for p in parts]), np.arange(network.parameters.size)
    )
    network.layers[1].biases[2] = -1
    assert np.flatnonzero(network.parameters == -1) == [5 * 6 + 5 + 3 * 5 + 2]
    for one, other in itertools.combinations(parts, 2):
        assert not np.shares_memory(one, other)


def test_the_gradients_are_views_laid_out_alike():
    network = make([5, 3])
    for layer in network.layers:
        layer.weight_gradients[...] = layer.weights
        layer.bias_gradients[...] = layer.biases
    np.testing.assert_array_equal(network.gradients, network.parameters)
    assert not np.shares_memory(network.gradients, network.parameters)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_flat_arrays_are_contiguous_and_of_the_asked_dtype(dtype):
    network = make([5], dtype=dtype)
    for array in (network.parameters, network.gradients):
        assert array.dtype == dtype
        assert array.flags.c_contiguous
    for layer in network.layers:
        assert layer.weights.flags.c_contiguous
        assert layer.weights.base is not None


def test_float32_is_the_default_and_the_answer_keeps_it():
    network = Network(6, 4, NetworkConfig(), np.random.default_rng(0))
    assert network.parameters.dtype == np.float32
    for x in (samples(), samples(dtype=np.float32)):
        assert network.predict_logits(x).dtype == np.float32
        assert network.predict_proba(x).dtype == np.float32


def test_without_a_generator_every_parameter_is_zero():
    network = Network(6, 4, NetworkConfig())
    assert not network.parameters.any()
    np.testing.assert_allclose(network.predict_proba(samples()), 0.25)


def test_each_layer_starts_as_its_own_initializer_says():
    config = NetworkConfig(
        hidden=(
            LayerConfig(units=300, initializer=RandomUniform(limit=0.01)),
            LayerConfig(units=200, initializer=He()),
        ),
        output=OutputConfig(initializer=Xavier()),
    )
    first, second, output = Network(400, 10, config, np.random.default_rng(0)).layers
    assert first.weights.std() == pytest.approx(0.01 / np.sqrt(3), rel=0.02)
    assert first.biases.any()
    assert second.weights.std() == pytest.approx(np.sqrt(2 / 300), rel=0.02)
    assert output.weights.std() == pytest.approx(np.sqrt(2 / 210), rel=0.05)
    assert not second.biases.any()
    assert not output.biases.any()


def test_the_same_generator_draws_the_same_network():
    first, again = make([5]), make([5])
    np.testing.assert_array_equal(first.parameters, again.parameters)
    other = Network(6, 4, first.config, np.random.default_rng(9), np.float64)
    assert not np.array_equal(first.parameters, other.parameters)


def test_a_copy_is_equal_and_independent():
    network = make([5], dtype=np.float32)
    twin = network.copy()
    assert twin.parameters.dtype == np.float32
    assert twin.config == network.config
    x = samples()
    before = network.predict_proba(x)
    np.testing.assert_array_equal(twin.predict_proba(x), before)
    twin.parameters += 1
    twin.gradients += 1
    np.testing.assert_array_equal(network.predict_proba(x), before)
    assert not network.gradients.any()


@pytest.mark.parametrize(
    "batch", [1, PREDICTION_ROWS - 1, PREDICTION_ROWS, PREDICTION_ROWS * 2 + 5]
)
def test_any_number_of_samples_is_predicted_in_order(batch):
    network, x = make([5]), samples(batch)
    logits = network.predict_logits(x)
    assert logits.shape == (batch, 4)
    np.testing.assert_allclose(logits, in_columns(network, x)[0].T, rtol=1e-11, atol=1e-13)


def test_no_samples_give_no_answers():
    network = make([5])
    assert network.predict_proba(samples(0)).shape == (0, 4)
    assert network.predict_logits(samples(0)).shape == (0, 4)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("activation", [None, Identity(), Sigmoid()])
@pytest.mark.parametrize("units", [[], [5]], ids=str)
def test_prediction_leaves_samples_and_parameters_alone(units, activation, dtype):
    network, x = make(units, activation, dtype), samples(dtype=dtype)
    x.flags.writeable = False
    kept = network.parameters.copy()
    network.predict_proba(x)
    np.testing.assert_array_equal(network.parameters, kept)


def test_samples_may_be_any_view():
    network, x = make([5]), samples(20)
    np.testing.assert_allclose(network.predict_logits(x[::2]), network.predict_logits(x)[::2])
    columns = np.asfortranarray(x)
    np.testing.assert_allclose(network.predict_logits(columns), network.predict_logits(x))


@pytest.mark.parametrize("shape", [(6,), (9, 5), (9, 7), (2, 3, 6), ()])
def test_samples_of_another_shape_are_refused_with_both_shapes(shape):
    network = make([5])
    for predict in (network.predict_logits, network.predict_proba):
        with pytest.raises(ShapeError) as caught:
            predict(np.zeros(shape))
        assert str(caught.value) == (f"The network takes samples of shape (batch, 6), got {shape}.")


def test_probabilities_of_enormous_weights_are_finite_and_sum_to_one():
    network = make([5], dtype=np.float32)
    network.parameters *= np.float32(1e15)
    probabilities = network.predict_proba(samples())
    assert np.isfinite(probabilities).all()
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-6)


def test_many_threads_may_predict_at_once():
    network = make([64, 64], Sigmoid(), np.float32)
    batches = [samples(300 + index) for index in range(8)]
    expected = [network.predict_proba(x) for x in batches]
    with ThreadPoolExecutor(4) as pool:
        for _ in range(5):
            for found, wanted in zip(
                pool.map(network.predict_proba, batches), expected, strict=True
            ):
                np.testing.assert_array_equal(found, wanted)
