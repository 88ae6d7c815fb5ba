"""What a search costs beside the training itself, and what its workers and its strategy gain."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.options import Options
from benchmarks.report import Figure
from nncore.data import load_dataset
from nncore.search.session import SearchSession
from nncore.search.spec import SearchSpec
from nncore.search.storage import storage_url
from nncore.search.study import SearchStudy

# About five seconds a trial on one core of 2021.
_TRIAL: dict[str, Any] = {
    "config": {"network": {"hidden": "128"}, "training": {"batch_size": 128}},
    "strategy": "random",
    "space": {
        "training.epochs": 8,
        "optimizer.learning_rate": {"low": 0.0005, "high": 0.005},
    },
}
DEFAULT_SPACE: dict[str, Any] = {
    "network.hidden": {
        "layers": {"low": 1, "high": 3},
        "units": {"low": 16, "high": 256},
        "activation": ["relu", "tanh", "sigmoid"],
        "shared": ["activation"],
    },
    "optimizer.kind": ["sgd", "momentum", "adam"],
    "optimizer.learning_rate": {"low": 0.0001, "high": 1.0},
    "training.batch_size": [32, 64, 128, 256, 512],
    "training.epochs": 9,
}
"""The space in which TPE with Hyperband is compared with random search."""


def measure(options: Options) -> Sequence[Figure]:
    """Throughput of two workers, overhead, and TPE with Hyperband against random search."""
    trials = 4 if options.quick else 12
    rounds = 1 if options.quick else 3
    seconds, studies = (20.0, 1) if options.quick else (120.0, 5)
    gains: list[float] = []
    shares: list[float] = []
    for _ in range(rounds):
        one, share = _throughput(1, trials)
        two, _ = _throughput(2, trials)
        gains.append(two / one)
        shares.append(100 * share)
    ahead: list[float] = []
    for seed in range(studies):
        tpe = _best("tpe", "hyperband", seconds, seed)
        ahead.append(100 * (tpe - _best("random", "off", seconds, seed)))
    return [
        Figure("Throughput of two workers beside one", "times", gains, "at least 1.7"),
        Figure("Time beside the training, one worker", "%", shares, "below 5 at 5 s a trial"),
        Figure(
            f"TPE with Hyperband ahead of random after {seconds:.0f} s (mean "
            f"{statistics.fmean(ahead):+.2f})",
            "percentage points",
            ahead,
            "mean above 0",
        ),
    ]


def _throughput(workers: int, trials: int) -> tuple[float, float]:
    """Trials a second while all workers are at work, and the share not spent on training.

    The first trial of each worker, and its start, don't count.
    """
    with tempfile.TemporaryDirectory() as folder:
        study = _run(Path(folder), _TRIAL | {"budget": {"trials": trials}}, workers)
        records = study.records()
        ends = sorted(it.ended.timestamp() for it in records if it.ended is not None)
        study.close()
    # From the end of each worker's first trial to the end of the last full round of trials.
    counted = ends[workers - 1 :]
    span = counted[-1] - counted[0]
    trained = sum(it.seconds for it in records[workers:])
    return (len(counted) - 1) / span, max(1 - trained / workers / span, 0.0)


def _best(strategy: str, pruning: str, seconds: float, seed: int) -> float:
    """The best validation accuracy after a time, on one worker."""
    tree = {
        "strategy": strategy,
        "pruning": pruning,
        "space": DEFAULT_SPACE,
        "budget": {"seconds": seconds},
        "sampler_seed": seed,
    }
    with tempfile.TemporaryDirectory() as folder:
        study = _run(Path(folder), tree, 1)
        limit = study.clock.spent
        began = min(it.started for it in study.records() if it.started is not None)
        values = [
            it.value or 0.0
            for it in study.records()
            if it.state == "completed"
            and it.ended is not None
            # What was still under way when the time was out doesn't count.
            and (it.ended - began).total_seconds() <= min(seconds, limit)
        ]
        study.close()
    return max(values, default=0.0)


def _run(folder: Path, tree: dict[str, Any], workers: int) -> SearchStudy:
    spec = SearchSpec.from_dict(tree)
    study = SearchStudy.create(storage_url(folder / "searches.sqlite3"), "benchmark", spec)
    dataset = load_dataset(spec.space.base.data.name)
    for _ in SearchSession(study, dataset, workers=workers).run():
        continue
    return study
