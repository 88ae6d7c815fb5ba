"""Tables of medians, printed and kept as JSON."""

from __future__ import annotations

import json
import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path

import numpy as np

PEER_LIBRARIES = ("torch", "jax", "scikit-learn")


@dataclass(frozen=True)
class Figure:
    """One measured figure.

    Attributes:
        name: What was measured.
        unit: Its unit.
        values: One value a round.
        goal: What it should reach, in words; "" if nothing was promised.
    """

    name: str
    unit: str
    values: tuple[float, ...]
    goal: str = ""

    @property
    def median(self) -> float:
        """The figure to quote."""
        return statistics.median(self.values)

    def row(self) -> str:
        """One line of the table."""
        spread = f"{min(self.values):.4g} to {max(self.values):.4g}"
        return (
            f"  {self.name:<52} {self.median:>9.4g} {self.unit:<10} "
            f"({spread}, {len(self.values)} rounds)  {self.goal}"
        )


def machine() -> dict[str, str]:
    """What the figures were measured on, and with which libraries."""
    return {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "system": platform.platform(),
        "cores": str(os.cpu_count()),
        "blas threads": os.environ.get("OPENBLAS_NUM_THREADS", "not set"),
    } | {name: found for name in PEER_LIBRARIES if (found := _version(name))}


def _version(library: str) -> str:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return ""


def show(title: str, figures: Sequence[Figure]) -> None:
    """Print a table."""
    print(f"\n{title}")
    for figure in figures:
        print(figure.row())


def write(sections: dict[str, Sequence[Figure]], path: Path) -> None:
    """Keep all figures and the machine as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = {
        "machine": machine(),
        "sections": {
            title: [asdict(figure) | {"median": figure.median} for figure in figures]
            for title, figures in sections.items()
        },
    }
    path.write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")
    print(f"\nwritten to {path}")
