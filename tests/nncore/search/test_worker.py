"""Whole searches in this process: what the storage holds afterwards."""

from __future__ import annotations

import dataclasses
import itertools
import statistics
from pathlib import Path

import numpy as np
import pytest

from nncore import RunConfig, Trainer
from nncore.data import Dataset
from nncore.errors import ConfigError, Problem
from nncore.model_file import load_model
from nncore.search.final_test import networks_of, read_test
from nncore.search.shared_images import map_images, share_images
from nncore.search.space import Pick, Space
from nncore.search.study import SearchStudy
from nncore.search.trial_run import TrialRun
from nncore.search.worker import Worker
from tests.nncore.search.searching import CONFIG, DATASET, RANDOM, SWEEP, make_study, search


def test_value_is_what_the_trainer_reaches_with_the_same_configuration(folder: Path) -> None:
    study = search(folder, SWEEP | {"objective": {"metric": "loss", "epoch": "last"}})
    for record in study.records():
        assert record.config is not None
        trainer = Trainer(record.config, DATASET)
        list(trainer.run())
        epochs = trainer.history.epochs
        assert record.value == epochs[-1].validation_loss
        assert [it.train_loss for it in record.runs[0].epochs] == [it.train_loss for it in epochs]
    values = [record.value for record in study.records()]
    best = study.best()
    assert best is not None
    assert best.value == min(value for value in values if value is not None)
    study.close()


def test_point_is_trained_with_each_seed_and_counts_with_their_mean(folder: Path) -> None:
    study = search(folder, SWEEP | {"seeds": 3})
    for record in study.records():
        values = [run.value for run in record.runs if run.value is not None]
        assert [run.seed for run in record.runs] == [0, 1, 2]
        assert record.value == pytest.approx(statistics.fmean(values))
        assert record.spread == pytest.approx(np.std(values, ddof=1))
    study.close()


def test_best_epoch_counts_when_asked_and_its_network_is_kept(folder: Path) -> None:
    tree = SWEEP | {"config": CONFIG | {"training": {"epochs": 12, "batch_size": 8}}}
    study = search(folder, tree, weights=folder / "networks")
    best = study.best()
    assert best is not None
    assert best.value == max(it.validation_accuracy for it in best.runs[0].epochs)
    kept = load_model(best.weights[0]).network
    again = networks_of(study, dataclasses.replace(best, weights=()), DATASET)[0]
    np.testing.assert_array_equal(kept.parameters, again.parameters)
    assert len(list((folder / "networks").iterdir())) == 1
    study.close()


@pytest.mark.parametrize("pruning", ["median", "hyperband"])
def test_hopeless_trials_are_ended_early(folder: Path, pruning: str) -> None:
    rates = [0.5, 0.4, 0.3, 0.45, 0.35, 0.55, 1e-6, 1e-7, 2e-6, 3e-6, 4e-6, 5e-6]
    tree = SWEEP | {
        "config": CONFIG | {"training": {"epochs": 9, "batch_size": 8}},
        "space": {"optimizer.learning_rate": rates},
        "objective": {"metric": "loss"},
        "pruning": pruning,
    }
    study = search(folder, tree)
    pruned = [record for record in study.records() if record.state == "pruned"]
    assert pruned
    for record in pruned:
        assert len(record.runs[0].epochs) < 9
        assert "Worse than the others" in record.reason
    best = study.best()
    assert best is not None
    assert best.params["optimizer.learning_rate"] > 0.1
    study.close()


def test_diverged_trial_is_told_as_such_and_is_not_the_best(folder: Path) -> None:
    config = CONFIG | {
        "network": {"hidden": [{"units": 64, "activation": "identity"}] * 4},
        "training": {"epochs": 3, "batch_size": 1},
    }
    tree = SWEEP | {"config": config, "space": {"optimizer.learning_rate": [0.001, 1.0]}}
    study = search(folder, tree)
    assert [record.state for record in study.records()] == ["completed", "diverged"]
    assert "learning rate" in study.records()[1].reason
    best = study.best()
    assert best is not None
    assert best.number == 0
    study.close()


def test_same_search_gives_the_same_values_again(folder: Path) -> None:
    values: list[list[float | None]] = []
    for name in ("one", "two"):
        study = make_study(folder, RANDOM, name)
        Worker(study, DATASET).run()
        values.append([record.value for record in study.records()])
        study.close()
    assert values[0] == values[1]


def test_tpe_completes_its_budget_with_structural_dimensions(folder: Path) -> None:
    tree = RANDOM | {"strategy": "tpe", "budget": {"trials": 14}}
    study = search(folder, tree)
    assert [record.state for record in study.records()] == ["completed"] * 14
    study.close()


