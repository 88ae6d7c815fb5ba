"""Where things stand in the picture of a network: plain geometry, nothing painted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MARGIN = 6.0
"""The least free room at the left and right of the outermost columns [pixels]."""
MOST_NODES = 10
"""The most circles in a column, the gap included: ten classes are all shown."""
FEWEST_NODES = 4
NODE_ROOM = 13.0
"""Height that a circle likes [pixels]."""
MAX_RADIUS = 5.0
MIN_RADIUS = 1.0
SMALLEST_CIRCLE = 2.0
"""Radius below which circles are dots, spread over the units without an ellipsis [pixels]."""
BLOCK_WIDTH = 22.0
"""Width of the block that stands for the inputs, if there is room [pixels]."""


@dataclass(frozen=True)
class Column:
    """One column of the picture.

    Attributes:
        x: Its middle [pixels].
        half: Half its width [pixels].
        units: How many units it stands for.
        places: The middles of its circles from the top [pixels].
        members: Which units these circles are.
        gap: The middle of the ellipsis [pixels]; None when every unit is shown.
    """

    x: float
    half: float
    units: int
    places: tuple[float, ...]
    members: tuple[int, ...]
    gap: float | None


def lay_out(
    units: Sequence[int], width: float, height: float, label_widths: tuple[float, float] = (0, 0)
) -> tuple[Column, ...]:
    """Place the inputs, the hidden layers and the output.

    The inputs are a block: its places are bands of equal height, not single pixels.

    Args:
        units: Inputs, hidden units, classes.
        width: Of the picture [pixels].
        height: Of the part for the circles [pixels].
        label_widths: Of the first and the last label, which stand centered below [pixels].
    """
    steps = len(units) - 1
    block = min(BLOCK_WIDTH, width / (steps + 1) / 2)
    left = max(MARGIN + block / 2, label_widths[0] / 2)
    right = max(MARGIN + MAX_RADIUS, label_widths[1] / 2)
    distance = max(width - left - right, 1.0) / steps
    most = int(max(FEWEST_NODES, min(MOST_NODES, distance / 2.5, height / NODE_ROOM)))
    room = height / most
    radius = max(MIN_RADIUS, min(MAX_RADIUS, distance / 5, room * 0.4))
    columns = [_block(left, block / 2, units[0], most, height)]
    for step, count in enumerate(units[1:], start=1):
        columns.append(_circles(left + step * distance, radius, count, most, room, height))
    return tuple(columns)


def band_of(band: int, bands: int, inputs: int) -> slice:
    """The inputs that one band of the block stands for."""
    return slice(
        band * inputs // bands, max((band + 1) * inputs // bands, band * inputs // bands + 1)
    )


def _block(x: float, half: float, inputs: int, most: int, height: float) -> Column:
    bands = min(most, inputs)
    top, full = height * 0.06, height * 0.88
    places = tuple(top + full * (band + 0.5) / bands for band in range(bands))
    return Column(x, half, inputs, places, tuple(range(bands)), None)


def _circles(x: float, radius: float, units: int, most: int, room: float, height: float) -> Column:
    if units <= most:
        top = (height - units * room) / 2
        places = tuple(top + room * (unit + 0.5) for unit in range(units))
        return Column(x, radius, units, places, tuple(range(units)), None)
    if radius < SMALLEST_CIRCLE:
        members = tuple(place * (units - 1) // (most - 1) for place in range(most))
        places = tuple(room * (place + 0.5) for place in range(most))
        return Column(x, radius, units, places, members, None)
    first = most // 2
    last = most - first - 1
    top = (height - most * room) / 2
    slots = [*range(first), *range(first + 1, most)]
    places = tuple(top + room * (slot + 0.5) for slot in slots)
    members = (*range(first), *range(units - last, units))
    return Column(x, radius, units, places, members, top + room * (first + 0.5))
