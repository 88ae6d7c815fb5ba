"""How many of MNIST's test images the presets read right, and how long they train for it."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from typing import NamedTuple

from benchmarks.options import Options
from benchmarks.report import Figure
from nncore.data import Dataset, load_dataset
from nncore.metrics import measure as measure_network
from nncore.presets import PRESETS
from nncore.trainer import Trainer

GOALS = {"quick": 97.8, "plain": 98.6, "best": 99.25}
"""What the mean of the seeds must reach [% of the test images]."""


class Reached(NamedTuple):
    """What one run came to.

    Attributes:
        test: Test images that are right [%].
        validation: The same of the images held back, after the last epoch.
        seconds: From the first step to the last judgement, on the clock that was asked for.
    """

    test: float
    validation: float
    seconds: float


def measure(options: Options) -> Sequence[Figure]:
    """Train each preset once with each seed; print every run, then means with their spread."""
    mnist = load_dataset("mnist")
    figures: list[Figure] = []
    print("\nMNIST: test, validation [% right], seconds")
    for name in options.presets:
        runs = [_train(name, seed, mnist, options.clock) for seed in options.seeds]
        tests, validations, seconds = (tuple(values) for values in zip(*runs, strict=True))
        print(f"  {name:<10} mean   {_spread(tests)}  {_spread(validations)}  {_spread(seconds)}")
        goal = f"mean at least {GOALS[name]}" if name in GOALS else ""
        figures.append(Figure(f"{name}: test images right", "%", tests, goal))
        figures.append(Figure(f"{name}: validation images right", "%", validations))
        figures.append(Figure(f"{name}: training", "s", seconds))
    return figures


def _train(name: str, seed: int, mnist: Dataset, clock: str) -> Reached:
    """One run of a preset; the test images are looked at when it is over."""
    now = time.process_time if clock == "cpu" else time.perf_counter
    trainer = Trainer(PRESETS[name].config.replace("training.seed", seed), mnist)
    began = now()
    for _ in trainer.run():
        continue
    seconds = now() - began
    test = measure_network(trainer.network, mnist.test_images, mnist.test_labels).accuracy
    validation = trainer.history.epochs[-1].validation_accuracy
    reached = Reached(100 * test, 100 * validation, seconds)
    figures = f"{reached.test:.2f}  {reached.validation:.2f}  {reached.seconds:,.1f}"
    print(f"  {name:<10} seed {seed}  {figures}", flush=True)
    return reached


def _spread(values: Sequence[float]) -> str:
    return f"{statistics.fmean(values):.2f} ({min(values):.2f} to {max(values):.2f})"
