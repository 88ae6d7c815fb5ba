"""Every gradient against central differences in float64."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st

from nncore.activations import Activation, ReLU, Tanh
from nncore.backpropagation import Backpropagation
from nncore.component import Component, hyperparameters_of
from nncore.config import LayerConfig, NetworkConfig, OutputConfig
from nncore.initializers import Constant, He, Initializer, Xavier, Zeros
from nncore.losses import CrossEntropy, Huber, Loss
from nncore.network import Network

INPUTS, CLASSES, BATCH, CAPACITY = 5, 3, 4, 7
ARCHITECTURES = ([], [4], [5, 3, 4])
STEP = 1e-5
KINK_MARGIN = 1e-3


def variants(family: type[Component]) -> list[Component]:
    """Each member with its defaults, each bounded number in mid-range, and each of its choices."""
    made: list[Component] = []
    for member in family.members().values():
        made.append(member())
        for declared in hyperparameters_of(member):
            if declared.type == "choice":
                made += [member(**{declared.name: word}) for word in declared.words[1:]]
            elif declared.type in ("integer", "number"):
                middle = (declared.minimum + declared.maximum) / 2
                made.append(member(**{declared.name: min(middle, 1.0)}))
    return made


def name_of(value: object) -> str:
    return repr(value) if isinstance(value, Component) else "-".join(map(str, value)) or "none"


def network_of(
    units: list[int], activation: Activation, initializer: Initializer, loss: Loss, seed: int = 0
) -> Network:
    hidden = tuple(
        LayerConfig(units=count, activation=activation, initializer=initializer) for count in units
    )
    config = NetworkConfig(hidden=hidden, output=OutputConfig(initializer=initializer), loss=loss)
    return Network(INPUTS, CLASSES, config, np.random.default_rng(seed), np.float64)


def pre_activations(network: Network, x: np.ndarray) -> np.ndarray:
    """Every hidden Z of a batch in one flat array."""
    found, a = [np.empty(0)], x
    for layer in network.layers[:-1]:
        z = a @ layer.weights.T + layer.biases
        found.append(z.ravel().copy())
        a = z if layer.activation.in_place else np.empty_like(z)
        layer.activation.forward(z, a)
    return np.concatenate(found)


def samples_away_from_kinks(network: Network) -> tuple[np.ndarray, np.ndarray]:
    """Samples and labels for which no hidden sum is so near zero that a difference crosses it."""
    for seed in range(100):
        rng = np.random.default_rng([seed, 3])
        x, labels = rng.normal(size=(BATCH, INPUTS)), rng.integers(0, CLASSES, BATCH)
        if np.abs(pre_activations(network, x)).min(initial=1) > KINK_MARGIN:
            return x, labels
    raise AssertionError("every draw lay near a kink")


def loss_of(network: Network, x: np.ndarray, labels: np.ndarray) -> float:
    """The mean loss through the prediction path, which shares no buffer with the training path."""
    return float(network.config.loss.values(network.predict_logits(x).T, labels).mean())


def central_differences(network: Network, x: np.ndarray, labels: np.ndarray) -> np.ndarray:
    parameters = network.parameters
    slopes = np.empty_like(parameters)
    for index, value in enumerate(parameters.copy()):
        parameters[index] = value + STEP
        above = loss_of(network, x, labels)
        parameters[index] = value - STEP
        below = loss_of(network, x, labels)
        parameters[index] = value
        slopes[index] = (above - below) / (2 * STEP)
    return slopes


def run_passes(passes: Backpropagation, x: np.ndarray, labels: np.ndarray) -> np.ndarray:
    classes = passes.network.classes
    logits = np.empty((classes, len(x)), x.dtype)
    passes.forward(x, logits)
    targets = passes.network.config.loss.class_targets(classes).astype(x.dtype)
    passes.backward(x, logits, targets[:, labels])
    return logits


def relative_error(found: np.ndarray, expected: np.ndarray) -> float:
    return float(np.linalg.norm(found - expected) / np.linalg.norm(expected))


def cases() -> Iterator[tuple[list[int], Activation, Initializer, Loss]]:
    """Every variant of each family among plain members of the others, in every architecture."""
    for units in ARCHITECTURES:
        for loss in variants(Loss):
            yield units, Tanh(), Xavier(), loss
        for activation in variants(Activation) if units else ():
            yield units, activation, Xavier(), CrossEntropy()
        for initializer in variants(Initializer):
            if isinstance(initializer, Zeros | Constant):
                continue  # The sums lie at ReLU's kink.
            yield units, ReLU(), initializer, CrossEntropy()


@pytest.mark.parametrize(("units", "activation", "initializer", "loss"), list(cases()), ids=name_of)
def test_gradients_agree_with_central_differences(units, activation, initializer, loss):
    network = network_of(units, activation, initializer, loss)
    x, labels = samples_away_from_kinks(network)
    expected = central_differences(network, x, labels)
    run_passes(Backpropagation(network, CAPACITY), x, labels)
    assert relative_error(network.gradients, expected) < 1e-6
    start = 0
    for layer in network.layers:
        for part in (layer.weight_gradients, layer.bias_gradients):
            slopes = expected[start : start + part.size].reshape(part.shape)
            start += part.size
            if np.linalg.norm(slopes) > 1e-6 * np.linalg.norm(expected):
                assert relative_error(part, slopes) < 1e-6


INITIALIZERS = [i for i in variants(Initializer) if not isinstance(i, Zeros | Constant)]


@st.composite
def networks(draw) -> Network:
    """Any layers, each with its own width, activation and initializer, under any loss."""
    layers = st.builds(
        LayerConfig,
        units=st.integers(1, 6),
        activation=st.sampled_from(variants(Activation)),
        initializer=st.sampled_from(INITIALIZERS),
    )
    config = NetworkConfig(
        hidden=tuple(draw(st.lists(layers, max_size=4))),
        output=OutputConfig(initializer=draw(st.sampled_from(INITIALIZERS))),
        loss=draw(st.sampled_from(variants(Loss))),
    )
    rng = np.random.default_rng(draw(st.integers(0, 1000)))
    return Network(INPUTS, CLASSES, config, rng, np.float64)


@given(networks())
@settings(max_examples=60, deadline=None)
def test_gradients_of_any_architecture_agree_with_central_differences(network):
    try:
        x, labels = samples_away_from_kinks(network)
    except AssertionError:
        reject()
    loss = network.config.loss
    if isinstance(loss, Huber):
        sizes = np.abs(network.predict_logits(x) - np.eye(CLASSES)[labels])
        assume(np.abs(sizes - loss.delta).min() > KINK_MARGIN)
    expected = central_differences(network, x, labels)
    run_passes(Backpropagation(network, CAPACITY), x, labels)
    tolerance = 1e-6 * np.linalg.norm(expected) + 1e-9
    np.testing.assert_allclose(network.gradients, expected, rtol=0, atol=tolerance)


def test_gradients_of_mixed_layers_agree_with_central_differences():
    config = NetworkConfig(
        hidden=(
            LayerConfig(units=4, activation=Tanh(), initializer=Xavier()),
            LayerConfig(units=6, activation=ReLU(), initializer=He()),
        )
    )
    network = Network(INPUTS, CLASSES, config, np.random.default_rng(5), np.float64)
    x, labels = samples_away_from_kinks(network)
    expected = central_differences(network, x, labels)
    run_passes(Backpropagation(network, BATCH), x, labels)
    assert relative_error(network.gradients, expected) < 1e-6


@pytest.mark.parametrize("activation", variants(Activation), ids=name_of)
def test_a_short_batch_after_a_full_one_leaves_no_trace_of_it(activation):
    network = network_of([6, 4], activation, Xavier(), CrossEntropy())
    rng = np.random.default_rng(8)
    x, labels = rng.normal(size=(CAPACITY, INPUTS)), rng.integers(0, CLASSES, CAPACITY)
    used, fresh = Backpropagation(network, CAPACITY), Backpropagation(network, 2)
    run_passes(used, x, labels)
    run_passes(used, x[:2], labels[:2])
    after_full = network.gradients.copy()
    run_passes(fresh, x[:2], labels[:2])
    np.testing.assert_allclose(after_full, network.gradients, rtol=1e-12, atol=1e-15)


def test_the_batch_gradient_is_the_mean_of_the_samples_gradients():
    network = network_of([4], ReLU(), He(), CrossEntropy())
    rng = np.random.default_rng(9)
    x, labels = rng.normal(size=(CAPACITY, INPUTS)), rng.integers(0, CLASSES, CAPACITY)
    passes = Backpropagation(network, CAPACITY)
    singles = []
    for index in range(CAPACITY):
        run_passes(passes, x[index : index + 1], labels[index : index + 1])
        singles.append(network.gradients.copy())
    run_passes(passes, x, labels)
    np.testing.assert_allclose(network.gradients, np.mean(singles, axis=0), rtol=1e-10, atol=1e-14)


def test_forward_gives_the_logits_of_prediction_and_keeps_the_samples():
    network = network_of([4, 4], Tanh(), Xavier(), CrossEntropy())
    x = np.random.default_rng(4).normal(size=(BATCH, INPUTS))
    kept = x.copy()
    logits = run_passes(Backpropagation(network, CAPACITY), x, np.zeros(BATCH, int))
    np.testing.assert_allclose(logits.T, network.predict_logits(x), rtol=1e-12)
    np.testing.assert_array_equal(x, kept)


def test_a_step_allocates_no_array_of_the_size_of_a_batch():
    units = 256
    config = NetworkConfig(hidden=(LayerConfig(units=units), LayerConfig(units=units)))
    network = Network(64, 10, config, np.random.default_rng(0))
    x = np.zeros((512, 64), np.float32)
    targets = np.eye(10, dtype=np.float32)[:, np.zeros(512, int)]
    logits = np.empty((10, 512), np.float32)
    passes = Backpropagation(network, 512)
    passes.forward(x, logits)
    tracemalloc.start()
    passes.forward(x, logits)
    passes.backward(x, logits, targets)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # The one temporary is ReLU's boolean mask, a quarter of a float32 batch.
    assert peak < 1.5 * 512 * units
