"""How fast nnScratch trains beside its peers, and where it loses."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks import measured_process
from benchmarks.options import Options
from benchmarks.peers import PEERS
from benchmarks.report import Figure
from benchmarks.workloads import TWO_THREAD_GOALS, TWO_THREADS, WORKLOADS

OURS = "nnscratch"
RIVALS = tuple(name for name in PEERS if name != OURS)
TWO_THREAD_PEERS = (OURS, "torch", "torch_fused")
AGREEMENT = 1e-3
"""How far a peer's loss after the same steps may be from ours, relative."""

UNDISTURBED = 0.95
"""The share of a core below which figures of the wall clock are doubtful."""


def measure(options: Options) -> Sequence[Figure]:
    """Measure all workloads with one thread, the large ones with two, and print a table of each.

    Returns:
        For each workload our speed and the ratio to each peer, one value a round.
    """
    names = options.workloads
    figures = _measure(options, names, tuple(PEERS), threads=1)
    large = tuple(name for name in names if name in TWO_THREADS)
    if large and not options.quick:
        figures += _measure(options, large, TWO_THREAD_PEERS, threads=2)
    return figures


def _measure(
    options: Options, workloads: tuple[str, ...], peers: tuple[str, ...], threads: int
) -> list[Figure]:
    clock = options.clock if threads == 1 else "wall"
    found = measured_process.run(
        "benchmarks.speed_child",
        *("--threads", str(threads), "--rounds", str(options.rounds), "--clock", clock),
        *("--workloads", ",".join(workloads), "--peers", ",".join(peers)),
        threads=threads,
    )
    rivals = [peer for peer in peers if peer != OURS]
    print(f"\nnnScratch's speed as a multiple of each peer's; threads: {threads}, clock: {clock}")
    print("in brackets what it must reach, ! where it doesn't")
    titles = [PEERS[peer].title for peer in rivals]
    print(_line(["workload", "samples/s", *titles]))
    print(_line(["---", *("---:" for _ in rivals), "---:"]))
    figures: list[Figure] = []
    for name, result in found.items():
        goals = WORKLOADS[name].goals if threads == 1 else TWO_THREAD_GOALS
        figures += _figures(name, result, goals, threads)
        print(_row(name, result, rivals, goals))
    _tell_missing(found)
    if threads == 1:
        _tell_disturbance(found, clock)
    _tell_disagreement(found)
    return figures


def _ratios(result: Mapping[str, Any], peer: str) -> tuple[float, ...]:
    """Our speed as a multiple of a peer's, round by round."""
    seconds = result["seconds"]
    return tuple(b / a for a, b in zip(seconds[OURS], seconds[peer], strict=True))


def _figures(
    name: str, result: Mapping[str, Any], goals: Mapping[str, float], threads: int
) -> list[Figure]:
    workload = WORKLOADS[name]
    title = workload.title if threads == 1 else f"{workload.title}, {threads} threads"
    samples = workload.steps * workload.batch
    speeds = tuple(samples / seconds for seconds in result["seconds"][OURS])
    figures = [Figure(title, "samples/s", speeds)]
    for peer in result["seconds"]:
        if peer != OURS:
            goal = f"goal: {goals[peer]:g} or more" if peer in goals else ""
            label = f"{title}: beside {PEERS[peer].title}"
            figures.append(Figure(label, "times", _ratios(result, peer), goal))
    return figures


def _row(
    name: str, result: Mapping[str, Any], rivals: Sequence[str], goals: Mapping[str, float]
) -> str:
    workload = WORKLOADS[name]
    samples = workload.steps * workload.batch
    speed = samples / statistics.median(result["seconds"][OURS])
    cells = [workload.title, f"{speed:,.0f}"]
    for peer in rivals:
        cell = "missing" if peer in result["missing"] else "-"
        if peer in result["seconds"]:
            ratio = statistics.median(_ratios(result, peer))
            cell = f"{ratio:.2f}"
            if peer in goals:
                cell += f" ({goals[peer]:g}{'' if ratio >= goals[peer] else ' !'})"
        cells.append(cell)
    return _line(cells)


def _line(cells: Sequence[str]) -> str:
    """One line of a table that can be pasted into a document."""
    first, *others = cells
    return f"| {first:<40} | " + " | ".join(f"{cell:>14}" for cell in others) + " |"


def _tell_missing(found: Mapping[str, Any]) -> None:
    missing = {peer for result in found.values() for peer in result["missing"]}
    if missing:
        titles = ", ".join(entry.title for name, entry in PEERS.items() if name in missing)
        print(f"  missing: {titles}; `make bench-peers` installs them")


def _tell_disturbance(found: Mapping[str, Any], clock: str) -> None:
    """Warn of other programs that took part of the core."""
    share = min(result["share"] for result in found.values())
    if share < UNDISTURBED and clock == "wall":
        lost = f"{100 * (1 - share):.0f} %"
        print(f"  warning: other programs took up to {lost} of the core; --clock cpu counts right")


def _tell_disagreement(found: Mapping[str, Any]) -> None:
    """Warn of peers that trained something else."""
    for name, result in found.items():
        losses = result["losses"]
        for peer, loss in losses.items():
            apart = abs(loss / losses[OURS] - 1)
            if apart > AGREEMENT:
                print(
                    f"  warning: {name}: after the first round {PEERS[peer].title} has a loss of"
                    f" {loss:.6f}, nnScratch of {losses[OURS]:.6f}, {100 * apart:.2g} % apart"
                )
