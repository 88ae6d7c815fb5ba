"""Sets, predictions, filters and orders, checked against plain numpy and by hand."""

from __future__ import annotations

import numpy as np
import pytest

from nngui.viewmodels import sample_predictions
from nngui.viewmodels.sample_predictions import (
    Predictions,
    SampleQuery,
    SampleSet,
    SortKey,
    Verdict,
    predict_set,
    sample_sets,
    select,
)
from tests.made_data import make_dataset
from tests.nngui.made_networks import expected_probabilities, random_network


def finish(steps):
    try:
        while True:
            next(steps)
    except StopIteration as end:
        return end.value


@pytest.fixture
def sets():
    dataset = make_dataset(samples=120, classes=3)
    return dataset, sample_sets(dataset, dataset.split(0.2, 0))


def test_sets_hold_the_images_and_labels_of_their_indices(sets):
    dataset, parts = sets
    split = dataset.split(0.2, 0)
    assert list(parts) == ["validation", "test", "training"]
    for name, indices in (
        ("validation", split.validation_indices),
        ("training", split.train_indices),
    ):
        part = parts[name]
        assert len(part) == len(indices)
        for k, index in enumerate(indices):
            assert part.labels[k] == dataset.train_labels[index]
            np.testing.assert_array_equal(part.image(k), dataset.train_images[index].reshape(4, 4))
    assert len(parts["test"]) == len(dataset.test_labels)
    np.testing.assert_array_equal(parts["test"].image(7).ravel(), dataset.test_images[7])


def test_training_images_are_not_copied(sets):
    dataset, parts = sets
    assert np.shares_memory(parts["training"].image(0), dataset.train_images)


@pytest.mark.parametrize("chunk", [1, 7, 24, 1000])
def test_predictions_agree_with_softmax_and_cross_entropy(sets, monkeypatch, chunk):
    monkeypatch.setattr(sample_predictions, "CHUNK", chunk)
    _, parts = sets
    samples, network = parts["validation"], random_network(16, 3)
    told = finish(predict_set(samples, network))
    images = samples.images[samples.indices]
    expected = expected_probabilities(network, images)
    np.testing.assert_allclose(told.probabilities, expected, atol=1e-5)
    np.testing.assert_array_equal(told.predicted, expected.argmax(1))
    np.testing.assert_allclose(told.confidence, expected.max(1), atol=1e-5)
    surprise = -np.log(expected[np.arange(len(samples)), samples.labels])
    np.testing.assert_allclose(told.losses, surprise, atol=1e-4)
    np.testing.assert_array_equal(told.correct, expected.argmax(1) == samples.labels)
    assert told.right == (expected.argmax(1) == samples.labels).sum()
    assert np.all(np.diff(told.losses[told.by_loss]) >= 0)
    assert np.all(np.diff(told.confidence[told.by_confidence]) >= 0)


def test_work_can_be_stopped_between_chunks(sets, monkeypatch):
    monkeypatch.setattr(sample_predictions, "CHUNK", 10)
    _, parts = sets
    steps = predict_set(parts["validation"], random_network(16, 3))
    assert sum(1 for _ in steps) == 3


# Seven samples made by hand: true class, predicted class, confidence, loss.
TRUE = np.array([0, 1, 2, 1, 0, 2, 1])
SAID = np.array([0, 2, 2, 1, 1, 2, 0])
SURE = np.array([0.9, 0.5, 0.99, 0.6, 0.7, 0.4, 0.5], np.float32)
LOSS = np.array([0.1, 1.2, 0.01, 0.5, 2.0, 0.9, 1.6], np.float32)


@pytest.fixture
def made():
    images = np.zeros((7, 4), np.uint8)
    names = ("a", "b", "c")
    samples = SampleSet("validation", images, np.arange(7), TRUE, names, (2, 2))
    predictions = Predictions(
        np.zeros((7, 3), np.float32),
        SAID,
        SURE,
        LOSS,
        TRUE == SAID,
        np.argsort(SURE, kind="stable"),
        np.argsort(LOSS, kind="stable"),
    )
    return samples, predictions


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (SampleQuery(), [0, 1, 2, 3, 4, 5, 6]),
        (SampleQuery(descending=True), [6, 5, 4, 3, 2, 1, 0]),
        (SampleQuery(Verdict.RIGHT), [0, 2, 3, 5]),
        (SampleQuery(Verdict.WRONG), [1, 4, 6]),
        (SampleQuery(true_class=1), [1, 3, 6]),
        (SampleQuery(predicted_class=2), [1, 2, 5]),
        (SampleQuery(Verdict.WRONG, true_class=1), [1, 6]),
        (SampleQuery(true_class=1, predicted_class=2), [1]),
        (SampleQuery(sort=SortKey.CONFIDENCE), [5, 1, 6, 3, 4, 0, 2]),
        (SampleQuery(sort=SortKey.LOSS), [2, 0, 3, 5, 1, 6, 4]),
        (SampleQuery(Verdict.WRONG, sort=SortKey.LOSS, descending=True), [4, 6, 1]),
        (SampleQuery(Verdict.RIGHT, true_class=2, sort=SortKey.CONFIDENCE), [5, 2]),
        (SampleQuery(Verdict.RIGHT, true_class=0, predicted_class=2), []),
    ],
)
def test_query_picks_what_can_be_picked_by_hand(made, query, expected):
    assert select(*made, query).tolist() == expected


def test_without_predictions_only_what_needs_none_can_be_picked(made):
    samples, _ = made
    assert select(samples, None, SampleQuery(true_class=2)).tolist() == [2, 5]
    assert select(samples, None, SampleQuery(sort=SortKey.LOSS)).tolist() == list(range(7))
    assert select(samples, None, SampleQuery(Verdict.WRONG)).size == 0
    assert select(samples, None, SampleQuery(predicted_class=1)).size == 0


@pytest.mark.parametrize("seed", range(5))
def test_large_random_set_agrees_with_a_plain_sort(seed):
    rng = np.random.default_rng(seed)
    n = 3000
    truth, said = rng.integers(0, 10, n), rng.integers(0, 10, n)
    sure, loss = rng.random(n, np.float32), rng.random(n, np.float32)
    names = tuple("0123456789")
    samples = SampleSet("test", np.zeros((n, 1), np.uint8), np.arange(n), truth, names, (1, 1))
    predictions = Predictions(
        np.zeros((n, 10), np.float32),
        said,
        sure,
        loss,
        truth == said,
        np.argsort(sure, kind="stable"),
        np.argsort(loss, kind="stable"),
    )
    query = SampleQuery(Verdict.WRONG, 3, None, SortKey.LOSS, True)
    expected = [k for k in range(n) if truth[k] == 3 and said[k] != 3]
    expected.sort(key=lambda k: -loss[k])
    assert select(samples, predictions, query).tolist() == expected
