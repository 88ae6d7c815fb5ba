"""What the person who measures may choose."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """How long and how closely to measure.

    Attributes:
        rounds: Rounds of `speed`, after one that warms up.
        workloads: Names of the workloads of `speed`.
        clock: "wall", or "cpu" (seconds of the process), which counts right with one thread while
            other programs use the machine.
        presets: Names of the presets of `accuracy`.
        seeds: With which `accuracy` trains each of them.
        quick: Fewer rounds and fewer sizes: a glance, not a figure to quote.
        parts: Which parts of `search`.
    """

    rounds: int
    workloads: tuple[str, ...]
    clock: str
    presets: tuple[str, ...]
    seeds: tuple[int, ...]
    quick: bool
    parts: tuple[str, ...]
