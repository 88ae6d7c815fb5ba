"""What is trained in the measurements: six networks on MNIST, from tiny steps to large ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nncore.config import RunConfig
from nncore.data import Dataset
from nncore.features import scale_pixels
from nncore.random_streams import Purpose, stream
from nncore.trainer import Trainer, fresh_network


@dataclass(frozen=True)
class Workload:
    """One network with its way of training.

    Attributes:
        name: W1 to W6.
        hidden: Units of the hidden layers.
        batch: Samples for each step.
        optimizer: As in the configuration.
        steps: Steps timed in one round.
        warm_up: Steps taken before, not timed.
        goals: By peer, how many times its speed nnScratch must reach.
    """

    name: str
    hidden: tuple[int, ...]
    batch: int
    optimizer: Mapping[str, Any]
    steps: int
    warm_up: int
    goals: Mapping[str, float] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """Name, layers, batch and optimizer on one line."""
        layers = "-".join(str(units) for units in (784, *self.hidden, 10))
        return f"{self.name} {layers}, batch {self.batch}, {self.optimizer['kind']}"

    @property
    def is_wide(self) -> bool:
        """Whether the batch is so large that PyTorch and JAX, too, gain by scaling uint8 images."""
        return self.batch >= 500

    @property
    def samples(self) -> int:
        """Samples needed for a round."""
        return (self.warm_up + self.steps) * self.batch

    @property
    def config(self) -> RunConfig:
        """The same as nnScratch's configuration."""
        return RunConfig.from_dict(
            {
                "network": {"hidden": list(self.hidden)},
                "optimizer": dict(self.optimizer),
                "training": {"batch_size": self.batch, "epochs": 1},
            }
        )


def _sgd(rate: float) -> dict[str, Any]:
    return {"kind": "sgd", "learning_rate": rate}


def _adam(rate: float) -> dict[str, Any]:
    return {"kind": "adam", "learning_rate": rate, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}


def _goals(
    torch: float, fused: float, jax: float, sklearn: float, floor: float
) -> dict[str, float]:
    return {"torch": torch, "torch_fused": fused, "jax": jax, "sklearn": sklearn, "floor": floor}


_MOMENTUM = {"kind": "momentum", "learning_rate": 0.01, "momentum": 0.9}

WORKLOADS = {
    workload.name: workload
    for workload in (
        Workload("W1", (25,), 500, _sgd(0.2), 100, 4, _goals(2.5, 2.2, 1.0, 1.9, 0.75)),
        Workload("W2", (128,), 32, _sgd(0.1), 600, 20, _goals(2.5, 2.2, 1.0, 1.9, 0.75)),
        Workload("W3", (128, 64), 128, _adam(0.0003), 200, 10, _goals(2.5, 1.7, 1.0, 1.9, 0.75)),
        Workload("W4", (512, 512), 128, _adam(0.0003), 60, 4, _goals(1.5, 1.1, 1.0, 1.9, 0.80)),
        Workload("W5", (1024, 1024), 256, _MOMENTUM, 16, 2, _goals(1.1, 1.1, 1.0, 1.9, 0.88)),
        Workload("W6", (128,), 1, _sgd(0.01), 2000, 100, {"torch": 8.0, "sklearn": 1.9}),
    )
}
"""The goals are for one thread."""

TWO_THREADS = ("W4", "W5")
"""Workloads that are large enough to be measured with two threads, too."""
TWO_THREAD_GOALS = {"torch": 1.0, "torch_fused": 1.0}


@dataclass(frozen=True)
class Problem:
    """A workload with everything that all peers must share.

    Attributes:
        workload: What to train.
        dataset: Where nnScratch's trainer finds its samples.
        images: The samples in the order of the trainer's first epoch, uint8 (samples, features).
        labels: Their classes, int64 (samples,).
        layers: The first weights (out, in) and biases (out,) of each layer, float32.
        threads: How many threads a peer may use.
    """

    workload: Workload
    dataset: Dataset
    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    layers: list[tuple[NDArray[np.float32], NDArray[np.float32]]]
    threads: int

    @classmethod
    def of(cls, workload: Workload, dataset: Dataset, threads: int) -> Problem:
        """Lay the samples out in the order in which the trainer will see them."""
        config = workload.config
        indices = Trainer(config, dataset).split.train_indices
        rng = stream(config.training.seed, Purpose.SHUFFLE, 1)
        order = rng.permutation(indices)[: workload.samples]
        network = fresh_network(config, dataset.features, dataset.classes)
        layers = [(layer.weights.copy(), layer.biases.copy()) for layer in network.layers]
        images, labels = dataset.train_images[order], dataset.train_labels[order]
        return cls(workload, dataset, images, labels, layers, threads)

    @cached_property
    def features(self) -> NDArray[np.float32]:
        """All samples scaled beforehand, for the peers that are fastest so (samples, features)."""
        return scale_pixels(self.images)
