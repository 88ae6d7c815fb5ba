"""An epoch's augmented images depend on seed, epoch and place alone."""

from __future__ import annotations

import numpy as np
import pytest

from nncore.augmentations import Affine, NoAugmentation
from nncore.augmenter import PIXELS_AT_ONCE, Augmenter
from nncore.batches import ShuffledBatches
from nncore.config import RunConfig
from nncore.trainer import Trainer
from tests.made_data import make_dataset

SHAPE, SAMPLES = (8, 6), 100


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch):
    monkeypatch.setattr("nncore.augmenter.PIXELS_AT_ONCE", 16 * 48)


def batches_of(batch_size: int, seed: int = 0) -> ShuffledBatches:
    images = np.random.default_rng(0).integers(0, 256, (SAMPLES, 48), dtype=np.uint8)
    labels, targets = np.arange(SAMPLES) % 3, np.eye(3)
    augmenter = Augmenter.of(Affine(), SHAPE, seed)
    order = np.arange(SAMPLES)
    return ShuffledBatches(images, labels, order, targets, batch_size, np.float32, augmenter)


def epoch_of(batches: ShuffledBatches, size: int, epoch: int = 1, first: int = 0) -> np.ndarray:
    """One epoch's features from a sample on, batch by batch."""
    batches.shuffle(np.random.default_rng(1), epoch)
    starts = range(first, SAMPLES, size)
    parts = [batches.features(start, min(start + size, SAMPLES)).copy() for start in starts]
    return np.concatenate(parts)


def test_nothing_is_made_where_nothing_happens():
    assert Augmenter.of(NoAugmentation(), SHAPE, 0) is None
    assert Augmenter(Affine(), SHAPE, 0).block == 16


def test_a_block_of_huge_images_is_one_image():
    assert Augmenter(Affine(), (5000, 5000), 0).block == 1
    assert PIXELS_AT_ONCE // 784 >= 128


@pytest.mark.parametrize("size", [1, 7, 16, 33, SAMPLES])
def test_the_batch_size_changes_nothing(size):
    np.testing.assert_array_equal(epoch_of(batches_of(size), size), epoch_of(batches_of(10), 10))


@pytest.mark.parametrize("first", [10, 16, 50, 90])
def test_an_epoch_that_is_resumed_goes_on_alike(first):
    whole = epoch_of(batches_of(10), 10, epoch=3)
    np.testing.assert_array_equal(epoch_of(batches_of(10), 10, 3, first), whole[first:])


def test_looking_twice_changes_nothing_and_no_image_is_augmented_twice():
    batches = batches_of(10)
    batches.shuffle(np.random.default_rng(1), 1)
    first = batches.features(40, 50).copy()
    batches.features(0, 10)
    np.testing.assert_array_equal(batches.features(40, 50), first)


def test_epochs_and_seeds_differ_in_every_image():
    first = epoch_of(batches_of(10), 10)
    for other in (epoch_of(batches_of(10), 10, epoch=2), epoch_of(batches_of(10, seed=1), 10)):
        assert (first != other).any(axis=1).all()
    batches = batches_of(10)
    epoch_of(batches, 10)
    np.testing.assert_array_equal(epoch_of(batches, 10, epoch=2), epoch_of(batches_of(10), 10, 2))


def config_of(augmentation: str) -> RunConfig:
    return RunConfig.from_dict(
        {
            "data": {"augmentation": augmentation},
            "network": {"hidden": "8"},
            "training": {"epochs": 3, "batch_size": 7},
        }
    )


def run_of(augmentation: str, pace: int = 256) -> Trainer:
    trainer = Trainer(config_of(augmentation), make_dataset())
    trainer.steps_per_event = pace
    for _ in trainer.run():
        pass
    return trainer


@pytest.mark.parametrize("augmentation", ["affine", "elastic"])
def test_the_drivers_pace_changes_nothing(augmentation):
    one, other = run_of(augmentation), run_of(augmentation, 3)
    assert one.network.parameters.tobytes() == other.network.parameters.tobytes()
    plain = run_of("none")
    assert one.network.parameters.tobytes() != plain.network.parameters.tobytes()


def test_only_images_to_learn_from_are_augmented():
    dataset = make_dataset()
    before = dataset.train_images.copy(), dataset.test_images.copy()
    trainer = Trainer(config_of("elastic"), dataset)
    *_, last = (event for event in trainer.run() if hasattr(event, "validation_loss"))
    np.testing.assert_array_equal(dataset.train_images, before[0])
    np.testing.assert_array_equal(dataset.test_images, before[1])
    held_back = trainer.split.validation_indices
    x = dataset.train_images[held_back] * np.float32(1 / 255)
    guesses = trainer.network.predict_proba(x).argmax(axis=1)
    accuracy = (guesses == dataset.train_labels[held_back]).mean()
    assert last.validation_accuracy == pytest.approx(accuracy)