def test_stopped_worker_gives_its_trial_back_and_the_next_one_repeats_it(folder: Path) -> None:
    study = make_study(folder, SWEEP)
    worker = Worker(study, DATASET)
    worker.run(lambda record: worker.must_stop.set())
    assert [record.state for record in study.records()] == ["completed"]
    study.set_status("stopped")
    assert Worker(study, DATASET).run() == "stopped"
    study.set_status("running")
    assert Worker(study, DATASET).run() == "done"
    assert [record.state for record in study.records()] == ["completed"] * 3
    study.close()


def test_trial_under_way_is_given_back_at_once_when_the_search_stops(folder: Path) -> None:
    tree = SWEEP | {"config": CONFIG | {"training": {"epochs": 100_000}}}
    study = make_study(folder, tree)
    rests = itertools.count()
    # Asked at every rest of the training, of which an epoch has fewer than ten.
    worker = Worker(study, DATASET, is_asked_to_stop=lambda: next(rests) > 500)
    assert worker.run() == "stopped"
    record = study.records()[0]
    assert record.state == "lost"
    assert record.runs[0].epochs
    study.close()


def test_error_in_one_configuration_does_not_end_the_search(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = make_study(folder, SWEEP)
    train = TrialRun.__iter__

    def fail_once(self: TrialRun) -> object:
        if self.config.optimizer.learning_rate == 0.1:
            raise MemoryError("no room")
        return train(self)

    monkeypatch.setattr(TrialRun, "__iter__", fail_once)
    assert Worker(study, DATASET).run() == "done"
    assert [record.state for record in study.records()] == ["completed", "failed", "completed"]
    assert "no room" in study.records()[1].reason
    study.close()


@pytest.mark.parametrize("strategy", ["sweep", "random"])
def test_values_that_do_not_go_together_are_told_and_left_out(
    folder: Path, monkeypatch: pytest.MonkeyPatch, strategy: str
) -> None:
    build = Space.build

    def refuse_high(self: Space, pick: Pick) -> RunConfig:
        config = build(self, pick)
        if config.optimizer.learning_rate == 0.5:
            raise ConfigError(Problem("optimizer.learning_rate", "does not go with the rest"))
        return config

    monkeypatch.setattr(Space, "build", refuse_high)
    study = search(folder, SWEEP | {"strategy": strategy, "budget": {"trials": 20}})
    impossible = [record for record in study.records() if record.state == "impossible"]
    assert impossible
    assert all("does not go with" in record.reason for record in impossible)
    assert {record.params["optimizer.learning_rate"] for record in impossible} == {0.5}
    assert len(study.records()) == (3 if strategy == "sweep" else 20)
    study.close()


@pytest.mark.parametrize("strategy", ["sweep", "tpe"])
def test_settings_that_fail_only_together_or_on_the_data_are_impossible(
    folder: Path, strategy: str
) -> None:
    hidden = [{"units": 4, "normalization": "batch"}]
    tree = SWEEP | {
        "config": CONFIG | {"network": {"hidden": hidden}},
        "space": {"training.batch_size": [1, 32]},
        "strategy": strategy,
        "budget": {"trials": 14 if strategy == "tpe" else "unlimited"},
    }
    study = search(folder, tree)
    states = {(it.params["training.batch_size"], it.state) for it in study.records()}
    assert states == {(1, "impossible"), (32, "completed")}
    reasons = {it.reason for it in study.records() if it.state == "impossible"}
    assert all("training.batch_size must be at least 2" in reason for reason in reasons)
    study.close()


def test_workers_get_no_test_images(tmp_path: Path) -> None:
    share_images(DATASET, tmp_path)
    shared = map_images(tmp_path)
    assert isinstance(shared.train_images.base, np.memmap) or isinstance(
        shared.train_images, np.memmap
    )
    np.testing.assert_array_equal(shared.train_images, DATASET.train_images)
    assert len(shared.test_images) == len(shared.test_labels) == 0
    size = sum(path.stat().st_size for path in tmp_path.iterdir())
    assert size < DATASET.train_images.nbytes + DATASET.train_labels.nbytes + 2000


class _Spy:
    """Counts how often a data set's test images are asked for."""

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset
        self.reads = 0

    def __getattr__(self, name: str) -> object:
        self.reads += name == "test_images"
        return getattr(self._dataset, name)


def test_test_images_are_read_once_and_the_report_says_so(folder: Path) -> None:
    study = make_study(folder, SWEEP | {"seeds": 2})
    spy = _Spy(DATASET)
    Worker(study, spy).run()
    assert spy.reads == 0
    best = study.best()
    assert best is not None
    report = read_test(study, best, DATASET)
    assert len(report.accuracies) == 2
    assert "read once, for this configuration alone" in report.sentence()
    again = SearchStudy.open(study.url, study.name)
    assert read_test(again, best, None) == report
    other = next(record for record in study.records() if record.number != best.number)
    second = read_test(study, other, DATASET)
    assert f"read before, for trial {best.number}" in second.sentence()
    again.close()
    study.close()
