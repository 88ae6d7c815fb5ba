"""Reads a configuration's file and its JSON text, and says what keeps them from being read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

from nncore.errors import ConfigError, Problem

MAX_FILE_BYTES = 4_000_000


def read(path: Path) -> str:
    """The text of a configuration file, never more than `MAX_FILE_BYTES` of it.

    Args:
        path: The file; a byte order mark at its beginning is left out.

    Raises:
        ConfigError: If it cannot be read, is too large or is not text in UTF-8.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise _error(f"The file cannot be read: {error.strerror}.") from None
    except ValueError as error:  # A zero byte in the name.
        raise _error(f"The file cannot be read: {error}.") from None
    if len(content) > MAX_FILE_BYTES:
        raise _error(f"The file is too large: {MAX_FILE_BYTES:,} bytes are allowed.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _error("This is not a text file.") from None


def parse(text: str) -> dict[str, Any]:
    """The tree that a JSON text holds.

    Args:
        text: JSON; every name may stand in an object only once.

    Raises:
        ConfigError: If it is no JSON object, or a name stands in an object twice.
    """
    doubled: list[tuple[dict[str, Any], str]] = []

    def collect(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        table = dict(pairs)
        if len(table) < len(pairs):
            names = [name for name, _ in pairs]
            doubled.extend((table, name) for name in table if names.count(name) > 1)
        return table

    try:
        tree: Any = json.loads(text, object_pairs_hook=collect)
    except json.JSONDecodeError as error:
        raise _error(f"This is not valid JSON: {error}.") from None
    except ValueError:
        raise _error("This is not valid JSON: a number has too many digits.") from None
    except RecursionError:
        raise _error("This is no configuration: it is nested too deeply.") from None
    if not isinstance(tree, dict):
        raise _error("A configuration must be a JSON object.")
    if doubled:
        raise ConfigError(*_doubled_problems(cast(dict[str, Any], tree), doubled))
    return cast(dict[str, Any], tree)


def _doubled_problems(
    tree: dict[str, Any], doubled: list[tuple[dict[str, Any], str]]
) -> list[Problem]:
    """One problem for each name that stands in its object twice, found again by identity."""
    names: dict[int, list[str]] = {}
    for table, name in doubled:
        names.setdefault(id(table), []).append(name)
    problems: list[Problem] = []
    waiting: list[tuple[str, Any]] = [("", tree)]
    while waiting:
        prefix, node = waiting.pop()
        if isinstance(node, dict):
            table = cast(dict[str, Any], node)
            problems += [
                Problem(prefix + name, "stands there twice.") for name in names.get(id(table), ())
            ]
            inner = table.items()
        elif isinstance(node, list):
            inner = enumerate(cast(list[Any], node))
        else:
            continue
        waiting.extend((f"{prefix}{part}.", value) for part, value in inner)
    return problems


def _error(message: str) -> ConfigError:
    return ConfigError(Problem("", message))
