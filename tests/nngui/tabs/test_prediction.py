"""The Predict tab: drawing is read, images are opened or refused, samples looked through."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter, QPen
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QLabel,
    QSlider,
    QStackedWidget,
    QWidget,
)

from nncore.data.digits import prepare_digit
from nngui.tabs.prediction import PredictionTab
from nngui.viewmodels.predictor import Predictor
from nngui.viewmodels.samples import Samples
from nngui.widgets.digit_view import DigitView
from nngui.widgets.draw_pad import DrawPad
from nngui.widgets.probability_bars import ProbabilityBars
from nngui.widgets.sample_grid import SampleGrid
from tests.made_data import make_dataset
from tests.nngui.made_networks import constant_network, random_network

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def predictor():
    return Predictor()


@pytest.fixture
def dataset():
    return make_dataset(samples=300, classes=10, side=28)


@pytest.fixture
def samples(predictor, dataset):
    samples = Samples(predictor, np.random.default_rng(0))
    samples.set_dataset(dataset, dataset.split(0.2, 0))
    return samples


@pytest.fixture
def tab(qtbot, predictor, samples):
    tab = PredictionTab(predictor, samples)
    qtbot.addWidget(tab)
    tab.resize(900, 650)
    tab.show()
    qtbot.waitExposed(tab)
    yield tab
    tab.close_threads()


def find(tab, kind, name):
    found = tab.findChild(kind, name)
    assert found is not None, f"there is no {name}"
    return found


def words(tab, name):
    return find(tab, QLabel, name).text().replace("\u00a0", " ")


def draw(tab, *shares):
    """A stroke through places given as shares of the pad's sides."""
    pad = find(tab, DrawPad, "drawPad")
    side = min(pad.width(), pad.height())
    left, top = (pad.width() - side) // 2, (pad.height() - side) // 2
    places = [QPoint(left + int(x * side), top + int(y * side)) for x, y in shares]
    QTest.mousePress(pad, LEFT, pos=places[0])
    for place in places[1:]:
        QTest.mouseMove(pad, place)
    QTest.mouseRelease(pad, LEFT, pos=places[-1])
    return pad


def sure_of(k, p=0.97):
    return [p if i == k else (1 - p) / 9 for i in range(10)]


def test_drawing_is_seen_prepared_and_answered(qtbot, tab, predictor):
    predictor.set_network(constant_network(sure_of(7)), "weights of epoch 3, step 1,200")
    assert words(tab, "weightsLabel") == "Weights of epoch 3, step 1,200"
    qtbot.waitUntil(lambda: words(tab, "answerWords") == "Nothing drawn yet")
    pad = draw(tab, (0.3, 0.2), (0.7, 0.2), (0.4, 0.8))
    qtbot.waitUntil(lambda: words(tab, "answerLabel") == "7")
    assert words(tab, "answerWords") == "Quite sure (97 %)"
    shown = find(tab, DigitView, "preparedDigitView").pixels
    qtbot.waitUntil(lambda: np.array_equal(shown(), prepare_digit(pad.ink())))
    bars = find(tab, ProbabilityBars, "probabilityBars")
    np.testing.assert_allclose(bars.probabilities(), sure_of(7), atol=1e-5)


def test_answer_follows_the_weights_while_the_drawing_stays(qtbot, tab, predictor):
    predictor.set_network(constant_network(sure_of(1)), "weights of epoch 1, step 5")
    draw(tab, (0.5, 0.2), (0.5, 0.8))
    qtbot.waitUntil(lambda: words(tab, "answerLabel") == "1")
    predictor.set_network(constant_network(sure_of(2)), "weights of epoch 2, step 10")
    qtbot.waitUntil(lambda: words(tab, "answerLabel") == "2")
    assert words(tab, "weightsLabel") == "Weights of epoch 2, step 10"


def test_untrained_network_is_called_so(qtbot, tab, predictor):
    predictor.set_network(random_network(784, 10), "untrained weights", trained=False)
    draw(tab, (0.5, 0.2), (0.5, 0.8))
    qtbot.waitUntil(lambda: words(tab, "answerWords") == "Not trained yet")
    assert "these figures are chance" in words(tab, "answerExplanation")


def test_tools_erase_undo_redo_clear_and_set_the_width(tab):
    def button(name):
        return find(tab, QAbstractButton, name)

    pad = find(tab, DrawPad, "drawPad")
    assert not button("undoStrokeButton").isEnabled()
    assert not button("clearPadButton").isEnabled()
    draw(tab, (0.5, 0.2), (0.5, 0.8))
    button("undoStrokeButton").click()
    assert pad.isEmpty()
    button("redoStrokeButton").click()
    assert not pad.isEmpty()
    button("clearPadButton").click()
    assert pad.isEmpty()
    button("eraserButton").click()
    assert pad.erasing()
    QTest.keyClick(pad, Qt.Key.Key_E)
    assert button("penButton").isChecked()
    find(tab, QSlider, "penWidthSlider").setValue(30)
    assert pad.penWidth() == 30


