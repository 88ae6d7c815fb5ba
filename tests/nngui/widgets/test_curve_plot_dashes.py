from __future__ import annotations

import numpy as np
import pytest

from nngui.widgets.curve_plot_dashes import cut_dashes


def test_straight_line_is_cut_into_dashes_of_the_asked_length():
    places, heights = cut_dashes(np.array([0.0, 10.0]), np.array([1.0, 1.0]), (2.0, 1.0), 4, 6)
    assert places.tolist() == pytest.approx([0, 2, 5, 7])
    assert heights.tolist() == pytest.approx([1, 1, 1, 1])


def test_dash_goes_around_a_corner():
    places, heights = cut_dashes(
        np.array([0.0, 3.0, 3.0]), np.array([0.0, 0.0, 5.0]), (1.0, 1.0), 5, 100
    )
    pieces = np.stack([places, heights], axis=1).reshape(-1, 2, 2).tolist()
    assert pieces == [[[0, 0], [3, 0]], [[3, 0], [3, 2]]]


def test_dashes_cover_their_share_of_a_crooked_line():
    rng = np.random.default_rng(0)
    places, heights = np.arange(500.0), rng.standard_normal(500)
    scale = 3.0, 40.0
    x, y = cut_dashes(places, heights, scale, 8, 5)
    whole = np.hypot(np.diff(places) * scale[0], np.diff(heights) * scale[1]).sum()
    drawn = np.hypot((x[1::2] - x[::2]) * scale[0], (y[1::2] - y[::2]) * scale[1]).sum()
    assert drawn / whole == pytest.approx(8 / 13, abs=0.01)


@pytest.mark.parametrize("count", [0, 1])
def test_too_few_points_give_no_dashes(count):
    places, heights = cut_dashes(np.zeros(count), np.zeros(count), (1.0, 1.0), 8, 5)
    assert len(places) == len(heights) == 0
