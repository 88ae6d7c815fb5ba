"""What a curve plot shows, declared: its curves, their quantity and what a run brings to it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


@dataclass(frozen=True)
class Quantity:
    """What stands on a vertical axis, and how it is made from the values that were recorded.

    Attributes:
        name: "Loss".
        unit: "nats", or "%"; "" for a plain number.
        factor: What a value is multiplied with to be shown.
        complement: Whether one minus the value is shown: the error rate of an accuracy.
        limits: What shown values cannot leave.
    """

    name: str
    unit: str
    factor: float = 1.0
    complement: bool = False
    limits: tuple[float, float] = (-math.inf, math.inf)

    @property
    def title(self) -> str:
        """The axis title, with the unit if there is one."""
        return f"{self.name} [{self.unit}]" if self.unit else self.name

    def shown(self, values: Array) -> Array:
        """Recorded values as this quantity, float64 and of the same shape."""
        values = np.asarray(values, np.float64)
        return self.factor * (1 - values if self.complement else values)

    def positions(self, values: Array, *, log: bool) -> Array:
        """Where values stand on the axis; NaN where a logarithm does not exist."""
        shown = self.shown(values)
        if not log:
            return shown
        with np.errstate(invalid="ignore"):  # NaN is a gap and compares as False.
            positive = shown > 0
        return np.log10(shown, out=np.full(shown.shape, np.nan), where=positive)

    def text(self, value: float) -> str:
        """A value as read by people, with its unit if that is a percentage."""
        if not math.isfinite(value):
            return "not a number" if math.isnan(value) else "infinite"
        shown = float(self.shown(np.array(value)))
        if self.unit == "%":
            return f"{shown:.2f} %"
        return f"{shown:.4g}" if abs(shown) < 1e-3 or abs(shown) >= 1e4 else f"{shown:.4f}"


@dataclass(frozen=True)
class CurveSpec:
    """One curve of a plot.

    Attributes:
        key: Its name in files and in `PlotData.values`.
        label: Its name in the legend.
        role: Its color in the theme.
        dashed: Whether it is dashed, so that color is not the only sign.
        hint: What exactly it shows.
    """

    key: str
    label: str
    role: str
    dashed: bool = False
    hint: str = ""


@dataclass(frozen=True)
class PlotSpec:
    """One plot.

    Attributes:
        key: Its name in files; `objectName`s are made from it.
        title: Above the plot.
        horizontal: "Epoch" or "Step": what is counted along the horizontal axis.
        linear: The quantity on a linear axis.
        logarithmic: The quantity on a logarithmic axis.
        curves: What is drawn.
        waiting: What stands in the empty plot before a run.
        soon: What stands there when a run has begun.
        best: Key of the curve on which the best place is marked, or "".
        least: The shortest horizontal axis worth showing.
    """

    key: str
    title: str
    horizontal: str
    linear: Quantity
    logarithmic: Quantity
    curves: tuple[CurveSpec, ...]
    waiting: str = ""
    soon: str = ""
    best: str = ""
    least: int = 100

    def in_unit(self, unit: str) -> PlotSpec:
        """The same plot of values that are counted in another unit, "" for plain numbers."""
        linear, logarithmic = (
            replace(quantity, unit=unit) for quantity in (self.linear, self.logarithmic)
        )
        return replace(self, linear=linear, logarithmic=logarithmic)

    def quantity(self, *, log: bool) -> Quantity:
        """The quantity on the axis in force."""
        return self.logarithmic if log else self.linear


@dataclass(frozen=True, eq=False)
class PlotData:
    """What one run brings to a plot; the first value of each curve stands at 1.

    Attributes:
        run: Identity of the run: as long as it is the same object, curves only grow at their ends.
        values: Each curve's values so far, (count,), by key.
        planned: Where the horizontal axis shall end; 0 when unknown.
        best: Where the best place is, or None.
    """

    run: object
    values: Mapping[str, Array]
    planned: int = 0
    best: int | None = None

    @property
    def reached(self) -> int:
        """Length of the longest curve."""
        return max((len(values) for values in self.values.values()), default=0)
