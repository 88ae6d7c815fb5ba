from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncore.config import LayerConfig, NetworkConfig
from nncore.errors import DataError
from nncore.metrics import ClassFigures, are_correct, class_figures, confusion_matrix, measure
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
