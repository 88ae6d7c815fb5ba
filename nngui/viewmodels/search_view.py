"""SearchView: the trials of a search in the form in which plots and the table show them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from nncore.search.records import TrialRecord
from nncore.search.spec import SearchSpec
from nngui.answers import percent
from nngui.viewmodels.search_choices import param_text
from nngui.workers.search_studies import Importance


@dataclass(frozen=True)
class Dimension:
    """A parameter of the trials, as an axis shows it.

    Attributes:
        name: As trials name it.
        label: For people.
        is_number: Whether its values are numbers.
        is_log: Whether they stand on a log scale.
        values: Every value that occurs or is to come, in order.
        is_continuous: Whether any number of its range may occur.
        bounds: The ends of its range, None if it has none.
        words: What people call its words.
    """

    name: str
    label: str
    is_number: bool
    is_log: bool
    values: tuple[Any, ...]
    is_continuous: bool = False
    bounds: tuple[float, float] | None = None
    words: Mapping[str, str] = field(default_factory=dict[str, str])

    def text(self, value: object) -> str:
        """One of its values for people, short."""
        known = self.words.get(value) if isinstance(value, str) else None
        return param_text(value) if known is None else known

    @property
    def ends(self) -> tuple[float, float]:
        """The smallest and the largest number that may occur."""
        found = (self.values[0], self.values[-1])
        if self.bounds is None:
            return found
        return min(found[0], self.bounds[0]), max(found[1], self.bounds[1])


@dataclass(frozen=True)
class SearchView:
    """Everything that a plot needs.

    Attributes:
        trials: All trials, in the order of their numbers.
        dimensions: What was varied.
        spec: The search.
        best: The best trial's number.
        importance: Which hyperparameters matter; None while that is not known.
    """

    trials: tuple[TrialRecord, ...]
    dimensions: tuple[Dimension, ...]
    spec: SearchSpec
    best: int | None
    importance: Importance | None = None

    @cached_property
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
        title = f"Validation {objective.metric}, {which}"
        return f"{title} [%]" if self.is_accuracy else self.of_losses(title)

    def of_losses(self, title: str) -> str:
        """The title of an axis with losses, with their unit if all trials have the same one."""
        units = {it.config.network.loss.unit for it in self.trials if it.config is not None}
        units = units or {self.spec.space.base.network.loss.unit}
        unit = units.pop() if len(units) == 1 else ""
        return f"{title} [{unit}]" if unit else title

    def shown(self, value: float) -> float:
        """A value in the unit in which it is shown."""
        return 100 * value if self.is_accuracy else value

    def text(self, value: float) -> str:
        """A value for people."""
        return percent(value, 2) if self.is_accuracy else f"{value:.4f}"

    def trial_html(self, record: TrialRecord) -> str:
        """A trial for a tooltip."""
        lines = [f"<b>Trial {record.number}</b>, {record.state}"]
        if record.value is not None:
            lines.append(f"{self.value_title.split(' [')[0]}: <b>{self.value_words(record)}</b>")
        lines += [f"{label}: {text}" for label, text in self.chosen(record)]
        return "<br>".join(lines)

    def chosen(self, record: TrialRecord) -> list[tuple[str, str]]:
        """What a trial's parameters are called, and its values of them."""
        known = {it.name: it for it in self.dimensions}
        return [(known[name].label, known[name].text(it)) for name, it in record.params.items()]

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


def epochs_of(record: TrialRecord) -> int:
    """How many epochs a trial was trained, all seeds together."""
    return sum(len(run.epochs) for run in record.runs)


def curve_of(record: TrialRecord, figure: str) -> list[float]:
    """A trial's figure after each epoch, the mean of the seeds that came so far.

    Args:
        record: The trial.
        figure: A name of `EpochFigures`.
    """
    runs = [run.epochs for run in record.runs if run.epochs]
    if len(runs) == 1:
        curve = [float(getattr(epoch, figure)) for epoch in runs[0]]
    else:
        longest = max((len(epochs) for epochs in runs), default=0)
        curve = [
            _mean([getattr(it[place], figure) for it in runs if len(it) > place])
            for place in range(longest)
        ]
    end = next((at for at, value in enumerate(curve) if not math.isfinite(value)), len(curve))
    return curve[:end]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
