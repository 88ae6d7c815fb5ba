from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest

from nngui.theme import DARK, LIGHT, palette_of
from nngui.widgets.diagram_layout import band_of, lay_out
from nngui.widgets.diagram_painter import DiagramLayer
from nngui.widgets.network_diagram import NetworkDiagram


def layers_of(*units: int) -> list[DiagramLayer]:
    names = ["inputs", *["ReLU"] * (len(units) - 2), "softmax"]
    return [DiagramLayer(n, name) for n, name in zip(units, names, strict=True)]


@pytest.fixture
def diagram(qtbot) -> NetworkDiagram:
    diagram = NetworkDiagram()
    diagram.setPalette(palette_of(LIGHT))
    qtbot.addWidget(diagram)
    diagram.resize(280, 176)
    with qtbot.waitExposed(diagram):
        diagram.show()
    return diagram


def colors_of(diagram: NetworkDiagram, x: float) -> set[str]:
    """The colors on a vertical line through the picture."""
    image: QImage = diagram.grab().toImage()
    return {image.pixelColor(round(x), y).name() for y in range(image.height())}


def hues_of(diagram: NetworkDiagram, x: float) -> set[str]:
    """The strong hues on a vertical line through the picture."""
    colors = [QColor(name) for name in colors_of(diagram, x)]
    differences = [color.blue() - color.red() for color in colors]
    found = {
        "blue" if difference > 0 else "orange" for difference in differences if abs(difference) > 60
    }
    return found


def count_like(diagram: NetworkDiagram, color: str) -> int:
    """How many pixels have nearly the hue and strength of a color."""
    image, wanted = diagram.grab().toImage(), QColor(color)
    near = 0
    for y in range(image.height()):
        for x in range(image.width()):
            pixel = image.pixelColor(x, y)
            apart = abs(pixel.red() - wanted.red()) + abs(pixel.blue() - wanted.blue())
            near += apart < 60
    return near


class TestLayout:
    @pytest.mark.parametrize("hidden", [0, 1, 2, 10, 64])
    @pytest.mark.parametrize("width", [120, 280, 600])
    def test_columns_stand_apart_and_inside_the_picture(self, hidden, width):
        columns = lay_out([784, *[100] * hidden, 10], width, 140)
        places = [column.x for column in columns]
        assert len(columns) == hidden + 2
        assert places == sorted(set(places))
        assert columns[0].x - columns[0].half >= 0
        assert columns[-1].x + columns[-1].half <= width
        for column in columns:
            assert all(0 <= y <= 140 for y in column.places)
            assert all(0 <= unit < column.units for unit in column.members)

    def test_few_units_are_all_shown_and_many_end_in_an_ellipsis(self):
        _, few, many = lay_out([784, 3, 500], 280, 140)
        assert (few.members, few.gap) == ((0, 1, 2), None)
        assert many.members[0] == 0
        assert many.members[-1] == 499
        assert many.gap is not None

    def test_ten_classes_are_all_shown(self):
        assert lay_out([784, 128, 10], 280, 140)[-1].members == tuple(range(10))

    @pytest.mark.parametrize(("bands", "inputs"), [(10, 784), (4, 5), (3, 3), (1, 1)])
    def test_bands_cover_every_input_once(self, bands, inputs):
        covered = [i for band in range(bands) for i in range(inputs)[band_of(band, bands, inputs)]]
        assert covered == list(range(inputs))


