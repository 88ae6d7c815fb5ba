"""The plots of a search: what they show, how trials are found in them, how they are saved."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from nngui.viewmodels.search_view import Dimension, curve_of, view_of
from nngui.widgets.search_axis import Scale
from nngui.widgets.search_heat_map import Binning
from nngui.widgets.search_plots import CHARTS, SearchPlots
from tests.nngui.made_searches import made_spec, made_trial

TRIALS = [
    made_trial(0, 0.7, rate=0.01, activation="relu"),
    made_trial(1, 0.9, rate=0.1, activation="relu"),
    made_trial(2, 0.6, rate=0.01, activation="tanh", values=(0.5, 0.7)),
    made_trial(3, 0.3, "pruned", rate=0.1, activation="tanh", epochs=1),
    made_trial(4, None, "running", rate=0.1, activation="tanh"),
]


@pytest.fixture
def plots(qtbot):
    chosen = []
    widget = SearchPlots(lambda *_: chosen[0] if chosen else "")
    widget.chosen = chosen
    qtbot.addWidget(widget)
    widget.resize(700, 420)
    widget.show()
    return widget


def turn_to(plots, title):
    plots.bar.setCurrentIndex([kind.title for kind in CHARTS].index(title))
    plots.chart.grab()
    return plots.chart


@pytest.mark.parametrize("title", [kind.title for kind in CHARTS])
def test_plot_says_what_is_to_come_then_finds_every_completed_trial(plots, title):
    assert turn_to(plots, title).why_empty()
    plots.show_view(view_of(made_spec(), TRIALS, None))
    chart = turn_to(plots, title)
    assert not chart.why_empty()
    assert {number for _, _, number in chart._hits} >= {0, 1, 2}


def test_better_trials_stand_higher_in_history_and_slice(plots):
    plots.show_view(view_of(made_spec(), TRIALS, None))
    for title in ("History", "Slice"):
        heights = {number: y for _, y, number in turn_to(plots, title)._hits}
        assert heights[1] < heights[0] < heights[2]


def test_click_at_a_dot_picks_its_trial(plots, qtbot):
    plots.show_view(view_of(made_spec(), TRIALS, None))
    chart = turn_to(plots, "History")
    x, y, number = chart._hits[1]
    with qtbot.waitSignal(plots.picked) as caught:
        QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=QPoint(round(x), round(y)))
    assert caught.args == [number]
    assert chart.trial_at(QPointF(x + 200, y + 200)) is None


def test_heat_map_puts_many_numbers_into_ranges():
    values = tuple(10.0 ** (-4 + at / 10) for at in range(31))
    binning = Binning.of(Dimension("rate", "Rate", True, True, values, True))
    cells = [binning.cells[value] for value in values]
    assert cells == sorted(cells)
    assert set(cells) == set(range(len(binning.labels)))


def test_log_axis_gives_equal_factors_equal_room():
    scale = Scale.around("Rate", [0.001, 0.01, 0.1], log=True)
    first, second, third = (scale.place(it) for it in (0.001, 0.01, 0.1))
    assert second - first == pytest.approx(third - second)


def test_brush_keeps_the_trials_of_its_stretch(plots):
    plots.show_view(view_of(made_spec(), TRIALS, None))
    chart = turn_to(plots, "Parallel")
    chart.brushes[2] = (0.5, 1.0)
    chart.grab()
    assert {number for _, _, number in chart._hits} == {1}


def test_curve_is_the_mean_of_the_seeds():
    assert curve_of(TRIALS[2], is_accuracy=False) == [1.0, 0.5]


@pytest.mark.parametrize(("ending", "start"), [("png", b"\x89PNG"), ("svg", b"<?xml")])
def test_picture_is_saved(plots, qtbot, tmp_path, ending, start):
    plots.chosen.append(str(tmp_path / f"plot.{ending}"))
    plots.show_view(view_of(made_spec(), TRIALS, None))
    with qtbot.waitSignal(plots.saved):
        plots.export(ending)
    assert (tmp_path / f"plot.{ending}").read_bytes().startswith(start)
