"""How much memory a training run takes."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks import measured_process
from benchmarks.options import Options
from benchmarks.report import Figure

WORKLOADS = ("W2", "W4")
GOAL = "goal: below 250"


def measure(options: Options) -> Sequence[Figure]:
    """Peaks over the bare imports, each in a process of its own; they hardly vary."""
    rounds = 1 if options.quick else 3
    figures: list[Figure] = []
    for name in WORKLOADS:
        found = [measured_process.run("benchmarks.memory_child", name) for _ in range(rounds)]
        imports = tuple(each["imports"] for each in found)
        over = tuple(each["peak"] - each["imports"] for each in found)
        goal = GOAL if name == "W4" else ""
        figures.append(Figure(f"{name}: peak over the bare imports", "MB", over, goal))
        figures.append(Figure(f"{name}: the bare imports", "MB", imports))
    return figures
