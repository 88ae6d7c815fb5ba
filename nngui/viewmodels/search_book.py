"""TrialBook: the trials of a search; news cost as much as they are, not as much as there is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from nncore.search.domains import Choices, Range
from nncore.search.records import TrialRecord
from nncore.search.spec import SearchSpec
from nngui.viewmodels.search_choices import SearchChoice, choices_of, label_of, words_of
from nngui.viewmodels.search_view import Dimension, SearchView, has_value
from nngui.workers.search_studies import Importance

_LOG_FROM = 20
"""Listed numbers whose largest is so many times the smallest stand on a log scale."""
_EVEN = 1e-6


class TrialBook:
    """The trials of one search, with what the window asks of them all the time.

    Args:
        spec: The search.
        records: Its trials so far.

    Attributes:
        spec: The search.
        records: The trials by number.
        best: The best completed trial.
        finished: How many are done with.
        completed: How many came to their end.
    """

    def __init__(self, spec: SearchSpec, records: Iterable[TrialRecord] = ()) -> None:
        self.spec = spec
        self.records: dict[int, TrialRecord] = {}
        self.best: TrialRecord | None = None
        self.finished = self.completed = 0
        self._values: dict[str, dict[Any, None]] = {}
        self._labels: dict[str, str] = {}
        self._choices: dict[str, SearchChoice] = {}
        self._dimensions: tuple[Dimension, ...] | None = None
        self.take(sorted(records, key=lambda it: it.number))

    def take(self, records: Iterable[TrialRecord]) -> None:
        """Take in trials that are new or not as they were."""
        for record in records:
            before = self.records.get(record.number)
            self.records[record.number] = record
            self.finished += record.is_finished - (before is not None and before.is_finished)
            was_completed = before is not None and before.state == "completed"
            self.completed += (record.state == "completed") - was_completed
            for name, value in record.params.items():
                known = self._values.setdefault(name, {})
                if value not in known:
                    known[value] = None
                    self._dimensions = None
            if self._is_best(record):
                self.best = record

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """What was varied."""
        if self._dimensions is None:
            found = self._values.items()
            self._dimensions = tuple(self._dimension(name, list(values)) for name, values in found)
        return self._dimensions

    def view(self, importance: Importance | None = None) -> SearchView:
        """What plots show now.

        Args:
            importance: Which hyperparameters matter, if that is known.
        """
        trials = tuple(self.records[number] for number in sorted(self.records))
        best = self.best.number if self.best is not None else None
        return SearchView(trials, self.dimensions, self.spec, best, importance)

    def _is_best(self, record: TrialRecord) -> bool:
        if record.state != "completed" or record.value is None or not has_value(record):
            return False
        best = self.best
        if best is None or best.value is None or best.number == record.number:
            return True
        if record.value == best.value:
            return record.number < best.number
        return (record.value > best.value) is self.spec.settings.objective.is_maximized

    def _dimension(self, name: str, found: Sequence[Any]) -> Dimension:
        spec = self.spec
        domain = spec.space.domain_of(name)
        # What is to come stands on the axis from the beginning, so that nothing moves meanwhile.
        given: Sequence[Any] = domain.labels if isinstance(domain, Choices) else ()
        if isinstance(domain, Range) and spec.is_grid:
            given = domain.values
        values: list[Any] = list(dict.fromkeys([*given, *found]))
        is_number = all(isinstance(it, int | float) and not isinstance(it, bool) for it in values)
        if is_number:
            values.sort()
        if isinstance(domain, Range):
            is_log = domain.scale == "log"
        else:
            is_log = is_number and _is_geometric(values)
        if name not in self._labels:
            if not self._choices:
                self._choices = choices_of(spec.space.base)
            self._labels[name] = label_of(name, self._choices)
        return Dimension(
            name=name,
            label=self._labels[name],
            is_number=is_number,
            is_log=is_number and is_log,
            values=tuple(values),
            is_continuous=isinstance(domain, Range) and not spec.is_grid,
            bounds=(domain.low, domain.high) if isinstance(domain, Range) else None,
            words=words_of(name, self._choices),
        )


def _is_geometric(values: Sequence[float]) -> bool:
    """Whether numbers in ascending order belong on a log scale: 32, 64, 128; or 1, 10, 30."""
    if values[0] <= 0:
        return False
    factors = [two / one for one, two in pairwise(values)]
    is_even = len(factors) > 1 and max(factors) - min(factors) < _EVEN * max(factors)
    return is_even or values[-1] >= _LOG_FROM * values[0]
