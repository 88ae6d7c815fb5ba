"""What the engine must reach on the 10,000 test images of MNIST."""

from __future__ import annotations

import pytest

from nncore.config import RunConfig
from nncore.data import Dataset, load_dataset
from nncore.metrics import measure
from nncore.presets import FIRST_PRESET, PRESETS
from nncore.trainer import Trainer

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]

FIRST = PRESETS[FIRST_PRESET].config


@pytest.fixture(scope="module")
def mnist() -> Dataset:
    return load_dataset("mnist")


def accuracy_of(config: RunConfig, mnist: Dataset) -> float:
    trainer = Trainer(config, mnist)
    for _ in trainer.run():
        pass
    return measure(trainer.network, mnist.test_images, mnist.test_labels).accuracy


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_first_preset_reaches_97_8_percent_in_ten_epochs_with_any_seed(mnist, seed):
    """What `train --set network.hidden=128 --set training.epochs=10` is promised to reach.

    Measured: 98.08, 98.01 and 98.15 %; docs/accuracy.md has what the other presets reach.
    """
    config = FIRST.replace("network.hidden", "128").replace("training.epochs", 10)
    reached = accuracy_of(config.replace("training.seed", seed), mnist)
    print(f"reached {reached:.4f}")
    assert reached >= 0.978


def test_plain_best_reaches_98_6_percent_in_the_mean_of_three_seeds(mnist):
    """Without augmentation; docs/accuracy.md has the figures of each seed."""
    config = PRESETS["plain"].config
    assert not config.data.augmentation.is_used
    reached = [accuracy_of(config.replace("training.seed", seed), mnist) for seed in range(3)]
    print(f"reached {reached}")
    assert sum(reached) / 3 >= 0.986


def test_best_accuracy_reaches_99_25_percent_in_the_mean_of_three_seeds(mnist):
    """Two layers of 512 in 20 epochs; docs/accuracy.md has the figures of each seed."""
    config = PRESETS["best"].config
    assert [layer.units for layer in config.network.hidden] == [512, 512]
    assert config.training.epochs == 20
    reached = [accuracy_of(config.replace("training.seed", seed), mnist) for seed in range(3)]
    print(f"reached {reached}")
    assert sum(reached) / 3 >= 0.9925


def test_the_originals_settings_reach_what_the_original_reached(mnist):
    """The original reached 95.9 to 96.2 % over three seeds; here 96.59, 96.30 and 96.36 %."""
    config = PRESETS["original"].config
    reached = [accuracy_of(config.replace("training.seed", seed), mnist) for seed in range(3)]
    print(f"reached {reached}")
    assert sum(reached) / 3 >= 0.959
