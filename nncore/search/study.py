"""SearchStudy: a search in a storage; everything that is known about it can be read from there."""

from __future__ import annotations

import difflib
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, cast

import optuna
from optuna.exceptions import DuplicatedStudyError
from optuna.storages import RDBStorage
from optuna.trial import FrozenTrial

from nncore.errors import ConfigError, Problem, SearchError
from nncore.search.records import TrialRecord, best_of
from nncore.search.sampling import pruner_of, sampler_of
from nncore.search.space import Point
from nncore.search.spec import SearchSpec
from nncore.search.storage import close_storage, closed_on_failure, open_storage, shown_url
from nncore.search.trial_reading import is_surplus, read_trial

Status = Literal["running", "paused", "stopped"]
"""What the person wants: workers train, hold still with their trials, or end."""

FORMAT = 1
_SPEC, _FORMAT, _STATUS, _SPENT, _SINCE = (
    f"nnscratch:{word}" for word in ("spec", "format", "status", "spent", "since")
)
_CREATED, _TEST = "nnscratch:created", "nnscratch:test"


@dataclass(frozen=True)
class Clock:
    """How long a search has been running.

    Attributes:
        spent: Before the last start [s].
        since: When it was started last [s since 1970]; None while it rests.
    """

    spent: float
    since: float | None

    def seconds(self, now: float) -> float:
        """All in all [s]."""
        return self.spent + (max(now - self.since, 0.0) if self.since is not None else 0.0)


