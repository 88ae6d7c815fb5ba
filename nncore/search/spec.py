"""SearchSpec: a whole search as one frozen tree, read from and written to SPACE.json."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Self, cast

from pydantic import Field, ValidationError

from nncore import config_problems, config_text
from nncore.component import Declared, hyperparameter
from nncore.config import RunConfig
from nncore.errors import ConfigError, Problem
from nncore.presets import PRESETS
from nncore.search.space import Space
from nncore.search.space_reading import read_space

MAX_GRID = 10_000
"""The most points of a grid."""

GRIDS = {"sweep": 1, "two-factor": 2, "grid": None}
"""The strategies that go through given points, with how many dimensions may vary."""


class Objective(Declared):
    """What makes one trial better than another; always measured on the validation images."""

    metric: Literal["accuracy", "loss"] = hyperparameter(
        "accuracy", help="The validation figure that counts: accuracy (high) or loss (low)."
    )
    epoch: Literal["best", "last"] = hyperparameter(
        "best",
        help="Whether a run's best epoch counts, or its last. The best of many flatters a little.",
    )

    @property
    def is_maximized(self) -> bool:
        """Whether more is better."""
        return self.metric == "accuracy"


class Budget(Declared):
    """When a search ends; with both, at whatever comes first. What is under way is finished."""

    trials: Annotated[int, Field(ge=1, le=1_000_000)] | Literal["unlimited"] = hyperparameter(
        "unlimited",
        unit="trials",
        help="How many points are tried; a sweep or a grid ends with its points in any case.",
    )
    seconds: Annotated[float, Field(gt=0, le=1e9)] | Literal["unlimited"] = hyperparameter(
        "unlimited",
        unit="s",
        help="For how long new trials are started; pauses don't count.",
    )


class SearchSettings(Declared):
    """How a space is searched."""

    strategy: Literal["sweep", "two-factor", "grid", "random", "tpe"] = hyperparameter(
        "tpe",
        help="sweep: every value of one hyperparameter. two-factor: every pair of two. grid: every "
        "combination. random: drawn anew each time. tpe: drawn where good trials were "
        "(tree-structured Parzen estimator).",
    )
    pruning: Literal["off", "median", "hyperband"] = hyperparameter(
        "off",
        help="Whether hopeless trials are ended early: median ends one that is worse than half of "
        "the others at the same epoch; hyperband gives many a few epochs and the best more.",
    )
    objective: Objective = Objective()
    budget: Budget = Budget()
    seeds: int = hyperparameter(
        1,
        ge=1,
        le=100,
        help="How many times each point is trained, with another split and start each time.",
        too_small="With one, luck cannot be told from merit.",
        too_large="Every point takes that many times as long.",
    )
    workers: Annotated[int, Field(ge=1, le=1024)] | Literal["cores"] = hyperparameter(
        "cores",
        help="How many processes train at the same time; each uses one core.",
        too_large="More than the cores make each other slower.",
    )
    sampler_seed: int = hyperparameter(
        0,
        ge=0,
        le=2**32 - 1,
        advanced=True,
        help="The same seed draws the same points in a random search.",
    )
    heartbeat: float = hyperparameter(
        5.0,
        ge=0.1,
        le=600,
        unit="s",
        advanced=True,
        help="How often a worker says that it is alive; silent for six times as long, its trial is "
        "given to another.",
    )


@dataclass(frozen=True)
class SearchSpec:
    """A search: what is varied around which configuration, and how.

    Attributes:
        settings: Strategy, pruning, objective, budget, seeds and workers.
        space: What is varied, around what.
        name: A name for people, may be empty.
    """

    settings: SearchSettings
    space: Space
    name: str = ""

    @property
    def is_grid(self) -> bool:
        """Whether the points are given beforehand."""
        return self.settings.strategy in GRIDS

    @classmethod
    def from_dict(cls, tree: Mapping[str, Any]) -> Self:
        """Validate plain values; what is left out takes its default.

        Raises:
            ConfigError: With every problem at once, each with its path.
        """
        problems: list[Problem] = []
        rest = dict(tree)
        name, given = rest.pop("name", ""), rest.pop("space", None)
        if not isinstance(name, str):
            problems.append(Problem("name", f"must be text, got {name!r}"))
        base = _base(rest, problems)
        settings = _settings(rest, problems)
        space: Space | None = None
        if not isinstance(given, Mapping):
            problems.append(Problem("space", _SPACE_MISSING))
        else:
            space_tree = cast(Mapping[str, Any], given)
            # What the strategy is can be told even if something else in the settings is wrong.
            is_grid = rest.get("strategy", "tpe") in GRIDS
            try:
                space = read_space(space_tree, base or RunConfig(), is_grid=is_grid)
            except ConfigError as error:
                problems += error.problems
        if settings is not None and space is not None:
            problems += _disagreements(settings, space)
        if problems or settings is None or space is None:
            raise ConfigError(*problems)
        return cls(settings, space, str(name))

    @classmethod
    def from_file(cls, path: Path) -> Self:
        """Read SPACE.json.

        Raises:
            ConfigError: If it cannot be read or is no search; every problem names the file.
        """
        try:
            return cls.from_dict(config_text.parse(config_text.read(path)))
        except ConfigError as error:
            named = [Problem("", f"{path}: {problem}") for problem in error.problems]
            raise ConfigError(*named) from None

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON; `from_dict` gives back an equal search."""
        space: dict[str, Any] = {it.name: it.domain.plain for it in self.space.dimensions}
        if self.space.layers is not None:
            space = {"network.hidden": self.space.layers.plain} | space
        tree: dict[str, Any] = {"name": self.name, "config": self.space.base.to_dict()}
        return tree | {"space": space} | self.settings.model_dump(mode="json")

    def to_json(self) -> str:
        """Indented JSON text."""
        return json.dumps(self.to_dict(), indent=2) + "\n"


