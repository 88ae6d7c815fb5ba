"""The training tab: from events to plots, figures and files."""

from __future__ import annotations

import csv
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

from nncore.events import RunEnded
from nncore.losses import Loss
from nngui.tabs import training
from nngui.tabs.training import (
    DRAWING_SHARE,
    FASTEST_FRAME,
    SLOWEST_FRAME,
    TrainingTab,
    smoothing_of,
)
from nngui.tabs.training_figures import gap_in_words
from nngui.viewmodels.curves import CurvesModel
from tests.nngui.made_runs import epoch, run, started, steps


@pytest.fixture
def curves(qapp) -> CurvesModel:
    return CurvesModel()


@pytest.fixture
def tab(qtbot, curves, tmp_path) -> TrainingTab:
    widget = TrainingTab(curves, lambda *_: str(tmp_path / "curves.csv"))
    widget.resize(900, 650)
    qtbot.addWidget(widget)
    widget.show()
    qtbot.waitUntil(lambda: all(plot.canvas is not None for plot in widget.plots))
    return widget


def heights(plot, key: str) -> list[float]:
    """What a plot draws of a current curve."""
    drawn = plot.canvas._current[key].line.getData()[1]
    return [] if drawn is None else drawn.tolist()


def test_first_paint_needs_no_plotting_library_and_the_plots_come_right_after(qtbot, curves):
    tab = TrainingTab(curves)
    qtbot.addWidget(tab)
    assert all(plot.canvas is None for plot in tab.plots)
    tab.grab()
    assert all(plot.canvas is None for plot in tab.plots)
    qtbot.waitUntil(lambda: all(plot.canvas is not None for plot in tab.plots))


def test_plots_have_their_names(tab):
    assert [plot.objectName() for plot in tab.plots] == [
        "lossPlot",
        "accuracyPlot",
        "stepLossPlot",
    ]


def test_events_are_drawn_by_themselves(tab, curves, qtbot):
    curves.extend(run(3))
    qtbot.waitUntil(lambda: len(heights(tab.stepLossPlot, "step_loss")) == 15)
    expected = np.array([2 / step for step in range(1, 16)], np.float32)
    assert heights(tab.stepLossPlot, "step_loss") == expected.astype(float).tolist()
    assert heights(tab.lossPlot, "train_loss") == [2.0, 1.0, 2 / 3]
    assert heights(tab.accuracyPlot, "train_accuracy") == pytest.approx([75, 250 / 3, 87.5])


@pytest.mark.parametrize(
    ("loss", "title"),
    [
        ("cross_entropy", "Loss [nats]"),
        ("binary_cross_entropy", "Loss [nats]"),
        ("mean_squared_error", "Loss"),
        ("mean_absolute_error", "Loss"),
        ("huber", "Loss"),
    ],
)
def test_the_axis_names_the_unit_of_the_runs_own_loss(tab, curves, qtbot, loss, title):
    other = "huber" if title != "Loss" else "cross_entropy"
    for kind in (other, loss):
        begun, *rest = run(2)
        config = begun.config.replace("network.loss", kind)
        curves.extend([replace(begun, config=config), *rest])
        tab.draw_now()
    for plot in (tab.lossPlot, tab.stepLossPlot):
        assert plot.canvas.left.labelText == title
        assert plot.spec.quantity(log=True).title == title
    assert tab.accuracyPlot.canvas.left.labelText == "Accuracy [%]"


def test_every_loss_of_the_program_has_an_axis():
    assert {kind: member.unit for kind, member in Loss.members().items()} == {
        "cross_entropy": "nats",
        "binary_cross_entropy": "nats",
        "mean_squared_error": "",
        "mean_absolute_error": "",
        "huber": "",
    }


def test_runs_that_began_before_the_tab_are_drawn_when_it_is_shown(qtbot, curves):
    curves.extend(run(2))
    tab = TrainingTab(curves)
    qtbot.addWidget(tab)
    tab.show()
    qtbot.waitUntil(lambda: tab.lossPlot.canvas is not None)
    qtbot.waitUntil(lambda: heights(tab.lossPlot, "train_loss") == [2.0, 1.0])


