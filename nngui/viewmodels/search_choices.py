"""What a search may vary: every hyperparameter of a configuration, read from its declarations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from pydantic import BaseModel

from nncore.component import Component, Hyperparameter, hyperparameters_of
from nncore.config import MAX_LAYERS, LayerConfig, RunConfig
from nncore.search.space_reading import NOT_SEARCHED
from nngui.viewmodels.number_text import number_text

HIDDEN = "network.hidden"
LAYER_COUNT = f"{HIDDEN}.layers"
ALIKE, EACH = f"{HIDDEN}.*.", f"{HIDDEN}.each."
"""Stems of paths of a field of all layers at once, and of each layer by itself."""
INITIALIZERS = f"{HIDDEN}.*.initializer & network.output.initializer"
_GROUPS = {"data": "Data", "network": "Network", "optimizer": "Optimizer", "training": "Training"}


class SearchChoice(NamedTuple):
    """One hyperparameter that may be varied.

    Attributes:
        path: As it stands in SPACE.json; a field of each layer by itself has `each` for its number.
        label: For people.
        group: The part of the configuration where it stands, for people.
        declared: What is declared about it.
    """

    path: str
    label: str
    group: str
    declared: Hyperparameter

    @property
    def is_number(self) -> bool:
        """Whether it has a range."""
        return self.declared.type in ("integer", "number")

    @property
    def words(self) -> dict[str, str]:
        """The words to choose from with their labels; empty for numbers and structures."""
        family = self.declared.family
        if family is not None:
            return {kind: member.label for kind, member in family.members().items()}
        if self.declared.type == "boolean":
            return {"true": "On", "false": "Off"}
        return {word: word.replace("_", " ").capitalize() for word in self.declared.words}


def choices_of(config: RunConfig) -> dict[str, SearchChoice]:
    """Everything that a search around a configuration may vary, by path, in the form's order."""
    found = [*_layer_choices(config), *_walk(config, "", "")]
    return {choice.path: choice for choice in found if choice.path not in NOT_SEARCHED}


def label_of(name: str, known: Mapping[str, SearchChoice]) -> str:
    """The label of a parameter as a trial names it, as in `network.hidden.1.units`.

    Args:
        name: The parameter.
        known: What `choices_of` says of the configuration.
    """
    if name in known:
        return known[name].label
    parts = name.split(".")
    if name.startswith(f"{HIDDEN}.") and len(parts) > 3 and parts[2].isdecimal():
        return f"Layer {int(parts[2]) + 1} {parts[-1].replace('_', ' ')}"
    return parts[-1].replace("_", " ").capitalize()


def words_of(name: str, known: Mapping[str, SearchChoice]) -> dict[str, str]:
    """What people call the words that a parameter may be; empty for numbers.

    Args:
        name: The parameter, as a trial names it.
        known: What `choices_of` says of the configuration.
    """
    first = name.split("&")[0].strip().removesuffix(".kind")
    parts = first.split(".")
    if first.startswith(f"{HIDDEN}.") and len(parts) > 3:
        # There may be more layers than the configuration has.
        first = f"{ALIKE}{parts[3]}"
    words = known[first].words if first in known else {}
    # What stands in parentheses explains; in a plot it would be in the way.
    return {word: text.split(" (")[0] for word, text in words.items()}


def param_text(value: object) -> str:
    """A parameter's value for people, short."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, int | float):
        return number_text(float(f"{value:.4g}")) if isinstance(value, float) else f"{value:,}"
    return str(value)


def _layer_choices(config: RunConfig) -> Iterator[SearchChoice]:
    hidden = next(h for h in hyperparameters_of(type(config.network)) if h.name == "hidden")
    units = next(h for h in hyperparameters_of(LayerConfig) if h.name == "units")
    count = units.__class__(
        **(
            units.__dict__
            | {
                "name": "layers",
                "label": "Hidden layers",
                "minimum": 0,
                "maximum": MAX_LAYERS,
                "default": 1,
                "scale": "linear",
                "unit": "layers",
                "help": "How many hidden layers there are; units and activation are chosen too.",
            }
        )
    )
    yield SearchChoice(LAYER_COUNT, "Hidden layers", "Layers", count)
    yield SearchChoice(HIDDEN, "Hidden layers, as lists of units", "Layers", hidden)
    for declared in hyperparameters_of(LayerConfig):
        yield SearchChoice(f"{ALIKE}{declared.name}", f"{declared.label}", "Layers", declared)
    initializer = next(h for h in hyperparameters_of(LayerConfig) if h.name == "initializer")
    yield SearchChoice(INITIALIZERS, "Initializer of all layers", "Layers", initializer)
    for declared in hyperparameters_of(LayerConfig):
        label = f"{declared.label} of each layer"
        yield SearchChoice(f"{EACH}{declared.name}", label, "Layers", declared)
    for number in range(len(config.network.hidden)):
        for declared in hyperparameters_of(LayerConfig):
            label = f"Layer {number + 1} {declared.label.lower()}"
            yield SearchChoice(f"{HIDDEN}.{number}.{declared.name}", label, "Layers", declared)


def _walk(model: BaseModel, stem: str, group: str) -> Iterator[SearchChoice]:
    """The fields of a section or a component, deeper ones after their owner."""
    for declared in hyperparameters_of(type(model)):
        path = f"{stem}{declared.name}"
        value = getattr(model, declared.name)
        inner_group = group or _GROUPS.get(declared.name, "")
        if declared.type in ("list", "text", "numbers"):
            continue
        if declared.type != "section" and inner_group:
            label = declared.label
            if isinstance(model, Component) and stem.count(".") > 1:
                label = f"{type(model).label}: {label[:1].lower()}{label[1:]}"
            elif stem == "network.output.":
                label = f"Output {label.lower()}"
            yield SearchChoice(path, label, inner_group, declared)
        if isinstance(value, BaseModel):
            yield from _walk(value, f"{path}.", inner_group)
