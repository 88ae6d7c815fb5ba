"""Every pixel can be told from its neighbors, and its value read."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint

from nngui.widgets.digit_view import DigitView, enlarge, gray_image


@pytest.fixture
def view(qtbot):
    view = DigitView()
    qtbot.addWidget(view)
    view.resize(28 * 7, 28 * 7)
    view.show()
    qtbot.waitExposed(view)
    return view


def test_each_pixel_is_a_square_of_its_gray(view):
    pixels = np.random.default_rng(0).integers(0, 256, (28, 28), np.uint8)
    view.setPixels(pixels)
    shot = view.grab().toImage()
    for row in range(28):
        for column in range(28):
            at = QPoint(7 * column + 4, 7 * row + 4)
            assert shot.pixelColor(at).red() == pixels[row, column]
            assert view.pixel_at(at) == (row, column)


def test_edges_part_pixels_of_the_same_gray(view):
    view.setPixels(np.full((28, 28), 255, np.uint8))
    shot = view.grab().toImage()
    assert shot.pixelColor(70, 73).red() < 255
    assert shot.pixelColor(73, 70).red() < 255
    assert shot.pixelColor(73, 73).red() == 255


@pytest.mark.parametrize("columns", [1, 5, 28, 31])
def test_rows_that_are_no_multiple_of_four_bytes_are_not_sheared(columns):
    pixels = np.random.default_rng(1).integers(0, 256, (9, columns), np.uint8)
    image = gray_image(pixels)
    for row in range(9):
        for column in range(columns):
            assert image.pixelColor(column, row).red() == pixels[row, column]


def test_picture_outlives_its_array():
    pixels = np.full((3, 3), 200, np.uint8)
    image = gray_image(pixels)
    pixels[:] = 0
    assert image.pixelColor(1, 1).red() == 200


def test_enlarging_repeats_each_pixel():
    pixels = np.array([[0, 255], [100, 50]], np.uint8)
    np.testing.assert_array_equal(enlarge(pixels, 3, edges=False), np.kron(pixels, np.ones((3, 3))))
    assert enlarge(pixels, 3, edges=True)[4, 1] == 100


def test_outside_and_without_a_picture_there_is_no_pixel(view):
    assert view.pixel_at(QPoint(5, 5)) is None
    view.setPixels(np.zeros((28, 28), np.uint8))
    view.resize(300, 28 * 7)
    assert view.pixel_at(QPoint(2, 50)) is None
    assert view.pixel_at(view.rect().center()) is not None


def test_a_picture_with_more_pixels_than_the_view_is_shrunk_and_not_cut_off(view):
    pixels = np.zeros((400, 800), np.uint8)
    pixels[:, 600:] = 255
    view.setPixels(pixels)
    shot = view.grab().toImage()
    middle = view.height() // 2
    grays = [shot.pixelColor(x, middle).red() for x in range(view.width())]
    assert grays[10] == 0
    assert grays[view.width() * 5 // 8] == 0
    assert grays[view.width() * 7 // 8] == 255
    assert view.pixel_at(QPoint(view.width() - 1, middle)) == pytest.approx((200, 797), abs=4)
