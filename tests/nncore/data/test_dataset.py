from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nncore.data import Dataset, load_dataset
from nncore.errors import DataError


def with_labels(labels: list[int]) -> Dataset:
    images = np.zeros((len(labels), 4), np.uint8)
    array = np.array(labels, np.int64)
    names = tuple("abcde")
    return Dataset("made up", images, array, images, array, names, (2, 2))


@settings(max_examples=200, deadline=None)
@given(
    labels=st.lists(st.integers(0, 4), min_size=4, max_size=300),
    fraction=st.floats(0.01, 0.9),
    seed=st.integers(0, 2**32 - 1),
)
def test_split_is_disjoint_exhaustive_and_stratified(
    labels: list[int], fraction: float, seed: int
) -> None:
    dataset = with_labels(labels)
    total = round(len(labels) * fraction)
    if total in (0, len(labels)):
        with pytest.raises(DataError):
            dataset.split(fraction, seed)
        return
    split = dataset.split(fraction, seed)
    both = np.concatenate([split.train_indices, split.validation_indices])
    assert sorted(both.tolist()) == list(range(len(labels)))
    assert abs(len(split.validation_indices) - len(labels) * fraction) <= 0.5 + 1e-9
    held_back = dataset.train_labels[split.validation_indices]
    for label in range(5):
        exact = labels.count(label) * fraction
        assert abs(int((held_back == label).sum()) - exact) < 1 + 1e-9


def test_same_seed_gives_the_same_split_and_another_does_not() -> None:
    dataset = with_labels([0, 1] * 50)
    first, again, other = (dataset.split(0.3, seed) for seed in (7, 7, 8))
    np.testing.assert_array_equal(first.validation_indices, again.validation_indices)
    assert first.validation_indices.tolist() != other.validation_indices.tolist()


def test_mnist_splits_into_54000_and_6000() -> None:
    split = load_dataset("mnist").split(0.1, 0)
    assert (len(split.train_indices), len(split.validation_indices)) == (54_000, 6_000)


@pytest.mark.parametrize("fraction", [0.0, 1.0, -0.1, float("nan"), 0.001])
def test_fraction_that_leaves_nothing_is_refused(fraction: float) -> None:
    with pytest.raises(DataError, match="validation_fraction"):
        with_labels([0, 1, 2, 3]).split(fraction, 0)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"train_labels": np.array([0, 5], np.int64)}, "labels must be 0 to 4, got 0 to 5"),
        ({"test_labels": np.array([-1, 0], np.int64)}, "got -1 to 0"),
        ({"train_labels": np.array([0, 1], np.uint8)}, "int64"),
        ({"train_images": np.zeros((2, 5), np.uint8)}, r"of shape \(2, 4\), got uint8 of \(2, 5\)"),
        ({"train_images": np.zeros((2, 4), np.float32)}, "got float32"),
        ({"test_images": np.zeros((4, 2), np.uint8).T}, "C-contiguous"),
        ({"class_names": ("one",)}, "at least 2 classes"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(change: dict[str, object], words: str) -> None:
    with pytest.raises(DataError, match=words):
        replace(with_labels([0, 1]), **change)
