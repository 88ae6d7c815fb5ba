"""The evaluation in the Predict tab: its figures are the core's, and lead to the images."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QTableView, QWidget

from nncore.evaluation import evaluate
from nngui.tabs.prediction_samples import SamplesPane
from nngui.viewmodels.predictor import Predictor
from nngui.viewmodels.samples import Samples
from nngui.widgets.confusion_map import ConfusionMap
from nngui.widgets.key_figures import Figure
from nngui.widgets.reliability_chart import ReliabilityChart
from tests.made_data import make_dataset
from tests.nngui.made_networks import random_network

DATASET = make_dataset(samples=300, classes=10, side=28)


@pytest.fixture
def samples(qapp):
    samples = Samples(Predictor(), np.random.default_rng(0))
    samples.set_dataset(DATASET, DATASET.split(0.2, 0))
    samples.set_active(True)
    yield samples
    samples.close()


@pytest.fixture
def predictor(samples) -> Predictor:
    return samples._set_predictor._predictor


@pytest.fixture
def pane(qtbot, samples):
    pane = SamplesPane(samples)
    qtbot.addWidget(pane)
    pane.resize(900, 380)
    pane.show()
    qtbot.waitExposed(pane)
    pane.findChild(QAbstractButton, "sampleEvaluationButton").click()
    return pane


def shown(pane, key: str) -> str:
    return pane.findChild(Figure, f"{key}Figure").text


def cells(pane) -> list[list[str]]:
    model = pane.findChild(QTableView, "classTable").model()
    return [
        [model.index(row, column).data() for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def test_figures_of_the_test_images_are_those_of_the_core(qtbot, pane, samples, predictor):
    network = random_network(784, 10)
    predictor.set_network(network, "weights of epoch 1, step 10")
    samples.choose_set("test")
    qtbot.waitUntil(lambda: samples.predictions is not None)
    found = evaluate(network, DATASET.test_images, DATASET.test_labels)
    assert 0 < found.accuracy < 1
    assert shown(pane, "setAccuracy") == f"{100 * found.accuracy:.2f}\u00a0%"
    assert shown(pane, "setTop") == f"{100 * found.top[3]:.2f}\u00a0%"
    assert shown(pane, "setLoss") == f"{found.loss:.4f}"
    assert shown(pane, "setCalibration") == f"{100 * found.calibration.error:.2f}\u00a0%"
    tip = pane.findChild(Figure, "setTopFigure").toolTip()
    for k, share in found.top.items():
        assert f"{k} guesses: {100 * share:.2f}\u00a0%" in tip
    np.testing.assert_array_equal(pane.findChild(ConfusionMap).counts(), found.confusion)
    rows = cells(pane)
    assert [row[0] for row in rows] == list(DATASET.class_names)
    for row, figures in zip(rows, found.per_class, strict=True):
        told = [float(cell.split("\u00a0")[0]) for cell in row[1:4]]
        assert told == pytest.approx([100 * it for it in figures[:3]], abs=0.051)
        assert row[4] == f"{figures.samples:,}"


def test_other_weights_bring_other_figures_and_the_other_page_costs_nothing(
    qtbot, pane, samples, predictor, monkeypatch
):
    predictor.set_network(random_network(784, 10), "weights of epoch 1, step 10")
    qtbot.waitUntil(lambda: samples.predictions is not None)
    before = pane.findChild(ConfusionMap).counts()
    pane.findChild(QAbstractButton, "sampleImagesButton").click()
    samples.choose_set("test")
    qtbot.waitUntil(lambda: samples.predictions is not None)
    assert pane.findChild(ConfusionMap).counts() is before
    pane.findChild(QAbstractButton, "sampleEvaluationButton").click()
    assert pane.findChild(ConfusionMap).counts().sum() == len(DATASET.test_labels)


def test_a_cell_leads_to_its_images_and_the_filters_say_so(qtbot, pane, samples, predictor):
    predictor.set_network(random_network(784, 10), "weights of epoch 1, step 10")
    qtbot.waitUntil(lambda: samples.predictions is not None)
    view = pane.findChild(ConfusionMap)
    wrong = view.counts().copy()
    np.fill_diagonal(wrong, 0)
    true, said = np.unravel_index(wrong.argmax(), wrong.shape)
    place = view.cell_rect(int(true), int(said)).center().toPoint()
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=place)
    assert len(samples.rows) == wrong.max()
    assert (samples.samples.labels[samples.rows] == true).all()
    assert (samples.predictions.predicted[samples.rows] == said).all()
    assert pane.grid.isVisible()
    assert pane.detail.isVisible()
    combo = pane.findChild(QComboBox, "trueClassCombo")
    assert combo.currentText() == f"True: {DATASET.class_names[true]}"
    combo = pane.findChild(QComboBox, "predictedClassCombo")
    assert combo.currentText() == f"Predicted: {DATASET.class_names[said]}"


def test_a_row_leads_to_the_mistakes_of_its_class_however_it_is_sorted(
    qtbot, pane, samples, predictor
):
    predictor.set_network(random_network(784, 10), "weights of epoch 1, step 10")
    qtbot.waitUntil(lambda: samples.predictions is not None)
    table = pane.findChild(QTableView, "classTable")
    table.sortByColumn(2, Qt.SortOrder.AscendingOrder)
    recalls = [float(row[2].strip("<>").split("\u00a0")[0]) for row in cells(pane)]
    assert recalls == sorted(recalls)
    name = cells(pane)[0][0]
    table.activated.emit(table.model().index(0, 0))
    labels, said = samples.samples.labels, samples.predictions.predicted
    k = DATASET.class_names.index(name)
    expected = np.flatnonzero((labels == k) & (said != k))
    assert sorted(samples.rows.tolist()) == expected.tolist()


def test_without_a_network_it_says_why_there_is_nothing(pane):
    label = pane.findChild(QLabel, "evaluationReasonLabel")
    assert label.isVisible()
    assert "There is no network yet" in label.text()


def test_untrained_weights_are_called_so(qtbot, pane, samples, predictor):
    predictor.set_network(random_network(784, 10), "fresh weights", trained=False)
    qtbot.waitUntil(lambda: samples.predictions is not None)
    assert pane.findChild(Figure, "setAccuracyFigure").comment == "untrained"


def test_all_of_it_can_be_named_and_explained(pane):
    for name in ("confusionMap", "classTable", "reliabilityChart", "sampleEvaluationButton"):
        widget = pane.findChild(QWidget, name)
        assert widget.accessibleName()
        assert widget.toolTip()


def test_the_chart_tells_every_range_that_holds_images(qtbot, pane, samples, predictor):
    predictor.set_network(random_network(784, 10, spread=0.05), "weights of epoch 1, step 10")
    qtbot.waitUntil(lambda: samples.predictions is not None)
    found = samples.predictions.evaluation.calibration
    told = pane.findChild(ReliabilityChart).accessibleDescription()
    assert told.count("Confidence") == np.count_nonzero(found.samples)
    for count in found.samples[found.samples > 0]:
        assert f"{count:,} images" in told