def test_nothing_is_drawn_while_the_tab_is_hidden(tab, curves, qtbot):
    curves.extend(run(2))
    qtbot.waitUntil(lambda: heights(tab.lossPlot, "train_loss") == [2.0, 1.0])
    tab.hide()
    curves.extend([epoch(3, 0.25, 0.5)])
    tab.draw_now()
    assert not tab._frame_timer.isActive()
    assert heights(tab.lossPlot, "train_loss") == [2.0, 1.0]
    tab.show()
    qtbot.waitUntil(lambda: heights(tab.lossPlot, "train_loss") == [2.0, 1.0, 0.25])


def test_epoch_plots_are_not_drawn_again_for_steps(tab, curves, monkeypatch):
    curves.extend(run(2))
    tab.draw_now()
    drawn = []
    for plot in tab.plots:
        monkeypatch.setattr(plot, "show_runs", lambda *_, plot=plot: drawn.append(plot))
    curves.extend([steps(3, 11, 0.5)])
    tab.draw_now()
    assert drawn == [tab.stepLossPlot]
    curves.extend([epoch(3, 0.25, 0.5)])
    tab.draw_now()
    assert drawn == [tab.stepLossPlot, tab.lossPlot, tab.accuracyPlot]


def test_horizontal_axes_reach_to_what_is_planned(tab, curves):
    curves.extend(run(1, planned=10))
    tab.draw_now()
    assert tab.lossPlot.canvas.view.viewRange()[0] == pytest.approx([0, 10], rel=0.03)
    assert tab.stepLossPlot.canvas.view.viewRange()[0] == pytest.approx([0, 50], rel=0.03)
    curves.replan(20)
    tab.draw_now()
    assert tab.lossPlot.canvas.view.viewRange()[0] == pytest.approx([0, 20], rel=0.03)


def test_previous_run_stays_until_cleared_from_the_menu(tab, curves, qtbot):
    curves.extend(run(3))
    tab.draw_now()
    curves.extend(run(2, start=1.0))
    tab.draw_now()
    behind = tab.lossPlot.canvas._previous["train_loss"].line
    assert behind.getData()[1].tolist() == [2.0, 1.0, 2 / 3]
    assert heights(tab.lossPlot, "train_loss") == [1.0, 0.5]
    tab.accuracyPlot.menu_actions.clear_previous.trigger()
    assert curves.previous is None
    qtbot.waitUntil(lambda: len(behind.getData()[1]) == 0)


def test_two_runs_while_hidden_leave_the_right_two(tab, curves, qtbot):
    curves.extend(run(1, start=9.0))
    tab.draw_now()
    tab.hide()
    curves.extend(run(2, start=4.0))
    curves.extend(run(3, start=1.0))
    tab.show()
    tab.draw_now()
    behind = tab.lossPlot.canvas._previous["train_loss"].line
    assert behind.getData()[1].tolist() == [4.0, 2.0]
    assert heights(tab.lossPlot, "train_loss") == pytest.approx([1.0, 0.5, 1 / 3])


def test_figures_tell_the_newest_and_the_best_epoch(tab, curves):
    curves.extend(
        [
            started(),
            epoch(1, 0.5, 0.4, train_accuracy=0.85, validation_accuracy=0.9712, is_best=True),
            epoch(2, 0.2, 0.45, train_accuracy=0.9951, validation_accuracy=0.9651),
        ]
    )
    tab.draw_now()
    texts = {key: tab.figures[key].text for key in ("validationAccuracy", "best", "gap")}
    assert texts == {"validationAccuracy": "96.51 %", "best": "97.12 %", "gap": "+3.00 points"}
    assert tab.figures["best"].comment == "epoch 1, lowest loss"
    assert tab.figures["trainLoss"].comment == "mean over the epoch"
    assert tab.figures["validationLoss"].text == "0.4500"


