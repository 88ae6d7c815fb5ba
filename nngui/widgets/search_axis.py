"""Scale: where values of an axis stand, and which of them are labeled."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nngui.viewmodels.search_choices import param_text
from nngui.viewmodels.search_view import Dimension
from nngui.widgets.curve_plot_ranges import linear_ticks, log_ticks

_ROOM = 0.06
_LEAST_LOG = 1e-12
"""Stands for 0 on a log axis, far below its end."""


@dataclass(frozen=True)
class Scale:
    """An axis, its values from 0 to 1.

    Attributes:
        title: What it shows.
        low: The value at 0 (its logarithm to base 10 on a log axis).
        high: The value at 1.
        is_log: Whether equal factors take equal room.
        categories: The values in their order where they are no numbers.
        is_whole: Whether only whole numbers make sense.
        texts: What people call the categories.
    """

    title: str
    low: float = 0.0
    high: float = 1.0
    is_log: bool = False
    categories: tuple[Any, ...] = ()
    is_whole: bool = False
    texts: tuple[str, ...] = ()

    @classmethod
    def around(
        cls, title: str, values: Iterable[float], *, log: bool = False, whole: bool = False
    ) -> Scale:
        """An axis on which all these values have room."""
        found = [math.log10(it) if log else it for it in values if not log or it > 0]
        if not found:
            return cls(title, is_log=log, is_whole=whole)
        low, high = min(found), max(found)
        room = _ROOM * (high - low) or (0.5 if log or whole else abs(high) * 0.05 or 0.5)
        return cls(title, low - room, high + room, log, (), whole)

    @classmethod
    def of(cls, dimension: Dimension) -> Scale:
        """The axis of a parameter."""
        if not dimension.is_number:
            texts = tuple(dimension.text(it) for it in dimension.values)
            return cls(dimension.label, categories=dimension.values, texts=texts)
        whole = all(isinstance(it, int) for it in dimension.values)
        return cls.around(dimension.label, dimension.ends, log=dimension.is_log, whole=whole)

    def cut(self, span: tuple[float, float] | None) -> Scale:
        """A stretch of the axis in its place, from `low` to `high`; None for all of it."""
        return self if span is None or self.categories else replace(self, low=span[0], high=span[1])

    def value_at(self, place: float) -> float:
        """What stands at a place from 0 to 1, as `low` and `high` say it."""
        return self.low + place * (self.high - self.low)

    def place(self, value: Any) -> float:
        """Where a value stands; categories at the middle of their share."""
        if self.categories:
            return (self.categories.index(value) + 0.5) / len(self.categories)
        number = math.log10(value) if self.is_log and value > 0 else float(value)
        return (number - self.low) / (self.high - self.low)

    def places(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Where numbers stand."""
        if self.is_log:
            values = np.log10(np.maximum(values, _LEAST_LOG))
        return (values - self.low) / (self.high - self.low)

    def ticks(self, most: int) -> Sequence[tuple[float, str]]:
        """Places and texts of labels.

        Args:
            most: How many there is room for.
        """
        if self.categories:
            count = len(self.categories)
            texts = self.texts or tuple(param_text(it) for it in self.categories)
            return [((at + 0.5) / count, text) for at, text in enumerate(texts)]
        span = self.high - self.low
        if self.is_log:
            found = [10**it for it in log_ticks(self.low, self.high, max(most, 2))]
            if len(found) < 3 and span < 1:
                # A stretch of a decade: 1, 2 and 5 are too few.
                found = linear_ticks(10**self.low, 10**self.high, max(most, 2), whole=False)[1]
            places = [(math.log10(it), it) for it in found if it > 0]
            return [
                ((at - self.low) / span, tick_text(it))
                for at, it in places
                if self.low <= at <= self.high
            ]
        _, places = linear_ticks(self.low, self.high, max(most, 2), whole=self.is_whole)
        return [((at - self.low) / span, tick_text(at)) for at in places]


def tick_text(value: float) -> str:
    """A number short enough for an axis."""
    if value == 0 or abs(value) < 1e-12:
        return "0"
    if not 1e-3 <= abs(value) < 1e5:
        return f"{value:.0e}".replace("e-0", "e-").replace("e+0", "e")
    return f"{round(value, 9):.6g}"
