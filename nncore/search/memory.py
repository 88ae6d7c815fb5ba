"""How many workers the computer's memory holds: each trains a network of its own."""

from __future__ import annotations

from typing import Any

from nncore.config import RunConfig
from nncore.config_rules import MEMORY_SHARE
from nncore.data import Dataset
from nncore.errors import ConfigError
from nncore.machine_memory import machine_memory
from nncore.network_size import training_bytes
from nncore.search.domains import Choices, Domain, Fixed
from nncore.search.space import Space
from nncore.search.study import SearchStudy

WORKER_BYTES = 160_000_000
"""What a worker takes besides its training: Python, libraries, its part of the images; measured."""


def workers_that_fit(
    study: SearchStudy, dataset: Dataset, asked: int, memory: int | None = None
) -> tuple[int, str]:
    """How many workers may train at the same time.

    Args:
        study: The study.
        dataset: Its data set.
        asked: How many the person wants.
        memory: What there is for all of them [bytes]; this computer's if None.

    Returns:
        `asked`, or fewer if the largest networks of the study would not fit beside each other, and
        then a sentence about it. Never fewer than one: the trainer refuses what is too large alone.
    """
    memory = machine_memory() if memory is None else memory
    room = MEMORY_SHARE * memory
    # What does not fit alone will not be trained, but what just does may be.
    need = min(_most_bytes(study, dataset) + WORKER_BYTES, room)
    fitting = int(room // need)
    if fitting >= asked:
        return asked, ""
    return fitting, (
        f"{fitting} {'worker' if fitting == 1 else 'workers'} instead of {asked}: the largest "
        f"network of this search takes about {need / 1e9:,.1f} GB while it trains, and this "
        f"computer has {memory / 1e9:,.1f} GB."
    )


def _bytes_of(config: RunConfig, dataset: Dataset) -> int:
    samples, inputs = dataset.train_images.shape
    return training_bytes(config, inputs, len(dataset.class_names), samples)


def _most_bytes(study: SearchStudy, dataset: Dataset) -> int:
    """What the largest training of a study takes [bytes]."""
    if not study.spec.is_grid:
        return _most_in(study.spec.space, dataset)
    configs = (point.config for point in study.points)
    return max((_bytes_of(config, dataset) for config in configs if config is not None), default=0)


def _most_in(space: Space, dataset: Dataset) -> int:
    """The same for a space: the upper end of each range, and each choice by itself at its largest.

    More units, layers, samples or arrays of the optimizer never make a training smaller, whatever
    the other values are.
    """
    choices: dict[str, Choices] = {}
    chosen: dict[str, Any] = {}

    def pick(name: str, domain: Domain) -> Any:
        if isinstance(domain, Fixed):
            return domain.value
        if isinstance(domain, Choices):
            choices[name] = domain
            return chosen.setdefault(name, domain.values[-1])
        return round(domain.high) if domain.is_integer else domain.high

    def size() -> int:
        try:
            return _bytes_of(space.build(pick), dataset)
        except ConfigError:
            return 0

    def size_with(name: str, value: Any) -> int:
        chosen[name] = value
        return size()

    most, done = size(), set[str]()
    # A choice may bring others along that were not there before.
    while left := [name for name in choices if name not in done]:
        name = left[0]
        sizes = [size_with(name, value) for value in choices[name].values]
        chosen[name] = choices[name].values[sizes.index(max(sizes))]
        most = max(most, *sizes)
        done.add(name)
    return most