def test_new_numbers_do_not_have_the_window_laid_out_anew(tab, curves, qtbot):
    curves.extend(run(2))
    tab.draw_now()
    qtbot.waitUntil(lambda: not tab.lossPlot.canvas.isHidden())
    QApplication.processEvents()
    requests = []

    class Watch(QObject):
        def eventFilter(self, watched, event):
            if event.type() == QEvent.Type.LayoutRequest:
                requests.append(watched)
            return False

    watch = Watch()
    tab.installEventFilter(watch)
    for number in range(3, 9):
        curves.extend([epoch(number, 1 / number**3, 1 / number**4, is_best=True)])
        tab.draw_now()
        QApplication.processEvents()
    assert requests == []


def test_figures_compare_with_the_previous_run(tab, curves):
    curves.extend([started(), epoch(1, 0.5, 0.4, validation_accuracy=0.9712)])
    curves.extend([started(), epoch(1, 0.5, 0.3, validation_accuracy=0.98)])
    tab.draw_now()
    assert tab.figures["validationAccuracy"].comment == "previous 97.12 %"
    assert tab.figures["validationLoss"].comment == "previous 0.4000"


def test_figures_of_a_reset_run_are_empty_again(tab, curves):
    curves.extend(run(2))
    tab.draw_now()
    curves.begin()
    tab.draw_now()
    assert tab.figures["best"].text == "–"


@pytest.mark.parametrize(
    ("gap", "words"),
    [(-0.01, "ahead"), (0.002, "small"), (0.02, "watching"), (0.1, "by heart")],
)
def test_gap_is_put_in_words(gap, words):
    assert words in gap_in_words(gap)


def test_empty_plots_say_what_to_do_and_what_is_coming(tab, curves):
    tab.draw_now()
    assert "Space" in tab.lossPlot._waiting.text()
    curves.extend([started(), steps(1, 1, 2.0)])
    tab.draw_now()
    assert "first epoch" in tab.lossPlot._waiting.text()
    assert not tab.lossPlot._waiting.isHidden()
    assert tab.stepLossPlot._waiting.isHidden()


def test_hovering_one_epoch_plot_shows_the_other_too(tab, curves):
    curves.extend(run(3))
    tab.draw_now()
    tab.lossPlot.hovered.emit(2)
    assert tab.accuracyPlot.readout.title == "Epoch 2"
    tab.accuracyPlot.hovered.emit(None)
    assert tab.lossPlot.readout is None


def test_step_read_out_names_the_epoch(tab, curves):
    curves.extend(run(3))
    tab.draw_now()
    for step, words in ((5, "Step 5, epoch 1"), (6, "Step 6, epoch 2"), (15, "Step 15, epoch 3")):
        tab.stepLossPlot.point_at(step)
        assert tab.stepLossPlot.readout.title == words


def test_smoothing_slider_begins_off_and_smooths_the_step_loss_only(tab, curves, qtbot):
    curves.extend(run(3))
    tab.draw_now()
    smooth = tab.stepLossPlot.canvas._current["step_loss"].smooth_line
    assert smooth.getData()[0] is None or len(smooth.getData()[0]) == 0
    tab.smoothingSlider.setValue(20)
    qtbot.waitUntil(lambda: len(smooth.getData()[0]) == 15)
    assert tab.lossPlot.canvas._current["train_loss"].smooth_line.getData()[0].size == 0


def test_smoothing_runs_from_none_to_a_thousand_steps():
    assert smoothing_of(0) == 0
    assert smoothing_of(20) == pytest.approx(0.9)
    assert smoothing_of(60) == pytest.approx(0.999)


def test_message_is_shown_across_the_top(tab):
    tab.show_message("error", "Diverged at epoch 3.")
    assert tab.banner.isVisible()
    tab.show_message("info", "")
    assert not tab.banner.isVisible()


