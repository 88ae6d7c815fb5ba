"""The plots of a search: what they show, how trials are found in them, how they are saved."""

from __future__ import annotations

import csv
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from nngui.viewmodels.search_view import Dimension
from nngui.widgets.search_axis import Scale
from nngui.widgets.search_charts import HistoryPicture
from nngui.widgets.search_heat_map import Binning
from nngui.widgets.search_painting import SlicedPainting, blank_image
from nngui.widgets.search_plots import PICTURES, SearchPlots
from nngui.workers.search_studies import Importance
from tests.nngui.made_searches import made_trial, made_view

TRIALS = [
    made_trial(0, 0.7, rate=0.01, activation="relu"),
    made_trial(1, 0.9, rate=0.1, activation="relu"),
    made_trial(2, 0.6, rate=0.01, activation="tanh", values=(0.5, 0.7)),
    made_trial(3, 0.3, "pruned", rate=0.1, activation="tanh", epochs=1),
    made_trial(4, None, "running", rate=0.1, activation="tanh"),
]
SHARES = Importance({"optimizer.learning_rate": 0.75, "network.hidden.0.activation": 0.25}, 12,
                    "PED-ANOVA", 10)  # fmt: skip
TITLES = [kind.title for kind in PICTURES]
OF_TRIALS = [title for title in TITLES if title != "Importance"]


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
    plots.bar.setCurrentIndex(TITLES.index(title))
    plots.chart.finish()
    return plots.chart


def place_of(chart, number):
    xs, ys = chart.picture.marks[number]
    return QPoint(round(xs[0]), round(ys[0]))


@pytest.mark.parametrize("title", OF_TRIALS)
def test_plot_says_what_is_to_come_then_finds_every_completed_trial(plots, title):
    assert turn_to(plots, title).picture.why_empty()
    plots.show_view(made_view(*TRIALS))
    picture = turn_to(plots, title).picture
    assert not picture.why_empty()
    assert set(picture.marks) >= {0, 1, 2}


def test_better_trials_stand_higher_in_history_and_slice(plots):
    plots.show_view(made_view(*TRIALS))
    for title in ("History", "Slice"):
        chart = turn_to(plots, title)
        heights = {number: place_of(chart, number).y() for number in (0, 1, 2)}
        assert heights[1] < heights[0] < heights[2]


@pytest.mark.parametrize("title", ["History", "Slice"])
def test_spread_between_seeds_has_room_in_the_plot(plots, title):
    plots.show_view(made_view(*TRIALS))
    frame = turn_to(plots, title).picture.frame
    # Trial 2: seeds of 50 and 70 %, 60 % with a standard deviation of 14.1.
    assert frame.up.low < 100 * 0.6 - 14.1
    assert frame.up.high > 90


@pytest.mark.parametrize("title", OF_TRIALS)
def test_click_at_a_trial_picks_it(plots, qtbot, title):
    plots.show_view(made_view(*TRIALS))
    chart = turn_to(plots, title)
    with qtbot.waitSignal(plots.picked) as caught:
        QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=place_of(chart, 1))
    assert caught.args == [1]
    assert chart.picture.trial_at(QPointF(-90, -90)) is None


@pytest.mark.parametrize("title", ["Slice", "Heat map"])
def test_search_that_varies_something_else_takes_the_place_of_another(plots, title):
    plots.show_view(made_view(*TRIALS))
    turn_to(plots, title)
    others = [
        replace(trial, params={"training.l2": rate, "training.l1": rate})
        for trial, rate in zip(TRIALS[:3], (0.1, 0.2, 0.3), strict=True)
    ]
    space = {"training.l2": [0.1, 0.2, 0.3], "training.l1": [0.1, 0.2, 0.3]}
    plots.show_view(made_view(*others, space=space))
    picture = turn_to(plots, title).picture
    assert picture.look.names == ("training.l2", "training.l1")[: picture.choosers]
    assert set(picture.marks) == {0, 1, 2}


def test_line_is_found_between_its_corners(plots):
    plots.show_view(made_view(*TRIALS[:2]))
    picture = turn_to(plots, "Parallel").picture
    xs, ys = picture.marks[1]
    middle = QPointF((xs[0] + xs[1]) / 2, (ys[0] + ys[1]) / 2)
    assert picture.trial_at(middle) == 1


def test_whole_cell_of_the_heat_map_answers_with_its_best_trial(plots):
    again = made_trial(5, 0.8, rate=0.01, activation="relu")
    plots.show_view(made_view(*TRIALS, again))
    chart = turn_to(plots, "Heat map")
    corner = QPointF(place_of(chart, 0)) + QPointF(60, 10)
    assert chart.picture.trial_at(corner) == 5
    assert "2 trials, mean 75.00\u00a0%" in chart.picture.hover_html(5)


def test_heat_map_shows_names_for_people_and_saves_those_for_files(plots):
    plots.show_view(made_view(*TRIALS))
    picture = turn_to(plots, "Heat map").picture
    assert [text for _, text in picture.frame.up.ticks(9)] == ["ReLU", "Tanh"]
    assert {row[1] for row in picture.rows()[1:]} == {"relu", "tanh"}


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


def test_stretch_of_a_decade_has_ticks_on_a_log_axis():
    ticks = Scale("Loss", low=-0.6, high=-0.5, is_log=True).ticks(5)
    assert len(ticks) > 2
    assert all(0 <= place <= 1 for place, _ in ticks)


