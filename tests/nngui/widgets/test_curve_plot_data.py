from __future__ import annotations

import numpy as np
import pytest

from nngui.widgets.curve_plot_data import PlotRuns
from nngui.widgets.curve_plot_spec import CurveSpec, PlotData, PlotSpec, Quantity

LOSS = Quantity("Loss", "nats")
SPEC = PlotSpec("loss", "Loss", "Step", LOSS, LOSS, (CurveSpec("loss", "loss", "train"),))


def level(value: float, count: int = 5000) -> PlotData:
    """A run whose values are all the same, more of them than are drawn singly."""
    return PlotData(object(), {"loss": np.full(count, value)}, planned=count)


def drawn(runs: dict) -> set[float]:
    return set(runs["loss"].points(0, 5000, 100)[1].tolist())


@pytest.fixture
def runs() -> PlotRuns:
    return PlotRuns(SPEC)


def test_run_that_was_followed_becomes_the_previous_one(runs):
    first, second = level(1.0), level(2.0)
    assert runs.update(first, None)
    series = runs.current["loss"]
    assert runs.update(second, first)
    assert runs.previous["loss"] is series
    assert (drawn(runs.current), drawn(runs.previous)) == ({2.0}, {1.0})


def test_runs_that_were_never_seen_are_not_mixed_up_with_those_that_were(runs):
    runs.update(level(1.0), None)
    runs.update(level(3.0), level(2.0))
    assert (drawn(runs.current), drawn(runs.previous)) == ({3.0}, {2.0})


def test_growth_of_the_same_run_is_nothing_new(runs):
    run = object()
    runs.update(PlotData(run, {"loss": np.ones(3)}), None)
    assert not runs.update(PlotData(run, {"loss": np.ones(4)}), None)
    assert runs.reached == 4


def test_cleared_previous_run_is_gone(runs):
    first = level(1.0)
    runs.update(level(2.0), first)
    assert runs.update(level(2.0), None)
    assert runs.previous == {}


@pytest.mark.parametrize(("pointed", "place"), [(-3.0, 1), (2.4, 2), (2.6, 3), (99.0, 5)])
def test_pointing_snaps_to_values_there_are(runs, pointed, place):
    runs.update(level(1.0, count=5), None)
    assert runs.snap(pointed) == place


def test_pointing_into_an_empty_plot_finds_nothing(runs):
    assert runs.snap(1.0) is None
