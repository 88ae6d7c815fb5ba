"""A checkpoint that is damaged, hostile or of something else is refused in words."""

from __future__ import annotations

import json

import numpy as np
import pytest
import safetensors
import safetensors.numpy

from nncore.checkpoint import load_checkpoint, save_checkpoint
from nncore.config import RunConfig
from nncore.errors import FileWriteError, ModelFileError, NNError
from nncore.trainer import Trainer
from tests import made_data

DATASET = made_data.make_dataset()
CONFIG = RunConfig.from_dict(
    {
        "network": {"hidden": "4"},
        "training": {"epochs": 3, "batch_size": 10, "early_stopping": "patience"},
    }
)


@pytest.fixture(scope="module")
def content():
    """Tensors and metadata of a checkpoint in the midst of the second epoch."""
    trainer = Trainer(CONFIG, DATASET)
    trainer.steps_per_event = 4
    run = trainer.run()
    while trainer.step < 15:
        next(run)
    return trainer


@pytest.fixture
def path(content, tmp_path):
    path = tmp_path / "run.safetensors"
    save_checkpoint(path, content)
    return path


def change(path, tensors=None, place=None, **metadata):
    """Write the file again with something changed."""
    with safetensors.safe_open(path, "numpy") as file:
        described = dict(file.metadata())
    kept = safetensors.numpy.load_file(path)
    kept |= tensors or {}
    kept = {name: array for name, array in kept.items() if array is not None}
    if isinstance(place, dict):
        place = json.dumps(json.loads(described["place"]) | place)
    described["place"] = place or described["place"]
    described |= metadata
    path.write_bytes(safetensors.numpy.save(kept, described))


def refusal(path) -> str:
    with pytest.raises(ModelFileError) as caught:
        load_checkpoint(path, DATASET)
    message = str(caught.value)
    assert str(path) in message
    return message


def test_it_holds_what_its_description_says(path):
    change(path)
    trainer = load_checkpoint(path, DATASET)
    assert (trainer.epoch, trainer.step) == (2, 15)
    assert len(trainer.history.epochs) == 1
    assert trainer.history.step_losses.size == 15


@pytest.mark.parametrize(
    "place",
    [
        {"epoch": 4},
        {"epoch": 1},
        {"step": 14},
        {"samples": 39},
        {"samples": 1000},
        {"correct": 41},
        {"is_measured": True},
        {"best_epoch": 9},
        {"kept_step": 99},
    ],
)
def test_a_place_that_does_not_add_up_is_refused(path, place):
    change(path, place=place)
    message = refusal(path)
    assert "does not add up" in message or "is not what the run needs" in message


@pytest.mark.parametrize(
    "place",
    [{"epoch": 0}, {"epoch": "2"}, {"step": -1}, {"seconds": -1.0}, {"more": 1}, {"epoch": 2.5}],
)
def test_a_place_of_the_wrong_kind_is_refused_with_the_field(path, place):
    change(path, place=place)
    assert f"its place in the run cannot be read: {next(iter(place))}" in refusal(path)


@pytest.mark.parametrize("name", ["network", "kept", "best", "optimizer.mean", "history.epochs"])
def test_a_missing_tensor_is_named(path, name):
    change(path, {name: None})
    assert f"tensor '{name}' is not what the run needs" in refusal(path)


@pytest.mark.parametrize("name", ["network", "optimizer.variance", "history.step_losses"])
def test_a_tensor_of_another_size_is_named(path, name):
    change(path, {name: np.zeros(3, np.float32)})
    assert f"tensor '{name}' is not what the run needs" in refusal(path)


def test_a_tensor_too_many_is_named(path):
    change(path, {"stowaway": np.zeros(3, np.float32)})
    assert "'stowaway'" in refusal(path)


def test_the_working_memory_that_the_first_checkpoints_of_adam_held_does_not_matter(path):
    expected = load_checkpoint(path, DATASET).network.state
    change(path, {"optimizer.scratch": np.ones(expected.size, np.float32)})
    np.testing.assert_array_equal(load_checkpoint(path, DATASET).network.state, expected)


def test_mixed_types_are_refused(path):
    change(path, {"network": load_checkpoint(path, DATASET).network.state.astype(np.float64)})
    assert "not of one type" in refusal(path)


def test_numbers_that_are_not_finite_are_refused(path):
    weights = load_checkpoint(path, DATASET).network.state.copy()
    weights[0] = np.nan
    change(path, {"network": weights})
    assert "NaN" in refusal(path)


def test_a_configuration_for_a_giant_network_is_refused_before_anything_is_allocated(path):
    giant = CONFIG.replace("network.hidden", ",".join(["16384"] * 64))
    change(path, config=giant.to_json())
    assert "is not what the run needs" in refusal(path)


@pytest.mark.parametrize(
    ("metadata", "words"),
    [
        ({"format": "nnscratch-model"}, "is no checkpoint"),
        ({"version": "2"}, "has version '2' of the format"),
        ({"config": "{"}, "its configuration cannot be used"),
        ({"place": "[]"}, "its place in the run cannot be read"),
    ],
)
def test_another_format_version_or_description_is_refused(path, metadata, words):
    change(path, **metadata)
    assert words in refusal(path)


def test_a_cut_file_is_refused(path):
    path.write_bytes(path.read_bytes()[:-7])
    assert "cut short" in refusal(path)


def test_a_checkpoint_that_cannot_be_written_leaves_the_old_one(path, content):
    before = path.read_bytes()
    path.chmod(0o444)
    with pytest.raises(FileWriteError):
        save_checkpoint(path, content)
    assert path.read_bytes() == before


def test_after_the_best_weights_came_back_there_is_nothing_to_go_on_from(tmp_path):
    config = CONFIG.replace("training.epochs", 60).replace("optimizer.learning_rate", 0.5)
    trainer = Trainer(config, DATASET)
    list(trainer.run())
    assert "are back" in trainer.history.ended.message
    with pytest.raises(NNError, match="gone back to earlier weights"):
        save_checkpoint(tmp_path / "run.safetensors", trainer)