def picture(paper="white", ink="black"):
    image = QImage(90, 90, QImage.Format.Format_RGB32)
    image.fill(QColor(paper))
    painter = QPainter(image)
    painter.setPen(QPen(QColor(ink), 8))
    painter.drawLine(45, 20, 45, 70)
    painter.end()
    return image


def test_opened_image_is_put_on_the_pad_and_read(qtbot, tab, predictor, tmp_path):
    predictor.set_network(constant_network(sure_of(1)), "weights from x")
    assert picture().save(str(tmp_path / "one.png"))
    tab.drawing.open_file(str(tmp_path / "one.png"))
    qtbot.waitUntil(lambda: words(tab, "answerLabel") == "1")
    ink = find(tab, DrawPad, "drawPad").ink()
    assert ink[140, 140] > 200
    assert ink[140, 30] == 0


def test_bad_image_is_refused_in_a_sentence_and_the_pad_stays(qtbot, tab, tmp_path):
    pad = draw(tab, (0.5, 0.2), (0.5, 0.8))
    before = pad.ink()
    (tmp_path / "notes.png").write_text("no image")
    tab.drawing.open_file(str(tmp_path / "notes.png"))
    qtbot.waitUntil(tab.banner.isVisible)
    assert tab.banner.text.startswith("notes.png is not an image")
    np.testing.assert_array_equal(pad.ink(), before)
    draw(tab, (0.2, 0.2), (0.4, 0.2))
    assert not tab.banner.isVisible()


def test_pasted_image_is_read_and_an_empty_clipboard_said(qtbot, tab):
    clipboard = QGuiApplication.clipboard()
    paste = find(tab, QAbstractButton, "pasteImageButton")
    clipboard.setText("words")
    paste.click()
    assert "no image on the clipboard" in tab.banner.text
    data = QMimeData()
    data.setImageData(picture("black", "white"))
    clipboard.setMimeData(data)
    paste.click()
    pad = find(tab, DrawPad, "drawPad")
    qtbot.waitUntil(lambda: not pad.isEmpty())
    assert pad.ink()[140, 140] > 200
    assert not tab.banner.isVisible()
    clipboard.clear()


def choose(tab, name, text):
    combo = find(tab, QComboBox, name)
    place = combo.findText(text)
    assert place >= 0, f"{name} has no {text}"
    combo.setCurrentIndex(place)
    combo.activated.emit(place)


def test_filters_and_order_show_what_numpy_picks(qtbot, tab, predictor, samples):
    with qtbot.waitSignal(samples.predictionsChanged):
        predictor.set_network(random_network(784, 10, spread=0.05), "weights of epoch 1, step 9")
    told, labels = samples.predictions, samples.samples.labels
    grid = find(tab, SampleGrid, "sampleGrid")
    choose(tab, "verdictCombo", "Wrong")
    wrong = np.flatnonzero(~told.correct)
    assert samples.rows.tolist() == wrong.tolist()
    assert grid.model().rowCount() == len(wrong)
    assert words(tab, "sampleShownLabel") == f"{len(wrong)} shown"
    choose(tab, "sortCombo", "By loss")
    assert samples.rows.tolist() == sorted(wrong, key=lambda k: -told.losses[k])
    find(tab, QAbstractButton, "sortDirectionButton").click()
    assert samples.rows.tolist() == sorted(wrong, key=lambda k: told.losses[k])
    truth = int(labels[wrong[0]])
    choose(tab, "trueClassCombo", f"True: class {truth}")
    assert set(labels[samples.rows].tolist()) == {truth}
    choose(tab, "verdictCombo", "All")
    choose(tab, "trueClassCombo", "True: any")
    said = int(told.predicted[0])
    choose(tab, "predictedClassCombo", f"Predicted: class {said}")
    assert set(told.predicted[samples.rows].tolist()) == {said}


def test_choosing_the_test_images_predicts_and_counts_them(qtbot, tab, predictor, samples, dataset):
    predictor.set_network(constant_network(sure_of(0)), "weights of epoch 1, step 9")
    choose(tab, "sampleSetCombo", "Test")
    qtbot.waitUntil(lambda: samples.predictions is not None)
    zeros = int((dataset.test_labels == 0).sum())
    assert words(tab, "sampleSummaryLabel").endswith(f"right, {30 - zeros} wrong")


