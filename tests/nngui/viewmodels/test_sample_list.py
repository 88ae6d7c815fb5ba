"""The Qt model over the samples keeps Qt's rules and tells what a delegate needs."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from nngui.viewmodels.predictor import Predictor
from nngui.viewmodels.sample_list import SampleList
from nngui.viewmodels.sample_predictions import Verdict
from nngui.viewmodels.samples import Samples
from tests.made_data import make_dataset
from tests.nngui.made_networks import constant_network


@pytest.fixture
def samples(qapp):
    dataset = make_dataset(samples=120, classes=3)
    samples = Samples(Predictor(), np.random.default_rng(0))
    samples.set_dataset(dataset, dataset.split(0.2, 0))
    samples.set_active(True)
    yield samples
    samples.close()


def predict(qtbot, samples, probabilities):
    with qtbot.waitSignal(samples.predictionsChanged):
        samples._set_predictor._predictor.set_network(constant_network(probabilities, 16), "x")


def test_model_keeps_qts_rules_through_sets_filters_and_predictions(qtbot, samples):
    model = SampleList(samples)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    predict(qtbot, samples, [0.8, 0.1, 0.1])
    for change in (
        lambda: samples.change_query(verdict=Verdict.WRONG),
        lambda: samples.choose_set("test"),
        lambda: samples.draw_random(9),
        lambda: samples.change_query(verdict=Verdict.ALL, true_class=1),
    ):
        change()
        assert model.rowCount() == len(samples.rows)
    assert tester.model() is model


def test_row_tells_image_truth_and_prediction(qtbot, samples):
    model = SampleList(samples)
    assert model.sample(3).predicted == -1
    predict(qtbot, samples, [0.1, 0.8, 0.1])
    samples.change_query(descending=True)
    sample = model.sample(0)
    last = len(samples.samples) - 1
    np.testing.assert_array_equal(sample.image, samples.samples.image(last))
    assert sample.truth == samples.samples.labels[last]
    assert sample.predicted == 1


def test_sentence_names_index_classes_confidence_and_loss(qtbot, samples):
    model = SampleList(samples)
    k = int(np.flatnonzero(samples.samples.labels == 2)[0])
    index = samples.samples.indices[k]
    tip = Qt.ItemDataRole.ToolTipRole
    assert model.index(k).data(tip) == f"Image {index}: true class 2"
    predict(qtbot, samples, [0.2, 0.7, 0.1])
    loss = f"{-np.log(0.1):.3g}"
    sentence = f"Image {index}: true class 2, predicted class 1 (70\u00a0%), loss {loss}"
    assert model.index(k).data(tip) == sentence


def test_newer_predictions_change_rows_without_a_reset(qtbot, samples):
    model = SampleList(samples)
    with qtbot.assertNotEmitted(model.modelReset), qtbot.waitSignal(model.dataChanged) as caught:
        predict(qtbot, samples, [0.8, 0.1, 0.1])
    assert caught.args[0].row() == 0
    assert caught.args[1].row() == model.rowCount() - 1
