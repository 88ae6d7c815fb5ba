"""The measured process of `benchmarks.speed`: all peers by turns, round by round."""

from __future__ import annotations

import argparse
import gc
import json
import sys
import time
from typing import Any

import numpy as np
from threadpoolctl import threadpool_info

from benchmarks.peers import PEERS, Layers, Peer
from benchmarks.workloads import WORKLOADS, Problem, Workload
from nncore.data import Dataset, load_dataset

CLOCKS = {"wall": time.perf_counter, "cpu": time.process_time}
SAMPLES_OF_THE_LOSS = 10_000


def loss_of(layers: Layers, dataset: Dataset) -> float:
    """Mean cross-entropy on the test images, in float64, worked out alike for all peers."""
    a = dataset.test_images[:SAMPLES_OF_THE_LOSS] / 255
    labels = dataset.test_labels[:SAMPLES_OF_THE_LOSS]
    for weights, biases in layers[:-1]:
        a = np.maximum(a @ weights.T.astype(np.float64) + biases, 0)
    weights, biases = layers[-1]
    z = a @ weights.T.astype(np.float64) + biases
    z -= z.max(axis=1, keepdims=True)
    return float((np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(z)), labels]).mean())


def make_peers(problem: Problem, names: list[str]) -> tuple[dict[str, Peer], list[str]]:
    """The peers that are installed, and the names of the ones that aren't."""
    peers: dict[str, Peer] = {}
    missing: list[str] = []
    for name in names:
        entry = PEERS[name]
        try:
            make = entry.load()
        except ModuleNotFoundError as error:
            if not entry.library or (error.name or "").partition(".")[0] != entry.library:
                raise
            missing.append(name)
        else:
            if entry.takes(problem.workload.name):
                peers[name] = make(problem)
    return peers, missing


def measure(workload: Workload, dataset: Dataset, given: argparse.Namespace) -> dict[str, Any]:
    """Seconds of each round and the last loss, by peer, and the share of a core that we got."""
    problem = Problem.of(workload, dataset, given.threads)
    peers, missing = make_peers(problem, given.peers.split(","))
    seconds: dict[str, list[float]] = {name: [] for name in peers}
    losses: dict[str, float] = {}
    totals = dict.fromkeys(CLOCKS, 0.0)
    for number in range(given.rounds + 1):
        for name, peer in peers.items():
            peer.start()
            peer.train(workload.warm_up)
            gc.collect()
            began = {clock: now() for clock, now in CLOCKS.items()}
            peer.train(workload.steps)
            spent = {clock: now() - began[clock] for clock, now in CLOCKS.items()}
            if number:  # the first round warms up: it compiles, and it fills caches
                seconds[name].append(spent[given.clock])
                totals = {clock: totals[clock] + spent[clock] for clock in CLOCKS}
            elif (layers := peer.layers()) is not None:
                losses[name] = loss_of(layers, dataset)
    share = totals["cpu"] / totals["wall"] if totals["wall"] else 1.0
    return {"seconds": seconds, "losses": losses, "missing": missing, "share": share}


def main() -> None:
    """Print everything as one line of JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--workloads", default=",".join(WORKLOADS))
    parser.add_argument("--peers", default=",".join(PEERS))
    parser.add_argument("--clock", choices=CLOCKS, default="wall")
    given = parser.parse_args()
    dataset = load_dataset("mnist")
    kernels = {pool["architecture"] for pool in threadpool_info() if "architecture" in pool}
    print(f"  OpenBLAS's kernels: {', '.join(sorted(kernels)) or 'unknown'}", file=sys.stderr)
    found: dict[str, Any] = {}
    for name in given.workloads.split(","):
        print(f"  {WORKLOADS[name].title}, threads: {given.threads} ...", file=sys.stderr)
        found[name] = measure(WORKLOADS[name], dataset, given)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
