"""Normalizations against their definitions, and every gradient against central differences."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from nncore.activations import Activation, Identity, ReLU, Tanh
from nncore.backpropagation import Backpropagation
from nncore.config import LayerConfig, NetworkConfig, OutputConfig
from nncore.initializers import Xavier
from nncore.losses import CrossEntropy, Loss
from nncore.network import Network
from nncore.normalizations import (
    BatchNormalization,
    LayerNormalization,
    NoNormalization,
    Normalization,
    running,
)
from tests.nncore.test_backpropagation import name_of, relative_error, run_passes, variants

INPUTS, CLASSES, BATCH = 5, 3, 6
STEP = 1e-5
KINK_MARGIN = 1e-3


def made(
    normalization: Normalization,
    activation: Activation | None = None,
    loss: Loss | None = None,
    units: tuple[int, ...] = (5, 4),
    dtype: type = np.float64,
    **more,
) -> Network:
    hidden = tuple(
        LayerConfig(
            units=count,
            activation=activation or Tanh(),
            initializer=Xavier(),
            normalization=normalization,
            **more,
        )
        for count in units
    )
    output = OutputConfig(initializer=Xavier())
    config = NetworkConfig(hidden=hidden, output=output, loss=loss or CrossEntropy())
    network = Network(INPUTS, CLASSES, config, np.random.default_rng(0), dtype)
    for layer in network.layers[:-1]:
        layer.biases[...] = np.random.default_rng(3).normal(size=layer.units)
        if layer.norm is not None:
            layer.norm.gamma[...] = np.random.default_rng(1).uniform(0.5, 2, layer.units)
            layer.norm.beta[...] = np.random.default_rng(2).normal(size=layer.units)
    return network


def normalized(layer, z: np.ndarray) -> np.ndarray:
    """The definition, with the batch's or the sample's own mean and biased variance."""
    if layer.norm is None:
        return z
    axis = 0 if isinstance(layer.normalization, BatchNormalization) else 1
    mean, variance = z.mean(axis, keepdims=True), z.var(axis, keepdims=True)
    x_hat = (z - mean) / np.sqrt(variance + layer.normalization.epsilon)
    return layer.norm.gamma * x_hat + layer.norm.beta


def plain_forward(network: Network, x: np.ndarray, masks=None) -> tuple[np.ndarray, float]:
    """Logits in training, and how near to zero any input of an activation comes."""
    nearest = np.inf
    masks = masks or [1.0] * len(network.layers)
    h = x * masks[0]
    for layer, mask in zip(network.layers[:-1], masks[1:], strict=True):
        y = normalized(layer, h @ layer.weights.T + layer.biases)
        nearest = min(nearest, np.abs(y).min())
        a = np.empty_like(y)
        layer.activation.forward(y.copy() if not layer.activation.in_place else y, a)
        h = a * mask
    output = network.layers[-1]
    return h @ output.weights.T + output.biases, nearest


def samples(network: Network, masks=None) -> tuple[np.ndarray, np.ndarray]:
    """Samples and labels for which no activation's input lies near a kink."""
    for seed in range(200):
        rng = np.random.default_rng([seed, 3])
        x, labels = rng.normal(size=(BATCH, INPUTS)), rng.integers(0, CLASSES, BATCH)
        if plain_forward(network, x, masks)[1] > KINK_MARGIN:
            return x, labels
    raise AssertionError("every draw lay near a kink")


def central_differences(network: Network, x, labels, masks=None) -> np.ndarray:
    def loss() -> float:
        logits = plain_forward(network, x, masks)[0]
        return float(network.config.loss.values(logits.T, labels).mean())

    parameters = network.parameters
    slopes = np.empty_like(parameters)
    for index, value in enumerate(parameters.copy()):
        parameters[index] = value + STEP
        above = loss()
        parameters[index] = value - STEP
        slopes[index] = (above - loss()) / (2 * STEP)
        parameters[index] = value
    return slopes


NORMALIZATIONS = [BatchNormalization(), LayerNormalization(), LayerNormalization(epsilon=0.5)]


@pytest.mark.parametrize(
    ("normalization", "activation", "loss"),
    list(itertools.product(NORMALIZATIONS, variants(Activation), variants(Loss))),
    ids=name_of,
)
def test_gradients_agree_with_central_differences(normalization, activation, loss):
    network = made(normalization, activation, loss)
    x, labels = samples(network)
    expected = central_differences(network, x, labels)
    run_passes(Backpropagation(network, BATCH + 2), x, labels)
    assert relative_error(network.gradients, expected) < 1e-6
    for layer in network.layers[:-1]:
        assert np.abs(layer.norm.gamma_gradients).max() > 0
        assert np.abs(layer.norm.beta_gradients).max() > 0


@pytest.mark.parametrize("normalization", [NoNormalization(), *NORMALIZATIONS], ids=name_of)
@pytest.mark.parametrize("activation", variants(Activation), ids=name_of)
def test_gradients_with_dropout_agree_with_central_differences(normalization, activation):
    network = made(normalization, activation, dropout=0.4)
    config = network.config.model_copy(update={"input_dropout": 0.3})
    dropping = Network(INPUTS, CLASSES, config, dtype=np.float64)
    dropping.state[...] = network.state
    passes = Backpropagation(dropping, BATCH)
    passes.draw_masks(np.random.default_rng(5), BATCH)
    masks = [mask.rows(BATCH).copy() for mask in passes._masks]
    x, labels = samples(dropping, masks)
    assert 0 < sum((mask == 0).sum() for mask in masks) < sum(mask.size for mask in masks)
    run_passes(passes, x, labels)
    expected = central_differences(dropping, x, labels, masks)
    assert relative_error(dropping.gradients, expected) < 1e-6


