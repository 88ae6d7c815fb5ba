"""Inputs that are 0 in every sample are left out of training, and nobody can tell."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nncore.batches import ShuffledBatches
from nncore.config import RunConfig
from nncore.data import Dataset
from nncore.events import RunEnded
from nncore.features import only_used
from nncore.first_network import fresh_network
from nncore.network import Network
from nncore.optimizers import Optimizer
from nncore.trainer import Trainer
from nncore.used_inputs import NarrowedNetwork, used_inputs
from tests import made_data

DARK = (0, 1, 5, 6, 7, 15)
LIT = tuple(pixel for pixel in range(16) if pixel not in DARK)
DATASET = made_data.make_dataset(noise=200, dark=DARK)
LIT_DATASET: Dataset = dataclasses.replace(
    DATASET,
    train_images=np.ascontiguousarray(DATASET.train_images[:, LIT]),
    test_images=np.ascontiguousarray(DATASET.test_images[:, LIT]),
    image_shape=(1, len(LIT)),
)


def config_of(**tree: Any) -> RunConfig:
    base: dict[str, Any] = {"network": {"hidden": [5, 40]}, "training": {"batch_size": 16}}
    for name, part in tree.items():
        base[name] = {**base.get(name, {}), **part} if isinstance(part, dict) else part
    return RunConfig.from_dict(base)


@pytest.mark.parametrize("hidden", [[], [5], [40]])
@pytest.mark.parametrize("kind", sorted(set(Optimizer.members()) - {"adamw", "lion"}))
def test_the_run_is_the_one_on_data_without_them(kind: str, hidden: list[int]) -> None:
    config = config_of(
        network={"hidden": hidden},
        optimizer={"kind": kind, "learning_rate": 0.01},
        training={"epochs": 3, "clipping": "norm"},
    )
    whole = fresh_network(config, 16, 3)
    lit = Network(len(LIT), 3, config.network)
    lit.layers[0].weights[...] = whole.layers[0].weights[:, LIT]
    lit.parameters[lit.layers[0].weights.size :] = whole.parameters[whole.layers[0].weights.size :]
    trainer, without = Trainer(config, DATASET, whole), Trainer(config, LIT_DATASET, lit)
    list(trainer.run())
    list(without.run())

    trained, expected = trainer.network, without.network
    np.testing.assert_array_equal(trained.layers[0].weights[:, LIT], expected.layers[0].weights)
    np.testing.assert_array_equal(
        trained.parameters[trained.layers[0].weights.size :],
        expected.parameters[expected.layers[0].weights.size :],
    )
    # What never saw anything but 0 has not moved.
    np.testing.assert_array_equal(
        trained.layers[0].weights[:, DARK], whole.layers[0].weights[:, DARK]
    )
    assert trainer.history.step_losses.tolist() == without.history.step_losses.tolist()


def test_mapped_images_are_not_copied_and_give_the_same_run(tmp_path: Path) -> None:
    np.save(tmp_path / "images.npy", DATASET.train_images)
    mapped = dataclasses.replace(
        DATASET, train_images=np.load(tmp_path / "images.npy", mmap_mode="r")
    )
    config = config_of(training={"epochs": 2})
    in_memory, shared = Trainer(config, DATASET), Trainer(config, mapped)
    list(in_memory.run())
    list(shared.run())
    assert in_memory.network.parameters.tobytes() == shared.network.parameters.tobytes()
    runs = used_inputs(mapped.train_images, config)
    indices = np.arange(len(mapped.train_images))
    batches = ShuffledBatches(
        mapped.train_images, mapped.train_labels, indices, np.eye(3), 16, np.float32, used=runs
    )
    arrays = [part for part in vars(batches).values() if isinstance(part, np.ndarray)]
    pixels = [part for part in arrays if part.dtype == np.uint8]
    assert max(part.shape[0] for part in pixels) <= 16


def test_the_network_is_up_to_date_at_every_rest() -> None:
    trainer = Trainer(config_of(training={"epochs": 2}), DATASET)
    trainer.steps_per_event = 1
    seen = []
    for event in trainer.run():
        if not isinstance(event, RunEnded):
            seen.append(trainer.network.parameters.tobytes())
    # All but the ends of the two epochs come with a change.
    assert len(set(seen)) == len(seen) - 2


def test_after_a_divergence_the_last_good_weights_are_back() -> None:
    config = config_of(optimizer={"kind": "sgd", "learning_rate": 1.0})
    network = fresh_network(config, 16, 3)
    network.parameters *= np.float32(1e15)
    before = network.copy()
    trainer = Trainer(config, DATASET, network)
    ended = list(trainer.run())[-1]
    assert isinstance(ended, RunEnded)
    assert ended.reason == "diverged"
    np.testing.assert_array_equal(trainer.network.parameters, before.parameters)


@pytest.mark.parametrize(
    "tree",
    [
        {"training": {"l1": 1e-3}},
        {"training": {"l2": 1e-3}},
        {"training": {"max_norm": 1.0}},
        {"training": {"averaging": "ema"}},
        {"optimizer": "adamw"},
        {"data": {"augmentation": "affine"}},
        {"network": {"input_dropout": 0.1}},
    ],
)
def test_all_inputs_are_kept_where_their_weights_or_pixels_may_move(tree: dict[str, Any]) -> None:
    assert used_inputs(DATASET.train_images, config_of()) is not None
    assert used_inputs(DATASET.train_images, config_of(**tree)) is None


def test_runs_are_the_stretches_between_the_dark() -> None:
    runs = used_inputs(DATASET.train_images, config_of())
    assert runs == (slice(2, 5), slice(8, 15))
    np.testing.assert_array_equal(
        only_used(DATASET.train_images, runs), DATASET.train_images[:, LIT]
    )


@pytest.mark.parametrize("lit", [0, 100])
def test_images_all_dark_or_with_one_dark_pixel_in_a_hundred_are_taken_whole(lit: int) -> None:
    images = np.zeros((4, 101), np.uint8)
    images[1, :lit] = 3
    assert used_inputs(images, config_of()) is None


def test_narrowing_and_widening_give_back_the_same() -> None:
    config = config_of(network={"hidden": [{"units": 40, "normalization": "batch"}]})
    whole = fresh_network(config, 16, 3)
    before = whole.state.copy()
    runs = used_inputs(DATASET.train_images, config)
    assert runs is not None
    narrowed = NarrowedNetwork(whole, runs)
    x = np.random.default_rng(0).random((7, 16), np.float32)
    x[:, DARK] = 0
    np.testing.assert_allclose(
        narrowed.part.predict_logits(x[:, LIT]), whole.predict_logits(x), rtol=1e-5, atol=1e-6
    )
    whole.layers[0].weights[:, LIT] = np.nan
    whole.parameters[whole.layers[0].weights.size :] = np.nan
    narrowed.write()
    np.testing.assert_array_equal(whole.state, before)
