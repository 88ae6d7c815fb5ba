from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nngui.widgets.curve_plot_decimation import MinMaxPyramid


def drawn_at(values: np.ndarray, first: int, stop: int, columns: int):
    pyramid = MinMaxPyramid()
    pyramid.update(values)
    return pyramid.window(first, stop, columns)


def expected_buckets(values: np.ndarray, size: int, first: int, stop: int):
    """Minimum and maximum of each bucket, one after the other, the slow way."""
    found = []
    for start in range(first // size * size, stop, size):
        bucket = values[start : start + size]
        bucket = bucket[np.isfinite(bucket)]
        found += [bucket.min(), bucket.max()] if len(bucket) else [np.nan, np.nan]
    return np.array(found)


@settings(deadline=None)
@given(
    count=st.integers(0, 3000),
    seed=st.integers(0, 100),
    columns=st.integers(2, 200),
    cut=st.tuples(st.floats(0, 1), st.floats(0, 1)),
    missing=st.floats(0, 0.9),
)
def test_every_bucket_keeps_its_minimum_and_maximum(count, seed, columns, cut, missing):
    rng = np.random.default_rng(seed)
    values = rng.standard_normal(count).astype(np.float32)
    values[rng.random(count) < missing] = rng.choice([np.nan, np.inf, -np.inf])
    first, stop = sorted(int(part * count) for part in cut)
    places, heights = drawn_at(values, first, stop, columns)
    assert len(places) == len(heights) <= 2 * (columns + 1)
    if stop - first <= 2 * columns:
        np.testing.assert_array_equal(places, np.arange(first, stop))
        finite = np.isfinite(values[first:stop])
        np.testing.assert_array_equal(heights[finite], values[first:stop][finite])
        assert np.isnan(heights[~finite]).all()
        return
    size = 1
    while -(-(stop - first) // size) > columns:
        size *= 2
    np.testing.assert_array_equal(
        heights, expected_buckets(values, size, first, stop)[: len(heights)]
    )
    assert places[0] >= first - size
    assert places[-1] < stop + size
    assert (np.diff(places[::2]) > 0).all()


def test_growing_piece_by_piece_is_the_same_as_at_once():
    values = np.random.default_rng(1).standard_normal(10_000)
    grown = MinMaxPyramid()
    for stop in (1, 2, 3, 50, 51, 4096, 9_999, 10_000):
        grown.update(values[:stop])
    for first, stop, columns in ((0, 10_000, 100), (17, 9_990, 33), (5_000, 10_000, 1_000)):
        here = grown.window(first, stop, columns)
        np.testing.assert_array_equal(here, drawn_at(values, first, stop, columns))


def test_single_peak_among_a_million_is_drawn():
    values = np.zeros(1_000_000, np.float32)
    values[654_321] = 7
    places, heights = drawn_at(values, 0, len(values), 800)
    assert heights.max() == 7
    assert abs(places[heights.argmax()] - 654_321) < 1_000_000 / 800 * 2


def test_last_unfinished_bucket_is_drawn():
    values = np.zeros(1_001)
    values[-1] = 3
    places, heights = drawn_at(values, 0, len(values), 100)
    assert heights[-1] == 3
    assert 992 <= places[-1] <= 1_000


@pytest.mark.parametrize("count", [0, 1])
def test_almost_nothing_can_be_drawn(count):
    places, heights = drawn_at(np.ones(count), 0, count, 100)
    assert places.tolist() == list(range(count))
    assert heights.tolist() == [1.0] * count


def test_window_beyond_the_ends_draws_what_there_is():
    places, heights = drawn_at(np.array([1.0, 2.0]), -5, 90, 100)
    assert places.tolist() == [0, 1]
    assert heights.tolist() == [1, 2]


def test_growing_curve_keeps_its_buckets_while_the_stretch_stays():
    values = np.random.default_rng(3).standard_normal(10_000)
    whole_places, whole = drawn_at(values, 0, 10_000, 100)
    for count in (3_000, 5_000, 9_000):
        places, heights = drawn_at(values[:count], 0, 10_000, 100)
        assert len(places) <= 2 * (100 * count // 10_000 + 1)
        full = 2 * (count // 128)
        np.testing.assert_array_equal(heights[:full], whole[:full])
        np.testing.assert_array_equal(places[:full], whole_places[:full])


def test_stretch_beyond_a_long_curve_is_empty():
    places, heights = drawn_at(np.ones(5_000), 6_000, 90_000, 100)
    assert len(places) == len(heights) == 0


@pytest.mark.parametrize("count", [1, 2, 3, 30])
def test_a_curve_shorter_than_one_bucket_is_drawn_as_its_least_and_most(count):
    """As a run that has just begun, in a plot that is wide enough for all its planned steps."""
    pyramid = MinMaxPyramid()
    pyramid.update(np.arange(count, dtype=float))
    places, values = pyramid.window(-1, 540_000, 400)
    assert values.tolist() == [0, count - 1]
    assert places.tolist() == [(count - 1) / 2] * 2