_SPACE_MISSING = (
    'must be an object with a path and its values for each hyperparameter, as in {"optimizer.'
    'learning_rate": {"low": 0.0001, "high": 0.1}, "network.hidden": ["128", "64,32"]}'
)
_BASES = ("preset", "config")


def _base(tree: dict[str, Any], problems: list[Problem]) -> RunConfig | None:
    """Take the base configuration out of a tree."""
    given = {name: tree.pop(name) for name in _BASES if name in tree}
    if len(given) == 2:
        problems.append(Problem("config", "stands beside preset; keep one of them."))
    elif "preset" in given:
        name = str(given["preset"])
        if name in PRESETS:
            return PRESETS[name].config
        near = difflib.get_close_matches(name, PRESETS, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        known = ", ".join(PRESETS)
        problems.append(Problem("preset", f"must be one of {known}, got {name!r}.{hint}"))
    elif "config" in given:
        try:
            return RunConfig.from_dict(given["config"])
        except ConfigError as error:
            problems += [
                Problem(f"config.{it.path}".rstrip("."), it.message) for it in error.problems
            ]
    else:
        return RunConfig()
    return None


def _settings(tree: dict[str, Any], problems: list[Problem]) -> SearchSettings | None:
    known = (*SearchSettings.model_fields, "name", "space", *_BASES)
    strange = [name for name in tree if name not in known]
    for name in strange:
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
        hint = f"Did you mean {near[0]}?" if near else f"Known here: {', '.join(known)}."
        problems.append(Problem(name, f"is not a known field. {hint}"))
    try:
        return SearchSettings.model_validate(
            {name: value for name, value in tree.items() if name not in strange}
        )
    except ValidationError as error:
        problems += config_problems.explain(error, SearchSettings)
    return None


def _disagreements(settings: SearchSettings, space: Space) -> list[Problem]:
    """What is wrong between the strategy and the rest."""
    problems: list[Problem] = []
    varied = len(space.searched) + (space.layers is not None)
    wanted = GRIDS.get(settings.strategy)
    if wanted is not None and (varied != wanted or space.layers is not None):
        what = "one hyperparameter" if wanted == 1 else "two hyperparameters"
        names = ", ".join(it.name for it in space.searched) or "none"
        names = f"{names}, network.hidden by layers" if space.layers else names
        message = f"of {settings.strategy} varies exactly {what}, got {varied}: {names}."
        problems.append(Problem("strategy", message))
    elif settings.strategy in GRIDS and space.most_points > MAX_GRID:
        count = space.most_points
        more = f"{count:,}" if count < 10**12 else "more than a trillion"
        message = f"gives a grid of {more} points; at most {MAX_GRID:,} are allowed. Use random."
        problems.append(Problem("space", message))
    elif not varied:
        problems.append(Problem("space", "varies nothing: give a list or a range."))
    unlimited = settings.budget.trials == settings.budget.seconds == "unlimited"
    if settings.strategy not in GRIDS and unlimited:
        message = f"must set trials or seconds or both: {settings.strategy} never ends by itself."
        problems.append(Problem("budget", message))
    return problems