def test_diverged_run_is_drawn_up_to_its_end(tab, curves):
    curves.extend(
        [
            started(),
            steps(1, 3, 1.0, 1e20, float("inf")),
            RunEnded("diverged", 1, 2, "The loss became infinite."),
        ]
    )
    tab.draw_now()
    tab.grab()
    assert heights(tab.stepLossPlot, "step_loss") == [1.0, pytest.approx(1e20)]


def test_all_curves_are_saved_step_by_step(tab, curves, qtbot, tmp_path):
    curves.extend(run(2))
    curves.extend(run(1, start=1.0))
    with qtbot.waitSignal(tab.saved) as saved:
        tab.stepLossPlot.menu_actions.save_all.trigger()
    assert saved.args == [str(tmp_path / "curves.csv")]
    with (tmp_path / "curves.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["run"] for row in rows] == ["current"] * 5 + ["previous"] * 10
    previous = rows[5:]
    assert [row["step"] for row in previous] == [str(step) for step in range(1, 11)]
    assert [row["epoch"] for row in previous] == ["1"] * 5 + ["2"] * 5
    losses = np.array([2 / step for step in range(1, 11)], np.float32)
    assert [float(row["step_loss"]) for row in previous] == losses.astype(float).tolist()
    assert [row["train_loss"] for row in previous] == [*[""] * 4, "2.0", *[""] * 4, "1.0"]
    assert [row["validation_accuracy"] for row in previous][4] == repr(1 - 0.6 / 2)


def test_curves_are_saved_though_an_epoch_is_unfinished(tab, curves, qtbot, tmp_path):
    curves.extend([*run(1), steps(2, 7, 0.5, 0.25)])
    with qtbot.waitSignal(tab.saved):
        tab.save_all()
    text = (tmp_path / "curves.csv").read_text()
    assert len(text.splitlines()) == 1 + 7


def test_failure_to_save_reaches_the_window(tab, curves, qtbot, tmp_path):
    (tmp_path / "curves.csv").mkdir()
    curves.extend(run(1))
    with qtbot.waitSignal(tab.failed) as failed:
        tab.lossPlot.exporter.export("csv")
    assert "curves.csv" in failed.args[0]


def test_nothing_is_cut_off_in_the_smallest_window(tab, curves):
    curves.extend(run(3))
    curves.extend(run(3))
    tab.draw_now()
    hint = tab.minimumSizeHint()
    assert hint.width() <= 900
    assert hint.height() <= 650


@pytest.mark.parametrize(
    ("pixels_a_second", "wait"),
    [(100, FASTEST_FRAME), (10, 0.1), (1, SLOWEST_FRAME)],
)
def test_the_curve_of_the_steps_is_drawn_when_it_has_grown_by_a_pixel(
    tab, curves, qtbot, monkeypatch, pixels_a_second, wait
):
    now = [0.0]
    monkeypatch.setattr(training, "time", SimpleNamespace(perf_counter=lambda: now[0]))
    for plot in tab.plots:
        monkeypatch.setattr(plot.canvas, "take_seconds", lambda: 0.0)
    curves.extend([started(10, 100_000), steps(6, 600_000, *np.ones(600_000))])
    tab.draw_now()
    qtbot.waitUntil(lambda: tab.stepLossPlot.canvas.plot_area().width() > 700)
    now[0] = 1.0
    count = round(pixels_a_second / tab.stepLossPlot.pixels_per_place)
    curves.extend([steps(7, 600_000 + count, *np.ones(count))])
    tab.draw_now()
    assert tab._frame_seconds == pytest.approx(wait, rel=0.02)


def test_drawing_that_takes_long_is_done_less_often(tab, curves, monkeypatch):
    for plot in tab.plots:
        monkeypatch.setattr(plot.canvas, "take_seconds", lambda: 0.002)
    curves.extend(run(3))
    tab.draw_now()
    curves.extend([steps(4, 20, *[0.5] * 5)])
    tab.draw_now()
    assert tab._frame_seconds >= 3 * 0.002 / DRAWING_SHARE - 1e-9
