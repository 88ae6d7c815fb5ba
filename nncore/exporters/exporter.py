"""What is known about a format in which weights leave."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from nncore.model import Model


@dataclass(frozen=True)
class Exporter:
    """One format.

    Attributes:
        name: Its name on the command line.
        label: Its name for people.
        suffix: How its files' names end, with the dot; empty for a folder.
        is_folder: Whether it writes a folder of files and not a single one.
        write: Writes a model to a path as a whole or not at all; may raise FileWriteError.
    """

    name: str
    label: str
    suffix: str
    is_folder: bool
    write: Callable[[Model, Path], None]
