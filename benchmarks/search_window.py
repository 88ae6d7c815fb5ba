"""How late the window is while two workers search, on the busiest plots."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence

from benchmarks.options import Options
from benchmarks.report import Figure
from benchmarks.screen import environment_of_a_newcomer


def measure(options: Options) -> Sequence[Figure]:
    """Search in the real window with two workers, each plot in sight for a while."""
    seconds = "8" if options.quick else "30"
    with environment_of_a_newcomer() as environment:
        child = subprocess.run(
            [sys.executable, "-m", "benchmarks.search_window_child", seconds],
            env=environment,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    found = json.loads(child.stdout.splitlines()[-1])
    rows = [
        Figure(f"60 Hz timer late, p99, {title}", "ms", (row["p99"],), "goal: below 16")
        for title, row in found["plots"].items()
    ]
    worst = [row["worst"] for row in found["plots"].values()]
    return [
        *rows,
        Figure("60 Hz timer late, worst of each plot", "ms", worst),
        Figure("trials shown at the end", "trials", (found["trials"],)),
    ]
