"""Leaving out the inputs that are 0 in every sample: 67 of MNIST's 784 pixels.

The weights of such an input get no gradient, so where nothing else moves weights they keep their
first values to the last bit, and the rest of the network is what it would be with them. W2 trains
7 % faster without, W4 6 % (benchmarks/workloads.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nncore.config import RunConfig
from nncore.features import Runs, run_places, width_of
from nncore.network import Network

Array = NDArray[np.floating[Any]]

_LEAST_GAIN = 0.03
"""The share of unused inputs below which it isn't worth the copying."""


def used_inputs(images: NDArray[np.uint8], config: RunConfig) -> Runs | None:
    """Which inputs a run needs.

    Args:
        images: All samples (n, features).
        config: The experiment.

    Returns:
        Stretches of features outside of which all is 0, or None if the run needs all inputs:
        something but the gradient of the loss moves weights, pixels are moved, inputs are drawn to
        be left out, or there is too little to gain.
    """
    training, network = config.training, config.network
    if (
        training.l1
        or training.l2
        or training.max_norm
        or training.averaging.is_on
        or config.optimizer.decoupled_decay
        or config.data.augmentation.is_used
        or network.input_dropout
    ):
        return None
    is_used = np.maximum.reduce(images, axis=0) > 0
    count = int(np.count_nonzero(is_used))
    if not 0 < count <= (1 - _LEAST_GAIN) * len(is_used):
        return None
    edges = np.flatnonzero(np.diff(is_used, prepend=False, append=False)).tolist()
    return tuple(slice(*pair) for pair in zip(edges[::2], edges[1::2], strict=True))


class NarrowedNetwork:
    """A network and its twin without some inputs, which is trained in its place.

    Attributes:
        whole: The network with all inputs.
        part: The same without; its other weights are those of `whole` when it is made.
    """

    def __init__(self, whole: Network, runs: Runs) -> None:
        self.whole = whole
        dtype = whole.parameters.dtype
        self.part = Network(width_of(runs), whole.classes, whole.config, dtype=dtype)
        self._places = tuple(run_places(runs))
        self.read()

    def read(self) -> None:
        """Take the whole network's weights and buffers into the part."""
        self.narrow(self.whole.state, self.part.state)

    def write(self) -> None:
        """Put the part's weights and buffers into the whole network."""
        self.widen(self.part.state, self.whole.state)

    def narrow(self, whole: Array, part: Array) -> None:
        """Copy what the part has, too, from a flat vector laid out as the whole network's.

        Args:
            whole: Parameters, or parameters and buffers.
            part: Where they go, laid out as the part's.
        """
        for wide, narrow in self._pairs(whole, part):
            np.copyto(narrow, wide)

    def widen(self, part: Array, whole: Array) -> None:
        """The other way about; what the part lacks stays as it is."""
        for wide, narrow in self._pairs(whole, part):
            np.copyto(wide, narrow)

    def _pairs(self, whole: Array, part: Array) -> Iterator[tuple[Array, Array]]:
        wide, narrow = self.whole.layers[0], self.part.layers[0]
        wide_weights = wide.matrix(whole[: wide.weights.size])
        narrow_weights = narrow.matrix(part[: narrow.weights.size])
        for at, run in self._places:
            yield wide_weights[:, run], narrow_weights[:, at]
        yield whole[wide.weights.size :], part[narrow.weights.size :]
