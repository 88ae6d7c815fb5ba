"""A set is predicted in the background, at a modest pace, and only while somebody looks."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from nngui.viewmodels import set_predictor as module
from nngui.viewmodels.predictor import Predictor
from nngui.viewmodels.sample_predictions import sample_sets
from nngui.viewmodels.set_predictor import SetPredictor
from tests.made_data import make_dataset
from tests.nngui.made_networks import linear_network, random_network


@pytest.fixture
def sets():
    dataset = make_dataset(samples=120, classes=3)
    return sample_sets(dataset, dataset.split(0.2, 0))


@pytest.fixture
def predictor():
    predictor = Predictor()
    predictor.set_network(random_network(16, 3), "epoch 1")
    return predictor


@pytest.fixture
def worker(predictor):
    worker = SetPredictor(predictor)
    yield worker
    worker.close()


def test_nothing_is_predicted_until_somebody_looks(qtbot, worker, sets):
    with qtbot.assertNotEmitted(worker.changed, wait=40):
        worker.set_samples(sets["test"])
    with qtbot.waitSignal(worker.changed):
        worker.set_active(True)
    assert worker.predictions is not None
    assert len(worker.predictions.predicted) == len(sets["test"])


def test_newer_weights_wait_for_the_rest_and_then_are_used(
    qtbot, monkeypatch, worker, predictor, sets
):
    monkeypatch.setattr(module, "REFRESH_INTERVAL", 150)
    worker.set_active(True)
    with qtbot.waitSignal(worker.changed):
        worker.set_samples(sets["test"])
    newest = linear_network(np.zeros((3, 16)), np.array([0.0, 0.0, 9.0]))
    with qtbot.assertNotEmitted(worker.changed, wait=60):
        predictor.set_network(random_network(16, 3, seed=1), "epoch 2")
        predictor.set_network(newest, "epoch 3")
    with qtbot.waitSignal(worker.changed, timeout=2000):
        pass
    assert set(worker.predictions.predicted.tolist()) == {2}
    # All that came meanwhile was one prediction with the newest weights, not one for each.
    with qtbot.assertNotEmitted(worker.changed, wait=250):
        pass


def test_weights_that_come_too_fast_do_not_keep_a_prediction_from_ending(
    qtbot, monkeypatch, worker, predictor, sets
):
    started, go_on = threading.Event(), threading.Event()
    original, used, first = module.predict_set, [], predictor.network

    def slow(samples, network):
        used.append(network)
        started.set()
        assert go_on.wait(5)
        return (yield from original(samples, network))

    monkeypatch.setattr(module, "predict_set", slow)
    worker.set_active(True)
    worker.set_samples(sets["test"])
    assert started.wait(5)
    for seed in range(4):
        predictor.set_network(random_network(16, 3, seed=seed), f"epoch {seed}")
    with qtbot.waitSignal(worker.changed):
        go_on.set()
    assert used == [first]
    assert worker.predictions is not None


def test_another_set_replaces_the_prediction_under_way_at_once(qtbot, monkeypatch, worker, sets):
    started, go_on = threading.Event(), threading.Event()
    original = module.predict_set

    def slow(samples, network):
        if samples.name == "training":
            started.set()
            assert go_on.wait(5)
        return (yield from original(samples, network))

    monkeypatch.setattr(module, "predict_set", slow)
    worker.set_active(True)
    worker.set_samples(sets["training"])
    assert started.wait(5)
    worker.set_samples(sets["test"])
    assert worker.predictions is None
    with qtbot.waitSignal(worker.changed):
        go_on.set()
    assert len(worker.predictions.predicted) == len(sets["test"])
    with qtbot.assertNotEmitted(worker.changed, wait=40):
        pass


def test_hiding_stops_the_work_and_looking_again_takes_it_up(qtbot, monkeypatch, worker, sets):
    started, go_on = threading.Event(), threading.Event()
    original = module.predict_set

    def slow(samples, network):
        started.set()
        assert go_on.wait(5)
        return (yield from original(samples, network))

    monkeypatch.setattr(module, "predict_set", slow)
    worker.set_active(True)
    worker.set_samples(sets["test"])
    assert started.wait(5)
    worker.set_active(False)
    with qtbot.assertNotEmitted(worker.changed, wait=40):
        go_on.set()
    with qtbot.waitSignal(worker.changed):
        worker.set_active(True)
    assert worker.predictions is not None


def test_network_that_does_not_fit_is_a_problem_in_words(qtbot, worker, predictor, sets):
    predictor.set_network(random_network(784, 10), "weights from x")
    worker.set_active(True)
    with qtbot.waitSignal(worker.changed):
        worker.set_samples(sets["test"])
    assert worker.predictions is None
    assert "784 inputs" in worker.problem


def test_untrained_network_is_told_as_such(qtbot, worker, predictor, sets):
    predictor.set_network(random_network(16, 3), "untrained weights", trained=False)
    worker.set_active(True)
    with qtbot.waitSignal(worker.changed):
        worker.set_samples(sets["test"])
    assert not worker.trained


def test_close_in_the_middle_leaves_no_thread_behind(qtbot, monkeypatch, predictor, sets):
    started, ended = threading.Event(), threading.Event()

    def endless(samples, network):
        try:
            while True:
                started.set()
                yield
        finally:
            ended.set()

    monkeypatch.setattr(module, "predict_set", endless)
    worker = SetPredictor(predictor)
    worker.set_active(True)
    worker.set_samples(sets["test"])
    assert started.wait(5)
    worker.close()
    assert ended.is_set()
