from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest

from nngui.theme import DARK, LIGHT
from nngui.widgets.confusion_map import ConfusionMap
from nngui.widgets.confusion_shades import needs_black, shades

COUNTS = np.array([[50, 3, 0], [1, 40, 9], [0, 0, 0]])
NAMES = ("cat", "dog", "owl")


@pytest.fixture
def view(qtbot) -> ConfusionMap:
    view = ConfusionMap()
    qtbot.addWidget(view)
    view.resize(300, 300)
    view.show_counts(COUNTS, NAMES)
    view.show()
    return view


def test_cells_are_told_in_words(view):
    told = view.cell_text(0, 1).replace("\u00a0", " ")
    assert told == "cat taken for dog: 3 of 53, 5.7 % of them"
    assert view.cell_text(1, 1).startswith("dog: 40 of 50 right")
    assert view.cell_text(2, 0) == "owl taken for cat: 0 of 0"


def test_cells_lie_in_rows_of_true_classes_and_columns_of_predicted_ones(view, qtbot):
    chosen = []
    view.chosen.connect(lambda *cell: chosen.append(cell))
    for true in range(3):
        for said in range(3):
            place = view.cell_rect(true, said).center().toPoint()
            QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=place)
            assert chosen[-1] == (true, said)
    assert view.cell_rect(0, 2).left() > view.cell_rect(0, 0).right()
    assert view.cell_rect(2, 0).top() > view.cell_rect(0, 0).bottom()
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    assert len(chosen) == 9


def test_keys_go_from_cell_to_cell_and_choose(view):
    chosen = []
    view.chosen.connect(lambda *cell: chosen.append(cell))
    keys = Qt.Key
    # The first arrow only goes to the first cell; the edges hold.
    for key in (keys.Key_Right, keys.Key_Up, keys.Key_Right, keys.Key_Down, keys.Key_Left):
        QTest.keyClick(view, key)
    assert view.accessibleDescription() == view.cell_text(1, 0)
    QTest.keyClick(view, keys.Key_Return)
    assert chosen == [(1, 0)]


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_most_frequent_mistake_stands_out_most_and_nothing_is_the_papers_color(theme):
    colors = shades(COUNTS, theme).astype(int)

    def rgb(role):
        return np.array(QColor(theme.color(role)).getRgb()[:3])

    def distance(row, column):
        return np.abs(colors[row, column] - rgb("raised")).sum()

    assert distance(0, 2) == distance(2, 1) == distance(2, 2) == 0
    assert distance(1, 2) > distance(0, 1) > distance(1, 0) > 0
    assert np.abs(colors[1, 2] - rgb("negative")).max() <= 1
    assert colors[0, 0, 1] > colors[0, 0, 0]


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_every_count_can_be_read_on_its_color(theme):
    """WCAG asks for a contrast of at least 4.5 to 1."""
    counts = np.arange(100).reshape(10, 10)
    colors = shades(counts, theme)
    for color, is_black in zip(colors.reshape(-1, 3), needs_black(colors).ravel(), strict=True):
        ink = 0.0 if is_black else 1.0
        lighter, darker = sorted((luminance(color), ink), reverse=True)
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def luminance(color: np.ndarray) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (color / 255).tolist()
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_many_classes_are_painted_without_their_counts(qtbot):
    view = ConfusionMap()
    qtbot.addWidget(view)
    view.resize(300, 300)
    view.show_counts(np.eye(250, dtype=np.int64), tuple(map(str, range(250))))
    image = view.grab().toImage()
    first = view.cell_rect(0, 0).center().toPoint()
    assert image.pixelColor(first).green() > image.pixelColor(first).red()


def test_nothing_is_painted_of_nothing(qtbot):
    view = ConfusionMap()
    qtbot.addWidget(view)
    view.show_counts(None, ())
    view.grab()
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert view.accessibleDescription().startswith("Arrow keys")