def drag(chart, start, end):
    QTest.mousePress(chart, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(chart, end)
    QTest.mouseRelease(chart, Qt.MouseButton.LeftButton, pos=end)
    chart.finish()


def test_drag_along_an_axis_keeps_its_trials_and_double_click_brings_all_back(plots):
    plots.show_view(made_view(*TRIALS))
    chart = turn_to(plots, "Parallel")
    xs, ys = chart.picture.marks[1]
    last = round(xs[-1])
    drag(chart, QPoint(last, round(ys[-1]) - 8), QPoint(last, round(ys[-1]) + 8))
    assert chart.picture.kept == [1]
    assert set(chart.picture.marks) == {1}
    QTest.mouseDClick(chart, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    chart.finish()
    assert set(chart.picture.marks) == {0, 1, 2}


def test_drag_over_a_plot_enlarges_it_and_show_all_brings_it_back(plots):
    plots.show_view(made_view(*TRIALS))
    chart = turn_to(plots, "History")
    at = place_of(chart, 1)
    assert plots.allButton.isHidden()
    drag(chart, at - QPoint(40, 20), at + QPoint(40, 40))
    assert set(chart.picture.marks) == {1}
    assert not plots.allButton.isHidden()
    plots.allButton.click()
    chart.finish()
    assert set(chart.picture.marks) == {0, 1, 2}


def test_log_axis_is_offered_for_losses_alone(plots):
    plots.show_view(made_view(*TRIALS))
    turn_to(plots, "Curves")
    assert plots.logCheck.isHidden()
    plots.figures.setCurrentIndex(plots.figures.findData("train_loss"))
    plots.figures.activated.emit(plots.figures.currentIndex())
    assert not plots.logCheck.isHidden()
    plots.chart.finish()
    assert plots.chart.picture.figure == "train_loss"


def test_small_sweep_names_its_curves(plots):
    trials = [made_trial(at, 0.5 + at / 10, rate=rate) for at, rate in enumerate((0.1, 0.3))]
    for trial in trials:
        del trial.params["network.hidden.0.activation"]
    plots.show_view(made_view(*trials))
    picture = turn_to(plots, "Curves").picture
    pens = picture._named(picture.view, picture.marks)
    assert list(pens) == [0, 1]
    assert pens[0].color() != pens[1].color()
    assert pens[0].style() != pens[1].style()


@pytest.mark.parametrize(
    ("importance", "words"),
    [
        (None, "Working out"),
        (Importance({}, 3, "PED-ANOVA", 10), "needs 10 completed trials, and 3 trials are"),
        (Importance({}, 12, "PED-ANOVA", 10), "Nothing to tell apart"),
        (SHARES, ""),
    ],
)
def test_importance_is_honest_about_what_is_missing(plots, importance, words):
    plots.show_view(replace(made_view(*TRIALS), importance=importance))
    why = turn_to(plots, "Importance").picture.why_empty()
    assert words in why
    assert bool(why) is bool(words)


def test_picture_in_slices_is_the_picture_at_once(plots):
    plots.show_view(made_view(*TRIALS))
    turn_to(plots, "History")
    picture = plots.chart.make_picture()
    assert isinstance(picture, HistoryPicture)
    images = [blank_image(picture.size, 1.0) for _ in range(2)]
    SlicedPainting(images[0], picture.paint).finish()
    slices = SlicedPainting(images[1], picture.paint)
    while not slices.is_done:
        slices.go_on()
    assert images[0] == images[1]


@pytest.mark.parametrize("title", TITLES)
def test_picture_and_numbers_are_saved(plots, qtbot, tmp_path, title):
    plots.show_view(replace(made_view(*TRIALS), importance=SHARES))
    turn_to(plots, title)
    for ending in ("png", "svg", "csv"):
        path = tmp_path / f"plot.{ending}"
        plots.chosen[:] = [str(path)]
        with qtbot.waitSignal(plots.saved):
            plots._menu.export(ending)
    assert QImage(str(tmp_path / "plot.png")).width() == 2 * plots.chart.width()
    assert (tmp_path / "plot.svg").read_bytes().startswith(b"<?xml")
    rows = list(csv.reader((tmp_path / "plot.csv").read_text().splitlines()))
    assert len(rows) > 2
    assert {len(row) for row in rows} == {len(rows[0])}


def test_history_is_saved_with_the_best_so_far(plots):
    plots.show_view(made_view(*TRIALS))
    rows = turn_to(plots, "History").picture.rows()
    assert [row[3] for row in rows[1:]] == ["0.7", "0.9", "0.9"]


def test_painting_given_up_in_the_middle_leaves_nothing_behind(plots):
    plots.show_view(made_view(*TRIALS))
    picture = plots.chart.make_picture()
    image = blank_image(picture.size, 1.0)
    steps = picture.paint
    painting = SlicedPainting(image, steps)
    next(painting._steps)
    assert image.paintingActive()
    painting.stop()
    assert not image.paintingActive()
    again = SlicedPainting(image, steps)
    next(again._steps)
    del again
    assert not image.paintingActive()


def test_trial_without_a_value_on_an_axis_crosses_below_it(plots):
    trials = [made_trial(0, 0.7), made_trial(1, 0.9, rate=0.1)]
    del trials[1].params["network.hidden.0.activation"]
    plots.show_view(made_view(*trials))
    picture = turn_to(plots, "Parallel").picture
    assert set(picture.marks) == {0, 1}
    assert picture.marks[1][1][1] > picture._area.bottom()
    assert picture.rows()[2][2] == ""
