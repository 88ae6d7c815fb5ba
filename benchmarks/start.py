"""How long a person waits for the window: from process start to the first painting."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence

from benchmarks.report import Figure
from benchmarks.screen import environment_of_a_newcomer

ROUNDS = 7

_CHILD = """
import sys, time
from PySide6.QtWidgets import QApplication
from nngui import app
def painted():
    print(time.time(), flush=True)
    QApplication.quit()
sys.exit(app.main(["nnscratch"], on_painted=painted))
"""


def measure() -> Sequence[Figure]:
    """Start the program again and again, each time as on the first day; one round warms up."""
    seconds: list[float] = []
    with environment_of_a_newcomer() as environment:
        for _ in range(ROUNDS + 1):
            began = time.time()
            child = subprocess.run(
                [sys.executable, "-c", _CHILD],
                env=environment,
                check=True,
                capture_output=True,
                text=True,
                cwd=tempfile.gettempdir(),
            )
            seconds.append(float(child.stdout.split()[-1]) - began)
    return [Figure("process start to painted window", "s", tuple(seconds[1:]), "goal: 1.2 or less")]
