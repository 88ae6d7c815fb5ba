from __future__ import annotations

import math

import numpy as np
import pytest

from nncore.config import RunConfig
from nncore.initializers import (
    Constant,
    He,
    HeUniform,
    Initializer,
    LeCun,
    Orthogonal,
    RandomUniform,
    Xavier,
    XavierNormal,
    Zeros,
)
from nncore.trainer import Trainer

MEMBERS = list(Initializer.members().values())
RANDOM = [member for member in MEMBERS if member not in (Zeros, Constant)]
SHAPES = [(784, 128), (128, 10), (3, 500), (1, 1)]


def draw(initializer: Initializer, fan_in: int, fan_out: int, seed: int = 0):
    rng = np.random.default_rng(seed)
    weights = initializer.weights(rng, fan_in, fan_out)
    return weights, initializer.biases(rng, fan_in, fan_out)


@pytest.mark.parametrize("member", MEMBERS)
@pytest.mark.parametrize(("fan_in", "fan_out"), SHAPES)
def test_shapes_are_outputs_by_inputs(member, fan_in, fan_out):
    weights, biases = draw(member(), fan_in, fan_out)
    assert weights.shape == (fan_out, fan_in)
    assert biases.shape == (fan_out,)
    assert weights.dtype == biases.dtype == np.float64


@pytest.mark.parametrize("member", RANDOM)
def test_the_same_seed_draws_the_same_and_another_seed_does_not(member):
    first, again, other = (draw(member(), 20, 30, seed)[0] for seed in (7, 7, 8))
    np.testing.assert_array_equal(first, again)
    assert not (first == other).any()


@pytest.mark.parametrize("member", RANDOM)
def test_no_unit_starts_like_another(member):
    weights, _ = draw(member(), 50, 40)
    assert len(np.unique(weights, axis=0)) == 40


@pytest.mark.parametrize("limit", [0.5, 0.05, 10])
def test_random_uniform_fills_its_range_with_weights_and_biases(limit):
    initializer = RandomUniform(limit=limit)
    weights, biases = draw(initializer, 400, 300)
    _, many_biases = draw(initializer, 1, 20_000)
    for values in (weights.ravel(), many_biases):
        assert np.abs(values).max() <= limit
        assert np.abs(values).max() > 0.999 * limit
        assert values.var() == pytest.approx((2 * limit) ** 2 / 12, rel=0.02)
        assert values.mean() == pytest.approx(0, abs=0.02 * limit)
    assert not np.array_equal(biases, weights[:, 0])


def test_random_uniform_does_not_depend_on_the_layers_size():
    small, _ = draw(RandomUniform(), 10, 10)
    large, _ = draw(RandomUniform(), 1000, 10)
    np.testing.assert_array_equal(small.ravel(), large.ravel()[:100])


FANS = [(784, 128), (128, 784), (600, 10)]


@pytest.mark.parametrize(("fan_in", "fan_out"), FANS)
@pytest.mark.parametrize("member", [Xavier, HeUniform])
def test_uniform_ones_have_their_bound_and_variance(member, fan_in, fan_out):
    weights, biases = draw(member(), fan_in, fan_out)
    variance = {Xavier: 2 / (fan_in + fan_out), HeUniform: 2 / fan_in}[member]
    bound = math.sqrt(3 * variance)
    assert np.abs(weights).max() <= bound
    assert np.abs(weights).max() > 0.99 * bound
    assert weights.var() == pytest.approx(variance, rel=0.03)
    assert weights.mean() == pytest.approx(0, abs=0.03 * bound)
    # Uniform, not merely bounded: each tenth of the range holds a tenth of the weights.
    counts, _ = np.histogram(weights, bins=10, range=(-bound, bound))
    np.testing.assert_allclose(counts / weights.size, 0.1, atol=0.012)
    assert not biases.any()


@pytest.mark.parametrize(("fan_in", "fan_out"), FANS)
@pytest.mark.parametrize("member", [He, XavierNormal, LeCun])
def test_normal_ones_have_their_variance(member, fan_in, fan_out):
    weights, biases = draw(member(), fan_in, fan_out)
    variances = {He: 2 / fan_in, XavierNormal: 2 / (fan_in + fan_out), LeCun: 1 / fan_in}
    deviation = math.sqrt(variances[member])
    assert weights.std() == pytest.approx(deviation, rel=0.025)
    assert weights.mean() == pytest.approx(0, abs=0.05 * deviation)
    within = [np.mean(np.abs(weights) < count * deviation) for count in (1, 2, 3)]
    np.testing.assert_allclose(within, [0.6827, 0.9545, 0.9973], atol=0.012)
    assert np.abs(weights).max() > 3 * deviation
    assert not biases.any()


@pytest.mark.parametrize("gain", [1.0, math.sqrt(2), 0.1])
@pytest.mark.parametrize(("fan_in", "fan_out"), [(40, 30), (30, 40), (25, 25), (7, 1)])
def test_orthogonal_rows_or_columns_are_at_right_angles(gain, fan_in, fan_out):
    weights, biases = draw(Orthogonal(gain=gain), fan_in, fan_out)
    products = weights @ weights.T if fan_out <= fan_in else weights.T @ weights
    np.testing.assert_allclose(products, gain**2 * np.eye(min(fan_in, fan_out)), atol=1e-12)
    assert not biases.any()


def test_orthogonal_prefers_no_direction():
    # Without the signs of R's diagonal, LAPACK's first entries would be negative every time.
    first = [draw(Orthogonal(), 3, 3, seed)[0].diagonal() > 0 for seed in range(400)]
    np.testing.assert_allclose(np.mean(first, axis=0), 0.5, atol=0.1)


def test_zeros_and_constant_start_every_unit_alike():
    for initializer, value in [(Zeros(), 0.0), (Constant(), 0.01), (Constant(value=-0.5), -0.5)]:
        weights, biases = draw(initializer, 30, 20)
        assert (weights == value).all()
        assert not biases.any()


@pytest.mark.parametrize("kind", ["zeros", "constant"])
def test_units_that_start_alike_stay_alike(kind, dataset):
    """Why symmetry fails, as the help says: training never tells the units apart."""
    config = RunConfig.from_dict(
        {
            "network": {
                "hidden": [{"units": 8, "activation": "sigmoid", "initializer": kind}],
                "output": {"initializer": kind},
            },
            "training": {"epochs": 2},
        }
    )
    trainer = Trainer(config, dataset)
    list(trainer.run())
    weights = trainer.network.layers[0].weights
    assert weights.any()
    np.testing.assert_allclose(weights, np.broadcast_to(weights[0], weights.shape), rtol=1e-4)
