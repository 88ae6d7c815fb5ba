"""What one hyperparameter may be in a search: one value, one of a list, or a number in a range."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any, cast

from nncore.component import Scale

MAX_POINTS = 1000
"""The most values that one hyperparameter may take in a sweep or a grid."""


@dataclass(frozen=True)
class Fixed:
    """One value in every trial."""

    value: Any

    @property
    def plain(self) -> Any:
        """As it stands in SPACE.json."""
        value: object = self.value
        return {"fixed": cast(object, value)} if isinstance(value, list) else value


@dataclass(frozen=True)
class Choices:
    """One of several values, without an order."""

    values: tuple[Any, ...]

    @property
    def labels(self) -> tuple[str | int | float | bool, ...]:
        """A plain value for each choice, as a storage keeps it: itself, or its JSON."""
        return tuple(label_of(value) for value in self.values)

    @property
    def plain(self) -> Any:
        """As it stands in SPACE.json."""
        return list(self.values)

    def value_of(self, label: object) -> Any:
        """The choice that a label stands for.

        Raises:
            ValueError: If it stands for none.
        """
        for own, value in zip(self.labels, self.values, strict=True):
            if own == label and isinstance(own, bool) == isinstance(label, bool):
                return value
        raise ValueError(f"{label!r} is none of the choices.")


@dataclass(frozen=True)
class Range:
    """A number between two bounds, both included.

    Attributes:
        low: Lower bound.
        high: Upper bound.
        scale: How it is sampled and spaced.
        is_integer: Whether only whole numbers count.
        step: Distance of neighboring values, None where there is none.
        count: How many values a sweep or a grid takes from it.
    """

    low: float
    high: float
    scale: Scale = "linear"
    is_integer: bool = False
    step: float | None = None
    count: int | None = None

    @property
    def plain(self) -> Any:
        """As it stands in SPACE.json."""
        tree: dict[str, Any] = {"low": self.low, "high": self.high, "scale": self.scale}
        tree |= {} if self.step is None else {"step": self.step}
        return tree | ({} if self.count is None else {"count": self.count})

    @property
    def values(self) -> tuple[float, ...]:
        """The values that a sweep or a grid takes; empty when neither step nor count says which."""
        if self.count is not None:
            return self._spaced(self.count)
        step = self.step
        if step is None:
            if not self.is_integer or self.scale == "log" or self.high - self.low >= MAX_POINTS:
                return ()
            step = 1
        count = math.floor((self.high - self.low) / step + 1e-9) + 1
        return tuple(self._tidy(self.low + index * step) for index in range(min(count, 10**6)))

    def _spaced(self, count: int) -> tuple[float, ...]:
        """Evenly spaced values, whole numbers each once."""
        if count == 1:
            return (self.low,)
        shares = [index / (count - 1) for index in range(count)]
        if self.scale == "log":
            inner = [self.low * (self.high / self.low) ** share for share in shares[1:-1]]
        else:
            inner = [self.low + (self.high - self.low) * share for share in shares[1:-1]]
        values = (self._tidy(value) for value in (self.low, *inner, self.high))
        return tuple(dict.fromkeys(values))

    def _tidy(self, value: float) -> float:
        """Without the noise of the last binary digits: 0.3, not 0.30000000000000004."""
        return round(value) if self.is_integer else float(f"{value:.12g}")


Domain = Fixed | Choices | Range


def label_of(value: Any) -> str | int | float | bool:
    """A plain value by which a choice is known: itself, or its JSON where it is a structure."""
    if isinstance(value, str | int | float | bool):
        return value
    return json.dumps(cast(object, value))


def values_of(domain: Domain) -> tuple[Any, ...]:
    """All values that a sweep or a grid takes from a domain."""
    return (domain.value,) if isinstance(domain, Fixed) else domain.values
