"""How an editor moves through a range: single steps, and places on a log slider."""

from __future__ import annotations

import math
from dataclasses import dataclass

from nncore.component import Hyperparameter
from nngui.viewmodels.number_text import rounded

DECADES = 6
"""How far below the upper bound a log slider reaches, when no lower bound says otherwise."""

STEPS_PER_DECADE = 20
DIGITS = 2
"""Significant digits of what a slider gives: a hand cannot choose more."""


def stepped(declared: Hyperparameter, value: float, direction: int) -> float:
    """The value one step up or down, kept inside the legal range.

    On a log scale a step doubles or halves. On a linear one it is 1 for whole numbers; for others
    it is a hundredth of the range and gets finer towards a bound that is not itself legal, so that
    0.999 steps to 0.9991.

    Args:
        declared: The range and scale.
        value: Where to start.
        direction: 1 for up, -1 for down.
    """
    if declared.scale == "log":
        moved = value * 2 if direction > 0 else value / 2
        if declared.type == "integer":
            moved = int(moved)
    elif declared.type == "integer":
        moved = value + direction
    else:
        moved = round(value + direction * _linear_step(declared, value, direction), 12)
    low, high = declared.minimum, declared.maximum
    if high is not None and (moved > high or (moved == high and not declared.maximum_included)):
        return _whole(high) if declared.maximum_included and value < high else value
    if low is not None and (moved < low or (moved == low and not declared.minimum_included)):
        return _whole(low) if declared.minimum_included and value > low else value
    return moved


def _linear_step(declared: Hyperparameter, value: float, direction: int) -> float:
    low, high = declared.minimum, declared.maximum
    span = 1.0 if low is None or high is None else high - low
    step = 10.0 ** (round(math.log10(span)) - 2)
    if high is not None and not declared.maximum_included and value < high:
        # Rounded first: 1 - 0.9 is a hair less than 0.1.
        exponent = math.log10(rounded(high - value, 6))
        step = min(
            step, 10.0 ** (math.ceil(exponent) - 1 if direction > 0 else math.floor(exponent))
        )
    return step


def _whole(bound: float) -> float:
    return int(bound) if bound == int(bound) else bound


@dataclass(frozen=True)
class LogScale:
    """The places of a log slider, 0 to `last`.

    Attributes:
        low: The smallest value above zero.
        high: The largest value.
        has_zero: Whether place 0 stands for zero.
    """

    low: float
    high: float
    has_zero: bool

    @classmethod
    def of(cls, declared: Hyperparameter) -> LogScale | None:
        """The practical decades of a log range, None where a slider is no help."""
        if declared.scale != "log" or declared.type != "number" or declared.maximum is None:
            return None
        minimum = declared.minimum or 0
        low = minimum if minimum > 0 else declared.maximum * 10.0**-DECADES
        if isinstance(declared.default, float) and 0 < declared.default < low * 10:
            low = max(minimum, 10.0 ** (math.floor(math.log10(declared.default)) - 1))
        has_zero = minimum == 0 and declared.minimum_included
        return cls(low, declared.maximum, has_zero)

    @property
    def last(self) -> int:
        """The last place."""
        return round(STEPS_PER_DECADE * math.log10(self.high / self.low)) + self.has_zero

    def value_at(self, place: int) -> float:
        """The value that a place stands for."""
        if self.has_zero and place == 0:
            return 0.0
        exponent = (place - self.has_zero) / STEPS_PER_DECADE
        return min(rounded(self.low * 10.0**exponent, DIGITS), self.high)

    def place_of(self, value: float) -> int:
        """The nearest place to a value, whether or not it lies on the slider."""
        if value <= 0:
            return 0
        exponent = math.log10(value / self.low)
        place = round(STEPS_PER_DECADE * exponent) + self.has_zero
        return max(int(self.has_zero), min(place, self.last))
