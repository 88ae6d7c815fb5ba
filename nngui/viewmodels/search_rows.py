"""PlanRow: what one hyperparameter may be in a search, as a person types it, and back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import BaseModel

from nncore.search.domains import Choices, Domain, Fixed
from nngui.viewmodels.number_text import number_text, parse_number
from nngui.viewmodels.search_choices import HIDDEN, SearchChoice

MODES = {"list": "List", "linear": "Range", "log": "Log range", "fixed": "Fixed"}
"""How the values of a hyperparameter are given."""
_FEW = 5
"""As many values of a range are enough for a first sweep."""


@dataclass(frozen=True)
class PlanRow:
    """One hyperparameter of a search.

    Attributes:
        choice: Which one.
        mode: A key of `MODES`.
        texts: What is typed, by field: `values`, `low`, `high`, `step` (of a range) and `count` (of
            a log range).
        words: The chosen words, for what has no numbers.
    """

    choice: SearchChoice
    mode: str
    texts: dict[str, str] = field(default_factory=dict)
    words: tuple[str, ...] = ()

    @classmethod
    def first(cls, choice: SearchChoice, value: Any) -> PlanRow:
        """A sensible beginning: a range around the value that is there, or every word.

        Args:
            choice: The hyperparameter.
            value: What the configuration holds; None if it is not there.
        """
        if choice.path == HIDDEN:
            return cls(choice, "list", {"values": "32; 64; 128; 64, 32"})
        if not choice.is_number:
            words = tuple(choice.words)
            return cls(choice, "list", words=words)
        return cls(choice, *_range_around(choice, value))

    def with_text(self, name: str, text: str) -> PlanRow:
        """The same with something else typed in a field."""
        return replace(self, texts=self.texts | {name: text})

    def spaced(self) -> PlanRow:
        """The same, with a few values of a range for a sweep or a grid if nothing says which."""
        if self.mode == "log" and not self.texts.get("count", "").strip():
            return self.with_text("count", str(_FEW))
        low, high = (parse_number(self.texts.get(name, "")) for name in ("low", "high"))
        is_open = self.mode == "linear" and not self.texts.get("step", "").strip()
        if not is_open or low is None or high is None or high <= low:
            return self
        step = (high - low) / (_FEW - 1)
        if self.choice.declared.type == "integer":
            step = max(round(step), 1)
        return self.with_text("step", number_text(float(f"{step:.3g}")))

    def raw(self, *, is_grid: bool) -> Any:
        """As it stands in SPACE.json; what is typed wrong is left as text, to be refused there.

        Args:
            is_grid: Whether a log range has to say how many values are taken from it.
        """
        if self.choice.words and not self.choice.is_number:
            values: list[Any] = [_word(word) for word in self.words]
        elif self.choice.path == HIDDEN:
            values = [part.strip() for part in self.texts.get("values", "").split(";")]
        else:
            values = [_typed(part) for part in _parts(self.texts.get("values", ""))]
        if self.mode == "fixed":
            return {"fixed": values[0] if len(values) == 1 else self.texts.get("values", "")}
        if self.mode == "list":
            return values
        tree: dict[str, Any] = {"scale": self.mode}
        spacing = "step" if self.mode == "linear" else "count" if is_grid else ""
        for name in ("low", "high", spacing) if spacing else ("low", "high"):
            text = self.texts.get(name, "").strip()
            if text or name in ("low", "high"):
                tree[name] = _typed(text)
        return tree


def row_of(choice: SearchChoice, domain: Domain) -> PlanRow:
    """A row that says what a domain of a search says."""
    if isinstance(domain, Fixed | Choices):
        values = (domain.value,) if isinstance(domain, Fixed) else domain.values
        mode = "fixed" if isinstance(domain, Fixed) else "list"
        if choice.words and not choice.is_number:
            return PlanRow(choice, mode, words=tuple(_word_text(value) for value in values))
        return PlanRow(choice, mode, {"values": _joined(choice, values)})
    texts = {"low": number_text(domain.low), "high": number_text(domain.high)}
    if domain.step is not None:
        texts["step"] = number_text(domain.step)
    if domain.count is not None:
        texts["count"] = str(domain.count)
        if domain.scale == "linear":
            return PlanRow(choice, "list", {"values": _joined(choice, domain.values)})
    return PlanRow(choice, domain.scale, texts)


def is_usual(choice: SearchChoice, domain: Domain) -> bool:
    """Whether it is fixed at what it is by default, so that no row needs to say it."""
    default = choice.declared.default
    if isinstance(default, BaseModel):
        default = default.model_dump(mode="json")
    return isinstance(domain, Fixed) and _word_text(domain.value) == _word_text(default)


def has_own_settings(domain: Domain) -> bool:
    """Whether a choice is a component with settings of its own: a row has only its kind."""
    values = (domain.value,) if isinstance(domain, Fixed) else getattr(domain, "values", ())
    return any(isinstance(it, dict) and len(it) > 1 for it in values)


def _range_around(choice: SearchChoice, value: Any) -> tuple[str, dict[str, str]]:
    declared = choice.declared
    known = value if isinstance(value, int | float) and not isinstance(value, bool) else None
    number = known if known is not None else declared.default
    number = number if isinstance(number, int | float) else 1
    whole = declared.type == "integer"
    if declared.scale == "log" and number > 0:
        low, high = number / (4 if whole else 10), number * (4 if whole else 10)
        mode = "log"
    else:
        low = declared.minimum if declared.minimum is not None else 0
        high = max(2 * number, low + (4 if whole else 0.5))
        mode = "linear"
    if declared.minimum is not None:
        low = max(low, declared.minimum)
    if declared.maximum is not None:
        if not declared.maximum_included and high >= declared.maximum:
            high = number if number > low else (low + declared.maximum) / 2
        high = min(high, declared.maximum)
    ends = (round(low), round(high)) if whole else (float(f"{low:.3g}"), float(f"{high:.3g}"))
    texts = {"low": number_text(ends[0]), "high": number_text(ends[1])}
    return mode, texts | ({"count": str(_FEW)} if mode == "log" else {})


def _parts(text: str) -> Iterable[str]:
    return (part.strip() for part in text.split(",") if part.strip())


def _typed(text: str) -> Any:
    number = parse_number(text)
    return text if number is None else number


def _word(word: str) -> Any:
    return {"true": True, "false": False}.get(word, word)


def _word_text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value["kind"]) if isinstance(value, dict) and "kind" in value else str(value)


def _joined(choice: SearchChoice, values: Sequence[Any]) -> str:
    if choice.path == HIDDEN:
        return "; ".join(it if isinstance(it, str) else json.dumps(it) for it in values)
    return ", ".join(it if isinstance(it, str) else number_text(it) for it in values)
