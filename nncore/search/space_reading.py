"""Reads a search space from plain values and says everything that is wrong with it at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from pydantic import BaseModel

from nncore.component import Hyperparameter, hyperparameters_of
from nncore.config import MAX_LAYERS, LayerConfig, RunConfig
from nncore.errors import ConfigError, Problem
from nncore.search.domain_reading import DomainReader
from nncore.search.domains import Domain, Fixed
from nncore.search.space import HIDDEN, LAYERS, Dimension, Layers, Space, expand

NOT_SEARCHED = {
    "version": "is the file format's, not the experiment's.",
    "data.name": "is fixed in a search: figures of different data sets do not compare. "
    "Choose it in config.",
    "training.seed": "is not searched: a lucky seed is no better setting. "
    'Use "seeds" to repeat each point.',
}
_LAYER_FIELDS = {declared.name: declared for declared in hyperparameters_of(LayerConfig)}


def read_space(tree: Mapping[str, Any], base: RunConfig, *, is_grid: bool) -> Space:
    """Check a search space against what is declared about each hyperparameter.

    Args:
        tree: What each dotted path may be, as it stands in SPACE.json.
        base: Everything that is not varied.
        is_grid: Whether every range has to say which values to take.

    Raises:
        ConfigError: With every problem at once; each path starts with `space.`.
    """
    reader = _Reader(tree, base, is_grid)
    space = reader.read()
    if reader.problems:
        raise ConfigError(*reader.problems)
    return space


class _Reader:
    """One reading of one space."""

    def __init__(self, tree: Mapping[str, Any], base: RunConfig, is_grid: bool) -> None:
        self._tree = tree
        self._base = base
        self._domains = DomainReader(is_grid)
        self.problems: list[Problem] = self._domains.problems

    def read(self) -> Space:
        layers: Layers | None = None
        dimensions: list[Dimension] = []
        variants = list(self._variants())
        for name, raw in self._tree.items():
            if (
                name == HIDDEN
                and isinstance(raw, Mapping)
                and not _is_domain(cast(Mapping[Any, Any], raw))
            ):
                layers = self._layers(cast(Mapping[str, Any], raw))
            else:
                dimension = self._dimension(name, raw, variants)
                dimensions += [] if dimension is None else [dimension]
        self._check_overlaps(dimensions)
        return Space(self._base, tuple(dimensions), layers)

    def _variants(self) -> Iterator[RunConfig]:
        """The base, and the base with each kind of component that the space names."""
        yield self._base
        for name, raw in self._tree.items():
            path = name.split("&")[0].strip().replace("*", "0")
            for value in cast(Sequence[Any], raw) if isinstance(raw, list) else [raw]:
                try:
                    yield self._base.replace(path, value)
                except (ConfigError, TypeError):
                    # What is wrong with it is told when this dimension itself is read.
                    continue

    def _dimension(self, name: str, raw: Any, variants: list[RunConfig]) -> Dimension | None:
        domains: list[Domain | None] = []
        structural = False
        for path in (part.strip() for part in name.split("&")):
            if path in NOT_SEARCHED:
                self.problems.append(Problem(f"space.{name}", NOT_SEARCHED[path]))
                return None
            config = next((it for it in variants if expand(it.to_dict(), path)), None)
            if config is None:
                self.problems.append(self._unknown(name, path))
                return None
            real = expand(config.to_dict(), path)[0]
            declared = declaration(config, real)
            if declared is None or (declared.type in ("section", "list") and path != HIDDEN):
                message = "cannot be searched as a whole. Name the fields in it."
                self.problems.append(Problem(f"space.{name}", message))
                return None
            structural = structural or declared.type in ("component", "list")
            domains.append(self._domains.read(f"space.{name}", raw, config, real, declared))
            if domains[-1] is None:
                return None
        domain = domains[0]
        return None if domain is None else Dimension(name, domain, structural)

    def _unknown(self, name: str, path: str) -> Problem:
        plain = path.replace("*", "0")
        try:
            self._base.get(plain)
        except ConfigError as error:
            return Problem(f"space.{name}", error.problems[0].message)
        return Problem(f"space.{name}", "names no layer: the configuration has none.")

    def _layers(self, raw: Mapping[str, Any]) -> Layers:
        known = ("layers", *_LAYER_FIELDS, "shared")
        for name in raw:
            if name not in known:
                message = f"is not a known field. {_hint(name, known)}"
                self.problems.append(Problem(f"space.{HIDDEN}.{name}", message))
        base = self._base
        first = base if base.network.hidden else base.replace(HIDDEN, [{}])
        fields: dict[str, Domain] = {}
        for name, declared in _LAYER_FIELDS.items():
            path = f"{HIDDEN}.0.{name}"
            given = first.to_dict()["network"]["hidden"][0][name]
            key = f"space.{HIDDEN}.{name}"
            domain = self._domains.read(key, raw.get(name, given), first, path, declared)
            fields[name] = domain if domain is not None else Fixed(given)
        return Layers(self._count(raw), fields, self._shared(raw))

    def _count(self, raw: Mapping[str, Any]) -> Domain:
        if "layers" not in raw:
            message = "is missing: how many hidden layers, as a number, a list or a range."
            self.problems.append(Problem(f"space.{LAYERS}", message))
            return Fixed(1)
        count = self._domains.read_count(f"space.{LAYERS}", raw["layers"], 0, MAX_LAYERS)
        return count if count is not None else Fixed(1)

    def _shared(self, raw: Mapping[str, Any]) -> frozenset[str]:
        given: Any = raw.get("shared", [])
        names = cast(list[Any], given) if isinstance(given, list) else [given]
        for name in names:
            if name not in _LAYER_FIELDS:
                fields = ", ".join(_LAYER_FIELDS)
                message = f"must name fields of a layer ({fields}), got {name!r}"
                self.problems.append(Problem(f"space.{HIDDEN}.shared", message))
        return frozenset(str(name) for name in names)

    def _check_overlaps(self, dimensions: list[Dimension]) -> None:
        """Refuse what would set the same value twice."""
        names = set(self._tree)
        seen: dict[str, str] = {}
        tree = self._base.to_dict()
        for dimension in dimensions:
            for path in dimension.paths:
                parts = path.split(".")
                inside = [".".join(parts[:end]) for end in range(1, len(parts))]
                outer = next((it for it in inside if it in names), None)
                if outer == HIDDEN:
                    message = f"cannot be varied on its own: it lies in {outer}, which is varied."
                    self.problems.append(Problem(f"space.{dimension.name}", message))
                for real in expand(tree, path):
                    if real in seen:
                        message = f"sets {real} as {seen[real]} does. Keep one of them."
                        self.problems.append(Problem(f"space.{dimension.name}", message))
                    seen[real.removesuffix(".kind")] = dimension.name
                    seen[real] = dimension.name


def declaration(config: RunConfig, path: str) -> Hyperparameter | None:
    """What is declared about the field at a path of a configuration; None for an entry of a list.

    The kind of a component is described as the component itself.
    """
    parts = path.split(".")
    if parts[-1] == "kind":
        parts = parts[:-1]
    parent: Any = config.get(".".join(parts[:-1])) if len(parts) > 1 else config
    if isinstance(parent, tuple):
        return None
    model = type(cast(BaseModel, parent))
    return next((it for it in hyperparameters_of(model) if it.name == parts[-1]), None)


def _is_domain(raw: Mapping[Any, Any]) -> bool:
    return "fixed" in raw or "choices" in raw


def _hint(name: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f"Did you mean {near[0]}?" if near else f"Known here: {', '.join(known)}."
