"""Bars for curves of many values: they cover all of them, without a gap and without a peak more."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor

from nngui.theme import LIGHT, palette_of
from nngui.widgets.curve_plot import CurvePlot
from nngui.widgets.curve_plot_bars import bars_of
from nngui.widgets.curve_plot_export import svg_bytes
from nngui.widgets.curve_plot_series import Series
from nngui.widgets.curve_plot_spec import CurveSpec, PlotData, PlotSpec, Quantity

LOSS = Quantity("Loss", "nats")
SPEC = PlotSpec("step", "Loss", "Step", LOSS, LOSS, (CurveSpec("loss", "batch loss", "train"),))


def noise(count: int) -> np.ndarray:
    return np.exp(0.4 * np.random.default_rng(0).standard_normal(count))


def bars_for(values: np.ndarray, columns: int, right: float) -> np.ndarray:
    series = Series()
    series.update(values)
    bars = bars_of(*series.points(0, right, columns), scale=1e9)
    assert bars is not None
    return bars


@pytest.fixture
def plot(qtbot) -> CurvePlot:
    widget = CurvePlot(SPEC)
    widget.setPalette(palette_of(LIGHT))
    widget.resize(640, 400)
    qtbot.addWidget(widget)
    widget.build()
    widget.show()
    qtbot.waitUntil(lambda: widget.canvas.plot_area().width() > 400)
    return widget


def show(plot: CurvePlot, values: np.ndarray, planned: int, run: object = None) -> None:
    plot.show_runs(PlotData(run or plot, {"loss": values}, planned), None)


@pytest.mark.parametrize("count", [4_000, 10_000, 9_999, 5_121])
def test_every_value_lies_within_the_bar_at_its_place(count):
    values = noise(count)
    bars = bars_for(values, 300, 10_000)
    number = np.searchsorted(bars[:, 0], np.arange(1, count + 1), side="right") - 1
    bottom, top = bars[number, 1], bars[number, 1] + bars[number, 3]
    assert (bottom <= values).all()
    assert (values <= top).all()
    assert bars[-1, 0] + bars[-1, 2] >= count


def test_neighbors_meet_so_that_the_curve_hangs_together():
    bars = bars_for(np.linspace(0, 1, 10_000) ** 3, 300, 10_000)
    assert bars[:-1, 0] + bars[:-1, 2] == pytest.approx(bars[1:, 0])
    bottom, top = bars[:, 1], bars[:, 1] + bars[:, 3]
    assert (top[:-1] >= bottom[1:] - 1e-9).all()
    assert (bottom[:-1] <= top[1:] + 1e-9).all()


def test_missing_values_leave_a_gap():
    values = noise(10_000)
    values[3_000:6_000] = np.nan
    bars = bars_for(values, 300, 10_000)
    middles = bars[:, 0] + bars[:, 2] / 2
    assert not ((middles > 3_100) & (middles < 5_900)).any()


def test_single_values_are_no_bars():
    series = Series()
    series.update(noise(100))
    assert bars_of(*series.points(0, 100, 300), scale=1.0) is None


@pytest.mark.parametrize("steps", [20_000, 200_000, 1_000_000])
@pytest.mark.parametrize("smoothing", [0.0, 0.9])
def test_what_a_frame_draws_depends_on_the_width_and_not_on_the_length(plot, steps, smoothing):
    plot.set_smoothing(smoothing)
    show(plot, noise(steps), steps)
    while plot._runs.catch_up():
        pass
    plot.redraw()
    width = plot.canvas.plot_area().width()
    lines = plot.canvas._current["loss"]
    for item in (lines.line, lines.smooth_line):
        assert len(item.getData()[0] if item.getData()[0] is not None else ()) <= 2 * (width + 2)
    assert lines.line.bars is not None
    assert len(lines.line.bars) <= width + 2


def test_half_a_run_takes_half_the_bars_and_they_stay_while_it_grows(plot):
    values, run = noise(200_000), object()
    show(plot, values[:100_000], 200_000, run)
    half = plot.canvas._current["loss"].line.bars.copy()
    assert len(half) <= plot.canvas.plot_area().width() / 2 + 2
    show(plot, values, 200_000, run)
    whole = plot.canvas._current["loss"].line.bars
    # The last ones were not full yet, and the one before had not met its neighbor.
    np.testing.assert_allclose(whole[: len(half) - 2], half[:-2])


def test_noisy_curve_is_a_solid_band_on_the_screen(plot):
    values = np.tile([0.5, 1.5], 100_000)
    values[0] = 3.0
    show(plot, values, 200_000)
    image = plot.canvas.grab().toImage()
    color = QColor(LIGHT.color("train")).name()
    row = round(plot.canvas.point_of(1, 1.0, log=False).y())
    left, right = (round(plot.canvas.pixels(place, 1.0).x()) for place in (2_000, 198_000))
    assert {image.pixelColor(x, row).name() for x in range(left, right)} == {color}


def test_items_without_data_are_not_asked_to_paint(plot):
    show(plot, noise(10_000), 10_000)
    lines, behind = plot.canvas._current["loss"], plot.canvas._previous["loss"]
    assert lines.line.isVisible()
    hidden = (lines.smooth_line, lines.dots, behind.line, behind.smooth_line, behind.dots)
    assert not any(item.isVisible() for item in hidden)


def test_drawing_for_a_file_keeps_the_line(plot):
    show(plot, noise(10_000), 10_000)
    text = svg_bytes(plot.paint_picture, plot.size(), 96, "Loss").decode()
    bars = len(plot.canvas._current["loss"].line.bars)
    assert text.count("<polyline") + text.count("<line") > bars
    assert text.count("<rect") < bars / 2


def test_smoothed_line_of_many_values_goes_through_each_bucket_once(plot):
    values = noise(100_000)
    plot.set_smoothing(0.99)
    show(plot, values, 100_000)
    while plot._runs.catch_up():
        pass
    plot.redraw()
    places, heights = plot.canvas._current["loss"].smooth_line.getData()
    assert (np.diff(places) > 0).all()
    # The mean of e^(0.4 z) is e^0.08; a smoothed value strays from it by a standard error of 0.03.
    assert heights[10:] == pytest.approx(np.exp(0.08), abs=0.2)


def test_previous_smoothed_line_is_seen_before_the_recorded_values(plot):
    values = np.tile([0.5, 1.5], 50_000)
    before = PlotData(object(), {"loss": values[:50_000] + 0.1}, 100_000)
    plot.set_smoothing(0.999)
    plot.show_runs(PlotData(object(), {"loss": values}, 100_000), before)
    while plot._runs.catch_up():
        pass
    plot.redraw()
    lines = plot.canvas._current["loss"], plot.canvas._previous["loss"]
    recorded, behind = (lines[0].line, lines[1].smooth_line)
    color = behind.opts["pen"].color()
    assert color != recorded.opts["pen"].color()
    point = plot.canvas.point_of(25_000, 1.1, log=False).toPoint()
    image = plot.canvas.grab().toImage()
    near = [image.pixelColor(point.x(), point.y() + offset).name() for offset in (-1, 0, 1)]
    assert color.name() in near


def test_the_line_of_the_best_place_is_crisp_wherever_it_stands(plot):
    for best in (1, 2, 3, 7):
        plot.canvas.best_mark.show(best, 1.0, plot.canvas._crisp(best))
        x = plot.canvas.pixels(plot.canvas.best_mark.line.value(), 0.0).x()
        assert x % 1 == pytest.approx(0.5, abs=0.02)
        assert x == pytest.approx(plot.canvas.pixels(best, 0.0).x(), abs=0.52)
