"""Penalties by central differences; decay and limits by their closed form; biases stay free."""

from __future__ import annotations

import numpy as np
import pytest

from nncore.config import RunConfig
from nncore.network import Network
from nncore.regularization import changes_after_step, changes_before_step

LAYER = {"units": 4, "normalization": "batch"}


def make(optimizer="sgd", **training) -> tuple[Network, RunConfig]:
    config = RunConfig.from_dict(
        {"network": {"hidden": [LAYER, LAYER]}, "optimizer": optimizer, "training": training}
    )
    rng = np.random.default_rng(0)
    network = Network(5, 3, config.network, rng, np.float64)
    network.parameters[...] = rng.normal(size=network.parameters.size)
    network.gradients[...] = rng.normal(size=network.parameters.size)
    return network, config


def apply(changes, rate: float = 0.1) -> None:
    for change in changes:
        change(rate)


@pytest.mark.parametrize(
    ("training", "penalty"),
    [
        ({"l1": 0.3}, lambda w: 0.3 * np.abs(w).sum()),
        ({"l2": 0.3}, lambda w: 0.15 * (w * w).sum()),
        ({"l1": 0.2, "l2": 0.3}, lambda w: 0.2 * np.abs(w).sum() + 0.15 * (w * w).sum()),
    ],
    ids=["l1", "l2", "both"],
)
def test_a_penalty_adds_its_derivative_found_by_central_differences(training, penalty):
    network, config = make(**training)
    before = network.gradients.copy()
    apply(changes_before_step(network, config))
    added = network.gradients - before

    def loss() -> float:
        return sum(penalty(layer.weights) for layer in network.layers)

    for index in range(network.parameters.size):
        middle = network.parameters[index]
        values = []
        for moved in (middle + 1e-6, middle - 1e-6):
            network.parameters[index] = moved
            values.append(loss())
        network.parameters[index] = middle
        assert added[index] == pytest.approx((values[0] - values[1]) / 2e-6, abs=1e-8)


def test_a_weight_of_exactly_0_is_left_at_rest_by_l1():
    network, config = make(l1=0.3)
    network.parameters[...] = 0
    before = network.gradients.copy()
    apply(changes_before_step(network, config))
    np.testing.assert_array_equal(network.gradients, before)


def test_decoupled_decay_takes_its_share_of_the_weights_and_of_nothing_else():
    network, config = make({"kind": "adamw", "weight_decay": 0.2})
    before, gradients = network.parameters.copy(), network.gradients.copy()
    apply(changes_before_step(network, config), rate=0.5)
    is_weight = network.is_weight
    np.testing.assert_allclose(network.parameters[is_weight], 0.9 * before[is_weight], rtol=1e-14)
    np.testing.assert_array_equal(network.parameters[~is_weight], before[~is_weight])
    np.testing.assert_array_equal(network.gradients, gradients)


def test_max_norm_shortens_each_unit_that_is_too_long_and_no_other():
    network, config = make(max_norm=2.0)
    network.layers[0].weights[1] = 0
    before = network.copy()
    apply(changes_after_step(network, config))
    shortened = 0
    for layer, old in zip(network.layers, before.layers, strict=True):
        np.testing.assert_array_equal(layer.biases, old.biases)
        for unit, was in zip(layer.weights, old.weights, strict=True):
            length = np.linalg.norm(was)
            if length <= 2:
                np.testing.assert_array_equal(unit, was)
            else:
                shortened += 1
                np.testing.assert_allclose(unit, was * (2 / length), rtol=1e-12)
    assert 0 < shortened < 11


def test_the_clipping_sees_the_penalties_too():
    network, config = make(l2=0.5, clipping={"kind": "norm", "limit": 0.25})
    whole = network.gradients.copy()
    whole[network.is_weight] += 0.5 * network.parameters[network.is_weight]
    apply(changes_before_step(network, config))
    expected = whole * (0.25 / (np.linalg.norm(whole) + 1e-6))
    np.testing.assert_allclose(network.gradients, expected, rtol=1e-12)


def test_what_is_off_is_not_there():
    network, config = make()
    assert changes_before_step(network, config) == ()
    assert changes_after_step(network, config) == ()
