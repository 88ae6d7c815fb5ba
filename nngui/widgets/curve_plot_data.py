"""PlotRuns: the curves of the current and the previous run of one plot, and their readings."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from nngui.widgets.curve_plot_legend import LegendEntry
from nngui.widgets.curve_plot_series import Series
from nngui.widgets.curve_plot_sign import BEHIND, FULL, PREVIOUS, Sign, Stroke
from nngui.widgets.curve_plot_spec import CurveSpec, PlotData, PlotSpec


@dataclass(frozen=True)
class ValueAt:
    """One curve's value at a place.

    Attributes:
        sign: How the curve looks.
        label: What it is.
        value: As recorded, or smoothed; None where the current run has none.
        previous: The same of the previous run.
    """

    sign: Sign
    label: str
    value: float | None
    previous: float | None


class PlotRuns:
    """Follows two runs.

    Args:
        spec: What the plot shows.
    """

    def __init__(self, spec: PlotSpec) -> None:
        self._spec = spec
        self._smoothing = 0.0
        self._current = PlotData(object(), {})
        self._previous: PlotData | None = None
        self.current: dict[str, Series] = {}
        self.previous: dict[str, Series] = {}

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return self.reached == 0

    @property
    def reached(self) -> int:
        """The last place with a value of either run."""
        runs = (*self.current.values(), *self.previous.values())
        return max((len(series) for series in runs), default=0)

    @property
    def planned(self) -> int:
        """Where the horizontal axis shall end."""
        return self._current.planned or (self._previous.planned if self._previous else 0)

    @property
    def data(self) -> Sequence[tuple[str, PlotData]]:
        """The runs' names and values, the current first."""
        named = [("current", self._current)]
        return named if self._previous is None else [*named, ("previous", self._previous)]

    @property
    def best(self) -> tuple[int, float] | None:
        """The best place and the value of the curve on which it is marked."""
        place, series = self._current.best, self.current.get(self._spec.best)
        value = series.at(place) if series is not None and place is not None else None
        return None if place is None or value is None else (place, value)

    def update(self, current: PlotData, previous: PlotData | None) -> bool:
        """Take over the runs as they are now.

        Returns:
            Whether either is another run than before.
        """
        old_current, old_previous = self._current.run, self._previous and self._previous.run
        changed = current.run is not old_current
        if (previous and previous.run) is not old_previous:
            changed = True
            known = self.current if previous and previous.run is old_current else {}
            self.previous = known if previous else {}
        if current.run is not old_current:
            self.current = {}
        self._current, self._previous = current, previous
        _follow(self.current, current, self._smoothing)
        if previous is not None:
            _follow(self.previous, previous, self._smoothing)
        return changed

    def set_smoothing(self, smoothing: float) -> None:
        """Smooth the curves."""
        self._smoothing = smoothing
        for series in (*self.current.values(), *self.previous.values()):
            series.set_smoothing(smoothing)

    def catch_up(self) -> bool:
        """Go on with the smoothing of long curves; returns whether there is more to do."""
        runs = (*self.current.values(), *self.previous.values())
        for series in runs:
            series.catch_up()
        return any(series.is_behind for series in runs)

    def snap(self, place: float) -> int | None:
        """The nearest place with a value; None when there is none."""
        if self.is_empty or not math.isfinite(place):
            return None
        return min(max(round(place), 1), self.reached)

    def values_at(self, place: int) -> list[ValueAt]:
        """What every curve says at a place; the smoothed value stands above the recorded one."""
        found: list[ValueAt] = []
        for spec in self._spec.curves:
            current, previous = self.current.get(spec.key), self.previous.get(spec.key)
            kinds = [False] if self._smoothing == 0 else [True, False]
            for smooth in kinds:
                value = current.at(place, smooth=smooth) if current else None
                before = previous.at(place, smooth=smooth) if previous else None
                if value is not None or before is not None:
                    strength = BEHIND if len(kinds) > 1 and not smooth else FULL
                    label = f"{spec.label}, smoothed" if smooth else spec.label
                    found.append(ValueAt(sign_of(spec, strength), label, value, before))
        return found

    def legend(self, *, log: bool) -> list[LegendEntry]:
        """The entries of the legend as things stand."""
        entries: list[LegendEntry] = []
        for spec in self._spec.curves:
            if self._smoothing > 0:
                hint = "Exponential moving average, corrected for its slow start."
                label = f"{spec.label}, smoothed {self._smoothing:.2f}"
                entries.append(LegendEntry(sign_of(spec), label, hint))
                entries.append(LegendEntry(sign_of(spec, BEHIND), "as recorded", spec.hint))
            else:
                entries.append(LegendEntry(sign_of(spec), spec.label, spec.hint))
        if self._spec.best:
            entries.append(self._best_entry(log=log))
        if self.previous:
            sign = Sign(self._spec.curves[0].role, strength=PREVIOUS, mark=False)
            hint = "The faint curves are those of the run before, to compare with."
            text = "previous run, smoothed" if self._smoothing > 0 else "previous run"
            entries.append(LegendEntry(sign, text, hint))
        return entries

    def _best_entry(self, *, log: bool) -> LegendEntry:
        text = f"best {self._spec.horizontal.lower()}"
        if self.best is not None:
            place, value = self.best
            text = f"{text} {place:,}: {self._spec.quantity(log=log).text(value)}"
        hint = "The epoch with the lowest validation loss."
        return LegendEntry(Sign("best", Stroke.BEST), text, hint)


def sign_of(spec: CurveSpec, strength: float = FULL) -> Sign:
    """How a curve looks in legends and read-outs."""
    return Sign(spec.role, Stroke.DASHED if spec.dashed else Stroke.SOLID, strength)


def _follow(series: dict[str, Series], data: PlotData, smoothing: float) -> None:
    for key, values in data.values.items():
        if key not in series:
            series[key] = Series(smoothing)
        if len(values) != len(series[key]):
            series[key].update(values)