@pytest.mark.parametrize("normalization", NORMALIZATIONS, ids=name_of)
def test_training_computes_the_definition(normalization):
    network = made(normalization)
    x, labels = samples(network)
    logits = run_passes(Backpropagation(network, BATCH), x, labels)
    np.testing.assert_allclose(logits.T, plain_forward(network, x)[0], rtol=1e-11)


def test_layer_normalization_is_the_same_in_training_and_prediction():
    network = made(LayerNormalization())
    x, labels = samples(network)
    logits = run_passes(Backpropagation(network, BATCH), x, labels)
    np.testing.assert_allclose(network.predict_logits(x), logits.T, rtol=1e-11)
    np.testing.assert_allclose(network.predict_logits(x[:1]), logits.T[:1], rtol=1e-11)


def test_running_figures_by_hand():
    network = made(BatchNormalization(momentum=0.25), Identity(), units=(1,))
    layer = network.layers[0]
    layer.weights[...], layer.biases[...] = [[1, 0, 0, 0, 0]], 0
    passes = Backpropagation(network, 3)
    for column in ([1.0, 2.0, 6.0], [0.0, 0.0, 3.0]):
        x = np.zeros((3, INPUTS))
        x[:, 0] = column
        passes.forward(x, np.empty((CLASSES, 3)))
    mean, variance, count = running(layer.norm)
    # Means 3 and 1; unbiased variances (4 + 1 + 9) / 2 = 7 and (1 + 1 + 4) / 2 = 3.
    assert mean[0] == pytest.approx(0.75 * (0.25 * 3) + 0.25 * 1)
    assert variance[0] == pytest.approx(0.75 * (0.75 * 1 + 0.25 * 7) + 0.25 * 3)
    assert count[0] == 2


def test_prediction_takes_the_running_figures():
    network = made(BatchNormalization(), units=(4,))
    layer = network.layers[0]
    means, variances, _ = running(layer.norm)
    means[...], variances[...] = [1, 2, 3, 4], [0.5, 1, 2, 4]
    before = network.state.copy()
    x = np.random.default_rng(6).normal(size=(9, INPUTS))
    z = x @ layer.weights.T + layer.biases
    y = layer.norm.gamma * (z - means) / np.sqrt(variances + 1e-5) + layer.norm.beta
    output = network.layers[1]
    expected = np.tanh(y) @ output.weights.T + output.biases
    np.testing.assert_allclose(network.predict_logits(x), expected, rtol=1e-11)
    np.testing.assert_allclose(network.predict_logits(x[3:4]), expected[3:4], rtol=1e-11)
    np.testing.assert_array_equal(network.state, before)


def test_a_batch_of_one_is_normalized_by_the_running_figures_and_leaves_them_alone():
    network = made(BatchNormalization())
    x, labels = samples(network)
    passes = Backpropagation(network, BATCH)
    for _ in range(3):
        run_passes(passes, x, labels)
    before = network.buffers.copy()
    logits = run_passes(passes, x[:1], labels[:1])
    np.testing.assert_allclose(logits.T, network.predict_logits(x[:1]), rtol=1e-11)
    np.testing.assert_array_equal(network.buffers, before)
    found = network.gradients.copy()
    for index, value in enumerate(network.parameters.copy()):
        losses = []
        for moved in (value + STEP, value - STEP):
            network.parameters[index] = moved
            losses.append(network.config.loss.values(network.predict_logits(x[:1]).T, labels[:1]))
        network.parameters[index] = value
        slope = (losses[0] - losses[1]) / (2 * STEP)
        np.testing.assert_allclose(found[index], slope[0], rtol=1e-4, atol=1e-9)


def test_a_unit_that_never_varies_stays_finite():
    network = made(BatchNormalization(), ReLU(), dtype=np.float32)
    x, labels = np.ones((BATCH, INPUTS), np.float32), np.zeros(BATCH, int)
    run_passes(Backpropagation(network, BATCH), x, labels)
    assert np.isfinite(network.gradients).all()
    assert np.isfinite(network.state).all()


@pytest.mark.parametrize("normalization", NORMALIZATIONS, ids=name_of)
def test_gamma_and_beta_start_by_changing_no_scale(normalization):
    config = NetworkConfig(hidden=(LayerConfig(units=3, normalization=normalization),))
    norm = Network(4, 2, config, np.random.default_rng(0)).layers[0].norm
    np.testing.assert_array_equal(norm.gamma, 1)
    np.testing.assert_array_equal(norm.beta, 0)
    if norm.buffers.size:
        means, variances, count = running(norm)
        assert (means.tolist(), variances.tolist(), count.tolist()) == ([0] * 3, [1] * 3, [0])


def test_a_copy_has_its_own_running_figures():
    network = made(BatchNormalization())
    x, labels = samples(network)
    run_passes(Backpropagation(network, BATCH), x, labels)
    twin = network.copy()
    expected = network.predict_logits(x)
    np.testing.assert_array_equal(twin.predict_logits(x), expected)
    run_passes(Backpropagation(twin, BATCH), 5 * x, labels)
    np.testing.assert_array_equal(network.predict_logits(x), expected)
    assert not np.array_equal(twin.buffers, network.buffers)


@pytest.mark.parametrize("normalization", [NoNormalization(), *NORMALIZATIONS], ids=name_of)
def test_weights_are_told_from_all_other_parameters(normalization):
    network = made(normalization)
    network.parameters[...] = 0
    for layer in network.layers:
        layer.weights[...] = 1
    np.testing.assert_array_equal(network.is_weight, network.parameters == 1)
    assert sum(part.stop - part.start for part in network.weight_parts) == network.is_weight.sum()
