"""The dataset follows the configuration, and one that cannot be read is reported at its field."""

from __future__ import annotations

import pytest

from nncore.config import RunConfig
from nngui.viewmodels.config_store import ConfigStore
from nngui.viewmodels.data_source import DataSource
from tests.idx_files import write_idx_folder
from tests.made_data import make_dataset


@pytest.fixture
def folder(tmp_path):
    return write_idx_folder(tmp_path, make_dataset(samples=100, classes=3))


@pytest.fixture
def source(folder):
    config = RunConfig().replace("data.name", str(folder))
    source = DataSource(ConfigStore(config.replace("data.validation_fraction", 0.2)))
    yield source
    source.close()


def test_loads_what_the_configuration_names(qtbot, source):
    with qtbot.waitSignal(source.loaded):
        source.refresh()
    assert source.data is not None
    assert source.data.dataset.train_images.shape == (100, 16)
    assert len(source.data.split.validation_indices) == 20


def test_other_fraction_splits_anew_without_reading_again(qtbot, source):
    with qtbot.waitSignal(source.loaded):
        source.refresh()
    before = source.data
    with qtbot.waitSignal(source.loaded):
        source._store.change("data.validation_fraction", 0.5)
    assert len(source.data.split.validation_indices) == 50
    assert source.data.dataset is before.dataset


def test_unreadable_dataset_is_reported_at_its_field_until_it_changes(qtbot, source, folder):
    store = source._store
    with qtbot.waitSignal(source.failed) as failed:
        store.change("data.name", str(folder / "nowhere"))
    assert "nowhere" in failed.args[0]
    assert store.problem_at("data.name") is not None
    with qtbot.waitSignal(source.loaded):
        store.change("data.name", str(folder))
    assert store.problem_at("data.name") is None


def test_unrelated_change_loads_nothing(qtbot, source):
    with qtbot.waitSignal(source.loaded):
        source.refresh()
    with qtbot.assertNotEmitted(source.loaded, wait=100):
        source._store.change("optimizer.learning_rate", 0.01)


def test_fraction_that_leaves_nothing_is_reported_at_its_own_field(qtbot, tmp_path):
    few = write_idx_folder(tmp_path, make_dataset(samples=4, classes=2))
    source = DataSource(ConfigStore(RunConfig().replace("data.name", str(few))))
    store = source._store
    with qtbot.waitSignal(source.failed) as failed:
        source.refresh()
    assert failed.args[0].startswith("Validation fraction splits the 4 training images")
    assert store.problem_at("data.name") is None
    assert store.problem_at("data.validation_fraction") is not None
    with qtbot.waitSignal(source.loaded):
        store.change("data.validation_fraction", 0.5)
    assert store.problems == ()
    source.close()
