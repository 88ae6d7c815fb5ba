"""Training against the mathematics written down again, and that it learns."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from nncore.activations import Activation
from nncore.backpropagation import Backpropagation
from nncore.config import RunConfig
from nncore.events import EpochEnded, StepsEnded
from nncore.initializers import Initializer
from nncore.network import Network
from nncore.optimizers import Optimizer
from nncore.trainer import Trainer, fresh_network


@pytest.fixture
def batches(monkeypatch):
    """Every batch that is trained on, a sample in each column: X and one-hot Y in float64."""
    seen = []
    backward = Backpropagation.backward

    def spy(self, x, logits, targets):
        seen.append((x.T.astype(np.float64), targets.astype(np.float64)))
        backward(self, x, logits, targets)

    monkeypatch.setattr(Backpropagation, "backward", spy)
    return seen


def relu(z):
    return np.maximum(z, 0)


def the_originals_loop(w1, b1, w2, b2, batches, rate):
    """One hidden ReLU layer and softmax by gradient descent, a sample in each column."""
    for x, y in batches:
        m = x.shape[1]
        z1 = w1.dot(x) + b1
        a1 = relu(z1)
        z2 = w2.dot(a1) + b2
        a2 = np.exp(z2) / np.sum(np.exp(z2), axis=0)
        dz2 = a2 - y
        dw2 = 1 / m * dz2.dot(a1.T)
        db2 = 1 / m * np.sum(dz2, axis=1, keepdims=True)
        dz1 = w2.T.dot(dz2) * (z1 > 0)
        dw1 = 1 / m * dz1.dot(x.T)
        db1 = 1 / m * np.sum(dz1, axis=1, keepdims=True)
        w1 = w1 - rate * dw1
        b1 = b1 - rate * db1
        w2 = w2 - rate * dw2
        b2 = b2 - rate * db2
    return w1, b1, w2, b2


@pytest.mark.parametrize("size", [1, 20, 50, "full"])
@pytest.mark.parametrize("initializer", sorted({*Initializer.members()} - {"zeros", "constant"}))
def test_the_originals_loop_reaches_the_same_weights(dataset, batches, size, initializer):
    config = RunConfig.from_dict(
        {
            "network": {
                "hidden": [{"units": 25, "activation": "relu", "initializer": initializer}],
                "output": {"initializer": initializer},
            },
            "optimizer": {"kind": "sgd", "learning_rate": 0.2},
            "training": {"batch_size": size, "epochs": 2},
        }
    )
    first, output = fresh_network(config, 16, 3).layers
    start = [
        array.astype(np.float64)
        for array in (first.weights, first.biases[:, None], output.weights, output.biases[:, None])
    ]
    trainer = Trainer(config, dataset)
    list(trainer.run())
    expected = the_originals_loop(*start, batches, 0.2)
    first, output = trainer.network.layers
    found = (first.weights, first.biases[:, None], output.weights, output.biases[:, None])
    for ours, original, begun in zip(found, expected, start, strict=True):
        np.testing.assert_allclose(ours, original, atol=1e-5)
        assert np.abs(original - begun).max() > 1e-3


def penalized_loss(network: Network, x: np.ndarray, labels: np.ndarray, l2: float) -> float:
    loss = network.config.loss.values(network.predict_logits(x).T, labels).mean()
    return float(loss + l2 / 2 * sum((layer.weights**2).sum() for layer in network.layers))


@pytest.mark.parametrize("hidden", ["", "5", "4,3"])
def test_l2_steps_down_the_penalized_loss_and_spares_the_biases(make_dataset, hidden):
    """A single SGD step in float64 with a rate of 1 shows the gradient itself."""
    dataset, l2 = make_dataset(samples=30), 0.05
    config = RunConfig.from_dict(
        {
            "network": {"hidden": hidden},
            "optimizer": {"kind": "sgd", "learning_rate": 1},
            "training": {"batch_size": "full", "epochs": 1, "l2": l2},
        }
    ).replace("network.output.initializer", "random_uniform")
    for index in range(len(config.network.hidden)):
        config = config.replace(f"network.hidden.{index}.activation", "tanh")
        config = config.replace(f"network.hidden.{index}.initializer", "random_uniform")
    network = Network(16, 3, config.network, np.random.default_rng(2), np.float64)
    trainer = Trainer(config, dataset, network)
    list(trainer.run())
    gradient = network.parameters - trainer.network.parameters

    indices = trainer.split.train_indices
    x, labels = dataset.train_images[indices] / 255, dataset.train_labels[indices]
    slopes = np.empty_like(gradient)
    for index, value in enumerate(network.parameters.copy()):
        sides = []
        for step in (1e-5, -1e-5):
            network.parameters[index] = value + step
            sides.append(penalized_loss(network, x, labels, l2))
        network.parameters[index] = value
        slopes[index] = (sides[0] - sides[1]) / 2e-5
    assert np.linalg.norm(gradient - slopes) / np.linalg.norm(slopes) < 1e-6


def test_l2_shrinks_weights_whose_loss_is_flat_and_no_bias(make_dataset):
    """Blank images teach nothing to the first layer: what remains is the pull towards zero."""
    dataset = make_dataset(samples=30)
    dataset.train_images[...] = 0
    config = RunConfig.from_dict(
        {
            "network": {"hidden": [{"units": 4, "initializer": "random_uniform"}]},
            "optimizer": {"kind": "sgd", "learning_rate": 0.5},
            "training": {"batch_size": "full", "epochs": 10, "l2": 0.1},
        }
    )
    trainer = Trainer(config, dataset)
    before = trainer.network.layers[0].weights.copy()
    list(trainer.run())
    np.testing.assert_allclose(
        trainer.network.layers[0].weights, before * (1 - 0.5 * 0.1) ** 10, rtol=1e-5
    )


def test_the_losses_told_are_those_of_the_samples_without_the_penalty(dataset):
    plain, penalized = (
        Trainer(
            RunConfig.from_dict({"network": {"hidden": "8"}, "training": {"l2": l2, "epochs": 1}}),
            dataset,
        )
        for l2 in (0.0, 1.0)
    )
    for trainer in (plain, penalized):
        list(trainer.run())
    assert plain.history.step_losses[0] == penalized.history.step_losses[0]


SENSIBLE = {
    "sgd": 0.3,
    "momentum": 0.05,
    "nesterov": 0.05,
    "adagrad": 0.1,
    "rmsprop": 0.005,
    "adam": 0.01,
    "adamw": 0.01,
    "lion": 0.002,
}
"""Learning rates for so few steps."""


@pytest.mark.parametrize(
    ("activation", "optimizer"),
    list(itertools.product(Activation.members(), Optimizer.members())),
)
def test_a_tiny_set_is_learned_whole(make_dataset, activation, optimizer):
    dataset = make_dataset(samples=60, noise=60)
    rate = SENSIBLE.get(optimizer)
    config = RunConfig.from_dict(
        {
            "network": {
                "hidden": [{"units": 16, "activation": activation, "initializer": "xavier"}]
            },
            "optimizer": {"kind": optimizer} | ({"learning_rate": rate} if rate else {}),
            "training": {"batch_size": 10, "epochs": 100},
        }
    )
    trainer = Trainer(config, dataset)
    for event in trainer.run():
        if isinstance(event, EpochEnded) and event.train_accuracy == 1 and event.train_loss < 0.05:
            return
    pytest.fail(f"only {trainer.history.epochs[-1]} was reached")


@pytest.mark.parametrize("depth", [0, 1, 4])
def test_any_depth_learns_a_tiny_set(make_dataset, depth):
    dataset = make_dataset(samples=60, noise=60)
    config = RunConfig.from_dict(
        {
            "network": {"hidden": [16] * depth},
            "optimizer": {"kind": "adam", "learning_rate": 0.01},
            "training": {"batch_size": 10, "epochs": 60},
        }
    )
    trainer = Trainer(config, dataset)
    list(trainer.run())
    assert trainer.history.epochs[-1].train_accuracy == 1
    assert trainer.history.epochs[-1].validation_accuracy == 1


def test_labels_that_mean_nothing_are_not_learned_on_unseen_samples(make_dataset):
    """A check of the checks: nothing leaks from the validation part."""
    dataset = make_dataset(samples=600, noise=255)
    dataset.train_images[...] = np.random.default_rng(0).integers(
        0, 256, dataset.train_images.shape
    )
    config = RunConfig.from_dict(
        {
            "data": {"validation_fraction": 0.5},
            "optimizer": {"kind": "adam", "learning_rate": 0.01},
            "training": {"epochs": 50, "batch_size": 20},
        }
    )
    trainer = Trainer(config, dataset)
    events = list(trainer.run())
    assert any(isinstance(event, StepsEnded) for event in events)
    assert trainer.history.epochs[-1].train_accuracy > 0.9
    assert trainer.history.epochs[-1].validation_accuracy < 0.45
