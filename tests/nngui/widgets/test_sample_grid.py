"""Sixty thousand samples cost no more than those in sight, and each is painted as it is."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QStyleOptionViewItem

from nncore.data import Dataset, Split
from nngui.theme import DARK, LIGHT, palette_of
from nngui.viewmodels.predictor import Predictor
from nngui.viewmodels.sample_list import Sample, SampleList
from nngui.viewmodels.sample_predictions import SortKey, Verdict
from nngui.viewmodels.samples import Samples
from nngui.widgets.sample_grid import SampleGrid
from nngui.widgets.sample_grid_delegate import SampleDelegate
from tests.nngui.made_networks import random_network

KEYS = Qt.Key
COUNT = 60_000


def large_dataset():
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (COUNT, 16), np.uint8)
    labels = np.arange(COUNT) % 3
    names = ("0", "1", "2")
    return Dataset("large", images, labels, images[:9], labels[:9], names, (4, 4))


@pytest.fixture(scope="module")
def dataset():
    return large_dataset()


@pytest.fixture
def samples(qapp, dataset):
    predictor = Predictor()
    samples = Samples(predictor, np.random.default_rng(0))
    samples.predictor = predictor
    samples.set_dataset(dataset, Split(np.arange(COUNT), np.arange(0, COUNT, 2)))
    samples.choose_set("training")
    samples.set_active(True)
    yield samples
    samples.close()


@pytest.fixture
def grid(qtbot, samples):
    grid = SampleGrid(SampleList(samples))
    qtbot.addWidget(grid)
    grid.resize(640, 300)
    grid.show()
    qtbot.waitExposed(grid)
    return grid


def test_only_samples_in_sight_are_asked_for(qtbot, monkeypatch, grid):
    asked = []
    original = SampleList.sample
    monkeypatch.setattr(
        SampleList, "sample", lambda self, row: (asked.append(row), original(self, row))[1]
    )
    layout = grid.layout_cells()
    in_sight = layout.columns * (300 // layout.size.height() + 2)
    grid.verticalScrollBar().setValue(grid.verticalScrollBar().maximum() // 2)
    asked.clear()
    grid.viewport().repaint()
    assert 0 < len(asked) <= in_sight
    assert min(asked) > COUNT // 3
    asked.clear()
    grid.model().dataChanged.emit(grid.model().index(0), grid.model().index(COUNT - 1))
    qtbot.waitUntil(lambda: len(asked) > 0)
    assert len(asked) <= in_sight


@pytest.mark.parametrize("width", [200, 640, 1500])
@pytest.mark.parametrize("columns", [None, 3, 10])
def test_place_and_sample_belong_together(grid, width, columns):
    grid.setFixedColumns(columns)
    grid.resize(width, 300)
    for row in (0, 1, 7, 1234, COUNT - 1):
        index = grid.model().index(row, 0)
        grid.scrollTo(index)
        place = grid.visualRect(index)
        assert grid.viewport().rect().contains(place.center())
        assert grid.indexAt(place.center()).row() == row
        assert grid.indexAt(place.topLeft()).row() == row
        assert grid.indexAt(place.bottomRight()).row() == row
    assert not grid.indexAt(QPoint(width + 50, 10)).isValid()


def test_last_line_can_be_scrolled_to_and_no_further(grid):
    bar = grid.verticalScrollBar()
    bar.setValue(bar.maximum())
    last = grid.visualRect(grid.model().index(COUNT - 1, 0))
    assert last.bottom() == grid.viewport().height() - 1


def test_square_grid_shows_all_its_samples_if_there_is_room(samples, grid):
    samples.draw_random(9)
    grid.setFixedColumns(3)
    grid.resize(500, 420)
    assert grid.verticalScrollBar().maximum() == 0
    cells = [grid.visualRect(grid.model().index(row, 0)) for row in range(9)]
    assert all(grid.viewport().rect().contains(cell) for cell in cells)
    assert len({cell.left() for cell in cells}) == 3
    assert len({cell.top() for cell in cells}) == 3


def test_click_and_keys_choose_a_sample(grid):
    columns = grid.layout_cells().columns
    QTest.mouseClick(
        grid.viewport(),
        Qt.MouseButton.LeftButton,
        pos=grid.visualRect(grid.model().index(2)).center(),
    )
    assert grid.currentIndex().row() == 2
    for key, row in (
        (KEYS.Key_Right, 3),
        (KEYS.Key_Left, 2),
        (KEYS.Key_Up, 2),
        (KEYS.Key_Down, 2 + columns),
        (KEYS.Key_End, COUNT - 1),
        (KEYS.Key_Right, COUNT - 1),
        (KEYS.Key_Home, 0),
        (KEYS.Key_Left, 0),
    ):
        QTest.keyClick(grid, key)
        assert grid.currentIndex().row() == row
        assert grid.viewport().rect().contains(grid.visualRect(grid.currentIndex()).center())
    QTest.keyClick(grid, KEYS.Key_PageDown)
    assert grid.currentIndex().row() >= 2 * columns


def test_other_width_keeps_the_samples_at_the_top(grid):
    index = grid.model().index(30_000, 0)
    grid.scrollTo(index, SampleGrid.ScrollHint.PositionAtCenter)
    for width in (900, 400, 1200, 640):
        grid.resize(width, 300)
    top = grid.indexAt(QPoint(1, 1)).row()
    assert abs(top - 30_000) < 40


def test_newer_predictions_do_not_scroll(qtbot, samples, grid):
    samples.change_query(sort=SortKey.CONFIDENCE)
    samples.choose_set("validation")
    grid.verticalScrollBar().setValue(5000)
    with qtbot.waitSignal(samples.predictionsChanged):
        samples.predictor.set_network(random_network(16, 3, seed=2), "epoch 1")
    assert samples.rows.tolist() != list(range(COUNT // 2))
    assert grid.verticalScrollBar().value() == 5000


def test_empty_grid_says_why(qtbot, samples, grid):
    grid.setEmptyText("No image matches these filters.")
    samples.change_query(verdict=Verdict.WRONG)
    shot = grid.viewport().grab().toImage()
    grid.setEmptyText("")
    assert shot != grid.viewport().grab().toImage()


# --- the delegate --------------------------------------------------------------------------------


@pytest.fixture(params=[LIGHT, DARK], ids=["light", "dark"])
def theme(request):
    return request.param


@pytest.fixture
def paint(samples, theme):
    """Paints one sample and gives the picture, with where its thumbnail and its label are."""
    delegate = SampleDelegate(SampleList(samples))

    def paint(pixels, truth, predicted, side=100):
        option = QStyleOptionViewItem()
        option.palette = palette_of(theme)
        look = delegate.look(option)
        cell = QRect(QPoint(0, 0), look.cell(side))
        image = QImage(cell.size(), QImage.Format.Format_RGB32)
        image.fill(QColor(theme.surface))
        painter = QPainter(image)
        delegate.paint_cell(painter, look, cell, Sample(pixels, truth, predicted), False)
        painter.end()
        place = look.thumbnail(cell)
        label = QRect(0, place.bottom() + 2, cell.width(), cell.bottom() - place.bottom() - 2)
        return image, place, label

    return paint


def count(image, area, color):
    color = QColor(color)
    return sum(
        image.pixelColor(x, y) == color
        for x in range(area.left(), area.right() + 1)
        for y in range(area.top(), area.bottom() + 1)
    )


PIXELS = np.array([[0, 255], [255, 0]], np.uint8)


def test_thumbnail_is_the_samples_pixels(paint):
    image, place, _ = paint(PIXELS, 1, 1)
    for row in (0, 1):
        for column in (0, 1):
            x = place.left() + place.width() * (1 + 2 * column) // 4
            y = place.top() + place.height() * (1 + 2 * row) // 4
            assert image.pixelColor(x, y).red() == PIXELS[row, column]


def test_thumbnail_keeps_the_proportions_of_its_image(paint, theme):
    image, place, _ = paint(np.full((2, 8), 200, np.uint8), 1, 1)
    gray = QColor(200, 200, 200)
    assert count(image, place, gray) == place.width() * place.width() // 4
    assert image.pixelColor(place.center()) == gray
    assert image.pixelColor(place.center().x(), place.top() + 5) == QColor(theme.surface)


def test_wrong_sample_is_framed_and_crossed_and_a_right_one_checked(paint, theme):
    wrong, place, label = paint(PIXELS, 1, 2)
    right, _, _ = paint(PIXELS, 1, 1)
    around = place.adjusted(-1, -1, 1, 1)
    assert count(wrong, around, theme.wrong) >= 4 * 95
    assert count(right, around, theme.wrong) == 0
    assert count(wrong, label, theme.wrong) > 10
    assert count(wrong, label, theme.correct) == 0
    assert count(right, label, theme.correct) > 10
    assert count(right, label, theme.wrong) == 0


def test_sign_differs_in_shape_and_not_only_in_color(paint, theme):
    """The sign's ink, whatever its color, lies elsewhere: a check is not a cross."""
    shapes = []
    for predicted, color in ((1, theme.correct), (2, theme.wrong)):
        image, _, label = paint(PIXELS, 1, predicted)
        sign = QRect(label.left(), label.top(), 18, label.height())
        shapes.append(
            {
                (x, y)
                for x in range(sign.left(), sign.right())
                for y in range(sign.top(), sign.bottom())
                if image.pixelColor(x, y) == QColor(color)
            }
        )
    check, cross = shapes
    assert check
    assert cross
    assert len(check & cross) < 0.7 * min(len(check), len(cross))


def test_without_prediction_there_is_no_verdict(paint, theme):
    image, place, label = paint(PIXELS, 1, -1)
    for area in (place.adjusted(-1, -1, 1, 1), label):
        assert count(image, area, theme.wrong) == 0
        assert count(image, area, theme.correct) == 0


def test_label_changes_with_predicted_and_with_true_class(paint):
    labels = []
    for truth, predicted in ((1, 2), (0, 2), (1, 0)):
        image, _, label = paint(PIXELS, truth, predicted)
        labels.append(image.copy(label))
    assert labels[0] != labels[1] != labels[2] != labels[0]
