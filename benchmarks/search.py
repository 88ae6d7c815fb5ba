"""What a search costs beside the training, what a second worker gains, and what TPE gains."""

from __future__ import annotations

import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.options import Options
from benchmarks.report import Figure
from nncore import RunConfig, Trainer
from nncore.data import Dataset, load_dataset
from nncore.search.session import SearchSession
from nncore.search.spec import SearchSpec
from nncore.search.storage import storage_url
from nncore.search.study import SearchStudy

PARTS = ("workers", "strategies")
TRIAL_SECONDS = 5.0
STUDIES, STUDY_SECONDS = 5, 100.0
CONFIG: dict[str, Any] = {"network": {"hidden": "128"}, "training": {"batch_size": 128}}
RATES = {"optimizer.learning_rate": {"low": 0.0005, "high": 0.005}}


class Pace(NamedTuple):
    """How fast the trials of a search came.

    Attributes:
        rate: Trials a second while all workers were at work.
        beside: The share of that time that was not spent in the trainer.
        start: From the start of the search to that of its first trial [s].
    """

    rate: float
    beside: float
    start: float


def measure(options: Options) -> Sequence[Figure]:
    """The figures of the chosen parts."""
    figures: list[Figure] = []
    if "workers" in options.parts:
        figures += _workers(options)
    if "strategies" in options.parts:
        figures += _strategies(options)
    return figures


def _workers(options: Options) -> list[Figure]:
    """One worker beside the bare trainer, and two workers beside one: by turns, in each round."""
    dataset = load_dataset("mnist")
    rounds, trials = (1, 4) if options.quick else (3, 8)
    epoch = _alone(dataset, epochs=2) / 2
    epochs = max(round(TRIAL_SECONDS / epoch), 1)
    lengths: list[float] = []
    ones: list[Pace] = []
    twos: list[Pace] = []
    for _ in range(rounds):
        lengths.append(statistics.fmean(_alone(dataset, epochs) for _ in range(3)))
        ones.append(_pace(dataset, epochs, 1, trials))
        twos.append(_pace(dataset, epochs, 2, 2 * trials))
    gains = (two.rate / one.rate for one, two in zip(ones, twos, strict=True))
    over = (100 * (1 / (one.rate * alone) - 1) for one, alone in zip(ones, lengths, strict=True))
    return [
        Figure("A trial's training alone", "s", tuple(lengths), "about 5"),
        Figure("Throughput of two workers beside one", "times", tuple(gains), "at least 1.7"),
        Figure("A trial in a search beside its training alone", "% more", tuple(over), "below 5"),
        Figure("Time not in the trainer, one worker", "%", _percent(ones), "below 5"),
        Figure("Time not in the trainer, two workers", "%", _percent(twos), "below 5"),
        Figure("Start of a search to its first trial", "s", tuple(it.start for it in ones)),
    ]


def _percent(paces: Sequence[Pace]) -> tuple[float, ...]:
    return tuple(100 * it.beside for it in paces)


def _alone(dataset: Dataset, epochs: int) -> float:
    """How long the bare trainer takes for one trial [s]."""
    tree = CONFIG | {"training": CONFIG["training"] | {"epochs": epochs}}
    trainer = Trainer(RunConfig.from_dict(tree), dataset)
    began = time.perf_counter()
    for _ in trainer.run():
        continue
    return time.perf_counter() - began


def _pace(dataset: Dataset, epochs: int, workers: int, trials: int) -> Pace:
    tree = {
        "config": CONFIG,
        "strategy": "random",
        "space": RATES | {"training.epochs": epochs},
        "budget": {"trials": trials},
    }
    with tempfile.TemporaryDirectory() as folder:
        url = storage_url(Path(folder, "searches.sqlite3"))
        study = SearchStudy.create(url, "benchmark", SearchSpec.from_dict(tree))
        began = time.time()
        for _ in SearchSession(study, dataset, workers=workers).run():
            continue
        records = study.records()
        study.close()
    first = min(it.started.timestamp() for it in records if it.started is not None)
    ends: dict[str, list[tuple[float, float]]] = {}
    for it in records:
        if it.ended is not None:
            ends.setdefault(it.worker, []).append((it.ended.timestamp(), it.seconds))
    # Each worker from the end of its first trial to that of its last while all were at work.
    until = min(max(end for end, _ in them) for them in ends.values())
    rate = beside = 0.0
    for them in ends.values():
        counted = sorted(pair for pair in them if pair[0] <= until)
        span = counted[-1][0] - counted[0][0]
        rate += (len(counted) - 1) / span
        beside += (1 - sum(seconds for _, seconds in counted[1:]) / span) / len(ends)
    return Pace(rate, max(beside, 0.0), first - began)


def _strategies(options: Options) -> list[Figure]:
    """TPE with Hyperband and random search on the default space, each with a core for as long."""
    seconds, studies = (20.0, 1) if options.quick else (STUDY_SECONDS, STUDIES)
    kinds = {"tpe": "hyperband", "random": "off"}
    best: dict[str, list[float]] = {kind: [] for kind in kinds}
    begun: dict[str, list[float]] = {kind: [] for kind in kinds}
    for seed in range(studies):
        # At the same time, so that a slow minute of the machine is slow for both; cores change.
        cores = _two_cores()
        turn = cores if seed % 2 else cores[::-1]
        commands = {
            kind: (kind, pruning, str(seconds), str(seed), str(core))
            for (kind, pruning), core in zip(kinds.items(), turn, strict=True)
        }
        for kind, found in _run_pair(commands, is_together=len(set(cores)) > 1).items():
            best[kind].append(100 * found["best"])
            begun[kind].append(found["trials"])
    ahead = [tpe - other for tpe, other in zip(best["tpe"], best["random"], strict=True)]
    name = f"TPE with Hyperband ahead of it (mean {statistics.fmean(ahead):+.2f})"
    return [
        Figure(f"Best of random search after {seconds:.0f} s", "%", tuple(best["random"])),
        Figure(f"Best of TPE with Hyperband after {seconds:.0f} s", "%", tuple(best["tpe"])),
        Figure(name, "points", tuple(ahead), "mean above 0"),
        Figure("Trials begun by random search", "trials", tuple(begun["random"])),
        Figure("Trials begun by TPE with Hyperband", "trials", tuple(begun["tpe"])),
    ]


def _two_cores() -> tuple[int, int]:
    """Two cores that this process may use; the same twice if there is only one."""
    affinity = getattr(os, "sched_getaffinity", None)
    known = sorted(affinity(0)) if affinity is not None else range(os.cpu_count() or 1)
    first, second = itertools.islice(itertools.cycle(known), 2)
    return first, second


def _run_pair(
    commands: dict[str, tuple[str, ...]], *, is_together: bool
) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    started: dict[str, subprocess.Popen[str]] = {}
    for kind, arguments in commands.items():
        command = [sys.executable, "-m", "benchmarks.search_child", *arguments]
        started[kind] = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        if not is_together:
            found[kind] = _answer(started.pop(kind))
    return found | {kind: _answer(process) for kind, process in started.items()}


def _answer(process: subprocess.Popen[str]) -> dict[str, Any]:
    text, _ = process.communicate()
    if process.returncode:
        raise SystemExit(f"A search ended with status {process.returncode}.")
    return json.loads(text)
