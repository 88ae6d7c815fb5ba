"""SearchView: the trials of a search in the form in which plots and the table show them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from nncore.search.domains import Range
from nncore.search.records import EpochFigures, TrialRecord, best_of
from nncore.search.spec import SearchSpec
from nncore.search.verdict import value_text
from nngui.viewmodels.search_choices import label_of, param_text

_LOG_FROM = 20
"""Listed numbers whose largest is so many times the smallest stand on a log scale."""


@dataclass(frozen=True)
class Dimension:
    """A parameter of the trials, as an axis shows it.

    Attributes:
        name: As trials name it.
        label: For people.
        is_number: Whether its values are numbers.
        is_log: Whether they stand on a log scale.
        values: Every value that occurs, in order.
        is_continuous: Whether any number of its range may occur.
    """

    name: str
    label: str
    is_number: bool
    is_log: bool
    values: tuple[Any, ...]
    is_continuous: bool = False


@dataclass(frozen=True)
class SearchView:
    """Everything that a plot needs.

    Attributes:
        trials: All trials, in the order of their numbers.
        dimensions: What was varied.
        spec: The search.
        best: The best trial's number.
        picked: The number of the trial that a person looks at.
    """

    trials: tuple[TrialRecord, ...]
    dimensions: tuple[Dimension, ...]
    spec: SearchSpec
    best: int | None
    picked: int | None

    @property
    def measured(self) -> list[TrialRecord]:
        """The completed trials; a pruned one's value is from an early epoch."""
        return [it for it in self.trials if it.state == "completed" and has_value(it)]

    @property
    def is_accuracy(self) -> bool:
        """Whether accuracy counts, else loss."""
        return self.spec.settings.objective.metric == "accuracy"

    @property
    def value_title(self) -> str:
        """The objective as an axis says it."""
        objective = self.spec.settings.objective
        which = "best epoch" if objective.epoch == "best" else "last epoch"
        unit = " [%]" if self.is_accuracy else " [nats]"
        return f"Validation {objective.metric}, {which}{unit}"

    def shown(self, value: float) -> float:
        """A value in the unit in which it is shown."""
        return 100 * value if self.is_accuracy else value

    def text(self, value: float) -> str:
        """A value for people."""
        return value_text(value, self.spec.settings.objective)

    def trial_html(self, record: TrialRecord) -> str:
        """A trial for a tooltip."""
        lines = [f"<b>Trial {record.number}</b>, {record.state}"]
        if record.value is not None:
            lines.append(f"{self.value_title.split(' [')[0]}: <b>{self.value_words(record)}</b>")
        labels = {it.name: it.label for it in self.dimensions}
        for name, value in record.params.items():
            lines.append(f"{labels.get(name, name)}: {param_text(value)}")
        return "<br>".join(lines)

    def value_words(self, record: TrialRecord) -> str:
        """A trial's value with its spread."""
        if record.value is None or not has_value(record):
            return "–"
        spread = record.spread
        text = self.text(record.value)
        return text if spread is None else f"{text} ± {self.text(spread)}"


def has_value(record: TrialRecord) -> bool:
    """Whether a trial has a number to show."""
    return record.value is not None and math.isfinite(record.value)


def view_of(spec: SearchSpec, records: Iterable[TrialRecord], picked: int | None) -> SearchView:
    """What plots show of a search.

    Args:
        spec: The search.
        records: Its trials, in any order.
        picked: The number of the trial that a person looks at.
    """
    trials = tuple(sorted(records, key=lambda it: it.number))
    names = dict.fromkeys(name for record in trials for name in record.params)
    dimensions = tuple(_dimension(name, trials, spec) for name in names)
    best = best_of(trials, is_maximized=spec.settings.objective.is_maximized)
    return SearchView(trials, dimensions, spec, best.number if best else None, picked)


def epochs_of(record: TrialRecord) -> int:
    """How many epochs a trial was trained, all seeds together."""
    return sum(len(run.epochs) for run in record.runs)


def curve_of(record: TrialRecord, *, is_accuracy: bool) -> list[float]:
    """A trial's validation figure after each epoch, the mean of the seeds that came so far."""
    runs = [run.epochs for run in record.runs if run.epochs]
    longest = max((len(epochs) for epochs in runs), default=0)
    curve: list[float] = []
    for place in range(longest):
        figures = [_figure(it[place], is_accuracy) for it in runs if len(it) > place]
        mean = sum(figures) / len(figures)
        if not math.isfinite(mean):
            break
        curve.append(mean)
    return curve


def _figure(epoch: EpochFigures, is_accuracy: bool) -> float:
    return epoch.validation_accuracy if is_accuracy else epoch.validation_loss


def _dimension(name: str, trials: Iterable[TrialRecord], spec: SearchSpec) -> Dimension:
    found = list(dict.fromkeys(it.params[name] for it in trials if name in it.params))
    is_number = all(isinstance(it, int | float) and not isinstance(it, bool) for it in found)
    values = sorted(found) if is_number else found
    domain = next((it.domain for it in spec.space.dimensions if it.name == name), None)
    if domain is None and spec.space.layers is not None:
        domain = spec.space.layers.fields.get(name.rpartition(".")[2])
    if isinstance(domain, Range):
        is_log = domain.scale == "log"
    else:
        is_log = is_number and values[0] > 0 and values[-1] >= _LOG_FROM * values[0]
    label = label_of(name, spec.space.base)
    is_continuous = isinstance(domain, Range) and not spec.is_grid
    return Dimension(name, label, is_number, is_number and is_log, tuple(values), is_continuous)