class SearchStudy:
    """One study of a storage.

    Attributes:
        name: Its name in the storage.
        url: The storage's URL.
        spec: What is searched, and how.
        storage: The storage.
        study: Optuna's study, with our sampler and pruner.
        points: The points of a sweep or a grid; empty for other strategies.
    """

    def __init__(self, storage: RDBStorage, name: str) -> None:
        """Open a study; see `create` and `open`."""
        self.name = name
        self.url = str(storage.url)
        self.storage = storage
        self.points: tuple[Point, ...] = ()
        self._finished: dict[int, TrialRecord] = {}
        self.study_id = storage.get_study_id_from_name(name)
        attributes = storage.get_study_user_attrs(self.study_id)
        if attributes.get(_FORMAT) != FORMAT:
            raise SearchError(
                f"{name} is no search of this version of nnScratch; update it, or choose another."
            )
        try:
            self.spec = SearchSpec.from_dict(attributes[_SPEC])
        except ConfigError as error:
            raise SearchError(f"{name} holds a search that cannot be used: {error}") from None
        if self.spec.is_grid:
            self.points = tuple(self.spec.space.points())
        self.sampler = sampler_of(self.spec)
        self.study = optuna.load_study(
            study_name=name, storage=storage, sampler=self.sampler, pruner=pruner_of(self.spec)
        )

    @classmethod
    def create(cls, url: str, name: str, spec: SearchSpec) -> SearchStudy:
        """Make a new study.

        Args:
            url: What `storage_url` gives.
            name: Its name; empty for one that is made from the date.
            spec: What is searched, and how.

        Raises:
            SearchError: If the storage cannot be used or the name is taken.
        """
        name = name or spec.name or f"search-{datetime.now():%Y-%m-%d-%H%M%S}"
        direction = "maximize" if spec.settings.objective.is_maximized else "minimize"
        attributes: dict[str, Any] = {_SPEC: spec.to_dict(), _STATUS: "stopped", _SPENT: 0.0}
        attributes |= {_CREATED: datetime.now(UTC).isoformat(), _FORMAT: FORMAT}
        with closed_on_failure(open_storage(url, create=True)) as storage:
            try:
                optuna.create_study(storage=storage, study_name=name, direction=direction)
            except DuplicatedStudyError:
                raise SearchError(
                    f"There is a study {name} in {shown_url(url)} already. Go on with it by "
                    f'"nnscratch search resume {name}", or choose another name with --study.'
                ) from None
            study_id = storage.get_study_id_from_name(name)
            for key, value in attributes.items():
                storage.set_study_user_attr(study_id, key, value)
            return cls(storage, name)

    @classmethod
    def open(cls, url: str, name: str) -> SearchStudy:
        """Open a study that exists.

        Raises:
            SearchError: If the storage cannot be used or has no such study.
        """
        with closed_on_failure(open_storage(url)) as storage:
            try:
                return cls(storage, name)
            except KeyError:
                known = optuna.get_all_study_names(storage)
                near = difflib.get_close_matches(name, known, n=1)
                listed = f"Known: {', '.join(known) or 'none'}."
                hint = f"Did you mean {near[0]}?" if near else listed
                raise SearchError(f"There is no study {name} in {shown_url(url)}. {hint}") from None

    @property
    def is_maximized(self) -> bool:
        """Whether more is better."""
        return self.spec.settings.objective.is_maximized

    @property
    def status(self) -> Status:
        """What the person wants at present."""
        return cast(Status, self._attributes().get(_STATUS, "stopped"))

    @property
    def created(self) -> str:
        """When it was made, ISO 8601 in UTC."""
        return str(self._attributes().get(_CREATED, ""))

    @property
    def test(self) -> dict[str, Any] | None:
        """What the test images said, and about which trial; None before they are read."""
        return self._attributes().get(_TEST)

    @property
    def clock(self) -> Clock:
        """How long it has been running."""
        attributes = self._attributes()
        return Clock(float(attributes.get(_SPENT, 0.0)), attributes.get(_SINCE))

    @property
    def total(self) -> int | None:
        """How many points are to be tried; None when only the time says."""
        asked = self.spec.settings.budget.trials
        if not self.spec.is_grid:
            return None if asked == "unlimited" else asked
        return len(self.points) if asked == "unlimited" else min(asked, len(self.points))

    def set_status(self, status: Status) -> None:
        """Tell all workers, wherever they are, what to do; they look about every second."""
        clock, now = self.clock, time.time()
        if status == "running":
            if clock.since is None:
                self._set(_SINCE, now)
        elif clock.since is not None:
            self._set(_SPENT, clock.seconds(now))
            self._set(_SINCE, None)
        self._set(_STATUS, status)

    def mend_clock(self) -> None:
        """Take the time out again during which nothing ran, because everything had been killed."""
        clock = self.clock
        if clock.since is not None:
            ends = [it.ended.timestamp() for it in self.records() if it.ended is not None]
            self._set(_SPENT, clock.seconds(max([clock.since, *ends])))
            self._set(_SINCE, None)

    def extend(self, **changes: int | float | Literal["unlimited"]) -> None:
        """Change the budget, before workers are started.

        Args:
            **changes: Fields of `Budget`.

        Raises:
            ConfigError: If one is not legal, or below what has been tried already.
        """
        tree = self.spec.to_dict()
        tree["budget"] |= changes
        spec = SearchSpec.from_dict(tree)
        asked = spec.settings.budget.trials
        tried = sum(record.retry_of is None for record in self.records())
        if asked != "unlimited" and asked < tried:
            message = f"must be at least {tried}, so many points were tried already, got {asked}"
            raise ConfigError(Problem("budget.trials", message))
        self.spec = spec
        self._set(_SPEC, self.spec.to_dict())

    def set_test(self, report: Mapping[str, Any]) -> None:
        """Keep what the test images said."""
        self._set(_TEST, dict(report))

    def is_time_out(self) -> bool:
        """Whether no new trial may be started any more."""
        seconds = self.spec.settings.budget.seconds
        return seconds != "unlimited" and self.clock.seconds(time.time()) >= seconds

    def trials(self) -> Sequence[FrozenTrial]:
        """Optuna's trials, those left out that were begun beyond the budget; not to be changed."""
        return [it for it in self.study.get_trials(deepcopy=False) if not is_surplus(it)]

    def records(self) -> tuple[TrialRecord, ...]:
        """Every trial as it stands now, in the order of their numbers."""
        records: list[TrialRecord] = []
        for trial in self.trials():
            record = self._finished.get(trial.number)
            if record is None:
                record = read_trial(trial)
                if trial.state.is_finished():
                    self._finished[trial.number] = record
            records.append(record)
        return tuple(records)

    def best(self) -> TrialRecord | None:
        """The best completed trial so far."""
        return best_of(self.records(), is_maximized=self.is_maximized)

    def close(self) -> None:
        """Let go of the storage's connections."""
        close_storage(self.storage)

    def _attributes(self) -> dict[str, Any]:
        return self.storage.get_study_user_attrs(self.study_id)

    def _set(self, key: str, value: Any) -> None:
        self.storage.set_study_user_attr(self.study_id, key, value)


def study_names(url: str) -> tuple[str, ...]:
    """The names of all searches in a storage, the oldest first.

    Raises:
        SearchError: If it cannot be opened.
    """
    storage = open_storage(url)
    try:
        summaries = optuna.get_all_study_summaries(storage, include_best_trial=False)
    finally:
        close_storage(storage)
    return tuple(it.study_name for it in summaries if _FORMAT in it.user_attrs)


def delete_study(url: str, name: str) -> None:
    """Remove a study with all its trials.

    Raises:
        SearchError: If there is none of this name.
    """
    with closing(SearchStudy.open(url, name)) as study:
        optuna.delete_study(study_name=name, storage=study.storage)
