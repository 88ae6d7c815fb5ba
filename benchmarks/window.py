"""What the window costs training, and what training costs the window."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence

from benchmarks.report import Figure
from benchmarks.screen import environment_of_a_newcomer

WORKLOADS = "W2", "W4"
SIZES = (1280, 800), (1920, 1080)


def measure() -> Sequence[Figure]:
    """Train two workloads by turns with and without the window, at two sizes on one screen."""
    figures: list[Figure] = []
    with environment_of_a_newcomer() as environment:
        for width, height in SIZES:
            for name in WORKLOADS:
                command = "-m", "benchmarks.window_child", name, str(width), str(height)
                child = subprocess.run(
                    [sys.executable, *command],
                    env=environment,
                    check=True,
                    stdout=subprocess.PIPE,
                    text=True,
                )
                rounds = json.loads(child.stdout.splitlines()[-1])
                figures += _figures(f"{name} {width}x{height}", rounds)
    return figures


def _figures(where: str, rounds: Sequence[Mapping[str, float]]) -> list[Figure]:
    def all_of(key: str, factor: float = 1.0) -> tuple[float, ...]:
        return tuple(factor * found[key] for found in rounds)

    shares = [100 * found["with window"] / found["without window"] for found in rounds]
    return [
        Figure(f"{where}: speed without the window", "samples/s", all_of("without window")),
        Figure(f"{where}: speed with the window", "samples/s", all_of("with window")),
        Figure(f"{where}: share of the speed kept", "%", tuple(shares), "goal: 95 or more"),
        Figure(f"{where}: 60 Hz timer late, p99", "ms", all_of("late p99"), "goal: 8 or less"),
        Figure(f"{where}: 60 Hz timer late, median", "ms", all_of("late median")),
        Figure(f"{where}: curve of the steps drawn", "times/s", all_of("paints")),
        Figure(f"{where}: kept waiting by others", "%", all_of("disturbed", 100.0), "below 2"),
    ]
