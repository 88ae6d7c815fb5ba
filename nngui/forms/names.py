"""The object names of fields: by the design's rule, and unlike each other."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterator

from pydantic import BaseModel

from nncore.component import Hyperparameter, hyperparameters_of
from nncore.config import LayerConfig, RunConfig


def stem_of(declared: Hyperparameter) -> str:
    """The stem of a field's object names by the design's rule: `learning_rate` is learningRate."""
    return _camel_case(declared.name.split("_"))


def stem_at(path: str, declared: Hyperparameter) -> str:
    """The same for a field that may stand beside another one of the same name.

    Where components at several places have such a field, what each is for stands before it:
    `training.schedule.patience` is schedulePatience, `training.early_stopping.patience` is
    earlyStoppingPatience. The optimizer's own are left as they are.

    Args:
        path: Where the field stands; for a component family the path of its `kind`.
        declared: What is known about it.
    """
    return _camel_case([*_place(path, declared), *declared.name.split("_")])


def spoken_at(path: str, declared: Hyperparameter) -> str:
    """What a screen reader calls the field: "Patience (early stopping)" where there are several."""
    place = " ".join(_place(path, declared))
    return f"{declared.label} ({place})" if place else declared.label


def _place(path: str, declared: Hyperparameter) -> list[str]:
    """The words for what a field's component is for; none where the field's name says enough."""
    _, *parts = path.split(".")
    if declared.name not in _ambiguous_names() or parts[-1:] != [declared.name]:
        return []
    # A layer's number ends the names of its row, and only one layer shows its other fields.
    place = parts[2:-1] if parts[0] == "hidden" else parts[:-1]
    return [word for part in place for word in part.split("_")]


def _camel_case(words: list[str]) -> str:
    first, *rest = words
    return first + "".join(word.capitalize() for word in rest)


@functools.cache
def _ambiguous_names() -> frozenset[str]:
    """Names of fields that stand at more than one place of a configuration."""
    places: defaultdict[str, set[str]] = defaultdict(set)
    for place, name in _fields(RunConfig, ""):
        places[name].add(place)
    return frozenset(name for name, where in places.items() if len(where) > 1)


def _fields(model: type[BaseModel], place: str) -> Iterator[tuple[str, str]]:
    """Place and name of every field, with those of all members of each component family."""
    for declared in hyperparameters_of(model):
        inner = f"{place}.{declared.name}"
        if declared.type == "section":
            yield from _fields(type(declared.default), inner)
        elif declared.type == "list":
            yield from _fields(LayerConfig, inner)
        elif declared.family is not None:
            for member in declared.family.members().values():
                yield from _fields(member, inner)
        else:
            yield place, declared.name
