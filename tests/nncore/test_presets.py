from __future__ import annotations

import pytest

from nncore.activations import ReLU
from nncore.config import LayerConfig, RunConfig
from nncore.initializers import Xavier
from nncore.network_size import network_size
from nncore.optimizers import SGD
from nncore.presets import PRESETS


@pytest.mark.parametrize("preset", PRESETS.values(), ids=list(PRESETS))
def test_every_preset_is_a_legal_configuration_with_words(preset):
    assert RunConfig.from_json(preset.config.to_json()) == preset.config
    assert preset.name
    assert preset.description.endswith(".")


def test_names_are_fit_for_the_command_line_and_differ():
    assert list(PRESETS) == ["quick", "wide", "plain", "best", "deep", "original"]
    assert len({preset.name for preset in PRESETS.values()}) == len(PRESETS)
    assert len({preset.config for preset in PRESETS.values()}) == len(PRESETS)


def test_the_originals_settings_are_kept():
    config = PRESETS["original"].config
    assert config.network.hidden == (
        LayerConfig(units=25, activation=ReLU(), initializer=Xavier()),
    )
    assert config.network.output.initializer == Xavier()
    assert config.optimizer == SGD(learning_rate=0.2)
    assert config.training.batch_size == 500
    assert config.training.epochs == 50
    assert config.training.l2 == 0
    assert network_size(config.network, 784, 10).parameters == 784 * 25 + 25 + 25 * 10 + 10
