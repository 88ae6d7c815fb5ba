"""Turns pydantic's complaints into sentences with paths, ranges and guesses at what was meant."""

from __future__ import annotations

import difflib
import math
import reprlib
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, cast, get_args

from pydantic import BaseModel, ValidationError

from nncore.component import Component, Hyperparameter, hyperparameters_of
from nncore.errors import Problem

MAX_SHOWN = 80
"""Characters shown of a value or a name that came."""

_RANGE_FAULTS = ("greater_than", "greater_than_equal", "less_than", "less_than_equal")


def explain(error: ValidationError, root: type[BaseModel]) -> tuple[Problem, ...]:
    """One problem for each faulty field, in the order in which pydantic found them.

    Args:
        error: What pydantic raised.
        root: The model that was being validated.
    """
    problems: dict[str, Problem] = {}
    for fault in error.errors(include_url=False):
        place = _locate(fault["loc"], root)
        if fault["type"] in ("extra_forbidden", "invalid_key"):
            problem = unknown_field(place.path, place.model, root)
        else:
            problem = _problem(cast(dict[str, Any], fault), place)
        problems.setdefault(problem.path, problem)
    return tuple(problems.values())


def unknown_field(path: str, owner: BaseModel | type[BaseModel], root: type[BaseModel]) -> Problem:
    """The problem of a path whose last name does not exist, with what may have been meant.

    Args:
        path: The dotted path.
        owner: The model in which the last name was looked for.
        root: The whole configuration's model, in which a name that stands elsewhere is found.
    """
    model = owner if isinstance(owner, type) else type(owner)
    parent, _, name = path.rpartition(".")
    elsewhere = _other_members(model, name)
    if elsewhere:
        *others, last = elsewhere
        owners = f"{', '.join(others)} and {last}" if others else last
        message = f"is not a known field of {_kind_of(model)}, but of {owners}."
        return Problem(path, message)
    siblings = tuple(model.model_fields)
    prefix = f"{parent}." if parent else ""
    meant = [p for p in all_paths(root) if p.rpartition(".")[2] == name and name != "kind"]
    meant += [prefix + n for n in difflib.get_close_matches(name, siblings, n=1, cutoff=0.5)]
    hint = f"Did you mean {meant[0]}?" if meant else f"Known here: {', '.join(siblings)}."
    return Problem(path, f"is not a known field. {hint}")


def all_paths(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    """Every dotted path of a configuration, a list's elements as index 0."""
    for name, info in model.model_fields.items():
        path = prefix + name
        yield path
        for inner in _inner_models(info.annotation):
            yield from all_paths(inner, f"{path}.{'0.' if _is_list(info.annotation) else ''}")


def _inner_models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if issubclass(annotation, Component) and "kind" not in annotation.model_fields:
            return list(annotation.members().values())
        return [annotation]
    return [model for part in get_args(annotation) for model in _inner_models(part)]


def _is_list(annotation: Any) -> bool:
    return getattr(annotation, "__origin__", None) in (tuple, list)


def _other_members(model: type[BaseModel], name: str) -> list[str]:
    """The kinds of a component's family that do have a field of this name."""
    families = [base for base in model.__mro__[1:] if issubclass(base, Component)]
    if len(families) < 2 or _kind_of(model) is None:
        return []
    # The last is Component itself; before it stands the family, whatever lies between.
    members = families[-2].members()
    return [kind for kind, member in members.items() if name in member.model_fields]


def _kind_of(model: type[BaseModel]) -> str | None:
    return model.model_fields["kind"].default if "kind" in model.model_fields else None


class _Place(NamedTuple):
    """Where a fault lies.

    Attributes:
        path: Its dotted path.
        model: The model that it lies in.
        declared: What is declared about the field; None for a list's element and for the whole.
    """

    path: str
    model: type[BaseModel]
    declared: Hyperparameter | None


def _locate(loc: tuple[int | str, ...], root: type[BaseModel]) -> _Place:
    """Translate pydantic's location, in which a component's kind stands between the names."""
    path: list[str] = []
    model: type[BaseModel] = root
    inner = _inner_models(root)
    declared: Hyperparameter | None = None
    for part in loc:
        if declared is not None and declared.family is not None:
            inner = _inner_models(declared.family.members()[str(part)])
            model, declared = inner[0], None
        elif isinstance(part, int) and declared is not None and declared.type == "numbers":
            break
        elif isinstance(part, int) and declared is not None and declared.type == "list":
            path.append(str(part))
            declared = None
        elif inner:
            path.append(_printable(str(part)))
            model = inner[0]
            declared = next((h for h in hyperparameters_of(model) if h.name == part), None)
            info = model.model_fields.get(str(part))
            inner = _inner_models(info.annotation if info is not None else None)
    return _Place(".".join(path), model, declared)


def _problem(fault: dict[str, Any], place: _Place) -> Problem:
    path, _, declared = place
    came: Any = fault["input"]
    if fault["type"] == "union_tag_not_found" and declared is not None:
        return Problem(f"{path}.kind", f"is missing; it must {declared.allowed}")
    if fault["type"] in ("union_tag_invalid", "kind_no_text"):
        path += ".kind"
        is_table = isinstance(came, Mapping)
        came = cast(Mapping[str, Any], came)["kind"] if is_table else fault["ctx"]["tag"]
    if fault["type"] == "too_long":
        return Problem(path, f"may hold at most {fault['ctx']['max_length']} entries")
    allowed = declared.allowed if declared is not None else "be an object with named fields"
    if declared is not None and declared.type == "integer" and fault["type"] not in _RANGE_FAULTS:
        allowed = allowed.replace("be in", "be a whole number in")
    message = f"must {allowed}, got {_shown(came, declared)}"
    if declared is not None and isinstance(came, str):
        near = difflib.get_close_matches(came.lower(), declared.words, n=1, cutoff=0.5)
        message += f". Did you mean {near[0]}?" if near else ""
    return Problem(path, message if path else f"A configuration {message}")


def _shown(value: Any, declared: Hyperparameter | None) -> str:
    """A value that came, as it would stand in the file, cut to a length that fits a sentence."""
    if isinstance(value, str) and declared is not None and declared.type in ("integer", "number"):
        try:
            float(value)
        except ValueError:
            pass
        else:
            value = value.strip()
            return value if len(value) <= MAX_SHOWN else value[: MAX_SHOWN - 3] + "..."
    text = _Shortener().repr(value)
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 3] + "..."


def _printable(name: str) -> str:
    """A name that came, safe to print and not longer than a sentence can bear."""
    if not name.isprintable():
        name = name.encode("unicode_escape", "backslashreplace").decode()
    return name if len(name) <= MAX_SHOWN else name[: MAX_SHOWN - 3] + "..."


class _Shortener(reprlib.Repr):
    """Shows values as JSON spells them; never goes deep, and never turns huge numbers into text."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlevel = 3
        self.maxstring = 60

    def repr1(self, x: Any, level: int) -> str:
        """One value, the containers that are nested `level` deep written out."""
        if x is None:
            return "null"
        if isinstance(x, bool):
            return "true" if x else "false"
        if isinstance(x, int) and x.bit_length() > 128:
            digits = int(x.bit_length() * math.log10(2)) + 1
            return f"a number of about {digits:,} digits"
        return super().repr1(x, level)
