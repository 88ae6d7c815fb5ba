"""Says a place in the configuration, a value and a change of it in words, from the declarations."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from nncore.component import Component, Hyperparameter, hyperparameters_of
from nncore.config import RunConfig
from nncore.errors import Problem
from nngui.viewmodels.number_text import number_text, numbers_text


def declaration_of(config: RunConfig, path: str) -> Hyperparameter | None:
    """What is declared about the field at a path; None for an element of a list.

    Args:
        config: The tree that the path leads through.
        path: Dotted path, as in `optimizer.learning_rate`.

    Raises:
        ConfigError: If the path's parent does not exist.
    """
    parent, _, name = path.rpartition(".")
    owner = config.get(parent) if parent else config
    if not isinstance(owner, BaseModel):
        return None
    return next((h for h in hyperparameters_of(type(owner)) if h.name == name), None)


def place_in_words(config: RunConfig, path: str) -> str:
    """A path as a person would say it: "learning rate", "layer 2 units", "output initializer"."""
    owner = path.removesuffix(".kind")
    parts = owner.split(".")
    if parts[:2] == ["network", "hidden"]:
        if len(parts) == 2:
            return "hidden layers"
        where = f"layer {int(parts[2]) + 1}"
        return where if len(parts) == 3 else f"{where} {_label(config, owner)}"
    prefix = "output " if parts[:2] == ["network", "output"] else ""
    return prefix + _label(config, owner)


def value_in_words(value: Any) -> str:
    """A value as a person would say it: "0.001", "Leaky ReLU", "full batch"."""
    if isinstance(value, Component):
        return value.label
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, int | float):
        return number_text(value)
    if isinstance(value, tuple) and all(isinstance(part, int | float) for part in value):
        return numbers_text(value) or "none"
    if isinstance(value, tuple):
        return f"{len(value)} layer{'' if len(value) == 1 else 's'}"
    return "full batch" if value == "full" else str(value)


def change_in_words(before: RunConfig, after: RunConfig, path: str) -> str:
    """A change of one value, as in "learning rate 0.001 → 0.01"."""
    owner = path.removesuffix(".kind")
    old, new = value_in_words(before.get(owner)), value_in_words(after.get(owner))
    place = place_in_words(before, path)
    return f"{place} {old} → {new}" if old != new else place


def problem_in_words(config: RunConfig, problem: Problem, path: str) -> str:
    """A problem as a whole sentence: "Learning rate must be in (0, 1], got 3."."""
    place = place_in_words(config, path)
    return _sentence(f"{place} {problem.message}")


def reason_in_words(problem: Problem) -> str:
    """A problem as it stands beneath its field: "Must be in (0, 1], got 3."."""
    return _sentence(problem.message.replace(", got ''", "; nothing is entered"))


def _sentence(text: str) -> str:
    text = f"{text[:1].upper()}{text[1:]}"
    return text if text.endswith((".", "?")) else f"{text}."


def _label(config: RunConfig, path: str) -> str:
    declared = declaration_of(config, path)
    label = declared.label if declared is not None else path.rpartition(".")[2]
    return label[:1].lower() + label[1:] if label[1:2].islower() else label
