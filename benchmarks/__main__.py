"""`python -m benchmarks [start] [window] ...` measures everything, or what is named."""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks import (
    accuracy,
    memory,
    report,
    scaling,
    search,
    search_window,
    speed,
    start,
    window,
)
from benchmarks.options import Options
from benchmarks.report import Figure
from benchmarks.workloads import WORKLOADS
from nncore.presets import PRESETS


class Section(NamedTuple):
    """One part of the measurements.

    Attributes:
        title: What is measured.
        measure: Measures it.
        has_table: Whether `measure` prints a table of its own.
        is_long: Whether it is measured only when it is named.
    """

    title: str
    measure: Callable[[Options], Sequence[Figure]]
    has_table: bool = False
    is_long: bool = False


SECTIONS = {
    "start": Section("From process start to a painted window", lambda _: start.measure()),
    "window": Section("Training in the window", lambda _: window.measure()),
    "speed": Section("Training beside other libraries", speed.measure, has_table=True),
    "scaling": Section("How the cost grows", scaling.measure, has_table=True),
    "memory": Section("Memory of a training run on MNIST", memory.measure),
    "search": Section("Searching hyperparameters", search.measure, is_long=True),
    "search-window": Section("Searching in the window", search_window.measure, is_long=True),
    "accuracy": Section(
        "How right the presets become", accuracy.measure, has_table=True, is_long=True
    ),
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument(
        "sections", nargs="*", help=f"of {', '.join(SECTIONS)}; all but the last two when none"
    )
    parser.add_argument("--json", type=Path, default=Path("build/bench.json"))
    parser.add_argument("--rounds", type=int, default=None, help="of speed; 7, or 3 when quick")
    names = ",".join(WORKLOADS)
    parser.add_argument("--workloads", default=names, help=f"of speed; {names} when not given")
    names = ",".join(accuracy.GOALS)
    text = f"of accuracy; {names} when not given"
    parser.add_argument("--presets", default=names, help=text)
    parser.add_argument("--seeds", default="0,1,2", help="of accuracy; 0,1,2 when not given")
    text = "of speed, scaling and accuracy; cpu is the right one on a busy machine"
    parser.add_argument("--clock", choices=("wall", "cpu"), default="wall", help=text)
    names = ",".join(search.PARTS)
    parser.add_argument("--parts", default=names, help=f"of search; {names} when not given")
    parser.add_argument("--quick", action="store_true", help="a glance: fewer rounds, one thread")
    return parser


def main() -> None:
    """Run the sections and print their tables."""
    parser = _parser()
    chosen = parser.parse_args()
    for what, given, known in (
        ("section", chosen.sections, SECTIONS),
        ("workload", chosen.workloads.split(","), WORKLOADS),
        ("preset", chosen.presets.split(","), PRESETS),
        ("part", chosen.parts.split(","), search.PARTS),
    ):
        if unknown := set(given) - set(known):
            parser.error(f"unknown {what}: {', '.join(sorted(unknown))}")
    rounds = chosen.rounds or (3 if chosen.quick else 7)
    workloads = tuple(chosen.workloads.split(","))
    presets = tuple(chosen.presets.split(","))
    seeds = tuple(int(seed) for seed in chosen.seeds.split(","))
    parts = tuple(chosen.parts.split(","))
    options = Options(rounds, workloads, chosen.clock, presets, seeds, chosen.quick, parts)
    print(", ".join(f"{name} {value}" for name, value in report.machine().items()))
    results: dict[str, Sequence[Figure]] = {}
    short = [name for name, section in SECTIONS.items() if not section.is_long]
    for name in chosen.sections or short:
        section = SECTIONS[name]
        results[section.title] = section.measure(options)
        if not section.has_table:
            report.show(section.title, results[section.title])
    report.write(results, chosen.json)


if __name__ == "__main__":
    main()
