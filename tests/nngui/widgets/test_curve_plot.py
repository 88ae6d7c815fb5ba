"""The plot as a widget: what it draws, reads out, and gives away."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from xml.etree import ElementTree

import numpy as np
import pyqtgraph
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QGuiApplication,
    QImage,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton

from nngui.theme import DARK, LIGHT, palette_of
from nngui.widgets.curve_plot import CurvePlot
from nngui.widgets.curve_plot_spec import CurveSpec, PlotData, PlotSpec, Quantity

LOSS = Quantity("Loss", "nats")
SPEC = PlotSpec(
    "loss",
    "Loss",
    "Epoch",
    LOSS,
    LOSS,
    (
        CurveSpec("train_loss", "train", "train"),
        CurveSpec("validation_loss", "validation", "validation", dashed=True),
    ),
    waiting="Nothing yet.",
    best="validation_loss",
)
TRAIN = np.array([2.0, 1.0, 0.5, 0.1 + 0.2])
VALIDATION = np.array([2.2, 1.1, 0.7, 0.9])


def data(train=TRAIN, validation=VALIDATION, *, best=3, run=None) -> PlotData:
    values = {"train_loss": train, "validation_loss": validation}
    return PlotData(run or object(), values, planned=10, best=best)


@pytest.fixture
def chosen(tmp_path):
    """Where the person saves; set `path` to choose."""

    class Chosen:
        path = str(tmp_path / "plot")

        def __call__(self, parent, title, suggested, file_filter):
            return self.path

    return Chosen()


@pytest.fixture
def plot(qtbot, chosen) -> CurvePlot:
    widget = CurvePlot(SPEC, chosen)
    widget.setPalette(palette_of(LIGHT))
    widget.resize(640, 400)
    qtbot.addWidget(widget)
    widget.build()
    widget.show()
    qtbot.waitExposed(widget)
    # The first layout of the axes takes a turn of the event loop.
    qtbot.waitUntil(lambda: widget.canvas.plot_area().width() > 400)
    return widget


def has_color(image: QImage, name: str) -> bool:
    """Whether a color is in a picture, exactly."""
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint32)
    return bool((pixels == QColor(name).rgb()).any())


def drawn(plot: CurvePlot, key: str) -> tuple[np.ndarray, np.ndarray]:
    """What the item of a current curve was given."""
    return plot.canvas._current[key].line.getData()


def test_empty_plot_says_what_will_be_there_and_needs_no_plotting_library(qtbot):
    plot = CurvePlot(SPEC)
    qtbot.addWidget(plot)
    plot.resize(400, 300)
    plot.show_runs(PlotData(object(), {}), None)
    assert plot.canvas is None
    assert not plot.grab().isNull()
    assert plot._waiting.text() == "Nothing yet."
    assert not plot._waiting.isHidden()


def test_values_reach_the_screen_and_the_waiting_text_leaves(plot):
    plot.show_runs(data(), None)
    places, heights = drawn(plot, "train_loss")
    assert places.tolist() == [1, 2, 3, 4]
    assert heights.tolist() == TRAIN.tolist()
    assert plot._waiting.isHidden()
    image = plot.grab().toImage()
    for role in ("train", "validation", "best"):
        assert has_color(image, getattr(LIGHT, role)), role


def test_single_value_is_seen_as_a_dot(plot):
    plot.show_runs(data(np.array([1.0]), np.array([]), best=None), None)
    dots = plot.canvas._current["train_loss"].dots
    assert dots.getData()[0].round(2).tolist() == [1, 1]
    area = plot.canvas.plot_area().translated(QPointF(plot.canvas.pos())).toRect()
    assert has_color(plot.grab(area).toImage(), LIGHT.train)


def test_what_is_not_finite_never_reaches_the_items(plot):
    train = np.array([1.0, np.nan, 2.0, np.inf, 3.0, 0.0, -1.0])
    for log in (False, True):
        plot.set_log(log)
        plot.show_runs(data(train, -train, best=None), None)
        for lines in plot.canvas._current.values():
            for item in (lines.line, lines.dots):
                x, y = item.getData()
                assert x is None or (np.isfinite(x).all() and np.isfinite(y).all())
        plot.grab()


def test_log_axis_shows_logarithms_and_leaves_out_what_has_none(plot):
    plot.show_runs(data(np.array([100.0, 0.0, 1.0, 0.01]), VALIDATION), None)
    plot.set_log(True)
    places, heights = drawn(plot, "train_loss")
    assert places.tolist() == [1, 3, 4]
    assert heights.tolist() == pytest.approx([2, 0, -2])
    low, high = plot.canvas.view.viewRange()[1]
    assert low <= -2
    assert high >= 2


def test_log_button_and_menu_entry_are_one_switch(plot):
    button = plot.findChild(QToolButton, "lossPlotLogButton")
    button.click()
    assert plot.log
    assert plot.menu_actions.log.isChecked()
    plot.menu_actions.log.trigger()
    assert not plot.log
    assert not button.isChecked()


def test_quantity_of_the_log_axis_gives_the_title(qtbot):
    error = Quantity("Error rate", "%", factor=100.0, complement=True)
    spec = PlotSpec("a", "Accuracy", "Epoch", Quantity("Accuracy", "%", 100.0), error, SPEC.curves)
    plot = CurvePlot(spec)
    qtbot.addWidget(plot)
    plot.build()
    plot.set_log(True)
    assert plot.header.title.text() == "Error rate"
    plot.show_runs(data(), None)
    assert plot.canvas.left.labelText == "Error rate [%]"


def test_ranges_do_not_move_with_each_value(plot):
    run = object()
    values = 1 + 0.01 * np.random.default_rng(0).random(10)
    values[0] = 2.0
    seen = set()
    for stop in range(1, 11):
        plot.show_runs(data(values[:stop], values[:stop], best=None, run=run), None)
        seen.add(tuple(map(tuple, plot.canvas.view.viewRange())))
    assert len(seen) <= 2
    assert {x for x, _ in seen} == {(0, 10.2)}


def test_new_run_gets_a_range_of_its_own(plot):
    plot.show_runs(data(100 * TRAIN, VALIDATION), None)
    plot.show_runs(data(), None)
    assert plot.canvas.view.viewRange()[1][1] < 5


def wheel(plot: CurvePlot) -> None:
    viewport = plot.canvas.viewport()
    middle = QPointF(viewport.rect().center())
    event = QWheelEvent(
        middle,
        viewport.mapToGlobal(middle),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(viewport, event)
    QApplication.processEvents()


def test_zoom_across_stays_until_reset(plot):
    run = object()
    plot.show_runs(data(run=run), None)
    whole = plot.canvas.view.viewRange()
    button = plot.findChild(QToolButton, "lossPlotResetButton")
    assert button.isHidden()
    wheel(plot)
    zoomed = plot.canvas.view.viewRange()[0]
    assert zoomed[1] - zoomed[0] < whole[0][1] - whole[0][0]
    assert not button.isHidden()
    plot.show_runs(data(np.append(TRAIN, 1.0), VALIDATION, run=run), None)
    assert plot.canvas.view.viewRange()[0] == zoomed
    button.click()
    assert plot.canvas.view.viewRange() == whole
    assert button.isHidden()


def test_vertical_range_follows_what_is_in_sight(plot, qtbot):
    falling = np.array([100.0, *np.linspace(2, 1, 9)])
    plot.show_runs(data(falling, falling, best=None), None)
    assert plot.canvas.view.viewRange()[1][1] > 99
    for _ in range(6):
        wheel(plot)
    qtbot.waitUntil(lambda: plot.canvas.view.viewRange()[1][1] < 3)
    assert plot.canvas.view.viewRange()[1][1] > 1


def test_double_click_resets_the_view(plot):
    plot.show_runs(data(), None)
    whole = plot.canvas.view.viewRange()
    wheel(plot)
    QTest.mouseDClick(plot.canvas.viewport(), Qt.MouseButton.LeftButton)
    assert plot.canvas.view.viewRange() == whole


def test_hover_reads_all_values_at_the_nearest_epoch(plot, qtbot):
    previous = data(np.array([9.0, 8.0, 7.0]), np.array([6.0, 5.0, 4.0]))
    plot.show_runs(data(), previous)
    point = plot.canvas.pixels(2.7, 1.0).toPoint()
    with qtbot.waitSignal(plot.hovered) as hovered:
        QTest.mouseMove(plot.canvas.viewport(), point)
    assert hovered.args == [3]
    readout = plot.readout
    assert readout.title == "Epoch 3"
    assert [(row.label, row.text, row.previous) for row in readout.rows] == [
        ("train", "0.5000", "7.0000"),
        ("validation", "0.7000", "4.0000"),
    ]
    assert readout.x == pytest.approx(plot.canvas.pixels(3, 0).x())
    assert readout.rows[0].point == plot.canvas.pixels(3, 0.5)


def test_hover_says_when_the_current_run_has_not_come_that_far(plot):
    plot.show_runs(data(np.array([1.0]), np.array([1.5]), best=None), data())
    plot.point_at(4)
    assert [(row.text, row.previous) for row in plot.readout.rows] == [
        ("–", "0.3000"),
        ("–", "0.9000"),
    ]


def test_hover_ends_when_the_mouse_leaves_the_axes(plot, qtbot):
    plot.show_runs(data(), None)
    QTest.mouseMove(plot.canvas.viewport(), plot.canvas.pixels(2, 1.0).toPoint())
    assert plot.readout is not None
    with qtbot.waitSignal(plot.hovered) as hovered:
        QTest.mouseMove(plot.canvas.viewport(), QPoint(3, 3))
    assert hovered.args == [None]
    assert plot.readout is None


def test_arrow_keys_move_the_readout(plot):
    plot.show_runs(data(), None)
    for key, title in ((Qt.Key.Key_Left, "Epoch 4"), (Qt.Key.Key_Left, "Epoch 3")):
        QTest.keyClick(plot.canvas, key)
        assert plot.readout.title == title
    QTest.keyClick(plot.canvas, Qt.Key.Key_Right)
    assert plot.readout.title == "Epoch 4"


def test_smoothing_adds_a_line_and_says_so(plot, qtbot):
    plot.show_runs(data(), None)
    plot.set_smoothing(0.5)
    lines = plot.canvas._current["train_loss"]
    qtbot.waitUntil(lambda: len(lines.smooth_line.getData()[0]) == 4)
    expected = [2.0, (0.5 * 2 + 1) / 1.5, (0.25 * 2 + 0.5 + 0.5) / 1.75]
    assert lines.smooth_line.getData()[1][:3].tolist() == pytest.approx(expected)
    assert lines.line.getData()[1].tolist() == TRAIN.tolist()
    texts = [entry.text for entry in plot.legend.entries]
    assert "train, smoothed 0.50" in texts
    assert "as recorded" in texts
    plot.point_at(2)
    assert plot.readout.rows[0].label == "train, smoothed"


def test_best_epoch_is_marked_with_its_value(plot):
    plot.show_runs(data(best=3), None)
    assert "best epoch 3: 0.7000" in [entry.text for entry in plot.legend.entries]
    mark = plot.canvas.best_mark.diamond
    assert mark.isVisible()
    assert [array.tolist() for array in mark.getData()] == [[3], [0.7]]
    plot.show_runs(data(best=None), None)
    assert not mark.isVisible()


def test_previous_run_is_drawn_faintly_named_and_cleared(plot, qtbot):
    run = object()
    plot.show_runs(data(run=run), None)
    newer = data(np.array([1.0, 0.5]), np.array([1.0, 0.6]))
    plot.show_runs(newer, data(run=run))
    faint = plot.canvas._previous["train_loss"].line
    assert faint.getData()[1].tolist() == TRAIN.tolist()
    assert faint.opts["pen"].color() != QColor(LIGHT.train)
    assert "previous run" in [entry.text for entry in plot.legend.entries]
    with qtbot.waitSignal(plot.clearPreviousAsked):
        plot.menu_actions.clear_previous.trigger()
    plot.show_runs(newer, None)
    assert len(faint.getData()[0]) == 0
    assert "previous run" not in [entry.text for entry in plot.legend.entries]
    assert not plot.menu_actions.clear_previous.isEnabled()


def test_theme_change_recolors_lines_axes_and_legend(plot):
    plot.show_runs(data(), None)
    assert has_color(plot.legend.grab().toImage(), LIGHT.train)
    plot.setPalette(palette_of(DARK))
    assert plot.canvas._current["train_loss"].line.opts["pen"].color() == QColor(DARK.train)
    assert plot.canvas.left.textPen().color() == QColor(DARK.muted)
    assert DARK.muted in plot.canvas.left.label.toHtml()
    image = plot.grab().toImage()
    assert has_color(image, DARK.train)
    assert has_color(image, DARK.surface)
    assert not has_color(image, LIGHT.train)
    assert not has_color(plot.legend.grab().toImage(), LIGHT.text)


def test_csv_holds_every_value_exactly(plot, qtbot, chosen, tmp_path):
    awkward = np.array([1 / 3, 1e-17, 123456.789, math.nan])
    plot.show_runs(data(awkward, VALIDATION[:2], best=None), data(TRAIN, VALIDATION))
    with qtbot.waitSignal(plot.saved) as saved:
        plot.exporter.export("csv")
    assert saved.args == [str(tmp_path / "plot.csv")]
    with (tmp_path / "plot.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["run", "epoch", "train_loss", "validation_loss"]
    assert [row["epoch"] for row in rows] == list("12341234")
    current = [row for row in rows if row["run"] == "current"]
    np.testing.assert_array_equal([float(row["train_loss"]) for row in current], awkward)
    assert [row["validation_loss"] for row in current] == ["2.2", "1.1", "", ""]
    previous = [float(row["train_loss"]) for row in rows if row["run"] == "previous"]
    assert previous == TRAIN.tolist()


def test_float32_values_are_written_exactly(plot, qtbot, tmp_path):
    values = np.random.default_rng(0).random(50).astype(np.float32)
    plot.show_runs(data(values, values, best=None), None)
    with qtbot.waitSignal(plot.saved):
        plot.exporter.export("csv")
    with (tmp_path / "plot.csv").open(newline="") as file:
        read = [float(row["train_loss"]) for row in csv.DictReader(file)]
    assert read == values.astype(np.float64).tolist()


def test_svg_is_well_formed_and_holds_curves_and_words_as_vectors(plot, qtbot, tmp_path):
    plot.show_runs(data(), None)
    with qtbot.waitSignal(plot.saved):
        plot.exporter.export("svg")
    root = ElementTree.parse(tmp_path / "plot.svg").getroot()
    name = "{http://www.w3.org/2000/svg}"
    assert root.tag == f"{name}svg"
    assert not list(root.iter(f"{name}image"))
    words = " ".join(text.text or "" for text in root.iter(f"{name}text"))
    for word in ("Loss [nats]", "Epoch", "train", "validation", "best epoch 3: 0.7000"):
        assert word in words
    for role in ("train", "validation", "best"):
        color = getattr(LIGHT, role)
        groups = [group for group in root.iter(f"{name}g") if group.get("stroke") == color]
        shapes = [shape for group in groups for shape in group]
        assert shapes, role


def test_png_is_twice_as_large_as_on_the_screen(plot, qtbot, tmp_path):
    plot.show_runs(data(), None)
    with qtbot.waitSignal(plot.saved):
        plot.exporter.export("png")
    image = QImage(str(tmp_path / "plot.png"))
    assert image.size() == 2 * plot.size()
    assert has_color(image, LIGHT.train)


def test_lines_of_a_png_are_as_thick_for_the_eye_as_on_the_screen(plot):
    plot.show_runs(data(), None)
    widths = []
    painted = plot.canvas.render

    def watch(*args):
        widths.append(plot.canvas._current["train_loss"].line.opts["pen"].widthF())
        painted(*args)

    plot.canvas.render = watch
    plot.menu_actions.copy.trigger()
    on_screen = plot.canvas._current["train_loss"].line.opts["pen"].widthF()
    assert widths == [2 * on_screen]


def test_picture_is_copied(plot):
    plot.show_runs(data(), None)
    plot.menu_actions.copy.trigger()
    image = QGuiApplication.clipboard().image()
    assert image.size() == 2 * plot.size()
    assert has_color(image, LIGHT.train)


def test_ending_typed_by_the_person_is_kept(plot, qtbot, chosen, tmp_path):
    chosen.path = str(tmp_path / "curve.txt")
    plot.show_runs(data(), None)
    with qtbot.waitSignal(plot.saved):
        plot.exporter.export("csv")
    assert (tmp_path / "curve.txt").exists()


def test_cancelled_dialog_saves_nothing(plot, qtbot, chosen, tmp_path):
    chosen.path = ""
    with qtbot.assertNotEmitted(plot.saved, wait=50):
        plot.exporter.export("png")
    assert not list(tmp_path.iterdir())


def test_impossible_target_is_told_in_words(plot, qtbot, chosen, tmp_path):
    chosen.path = str(tmp_path / "missing" / "plot.csv")
    plot.show_runs(data(), None)
    with qtbot.waitSignal(plot.failed) as failed:
        plot.exporter.export("csv")
    assert "plot.csv" in failed.args[0]
    assert "Traceback" not in failed.args[0]


def test_two_exports_at_once_are_both_written(plot, qtbot, chosen, tmp_path):
    plot.show_runs(data(), None)
    saved = []
    plot.saved.connect(saved.append)
    for name in ("a.csv", "b.csv"):
        chosen.path = str(tmp_path / name)
        plot.exporter.export("csv")
    qtbot.waitUntil(lambda: len(saved) == 2)
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()


@pytest.fixture
def every_mouse_move() -> Iterator[None]:
    """Pyqtgraph otherwise leaves out moves that follow each other faster than a hand's."""
    usual = pyqtgraph.getConfigOption("mouseRateLimit")
    pyqtgraph.setConfigOption("mouseRateLimit", -1)
    yield
    pyqtgraph.setConfigOption("mouseRateLimit", usual)


