"""The colors of a confusion matrix."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nngui.theme import Theme

_MOST_GREEN = 0.85
"""How green a class is that is always right: mistakes shall stand out, not what goes well."""


def shades(counts: NDArray[np.int64], theme: Theme) -> NDArray[np.uint8]:
    """The color of each cell, uint8 (classes, classes, 3).

    The diagonal is green by the share of its class that is right. The others are colored by the
    square root of their count, the largest one fully: most mistakes are rare, and would not be seen
    beside the few that are frequent.

    Args:
        counts: True classes in rows, predicted in columns (classes, classes).
        theme: Of the widget.
    """
    wrong = counts.astype(np.float32)
    np.fill_diagonal(wrong, 0)
    strength = np.sqrt(wrong / max(wrong.max(initial=0), 1))
    right = counts.diagonal() / np.maximum(counts.sum(axis=1), 1)
    np.fill_diagonal(strength, _MOST_GREEN * right)
    paper, ways = _rgb(theme, "raised"), np.empty((*counts.shape, 3), np.float32)
    ways[...] = _rgb(theme, "negative") - paper
    ways[np.diag_indices(len(counts))] = _rgb(theme, "correct") - paper
    ways *= strength[..., None]
    # Cut off to whole numbers: half a step more rounds them.
    ways += paper + 0.5
    return ways.astype(np.uint8)


def needs_black(colors: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Whether black can be read better than white on each of some colors.

    Source: WCAG 2.2, relative luminance and contrast ratio; both are alike at a luminance of 0.179.

    Args:
        colors: uint8 (..., 3).

    Returns:
        Booleans (...).
    """
    share = colors / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return linear @ np.array([0.2126, 0.7152, 0.0722]) > 0.179


def _rgb(theme: Theme, role: str) -> NDArray[np.float32]:
    color = theme.color(role)
    return np.array([color.red(), color.green(), color.blue()], np.float32)