class TestPicture:
    @pytest.mark.parametrize("hidden", [0, 1, 64])
    @pytest.mark.parametrize("theme", [LIGHT, DARK])
    def test_it_paints_lines_and_output_for_any_depth(self, hidden, theme, diagram):
        diagram.setPalette(palette_of(theme))
        diagram.set_layers(layers_of(784, *[100] * hidden, 10))
        first, second = diagram.columns[:2]
        between = (first.x + first.half + second.x - second.half) / 2
        assert len(colors_of(diagram, between)) > 1
        assert count_like(diagram, theme.best) > 0

    def test_it_is_painted_once_until_something_changes(self, diagram, monkeypatch):
        paintings = []
        original = NetworkDiagram._paint_pixmap
        monkeypatch.setattr(
            NetworkDiagram, "_paint_pixmap", lambda self: paintings.append(1) or original(self)
        )
        diagram.set_layers(layers_of(784, 128, 10))
        diagram.grab()
        diagram.select(1)
        diagram.set_layers(layers_of(784, 128, 10))
        diagram.grab()
        assert len(paintings) == 1
        diagram.set_layers(layers_of(784, 64, 10))
        diagram.grab()
        assert len(paintings) == 2

    def test_it_says_the_network_in_words(self, diagram):
        diagram.set_layers(layers_of(784, 128, 10))
        assert diagram.accessibleDescription() == "784 inputs, 128 ReLU, 10 softmax"

    def test_a_selected_column_is_marked(self, diagram):
        diagram.set_layers(layers_of(784, 128, 10))
        x = diagram.columns[1].x + diagram.columns[1].half + 3
        plain = colors_of(diagram, x)
        diagram.select(1)
        assert colors_of(diagram, x) != plain

    def test_a_click_tells_the_nearest_column(self, diagram, qtbot):
        diagram.set_layers(layers_of(784, 128, 64, 10))
        for index, column in enumerate(diagram.columns):
            with qtbot.waitSignal(diagram.layerClicked) as clicked:
                place = QPoint(round(column.x), 60)
                QTest.mouseClick(diagram, Qt.MouseButton.LeftButton, pos=place)
            assert clicked.args == [index]


class TestWeights:
    def test_positive_is_blue_and_negative_orange(self, diagram):
        diagram.set_layers(layers_of(6, 4, 2))
        first, second, third = diagram.columns
        left, right = (first.x + second.x) / 2, (second.x + third.x) / 2
        assert hues_of(diagram, left) == set()
        diagram.set_weights([np.ones((4, 6)), -np.ones((2, 4))])
        assert (hues_of(diagram, left), hues_of(diagram, right)) == ({"blue"}, {"orange"})

    def test_lines_have_the_weights_of_the_units_they_join(self, diagram):
        diagram.set_layers(layers_of(784, 50, 40, 10))
        rng = np.random.default_rng(0)
        weights = [rng.normal(size=shape) for shape in ((50, 784), (40, 50), (10, 40))]
        diagram.set_weights(weights)
        below, above = diagram.columns[1:3]
        shown = diagram.strengths[1]
        assert np.abs(shown).max() == 1
        for i, unit in enumerate(above.members):
            for j, source in enumerate(below.members):
                ratio = shown[i, j] / shown[0, 0]
                assert ratio == pytest.approx(
                    weights[1][unit, source] / weights[1][above.members[0], below.members[0]]
                )

    def test_lines_from_the_inputs_have_the_mean_weight_of_their_band(self, diagram):
        diagram.set_layers(layers_of(784, 1, 2))
        bands = len(diagram.columns[0].places)
        first = np.zeros((1, 784))
        first[0, : 784 // bands] = 2
        diagram.set_weights([first, np.zeros((2, 1))])
        assert diagram.strengths[0][0, 0] == 1
        assert np.all(diagram.strengths[0][0, 1:] == 0)

    @pytest.mark.parametrize("value", [np.nan, np.inf, 0])
    def test_weights_that_say_nothing_leave_no_lines(self, value, diagram):
        diagram.set_layers(layers_of(6, 2))
        diagram.set_weights([np.full((2, 6), value)])
        assert not diagram.strengths[0].any()
        diagram.grab()

    def test_weights_of_another_network_are_not_shown(self, diagram):
        diagram.set_layers(layers_of(784, 50, 10))
        diagram.set_weights([np.ones((25, 784)), np.ones((10, 25))])
        assert diagram.strengths == []

    def test_weights_are_hidden_while_the_layers_are_not_theirs(self, diagram):
        """As when a change of the architecture is undone: the trained network is still there."""
        diagram.set_layers(layers_of(6, 4, 2))
        diagram.set_weights([np.ones((4, 6)), np.ones((2, 4))])
        before = [each.tolist() for each in diagram.strengths]
        diagram.set_layers(layers_of(6, 5, 2))
        assert diagram.strengths == []
        diagram.set_layers(layers_of(6, 4, 2))
        assert [each.tolist() for each in diagram.strengths] == before
