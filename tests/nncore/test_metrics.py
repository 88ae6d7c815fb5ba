from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncore.config import LayerConfig, NetworkConfig
from nncore.errors import DataError
from nncore.metrics import (
    ClassFigures,
    are_correct,
    calibration,
    class_figures,
    confusion_matrix,
    measure,
    top_k_accuracy,
    true_class_ranks,
)
from nncore.network import PREDICTION_ROWS, Network


def test_the_largest_logit_answers_and_on_a_tie_the_first():
    logits = np.array(
        [[1.0, 5.0, 2.0, 0.0, 3.0], [2.0, 5.0, 2.0, 0.0, 3.0], [0.0, 1.0, 3.0, 0.0, 3.0]]
    )
    right = are_correct(logits, np.array([1, 0, 2, 0, 0]))
    assert right.tolist() == [True] * 5
    assert are_correct(logits, np.array([0, 1, 1, 1, 2])).tolist() == [False] * 5


def test_many_steps_are_judged_at_once():
    logits = np.random.default_rng(0).normal(size=(4, 3, 5))
    labels = np.random.default_rng(1).integers(0, 3, (4, 5))
    expected = [
        [max(range(3), key=lambda k: step[k, i]) == label for i, label in enumerate(row)]
        for step, row in zip(logits, labels, strict=True)
    ]
    assert are_correct(logits, labels).tolist() == expected


@pytest.mark.parametrize("count", [1, 37, PREDICTION_ROWS, 2 * PREDICTION_ROWS + 3])
def test_measure_agrees_with_counting_one_by_one(count):
    rng = np.random.default_rng(count)
    images = rng.integers(0, 256, (count, 6), dtype=np.uint8)
    labels = rng.integers(0, 3, count)
    network = Network(6, 3, NetworkConfig(hidden=(LayerConfig(units=4),)), rng, np.float64)
    losses, right = [], 0
    for image, label in zip(images, labels, strict=True):
        hidden = [
            max(0.0, math.fsum(w * p / 255 for w, p in zip(row, image, strict=True)) + bias)
            for row, bias in zip(network.layers[0].weights, network.layers[0].biases, strict=True)
        ]
        logits = [
            math.fsum(w * a for w, a in zip(row, hidden, strict=True)) + bias
            for row, bias in zip(network.layers[1].weights, network.layers[1].biases, strict=True)
        ]
        losses.append(math.log(math.fsum(math.exp(z) for z in logits)) - logits[label])
        right += logits.index(max(logits)) == label
    figures = measure(network, images, labels)
    assert figures.loss == pytest.approx(math.fsum(losses) / count, rel=1e-6)
    assert figures.accuracy == right / count


def test_measuring_nothing_is_refused():
    network = Network(6, 3, NetworkConfig(hidden=()))
    with pytest.raises(DataError, match="no samples"):
        measure(network, np.empty((0, 6), np.uint8), np.empty(0, np.int64))


def test_measuring_weights_that_overflow_gives_no_number_and_no_warning():
    network = Network(6, 3, NetworkConfig(hidden=(LayerConfig(units=4),)), np.random.default_rng(0))
    network.parameters *= np.float32(1e30)
    figures = measure(network, np.full((5, 6), 255, np.uint8), np.zeros(5, np.int64))
    assert not math.isfinite(figures.loss)


def test_the_confusion_matrix_agrees_with_a_count_by_hand():
    labels = np.array([0, 0, 1, 2, 2, 2])
    predicted = np.array([0, 2, 1, 2, 0, 2])
    expected = [[1, 0, 1, 0], [0, 1, 0, 0], [1, 0, 2, 0], [0, 0, 0, 0]]
    assert confusion_matrix(labels, predicted, 4).tolist() == expected


def test_the_confusion_matrix_takes_small_labels_without_wrapping_around():
    labels = np.full(3, 250, np.uint8)
    matrix = confusion_matrix(labels, labels, 251)
    assert matrix[250, 250] == 3
    assert matrix.sum() == 3


def test_class_figures_agree_with_pencil_and_paper():
    figures = class_figures(np.array([[8, 2, 0], [1, 4, 0], [0, 0, 0]]))
    assert figures[0] == ClassFigures(8 / 9, 8 / 10, 16 / 19, 10)
    assert figures[1] == ClassFigures(4 / 6, 4 / 5, 8 / 11, 5)
    assert figures[2] == ClassFigures(0, 0, 0, 0)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1))
