"""Space: which configurations a search may try, and how one is built from chosen values."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from nncore.config import RunConfig
from nncore.errors import ConfigError, Problem
from nncore.search.domains import Domain, Fixed, values_of

Pick = Callable[[str, Domain], Any]
"""Chooses a value: gets a parameter's name and what it may be."""

HIDDEN = "network.hidden"
LAYERS = f"{HIDDEN}.layers"


@dataclass(frozen=True)
class Dimension:
    """One hyperparameter, or several that always have the same value.

    Attributes:
        name: As it stands in SPACE.json: a dotted path, `*` for every layer, `&` between paths that
            are set together.
        domain: What it may be.
        is_structural: Whether other hyperparameters exist or not depending on it.
    """

    name: str
    domain: Domain
    is_structural: bool = False

    @property
    def paths(self) -> tuple[str, ...]:
        """The dotted paths that it sets."""
        return tuple(part.strip() for part in self.name.split("&"))


@dataclass(frozen=True)
class Layers:
    """Hidden layers whose number is searched too.

    Attributes:
        count: How many.
        fields: What each field of a layer may be.
        shared: The fields that have the same value in all layers.
        plain: As it stands in SPACE.json.
    """

    count: Domain
    fields: dict[str, Domain]
    shared: frozenset[str]

    @property
    def plain(self) -> dict[str, Any]:
        """As it stands in SPACE.json."""
        tree = {"layers": self.count.plain}
        tree |= {name: domain.plain for name, domain in self.fields.items()}
        return tree | ({"shared": sorted(self.shared)} if self.shared else {})


class Point(NamedTuple):
    """One place of a grid: the values chosen, and the configuration or why there is none."""

    values: dict[str, Any]
    config: RunConfig | None
    problem: str


@dataclass(frozen=True)
class Space:
    """What a search may vary around a configuration.

    Attributes:
        base: Everything that is not varied.
        dimensions: What is varied, in the order in which a grid goes through it.
        layers: The hidden layers, when their number is varied.
    """

    base: RunConfig
    dimensions: tuple[Dimension, ...]
    layers: Layers | None = None

    @property
    def searched(self) -> tuple[Dimension, ...]:
        """The dimensions with more than one value, the layers left out."""
        return tuple(it for it in self.dimensions if not isinstance(it.domain, Fixed))

    def domain_of(self, name: str) -> Domain | None:
        """What a parameter may be, by the name that trials give it; None if it is not varied."""
        for dimension in self.dimensions:
            if dimension.name == name:
                return dimension.domain
        if self.layers is None or not name.startswith(f"{HIDDEN}."):
            return None
        return self.layers.count if name == LAYERS else self.layers.fields.get(name.split(".")[-1])

    @property
    def most_points(self) -> int:
        """How many points the grid has at the most, what depends on other values counted always."""
        count = math.prod(len(values_of(it.domain)) for it in self.dimensions)
        if self.layers is None:
            return count
        shared, own = (
            math.prod(
                len(values_of(domain))
                for name, domain in self.layers.fields.items()
                if (name in self.layers.shared) == is_shared
            )
            for is_shared in (True, False)
        )
        numbers = [int(number) for number in values_of(self.layers.count)]
        return count * sum((shared if number else 1) * own**number for number in numbers)

    def build(self, pick: Pick) -> RunConfig:
        """Make a configuration.

        What other hyperparameters depend on (the layers, the kinds of components) is picked first;
        then what exists in the configuration that this gives.

        Args:
            pick: Asked for each value, with the parameter's name and what it may be.

        Raises:
            ConfigError: If the values do not go together.
        """
        tree = self.base.to_dict()
        if self.layers is not None:
            _place(tree, HIDDEN, self._pick_layers(self.layers, pick))
        for dimension in self.dimensions:
            if dimension.is_structural:
                self._set(tree, dimension, pick)
        tree = RunConfig.from_dict(tree).to_dict()
        for dimension in self.dimensions:
            if not dimension.is_structural:
                self._set(tree, dimension, pick)
        return RunConfig.from_dict(tree)

    def points(self) -> Iterator[Point]:
        """Every point of the grid, the last dimension changing fastest."""
        digits: list[int] = []
        while True:
            values: dict[str, Any] = {}
            sizes: list[int] = []

            def pick(
                name: str,
                domain: Domain,
                values: dict[str, Any] = values,
                sizes: list[int] = sizes,
            ) -> Any:
                choices = values_of(domain)
                if len(sizes) == len(digits):
                    digits.append(0)
                value = choices[digits[len(sizes)]]
                sizes.append(len(choices))
                if not isinstance(domain, Fixed):
                    values[name] = value
                return value

            try:
                yield Point(values, self.build(pick), "")
            except ConfigError as error:
                yield Point(values, None, str(error))
            del digits[len(sizes) :]
            while digits and digits[-1] + 1 >= sizes[len(digits) - 1]:
                digits.pop()
            if not digits:
                return
            digits[-1] += 1

    @staticmethod
    def _pick_layers(layers: Layers, pick: Pick) -> list[dict[str, Any]]:
        count = int(pick(LAYERS, layers.count))
        common = {
            name: pick(f"{HIDDEN}.*.{name}", domain)
            for name, domain in layers.fields.items()
            if name in layers.shared and count
        }
        return [
            {
                name: common[name] if name in common else pick(f"{HIDDEN}.{index}.{name}", domain)
                for name, domain in layers.fields.items()
            }
            for index in range(count)
        ]

    @staticmethod
    def _set(tree: dict[str, Any], dimension: Dimension, pick: Pick) -> None:
        paths = [real for path in dimension.paths for real in expand(tree, path)]
        if paths:
            value = pick(dimension.name, dimension.domain)
            for path in paths:
                _place(tree, path, value)


def expand(tree: dict[str, Any], path: str) -> list[str]:
    """The paths of a tree that a path with `*` stands for; none if it does not exist there.

    Args:
        tree: A whole configuration as plain values.
        path: Dotted path; `*` stands for each entry of a list.
    """
    found: list[tuple[str, Any]] = [("", tree)]
    for part in path.split("."):
        deeper: list[tuple[str, Any]] = []
        for walked, node in found:
            prefix = f"{walked}." if walked else ""
            if isinstance(node, dict) and part in node:
                deeper.append((prefix + part, cast(dict[str, Any], node)[part]))
            elif isinstance(node, list):
                entries = cast(list[Any], node)
                numbers = (
                    range(len(entries))
                    if part == "*"
                    else ([int(part)] if part.isdecimal() else [])
                )
                deeper += [(f"{prefix}{at}", entries[at]) for at in numbers if at < len(entries)]
        found = deeper
    return [walked for walked, _ in found]


def _place(tree: dict[str, Any], path: str, value: Any) -> None:
    """Put a value into a tree.

    Another kind puts that component there with its defaults; the kind that is there stays as it is.
    """
    parts = [int(part) if part.isdecimal() else part for part in path.split(".")]
    if parts[-1] == "kind":
        parts = parts[:-1]
    node: Any = tree
    for part in parts[:-1]:
        node = node[part]
    there: Any = node[parts[-1]]
    if not (isinstance(there, dict) and "kind" in there and there["kind"] == value):
        node[parts[-1]] = value


def problem_in(key: str, error: ConfigError, path: str) -> list[Problem]:
    """A configuration's problems as problems of the place in SPACE.json that caused them."""
    return [
        Problem(key, it.message if it.path in ("", path) else f"is impossible: {it}")
        for it in error.problems
    ]
