from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nncore.batches import ShuffledBatches

COUNT, CLASSES = 50, 3


def make(batch_size: int = 7, indices: np.ndarray | None = None, dtype: type = np.float32):
    """Batches of samples that carry their own number in every pixel."""
    images = np.repeat(np.arange(COUNT, dtype=np.uint8)[:, None], 4, axis=1)
    labels = np.arange(COUNT) % CLASSES
    indices = np.arange(COUNT) if indices is None else indices
    return ShuffledBatches(images, labels, indices, np.eye(CLASSES), batch_size, dtype)


def numbers(features: np.ndarray) -> list[int]:
    found = np.rint(features * 255).astype(int)
    assert (found == found[:, :1]).all()
    return found[:, 0].tolist()


def epoch_of(batches: ShuffledBatches, samples: int, size: int, seed: int) -> list[int]:
    """One epoch's samples, checked to come with their own labels and targets."""
    batches.shuffle(np.random.default_rng(seed))
    found = []
    for start in range(0, samples, size):
        stop = min(start + size, samples)
        part = numbers(batches.features(start, stop))
        targets = batches.targets(start, stop)
        assert targets.shape == (CLASSES, stop - start)
        np.testing.assert_array_equal(targets.sum(axis=0), 1)
        np.testing.assert_array_equal(targets.argmax(axis=0), np.array(part) % CLASSES)
        np.testing.assert_array_equal(batches.labels[start:stop], np.array(part) % CLASSES)
        found += part
    return found


@pytest.mark.parametrize("size", [1, 7, 25, COUNT])
def test_every_sample_comes_once_an_epoch_with_its_own_label(size):
    assert sorted(epoch_of(make(size), COUNT, size, seed=0)) == list(range(COUNT))


@pytest.mark.parametrize("size", [1, 7, COUNT])
def test_mapped_images_come_in_the_same_order_without_a_copy_of_them_all(tmp_path: Path, size: int):
    images = np.repeat(np.arange(COUNT, dtype=np.uint8)[:, None], 4, axis=1)
    np.save(tmp_path / "images.npy", images)
    mapped = np.load(tmp_path / "images.npy", mmap_mode="r")
    arrays = np.arange(COUNT) % CLASSES, np.arange(1, COUNT), np.eye(CLASSES), size, np.float32
    shared, own = ShuffledBatches(mapped, *arrays), ShuffledBatches(images, *arrays)
    epochs = [epoch_of(batches, COUNT - 1, size, seed=4) for batches in (shared, own)]
    assert epochs[0] == epochs[1]


def test_only_the_asked_samples_come():
    indices = np.array([3, 4, 10, 11, 12, 49])
    assert sorted(epoch_of(make(4, indices), 6, 4, seed=0)) == indices.tolist()


def test_epochs_differ_and_the_same_seed_gives_the_same_order():
    batches = make()
    first, second, again = (epoch_of(batches, COUNT, 7, seed) for seed in (0, 1, 0))
    assert first != second
    assert first == again
    assert first != sorted(first)


def test_the_order_does_not_depend_on_the_batch_size():
    assert epoch_of(make(7), COUNT, 7, seed=5) == epoch_of(make(20), COUNT, 20, seed=5)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_features_and_targets_are_of_the_asked_dtype_in_one_buffer(dtype):
    batches = make(dtype=dtype)
    batches.shuffle(np.random.default_rng(0))
    first = batches.features(0, 7)
    assert first.dtype == batches.targets(0, 7).dtype == dtype
    assert first.flags.c_contiguous
    assert np.shares_memory(first, batches.features(7, 14))
    assert batches.features(49, 50).shape == (1, 4)


def test_the_stored_images_are_left_alone():
    images = np.arange(40, dtype=np.uint8).reshape(10, 4)
    labels = np.arange(10) % 2
    for array in (images, labels):
        array.flags.writeable = False
    batches = ShuffledBatches(images, labels, np.arange(10), np.eye(2), 3, np.float32)
    batches.shuffle(np.random.default_rng(0))
    assert batches.features(0, 3).max() <= 1
