"""What is known about a data set before it is loaded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nncore.data.dataset import Dataset


@dataclass(frozen=True)
class Source:
    """One data set on offer.

    Attributes:
        name: Its name in configurations and on the command line.
        label: Its name for people.
        description: What it holds, in a sentence.
        attribution: Who made it, and its license.
        load: Reads it; may raise DataError.
    """

    name: str
    label: str
    description: str
    attribution: str
    load: Callable[[], Dataset]