def test_random_button_draws_three_by_three_and_sizes_can_be_chosen(tab, samples):
    random = find(tab, QAbstractButton, "randomSamplesButton")
    random.click()
    first = samples.rows.tolist()
    assert len(first) == 9
    assert find(tab, QComboBox, "gridSizeCombo").currentText() == "3 × 3"
    random.click()
    assert samples.rows.tolist() != first
    choose(tab, "gridSizeCombo", "5 × 5")
    assert len(samples.rows) == 25
    assert find(tab, SampleGrid, "sampleGrid").layout_cells().columns == 5
    choose(tab, "gridSizeCombo", "Scroll all")
    assert len(samples.rows) == 60


def test_clicked_sample_is_shown_large_with_its_probabilities(qtbot, tab, predictor, samples):
    with qtbot.waitSignal(samples.predictionsChanged):
        predictor.set_network(constant_network(sure_of(3, 0.8)), "weights of epoch 1, step 9")
    grid = find(tab, SampleGrid, "sampleGrid")
    place = grid.visualRect(grid.model().index(4, 0)).center()
    QTest.mouseClick(grid.viewport(), LEFT, pos=place)
    view = find(tab, DigitView, "sampleDetailView")
    assert view.isVisible()
    np.testing.assert_array_equal(view.pixels(), samples.samples.image(4))
    truth = int(samples.samples.labels[4])
    loss = -np.log(0.8 if truth == 3 else 0.2 / 9)
    facts = words(tab, "sampleFactsLabel")
    assert facts == (
        f"Predicted class 3\n80.0 % confident\nTrue class class {truth}\nLoss {loss:.3g}"
    )
    assert words(tab, "sampleVerdictLabel") == ("Right" if truth == 3 else "Wrong")
    bars = find(tab, ProbabilityBars, "sampleProbabilityBars")
    np.testing.assert_allclose(bars.probabilities(), sure_of(3, 0.8), atol=1e-5)
    QTest.keyClick(grid, Qt.Key.Key_Right)
    np.testing.assert_array_equal(view.pixels(), samples.samples.image(5))


def test_chosen_sample_stays_marked_when_the_order_changes(qtbot, tab, predictor, samples):
    with qtbot.waitSignal(samples.predictionsChanged):
        predictor.set_network(random_network(784, 10, spread=0.05), "weights of epoch 1, step 9")
    grid = find(tab, SampleGrid, "sampleGrid")
    grid.setCurrentIndex(grid.model().index(4, 0))
    choose(tab, "sortCombo", "By confidence")
    assert samples.current == 4
    assert samples.rows[grid.currentIndex().row()] == 4


def test_sample_can_be_put_on_the_pad(qtbot, tab, samples):
    grid = find(tab, SampleGrid, "sampleGrid")
    grid.setCurrentIndex(grid.model().index(2, 0))
    find(tab, QAbstractButton, "sampleToPadButton").click()
    pad = find(tab, DrawPad, "drawPad")
    small = pad.ink().reshape(28, 10, 28, 10).mean((1, 3))
    assert np.corrcoef(small.ravel(), samples.samples.image(2).ravel())[0, 1] > 0.9


def test_hidden_tab_rests_and_catches_up_when_it_is_shown(qtbot, predictor, samples):
    stack = QStackedWidget()
    qtbot.addWidget(stack)
    tab = PredictionTab(predictor, samples)
    stack.addWidget(QWidget())
    stack.addWidget(tab)
    stack.resize(900, 650)
    stack.show()
    qtbot.waitExposed(stack)
    with qtbot.assertNotEmitted(samples.predictionsChanged, wait=60):
        predictor.set_network(constant_network(sure_of(1)), "weights of epoch 1, step 9")
    with qtbot.waitSignal(samples.predictionsChanged):
        stack.setCurrentWidget(tab)
    tab.close_threads()


def test_everything_to_be_handled_has_a_name_for_programs_and_for_people(tab):
    kinds = (QAbstractButton, QComboBox, QSlider, DrawPad, SampleGrid)
    own = {
        widget.objectName(): widget
        for kind in kinds
        for widget in tab.findChildren(kind)
        if not widget.objectName().startswith("qt_")
    }
    assert len(own) >= 18
    for name, widget in own.items():
        assert name, f"a {type(widget).__name__} has no objectName"
        assert widget.accessibleName(), f"{name} has no accessible name"
        assert widget.toolTip() or isinstance(widget, SampleGrid), f"{name} has no tool tip"


@pytest.mark.parametrize("size", [(900, 650), (1600, 900), (2200, 1300)])
def test_nothing_reaches_beyond_its_parent(qtbot, tab, size):
    tab.resize(*size)
    QGuiApplication.processEvents()
    for widget in tab.findChildren(QWidget):
        if widget.isVisible() and widget.parentWidget() is not None:
            assert widget.parentWidget().rect().contains(widget.geometry()), widget.objectName()
    pad = find(tab, DrawPad, "drawPad")
    assert min(pad.width(), pad.height()) >= 180
    assert abs(pad.width() - pad.height()) <= 0.25 * pad.height()