def test_class_figures_agree_with_counting_pairs(pairs):
    labels, predicted = (np.array(side) for side in zip(*pairs, strict=True))
    confusion = confusion_matrix(labels, predicted, 4)
    assert confusion.sum() == len(pairs)
    for index, found in enumerate(class_figures(confusion)):
        hits = pairs.count((index, index))
        given_it = sum(guess == index for _, guess in pairs)
        have_it = sum(label == index for label, _ in pairs)
        assert found.samples == have_it
        assert found.precision == (hits / given_it if given_it else 0)
        assert found.recall == (hits / have_it if have_it else 0)
        both = found.precision + found.recall
        harmonic = 2 * found.precision * found.recall / both if both else 0
        assert found.f1 == pytest.approx(harmonic)


def test_ranks_and_top_k_agree_with_pencil_and_paper():
    logits = np.array([[3.0, 1.0, 0.0], [2.0, 1.0, 5.0], [1.0, 1.0, 4.0], [0.0, 1.0, 9.0]])
    labels = np.array([0, 2, 2], np.uint8)
    assert true_class_ranks(logits, labels).tolist() == [0, 2, 2]
    shares = [top_k_accuracy(logits, labels, k) for k in (1, 2, 3, 4)]
    assert shares == [1 / 3, 1 / 3, 1, 1]


@given(st.lists(st.lists(st.integers(-2, 2), min_size=4, max_size=4), min_size=1), st.data())
def test_one_guess_is_the_accuracy_and_as_many_as_classes_are_always_right(rows, data):
    logits = np.array(rows, float).T
    labels = np.array([data.draw(st.integers(0, 3)) for _ in rows])
    shares = [top_k_accuracy(logits, labels, k) for k in (1, 2, 3, 4)]
    assert shares[0] == are_correct(logits, labels).mean()
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_outputs_that_are_no_numbers_stand_before_the_true_class():
    logits = np.array([[1.0, np.nan], [np.nan, 0.0], [0.0, np.nan]])
    assert true_class_ranks(logits, np.array([0, 2])).tolist() == [1, 2]


@pytest.mark.parametrize("k", [0, 4])
def test_more_guesses_than_classes_are_refused_with_a_remedy(k):
    with pytest.raises(DataError, match=r"from 1 to the 3 classes .* Choose a smaller k"):
        top_k_accuracy(np.zeros((3, 2)), np.zeros(2, int), k)


def test_a_network_that_is_right_as_often_as_it_says_has_no_calibration_error():
    confidence = np.repeat([0.5, 0.8], 10)
    correct = np.arange(20) % 10 < np.repeat([5, 8], 10)
    found = calibration(confidence, correct)
    assert found.error == pytest.approx(0, abs=1e-12)
    assert found.samples[[7, 11]].tolist() == [10, 10]


def test_certainty_that_is_never_right_has_the_worst_calibration_error():
    assert calibration(np.ones(7), np.zeros(7, bool)).error == 1
    assert calibration(np.ones(7, np.float32), np.ones(7, bool)).error == 0


def test_the_calibration_error_agrees_with_pencil_and_paper():
    # Two bins: (0, 0.5] with 0.5 and right, (0.5, 1] with 0.9, 0.7 and 0.8, of which one is right.
    found = calibration(np.array([0.5, 0.9, 0.7, 0.8]), np.array([True, True, False, False]), 2)
    assert found.samples.tolist() == [1, 3]
    assert found.accuracy == pytest.approx([1, 1 / 3])
    assert found.confidence == pytest.approx([0.5, 0.8])
    assert found.error == pytest.approx(1 / 4 * 0.5 + 3 / 4 * (0.8 - 1 / 3))


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1), st.integers(1, 20))
def test_bins_hold_every_sample_once_and_the_error_is_a_fraction(pairs, bins):
    confidence, correct = (np.array(side) for side in zip(*pairs, strict=True))
    found = calibration(confidence, correct, bins)
    assert found.samples.sum() == len(pairs)
    assert found.samples @ found.accuracy == pytest.approx(correct.sum())
    assert found.samples @ found.confidence == pytest.approx(confidence.sum())
    assert 0 <= found.error <= 1
    # Whatever the bins, never below the difference of the means.
    assert found.error >= abs(correct.mean() - confidence.mean()) - 1e-9


def test_nothing_has_neither_top_k_accuracy_nor_calibration():
    with pytest.raises(DataError, match="no samples"):
        top_k_accuracy(np.empty((3, 0)), np.empty(0, int), 1)
    with pytest.raises(DataError, match="no samples"):
        calibration(np.empty(0), np.empty(0, bool))
