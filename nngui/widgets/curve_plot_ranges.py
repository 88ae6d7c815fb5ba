"""Axis ranges and ticks at nice numbers, changed in steps: never a new range for each new value."""

from __future__ import annotations

import math

_GROW_ROOM = 0.03
_SHRINK_BELOW = 0.4
"""The share of the range below which data that use no more make it shrink."""

Range = tuple[float, float]


def nice_step(rough: float) -> float:
    """The smallest of 1, 2 and 5 times a power of ten that is at least `rough` (above 0)."""
    power = 10.0 ** math.floor(math.log10(rough))
    for factor in (1.0, 2.0, 5.0):
        if factor * power >= rough * (1 - 1e-9):
            return factor * power
    return 10.0 * power


def grow_range(planned: int, reached: int, least: int) -> Range:
    """How far a horizontal axis reaches: from 0 to all that is planned.

    A long plan whose beginning would be a sliver is shown in steps instead: the axis grows each
    time a quarter of it is full.

    Args:
        planned: Where the run shall end; less than `reached` when that is unknown.
        reached: Where it is.
        least: The shortest axis worth showing, unless less is planned.
    """
    if reached > planned:
        return 0.0, nice_step(reached)
    planned = max(planned, 1)
    if planned <= least or 20 * reached >= planned:
        return 0.0, float(planned)
    return 0.0, min(float(planned), nice_step(max(least, 4 * reached)))


def step_range(low: float, high: float, shown: Range | None, limits: Range) -> Range:
    """A vertical range for data from `low` to `high` that seldom changes.

    It grows at once when data leave it, to a nice number with some room, and shrinks only when data
    use less than 40 % of it. It begins at 0 when the data come near enough.

    Args:
        low: Smallest value.
        high: Largest value.
        shown: The range now; None for a fresh one.
        limits: What values can never leave.
    """
    size = max(abs(low), abs(high))
    span = high - low if high - low > 1e-6 * size + 1e-12 else max(size, 1e-6)
    room = _GROW_ROOM * span
    step = nice_step(span / 5)
    bottom = math.floor((low - room) / step) * step
    top = math.ceil((high + room) / step) * step
    if low >= 0 and bottom < 0.35 * top:
        bottom = 0.0
    bottom, top = max(bottom, limits[0]), min(top, limits[1])
    return _keep_or_change(low, high, (bottom, top), shown)


def step_log_range(low: float, high: float, shown: Range | None) -> Range:
    """The same for a logarithmic axis; all in powers of ten: -2 stands for 0.01.

    The ends are at 1, 2 or 5 times a power of ten, and at least a factor of 10 apart.
    """
    bottom, top = _log_below(low), _log_above(high)
    if top - bottom < 1:
        bottom = _log_below(top - 1)
    return _keep_or_change(low, high, (bottom, top), shown)


def _log_below(exponent: float) -> float:
    """The largest exponent of 1, 2 or 5 times a power of ten that is at most `exponent`."""
    whole = math.floor(exponent + 1e-9)
    exponents = [whole + math.log10(mantissa) for mantissa in (1, 2, 5)]
    return max(nice for nice in exponents if nice <= exponent + 1e-9)


def _log_above(exponent: float) -> float:
    """The smallest exponent of 1, 2 or 5 times a power of ten that is at least `exponent`."""
    whole = math.floor(exponent)
    exponents = [whole + math.log10(mantissa) for mantissa in (1, 2, 5, 10)]
    return min(nice for nice in exponents if nice >= exponent - 1e-9)


def _keep_or_change(low: float, high: float, wanted: Range, shown: Range | None) -> Range:
    if shown is None:
        return wanted
    holds = shown[0] <= low and high <= shown[1]
    if wanted[1] - wanted[0] < _SHRINK_BELOW * (shown[1] - shown[0]):
        return wanted
    if holds:
        return shown
    return min(shown[0], wanted[0]), max(shown[1], wanted[1])


def linear_ticks(low: float, high: float, most: int, *, whole: bool) -> tuple[float, list[float]]:
    """Nice tick positions from `low` to `high`.

    Args:
        low: Lower end of the axis.
        high: Upper end of the axis.
        most: How many there may be about.
        whole: Whether only whole numbers make sense.

    Returns:
        Their distance, and the positions.
    """
    # A little more than asked for is better than half as many.
    step = nice_step(max(0.9 * (high - low) / max(most, 1), 1e-300))
    if whole:
        step = max(step, 1.0)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return step, [number * step for number in range(first, last + 1)]


def log_ticks(low: float, high: float, most: int) -> list[float]:
    """Ticks of a logarithmic axis, as powers of ten: 1, 2, 5 of each decade if they fit."""
    decades = range(math.floor(low + 1e-9), math.ceil(high - 1e-9) + 1)
    for mantissas in ((1, 2, 5), (1,)):
        ticks = [decade + math.log10(mantissa) for decade in decades for mantissa in mantissas]
        inside = [tick for tick in ticks if low - 1e-9 <= tick <= high + 1e-9]
        if len(inside) <= max(most, 2):
            return inside
    every = -(-len(inside) // max(most, 2))
    return [tick for tick in inside if round(tick) % every == 0]
