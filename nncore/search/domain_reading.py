"""Reads what one hyperparameter may be, checked against its declaration."""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping
from typing import Any, cast

from nncore.component import Hyperparameter, Scale
from nncore.config import RunConfig
from nncore.errors import ConfigError, Problem
from nncore.search.domains import MAX_POINTS, Choices, Domain, Fixed, Range, label_of
from nncore.search.space import problem_in

_RANGE_KEYS = ("low", "high", "scale", "step", "count")


class DomainReader:
    """Reads domains and gathers what is wrong with them.

    Attributes:
        problems: Everything found so far.
    """

    def __init__(self, is_grid: bool) -> None:
        self._is_grid = is_grid
        self.problems: list[Problem] = []

    def read(
        self, key: str, raw: Any, config: RunConfig, path: str, declared: Hyperparameter
    ) -> Domain | None:
        """Read one domain.

        Args:
            key: Where it stands in SPACE.json.
            raw: What stands there.
            config: A configuration in which the path exists.
            path: The dotted path whose values these are.
            declared: What is declared about it.

        Returns:
            The domain; None if it cannot be used, and then `problems` says why.
        """
        before = len(self.problems)
        if isinstance(raw, Mapping) and "kind" not in raw:
            domain = self._table(key, cast(Mapping[str, Any], raw), config, path, declared)
        elif isinstance(raw, list):
            domain = self._choices(key, cast(list[Any], raw), config, path)
        else:
            domain = Fixed(self._checked(key, raw, config, path))
        return domain if len(self.problems) == before else None

    def read_count(self, key: str, raw: Any, least: int, most: int) -> Domain | None:
        """Read how many layers there may be: a whole number, a list of them, or a range."""
        before = len(self.problems)
        numbers: list[Any]
        domain: Domain | None = None
        if isinstance(raw, Mapping):
            domain = self._range(key, cast(Mapping[str, Any], raw), "linear", is_integer=True)
            numbers = [] if domain is None else [domain.low, domain.high]
        elif isinstance(raw, list):
            numbers = cast(list[Any], raw)
            self._check_list(key, numbers)
            domain = Choices(tuple(numbers))
        else:
            numbers, domain = [raw], Fixed(raw)
        for number in numbers:
            is_whole = isinstance(number, int) and not isinstance(number, bool)
            if not is_whole or not least <= number <= most:
                message = f"must be a whole number in [{least}, {most}], got {number!r}"
                self.problems.append(Problem(key, message))
        return domain if len(self.problems) == before else None

    def _table(
        self,
        key: str,
        raw: Mapping[str, Any],
        config: RunConfig,
        path: str,
        declared: Hyperparameter,
    ) -> Domain | None:
        if "choices" in raw and len(raw) == 1 and isinstance(raw["choices"], list):
            return self._choices(key, cast(list[Any], raw["choices"]), config, path)
        if "fixed" in raw and len(raw) == 1:
            return Fixed(self._checked(key, raw["fixed"], config, path))
        if declared.type not in ("integer", "number"):
            message = f"has no range; give a list of values (each must {declared.allowed})"
            self.problems.append(Problem(key, message))
            return None
        is_integer = declared.type == "integer"
        domain = self._range(key, raw, declared.scale, is_integer=is_integer)
        if domain is not None:
            self._checked(f"{key}.low", domain.low, config, path)
            self._checked(f"{key}.high", domain.high, config, path)
        return domain

    def _choices(self, key: str, raw: list[Any], config: RunConfig, path: str) -> Choices:
        self._check_list(key, raw)
        values = (
            self._checked(f"{key}.{index}", value, config, path) for index, value in enumerate(raw)
        )
        return Choices(tuple(values))

    def _check_list(self, key: str, values: list[Any]) -> None:
        labels = [label_of(value) for value in values]
        doubled = [label for at, label in enumerate(labels) if label in labels[:at]]
        if not values:
            self.problems.append(Problem(key, "must list at least one value, got []"))
        elif len(values) > MAX_POINTS:
            self.problems.append(Problem(key, f"may list at most {MAX_POINTS:,} values"))
        elif doubled:
            self.problems.append(Problem(key, f"lists {doubled[0]!r} twice."))

    def _checked(self, key: str, value: Any, config: RunConfig, path: str) -> Any:
        """The value as the configuration takes it, where that is a number."""
        try:
            taken = config.replace(path, value).get(path)
        except ConfigError as error:
            self.problems += problem_in(key, error, path)
            return value
        return taken if isinstance(taken, int | float) else value

    def _range(
        self, key: str, raw: Mapping[str, Any], scale: Scale, *, is_integer: bool
    ) -> Range | None:
        before = len(self.problems)
        for name in raw:
            if name not in _RANGE_KEYS:
                near = difflib.get_close_matches(name, _RANGE_KEYS, n=1, cutoff=0.5)
                known = f"Known here: {', '.join(_RANGE_KEYS)}; or choices; or fixed."
                hint = f"Did you mean {near[0]}?" if near else known
                self.problems.append(Problem(f"{key}.{name}", f"is not a known field. {hint}"))
        low, high = (self._number(key, raw, name, is_integer) for name in ("low", "high"))
        scale = self._scale(key, raw, scale)
        step = self._number(key, raw, "step", is_integer) if "step" in raw else None
        count = self._number(key, raw, "count", True) if "count" in raw else None
        if low is None or high is None:
            return None
        self._check_range(key, low, high, scale, step, count)
        domain = Range(low, high, scale, is_integer, step, None if count is None else int(count))
        if len(self.problems) == before and self._is_grid:
            self._check_points(key, domain)
        return domain if len(self.problems) == before else None

    def _check_range(
        self,
        key: str,
        low: float,
        high: float,
        scale: Scale,
        step: float | None,
        count: float | None,
    ) -> None:
        faults = {
            ".high": (low >= high, f"must be above the lower end ({low:g}), got {high:g}"),
            ".low": (scale == "log" and low <= 0, f"must be above 0 on a log scale, got {low:g}"),
            ".step": (step is not None and step <= 0, f"must be above 0, got {step}"),
            ".count": (
                count is not None and not 2 <= count <= MAX_POINTS,
                f"must be in [2, {MAX_POINTS}], got {count}",
            ),
        }
        self.problems += [Problem(key + name, text) for name, (bad, text) in faults.items() if bad]
        if step is not None and scale == "log":
            self.problems.append(Problem(f"{key}.step", 'needs "scale": "linear"; use count here.'))
        if step is not None and count is not None:
            self.problems.append(Problem(key, "takes step or count, not both."))
        if count is not None and not self._is_grid:
            message = "is for sweeps and grids alone; random and tpe take any value of the range."
            self.problems.append(Problem(f"{key}.count", message))

    def _check_points(self, key: str, domain: Range) -> None:
        found = len(domain.values)
        if not found:
            message = "must say which values a sweep or a grid takes: add count or step."
            self.problems.append(Problem(key, message))
        elif found > MAX_POINTS:
            message = f"gives {found:,} values; at most {MAX_POINTS:,} are allowed."
            self.problems.append(Problem(key, message))

    def _number(
        self, key: str, raw: Mapping[str, Any], name: str, is_integer: bool
    ) -> float | None:
        what = "a whole number" if is_integer else "a number"
        if name not in raw:
            self.problems.append(Problem(f"{key}.{name}", f"is missing; it must be {what}"))
            return None
        value = raw[name]
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if is_number and math.isfinite(value) and (not is_integer or float(value).is_integer()):
            return int(value) if is_integer else float(value)
        self.problems.append(Problem(f"{key}.{name}", f"must be {what}, got {value!r}"))
        return None

    def _scale(self, key: str, raw: Mapping[str, Any], default: Scale) -> Scale:
        scale: object = raw.get("scale", default)
        if scale in ("linear", "log"):
            return "log" if scale == "log" else "linear"
        message = f"must be one of linear, log, got {scale!r}"
        self.problems.append(Problem(f"{key}.scale", message))
        return default
