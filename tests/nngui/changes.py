"""What differs between two configurations, worked out apart from the program's own way."""

from __future__ import annotations

from typing import Any

from nncore.config import RunConfig


def leaves(config: RunConfig) -> dict[str, Any]:
    """Every leaf of a configuration by its dotted path."""
    found: dict[str, Any] = {}

    def walk(node: Any, path: str) -> None:
        if isinstance(node, dict | list) and node:
            items = node.items() if isinstance(node, dict) else enumerate(node)
            for key, inner in items:
                walk(inner, f"{path}.{key}" if path else str(key))
        else:
            found[path] = node

    walk(config.to_dict(), "")
    return found


def changed_paths(before: RunConfig, after: RunConfig) -> set[str]:
    """The leaves that are not the same in both."""
    old, new = leaves(before), leaves(after)
    return {path for path in old | new if old.get(path, "?") != new.get(path, "?")}
