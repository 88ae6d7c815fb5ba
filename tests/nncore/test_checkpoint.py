"""A run that is saved and resumed is, bit for bit, the run that was never interrupted."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nncore.augmentations import Augmentation
from nncore.averaging import Averaging
from nncore.checkpoint import (
    Checkpoint,
    is_checkpoint,
    load_checkpoint,
    read_checkpoint_header,
    save_checkpoint,
)
from nncore.clipping import Clipping
from nncore.config import RunConfig
from nncore.early_stopping import EarlyStopping
from nncore.errors import ConfigError, DataError, ModelFileError, NNError
from nncore.events import EpochEnded
from nncore.model_file import Model, Preprocessing, load_model, save_model
from nncore.normalizations import Normalization
from nncore.optimizers import Optimizer
from nncore.schedules import Schedule
from nncore.trainer import KEEP_EVERY, Trainer
from tests import made_data

DATASET = made_data.make_dataset(noise=200, dark=(0, 1, 7))


def kinds(family: type) -> st.SearchStrategy[str]:
    return st.sampled_from(list(family.members()))


TREES = st.fixed_dictionaries(
    {
        "data": st.fixed_dictionaries({"augmentation": kinds(Augmentation)}),
        "network": st.fixed_dictionaries(
            {
                "input_dropout": st.sampled_from([0.0, 0.2]),
                "hidden": st.lists(
                    st.fixed_dictionaries(
                        {
                            "units": st.integers(2, 6),
                            "normalization": kinds(Normalization),
                            "dropout": st.sampled_from([0.0, 0.3]),
                        }
                    ),
                    max_size=2,
                ),
            }
        ),
        "optimizer": kinds(Optimizer),
        "training": st.fixed_dictionaries(
            {
                "epochs": st.integers(1, 4),
                "batch_size": st.sampled_from([2, 7, 50, "full"]),
                "schedule": kinds(Schedule),
                "warmup": st.sampled_from([0.0, 0.3]),
                "l1": st.sampled_from([0.0, 1e-3]),
                "l2": st.sampled_from([0.0, 1e-3]),
                "max_norm": st.sampled_from([0.0, 1.0]),
                "clipping": kinds(Clipping),
                "averaging": kinds(Averaging),
                "early_stopping": st.one_of(
                    kinds(EarlyStopping), st.just({"kind": "patience", "patience": 1})
                ),
                "seed": st.integers(0, 99),
            }
        ),
    }
)


def told(trainer: Trainer) -> tuple[Any, ...]:
    """Everything that a run decides, its times left out."""
    epochs = [
        dataclasses.replace(event, seconds=0.0, samples_per_second=0.0)
        for event in trainer.history.epochs
    ]
    weights = trainer.network.state.tobytes()
    return weights, trainer.history.step_losses.tobytes(), epochs, trainer.history.ended


def whole(config: RunConfig, steps_per_event: int = KEEP_EVERY) -> Trainer:
    trainer = Trainer(config, DATASET)
    trainer.steps_per_event = steps_per_event
    list(trainer.run())
    return trainer


def interrupted(config: RunConfig, events: int, steps_per_event: int, path) -> Trainer:
    """The checkpoint of a run that was left after some events."""
    trainer = Trainer(config, DATASET)
    trainer.steps_per_event = steps_per_event
    run = trainer.run()
    for _ in range(events):
        next(run)
    save_checkpoint(path, trainer)
    run.close()
    return trainer


@given(TREES, st.data())
@settings(max_examples=60, deadline=None)
def test_a_resumed_run_is_the_uninterrupted_one_bit_for_bit(tmp_path_factory, tree, data):
    config = RunConfig.from_dict(tree)
    expected = whole(config)
    pace = data.draw(st.integers(1, 20), "steps per event")
    one_pace = Trainer(config, DATASET)
    one_pace.steps_per_event = pace
    # Not RunEnded, nor what comes after a divergence has gone back to earlier weights.
    rests = len(list(one_pace.run())) - 1 - (one_pace.history.ended.reason == "diverged")
    path = tmp_path_factory.mktemp("checkpoint") / "run.safetensors"
    interrupted(config, data.draw(st.integers(1, max(rests, 1)), "events"), pace, path)
    resumed = load_checkpoint(path, DATASET)
    list(resumed.run())
    assert told(resumed) == told(expected)


CONFIG = RunConfig.from_dict(
    {
        "network": {"hidden": [{"units": 5, "normalization": "batch", "dropout": 0.1}]},
        "training": {
            "epochs": 3,
            "batch_size": 10,
            "averaging": "ema",
            "schedule": "cosine",
            "early_stopping": "patience",
        },
    }
)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "run.safetensors"


def test_a_chain_of_checkpoints_at_every_single_step_changes_nothing(path):
    expected = whole(CONFIG)
    trainer = Trainer(CONFIG, DATASET)
    for _ in range(100):
        trainer.steps_per_event = 1
        run = trainer.run()
        next(run)  # RunStarted.
        next(run)
        if trainer.history.ended is not None:
            break
        save_checkpoint(path, trainer)
        trainer = load_checkpoint(path, DATASET)
    assert told(trainer) == told(expected)


def test_looking_at_a_checkpoint_does_not_disturb_the_run(path):
    trainer = Trainer(CONFIG, DATASET)
    for event in trainer.run():
        if isinstance(event, EpochEnded):
            save_checkpoint(path, trainer)
    assert told(trainer) == told(whole(CONFIG))


def test_the_learning_rates_told_are_those_of_the_uninterrupted_run(path):
    interrupted(CONFIG, 5, 3, path)
    resumed = load_checkpoint(path, DATASET)
    resumed.steps_per_event = 3
    list(resumed.run())
    expected = whole(CONFIG, 3).history.learning_rates
    np.testing.assert_array_equal(resumed.history.learning_rates, expected)


def test_a_finished_run_goes_on_when_more_epochs_are_asked_for(path):
    config = CONFIG.replace("training.schedule", "constant").replace(
        "training.early_stopping", "none"
    )
    trainer = whole(config)
    save_checkpoint(path, trainer)
    longer = config.replace("training.epochs", 5)
    resumed = load_checkpoint(path, DATASET, longer)
    list(resumed.run())
    assert told(resumed) == told(whole(longer))


def test_what_may_not_change_live_may_not_change_at_a_checkpoint(path):
    interrupted(CONFIG, 3, 2, path)
    with pytest.raises(ConfigError, match=r"training\.l2 cannot change"):
        load_checkpoint(path, DATASET, CONFIG.replace("training.l2", 0.5))


def test_a_run_that_diverges_later_falls_back_as_the_uninterrupted_one_does(path):
    config = RunConfig.from_dict(
        {
            "network": {"hidden": "", "loss": "mean_squared_error"},
            "optimizer": {"kind": "sgd", "learning_rate": 0.74},
            "training": {"epochs": 200, "batch_size": 10},
        }
    )
    expected = whole(config)
    ended, last = expected.history.ended, expected.history.step_losses.size
    assert ended.reason == "diverged"
    assert ended.step < last - 1
    trainer = Trainer(config, DATASET)
    trainer.steps_per_event = 1
    run = trainer.run()
    while trainer.step < last - 1:
        next(run)
    save_checkpoint(path, trainer)
    resumed = load_checkpoint(path, DATASET)
    list(resumed.run())
    assert told(resumed) == told(expected)


def test_a_run_that_has_not_begun_or_has_gone_back_has_no_checkpoint(path):
    trainer = Trainer(CONFIG, DATASET)
    with pytest.raises(NNError, match="not begun"):
        save_checkpoint(path, trainer)
    assert not path.exists()


def test_other_data_are_refused(path):
    interrupted(CONFIG, 3, 2, path)
    other = made_data.make_dataset(noise=200, seed=1)
    with pytest.raises(DataError, match="other data than made up"):
        load_checkpoint(path, other)


def test_a_checkpoint_is_no_model_and_says_what_it_is(path):
    interrupted(CONFIG, 3, 2, path)
    with pytest.raises(ModelFileError, match="is a checkpoint"):
        load_model(path)


def test_the_configuration_can_be_read_alone(path):
    interrupted(CONFIG, 3, 2, path)
    assert read_checkpoint_header(path).config == CONFIG


def test_a_copy_taken_at_a_rest_is_not_changed_by_the_run_and_can_be_gone_on_with_twice(path):
    config = CONFIG.replace("training.schedule", "exponential")
    trainer = Trainer(config, DATASET)
    trainer.steps_per_event = 3
    run = trainer.run()
    for _ in range(7):
        next(run)
    taken = Checkpoint.of(trainer)
    place = taken.epoch, taken.step
    list(run)
    assert (taken.epoch, taken.step) == place
    expected = told(whole(config))
    for _ in range(2):
        again = taken.trainer()
        list(again.run())
        assert told(again) == expected
    taken.write(path)
    resumed = load_checkpoint(path, DATASET)
    list(resumed.run())
    assert told(resumed) == expected


def test_the_header_tells_where_the_run_is(path):
    trainer = interrupted(CONFIG, 6, 4, path)
    config, place = read_checkpoint_header(path)
    assert config == CONFIG
    assert (place.epoch, place.step) == (trainer.epoch, trainer.step)


def test_a_checkpoint_is_told_from_a_model(path, tmp_path):
    trainer = interrupted(CONFIG, 3, 2, path)
    model = tmp_path / "model.safetensors"
    gray = Preprocessing.for_shape(DATASET.image_shape)
    save_model(model, Model(trainer.network, CONFIG, DATASET.class_names, preprocessing=gray))
    assert is_checkpoint(path)
    assert not is_checkpoint(model)
