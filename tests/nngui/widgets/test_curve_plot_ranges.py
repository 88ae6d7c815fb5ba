from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nngui.widgets.curve_plot_ranges import (
    grow_range,
    linear_ticks,
    log_ticks,
    nice_step,
    step_log_range,
    step_range,
)

FREE = (-math.inf, math.inf)


@pytest.mark.parametrize(
    ("rough", "nice"),
    [(1.0, 1.0), (1.1, 2.0), (2.1, 5.0), (5.1, 10.0), (0.03, 0.05), (730.0, 1000.0)],
)
def test_nice_steps(rough, nice):
    assert nice_step(rough) == pytest.approx(nice)


def test_planned_epochs_are_all_in_sight():
    assert grow_range(20, 0, 100) == (0, 20)
    assert grow_range(20, 20, 100) == (0, 20)


def test_single_epoch_has_an_axis():
    assert grow_range(1, 0, 100) == (0, 1)


def test_axis_of_a_long_plan_grows_in_a_few_steps():
    ends = [grow_range(540_000, reached, 200)[1] for reached in range(0, 540_000, 100)]
    assert ends == sorted(ends)
    assert all(end >= reached for end, reached in zip(ends, range(0, 540_000, 100), strict=True))
    assert ends[0] == 200
    assert ends[-1] == 540_000
    assert len(set(ends)) < 15


def test_axis_without_a_plan_grows_in_steps():
    ends = {grow_range(0, reached, 100)[1] for reached in range(1, 1000)}
    assert len(ends) <= 10
    assert max(ends) == 1000


@given(
    low=st.floats(-1e6, 1e6),
    span=st.floats(0, 1e6),
    shown=st.none() | st.tuples(st.floats(-1e6, 0), st.floats(1, 1e6)),
)
def test_data_are_always_inside(low, span, shown):
    bottom, top = step_range(low, low + span, shown, FREE)
    assert bottom <= low
    assert low + span <= top
    assert bottom < top


def test_range_stays_while_data_stay_inside():
    shown = step_range(0.1, 2.3, None, FREE)
    assert shown == (0.0, 2.5)
    assert step_range(0.0, 2.5, shown, FREE) == shown


def test_range_grows_at_once_to_a_nice_end():
    assert step_range(0.1, 2.6, (0.0, 2.5), FREE) == (0.0, 3.0)


def test_range_shrinks_only_when_most_of_it_is_empty():
    assert step_range(0.0, 6.0, (0.0, 10.0), FREE) == (0.0, 10.0)
    assert step_range(0.0, 2.0, (0.0, 10.0), FREE)[1] < 3.0


def test_slow_fall_changes_the_range_a_few_times_only():
    shown, seen = None, set()
    for step in range(1, 5000):
        shown = step_range(1 / step, 1.0, shown, FREE)
        seen.add(shown)
    assert len(seen) <= 3


def test_limits_are_kept():
    assert step_range(90.0, 99.9, None, (0.0, 100.0))[1] == 100.0
    assert step_range(0.0, 100.0, None, (0.0, 100.0)) == (0.0, 100.0)


def test_constant_data_get_a_range():
    bottom, top = step_range(0.5, 0.5, None, FREE)
    assert bottom < 0.5 < top
    assert step_range(0.0, 0.0, None, FREE)[1] > 0


@given(low=st.floats(-20, 20), span=st.floats(0, 20))
def test_log_range_holds_the_data_and_ends_at_nice_numbers(low, span):
    bottom, top = step_log_range(low, low + span, None)
    assert bottom <= low + 1e-6
    assert low + span <= top + 1e-6
    assert top - bottom >= 1 - 1e-6
    for end in (bottom, top):
        mantissa = 10 ** (end - math.floor(end + 1e-9))
        assert min(abs(mantissa - nice) for nice in (1, 2, 5)) < 1e-6


def test_log_range_keeps_still():
    shown = step_log_range(-1.5, 0.3, None)
    assert step_log_range(-1.4, 0.25, shown) == shown


def test_ticks_of_counted_things_are_whole():
    step, ticks = linear_ticks(0, 3, 8, whole=True)
    assert step == 1
    assert ticks == [0, 1, 2, 3]
    assert linear_ticks(0, 0.4, 8, whole=True)[1] == [0]


def test_ticks_are_about_as_many_as_asked_for():
    for high in (0.01, 1.0, 7.3, 99.0, 1e6):
        _, ticks = linear_ticks(0, high, 6, whole=False)
        assert 2 <= len(ticks) <= 8


def test_log_ticks_are_at_1_2_5_when_there_is_room_and_at_decades_when_not():
    close = [10**tick for tick in log_ticks(-2, 0, 10)]
    assert close == pytest.approx([0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0])
    assert log_ticks(-2, 2, 6) == [-2, -1, 0, 1, 2]
    assert 2 <= len(log_ticks(-30, 30, 6)) <= 7
