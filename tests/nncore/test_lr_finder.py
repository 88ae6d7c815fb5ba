"""The learning-rate range test."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from nncore.config import RunConfig
from nncore.errors import ConfigError
from nncore.lr_finder import EXPLODED, RangePoint, range_test, suggest
from nncore.optimizers import Optimizer
from nncore.trainer import Trainer, fresh_network


def make_config(optimizer: str = "sgd", **training) -> RunConfig:
    return RunConfig.from_dict(
        {
            "network": {"hidden": "16"},
            "optimizer": optimizer,
            "training": {"batch_size": 20, "epochs": 8, **training},
        }
    )


def curve(*losses: float) -> list[RangePoint]:
    rates = np.geomspace(1e-4, 1, len(losses))
    return [RangePoint(float(r), loss, loss) for r, loss in zip(rates, losses, strict=True)]


def test_the_rates_grow_by_one_ratio_from_the_lowest_to_the_highest(dataset):
    points = list(range_test(make_config(), dataset, lowest=1e-5, highest=1e-2, steps=31))
    rates = [point.learning_rate for point in points]
    assert len(points) == 31
    assert (rates[0], rates[-1]) == pytest.approx((1e-5, 1e-2))
    ratios = [after / before for before, after in itertools.pairwise(rates)]
    assert ratios == pytest.approx([1000 ** (1 / 30)] * 30)


def test_the_first_loss_is_the_networks_on_a_batch_of_training_samples(dataset):
    config = make_config(batch_size="full")
    trainer = Trainer(config, dataset)
    point = next(range_test(config, dataset))
    x = dataset.train_images[trainer.split.train_indices] / 255
    labels = dataset.train_labels[trainer.split.train_indices]
    probabilities = fresh_network(config, 16, 3).predict_proba(x)
    expected = -np.log(probabilities[np.arange(len(x)), labels]).mean()
    assert point.loss == pytest.approx(expected, rel=1e-5)
    assert point.smoothed == pytest.approx(point.loss)


def test_the_smoothed_loss_is_a_weighted_mean_of_those_so_far(dataset):
    points = list(range_test(make_config(), dataset, highest=1e-2, steps=120))
    losses = [point.loss for point in points]
    for number, point in enumerate(points, start=1):
        weights = 0.9 ** np.arange(number)[::-1]
        assert point.smoothed == pytest.approx(np.average(losses[:number], weights=weights))


def test_it_ends_when_the_loss_explodes(dataset):
    config = make_config().replace("network.loss", "mean_squared_error")
    points = list(range_test(config, dataset, highest=1e4, steps=120))
    smoothed = [point.smoothed for point in points]
    assert len(points) < 120
    assert np.isfinite(smoothed).all()
    assert all(each <= EXPLODED * min(smoothed[: i + 1]) for i, each in enumerate(smoothed[:-1]))


def test_the_network_that_was_given_is_left_alone(dataset):
    config = make_config()
    network = fresh_network(config, 16, 3)
    before = network.state.copy()
    list(range_test(config, dataset, network))
    np.testing.assert_array_equal(network.state, before)


def test_the_same_seed_gives_the_same_test(dataset):
    first, second = (list(range_test(make_config("adam"), dataset)) for _ in range(2))
    other = list(range_test(make_config("adam", seed=1), dataset))
    assert first == second
    assert first != other


def test_what_cannot_be_trained_cannot_be_tested(dataset):
    with pytest.raises(ConfigError, match=r"training\.warmup"):
        next(range_test(make_config(warmup=9), dataset))


@pytest.mark.parametrize("optimizer", Optimizer.members())
def test_the_suggestion_learns_better_than_a_rate_far_below(make_dataset, optimizer):
    dataset = make_dataset(samples=400, noise=200)
    config = make_config(optimizer)
    suggestion = suggest(list(range_test(config, dataset)))
    assert suggestion.learning_rate is not None, suggestion.reason

    def reached(rate: float) -> float:
        trainer = Trainer(config.replace("optimizer.learning_rate", rate), dataset)
        list(trainer.run())
        best = trainer.history.best
        return best.validation_loss if best is not None else math.inf

    assert reached(suggestion.learning_rate) < reached(suggestion.learning_rate / 300)


def test_a_tenth_of_the_rate_at_the_lowest_loss_is_suggested():
    suggestion = suggest(curve(2.3, 2.2, 1.0, 0.5, 3.0))
    assert suggestion.learning_rate == pytest.approx(0.01)
    assert "lowest at 0.1 and rose beyond" in suggestion.reason


def test_a_loss_that_falls_to_the_end_says_so():
    suggestion = suggest(curve(2.3, 2.2, 1.0, 0.9, 0.8))
    assert suggestion.learning_rate == pytest.approx(0.1)
    assert "still falling at 1" in suggestion.reason


@pytest.mark.parametrize("losses", [(2.3, 2.3, 2.299, 2.4), (2.3, 3, 9, 12)])
def test_a_loss_that_never_falls_gives_no_suggestion(losses):
    suggestion = suggest(curve(*losses))
    assert suggestion.learning_rate is None
    assert "never fell" in suggestion.reason


def test_single_samples_are_tested_in_as_many_steps_as_their_noise_asks_for(make_dataset):
    dataset = make_dataset(samples=400, noise=100)
    for seed in range(5):
        config = make_config(batch_size=1, seed=seed)
        points = list(range_test(config, dataset))
        suggestion = suggest(points)
        assert len(points) > 120
        assert suggestion.learning_rate is not None, suggestion.reason
        # Single samples are learned best at 0.01 to 0.1, and not at all below 0.0001.
        assert 1e-4 < suggestion.learning_rate < 0.1


def test_losses_that_only_jitter_hardly_ever_give_a_suggestion():
    """Steps after which nothing is learned, 120 of a batch each or 1920 of a sample each."""
    found = 0
    for seed, steps in itertools.product(range(20), (120, 1920)):
        losses = np.random.default_rng(seed).gamma(4, 0.6, steps)
        kept = 0.9 ** (120 / steps)
        weights = kept ** np.arange(steps)
        means = np.convolve(losses, weights)[:steps] / np.cumsum(weights)
        rates = np.geomspace(1e-6, 1, steps)
        points = map(RangePoint, rates.tolist(), losses.tolist(), means.tolist())
        found += suggest(list(points)).learning_rate is not None
    assert found <= 8


def test_too_few_points_give_no_suggestion():
    assert suggest(curve(2.3)).learning_rate is None
