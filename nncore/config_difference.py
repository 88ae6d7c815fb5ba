"""Where two configurations differ."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from nncore.config import RunConfig


def changed_paths(before: RunConfig, after: RunConfig) -> tuple[str, ...]:
    """The dotted paths of all values that differ, in the order of the configuration.

    Where components of different kinds stand, the path of the kind stands for all their values;
    where lists differ in length, the list's own path does.
    """
    return tuple(_changed(before.to_dict(), after.to_dict(), ""))


def _changed(before: Any, after: Any, path: str) -> Iterator[str]:
    prefix = f"{path}." if path else ""
    if isinstance(before, dict) and isinstance(after, dict):
        old, new = cast(dict[str, Any], before), cast(dict[str, Any], after)
        if old.get("kind") != new.get("kind"):
            yield f"{prefix}kind"
            return
        for name in old:
            yield from _changed(old[name], new[name], prefix + name)
    elif isinstance(before, list) and isinstance(after, list):
        entries, others = cast(list[Any], before), cast(list[Any], after)
        if len(entries) != len(others):
            yield path
            return
        for index, pair in enumerate(zip(entries, others, strict=True)):
            yield from _changed(*pair, f"{prefix}{index}")
    elif before != after:
        yield path
