"""The measured process of `benchmarks.scaling`."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from itertools import pairwise
from typing import Any

from benchmarks.peers.ours import Ours
from benchmarks.speed_child import CLOCKS
from benchmarks.workloads import Problem, Workload
from nncore.data import Dataset, load_dataset
from nncore.events import EpochEnded
from nncore.trainer import Trainer

WIDTHS = (32, 64, 128, 256, 512, 1024, 2048)
DEPTHS = (0, 1, 2, 4, 8)
DEPTHS_OF_WIDTH = 256
SAMPLES = (1_000, 4_000, 16_000, 60_000)
BATCH = 128
SGD = {"kind": "sgd", "learning_rate": 0.01}
WORK = 4e9
"""Parameters times samples of one measurement: about a third of a second."""


def networks() -> list[tuple[int, ...]]:
    """Hidden layers: one of each width, then each number of equal ones."""
    return [(width,) for width in WIDTHS] + [(DEPTHS_OF_WIDTH,) * depth for depth in DEPTHS]


def workload_of(hidden: tuple[int, ...]) -> tuple[Workload, int]:
    """A workload that takes about as long as the others, and its parameters."""
    units = (784, *hidden, 10)
    parameters = sum((a + 1) * b for a, b in pairwise(units))
    steps = max(8, min(300, int(WORK / parameters / BATCH)))
    return Workload("scaling", hidden, BATCH, SGD, steps, 3), parameters


def cost_of_networks(dataset: Dataset, rounds: int, clock: str) -> list[dict[str, Any]]:
    """Seconds of a step of each network, one value a round; all by turns."""
    rows: list[dict[str, Any]] = []
    for hidden in networks():
        workload, parameters = workload_of(hidden)
        name = f"{len(hidden)} x {hidden[0]}" if hidden else "none"
        ours = Ours(Problem(workload, dataset, dataset.train_images, dataset.train_labels, [], 1))
        row = {"hidden": name, "parameters": parameters, "seconds": []}
        rows.append(row | {"ours": ours, "workload": workload})
    now = CLOCKS[clock]
    for _ in range(rounds):
        for row in rows:
            row["ours"].start()
            row["ours"].train(row["workload"].warm_up)
            began = now()
            row["ours"].train(row["workload"].steps)
            row["seconds"].append((now() - began) / row["workload"].steps)
    return [{key: row[key] for key in ("hidden", "parameters", "seconds")} for row in rows]


def cost_of_samples(dataset: Dataset, rounds: int) -> list[dict[str, Any]]:
    """Seconds of an epoch's steps for growing datasets, one value a round; all by turns."""
    seconds: dict[int, list[float]] = {count: [] for count in SAMPLES}
    config = Workload("samples", (128,), BATCH, SGD, 1, 0).config
    used: dict[int, int] = {}
    for _ in range(rounds):
        for count in SAMPLES:
            images, labels = dataset.train_images[:count], dataset.train_labels[:count]
            part = replace(dataset, train_images=images, train_labels=labels)
            trainer = Trainer(config, part)
            used[count] = trainer.samples
            ended = [event for event in trainer.run() if isinstance(event, EpochEnded)]
            seconds[count].append(ended[-1].seconds)
    return [{"samples": used[count], "seconds": seconds[count]} for count in SAMPLES]


def main() -> None:
    """Print everything as one line of JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--clock", choices=CLOCKS, default="wall")
    given = parser.parse_args()
    dataset = load_dataset("mnist")
    networks_found = cost_of_networks(dataset, given.rounds, given.clock)
    samples_found = cost_of_samples(dataset, given.rounds)
    print(json.dumps({"networks": networks_found, "samples": samples_found}))


if __name__ == "__main__":
    main()
