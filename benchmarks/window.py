"""What the window costs training, and what training costs the window."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence

from benchmarks.report import Figure
from benchmarks.screen import environment_of_a_newcomer


def measure() -> Sequence[Figure]:
    """Train the Quick preset by turns with and without the window, in one process on one screen."""
    with environment_of_a_newcomer() as environment:
        child = subprocess.run(
            [sys.executable, "-m", "benchmarks.window_child"],
            env=environment,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    found = json.loads(child.stdout.splitlines()[-1])
    with_window, without = found["with window"], found["without window"]
    shares = [100 * a / b for a, b in zip(with_window, without, strict=True)]
    return [
        Figure("speed without the window", "samples/s", tuple(without)),
        Figure("speed with the window", "samples/s", tuple(with_window)),
        Figure("share of the speed kept", "%", tuple(shares), "goal: 95 or more"),
        Figure("60 Hz timer late, p99", "ms", tuple(found["late p99"]), "goal: below 16"),
        Figure("60 Hz timer late, median", "ms", tuple(found["late median"])),
    ]