@pytest.mark.usefixtures("every_mouse_move")
def test_dragging_pans_with_the_left_button_only(plot):
    plot.show_runs(data(), None)
    whole = plot.canvas.view.viewRange()
    viewport, start = plot.canvas.viewport(), plot.canvas.pixels(5, 1).toPoint()
    for button in (Qt.MouseButton.RightButton, Qt.MouseButton.LeftButton):
        assert plot.canvas.view.viewRange() == whole
        QTest.mousePress(viewport, button, pos=start)
        for step in (10, 40, 80):
            place = QPointF(start + QPoint(step, 0))
            move = QMouseEvent(
                QEvent.Type.MouseMove,
                place,
                viewport.mapToGlobal(place),
                Qt.MouseButton.NoButton,
                button,
                Qt.KeyboardModifier.NoModifier,
            )
            QApplication.sendEvent(viewport, move)
        QTest.mouseRelease(viewport, button, pos=start + QPoint(80, 0))
    assert plot.canvas.view.viewRange()[0][0] < whole[0][0]
    assert plot.canvas.view.viewRange()[1] == whole[1]


@pytest.mark.qt_log_ignore("does not support grabbing the keyboard")
def test_right_button_opens_the_plots_own_menu(plot, qtbot):
    plot.show_runs(data(), None)
    before = plot.canvas.view.viewRange()
    opened = []
    plot.menu_actions.menu.aboutToShow.connect(lambda: opened.append(True))
    QTest.mouseClick(plot.canvas.viewport(), Qt.MouseButton.RightButton)
    center = plot.canvas.viewport().rect().center()
    event = QContextMenuEvent(
        QContextMenuEvent.Reason.Mouse, center, plot.canvas.viewport().mapToGlobal(center)
    )
    QApplication.sendEvent(plot.canvas.viewport(), event)
    assert opened == [True]
    plot.menu_actions.menu.close()
    assert plot.canvas.view.viewRange() == before
