"""The same training by other libraries: one file for each peer, all listed in `PEERS`.

Every peer gets the same first weights, the same batches in the same order and the same
mathematics. What is timed is the training steps with getting the batch, in the way that is fastest
for the peer's users; its file says which. No peer reads its loss during the steps, so the peers are
a little better off than nnScratch, which reports every step's loss and accuracy.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, NamedTuple, Protocol

from numpy.typing import NDArray

from benchmarks.workloads import Problem

Layers = list[tuple[NDArray[Any], NDArray[Any]]]


class Peer(Protocol):
    """Trains the network of one problem, again and again from its first weights."""

    def start(self) -> None:
        """Go back to the first weights, the first sample and a fresh optimizer."""

    def train(self, steps: int) -> None:
        """Take the next steps; return when their work is done."""

    def layers(self) -> Layers | None:
        """Weights (out, in) and biases (out,) as they are now; None if nothing is learned."""


class Entry(NamedTuple):
    """Where a peer is found, what it is called, and which library it needs ("" for none)."""

    title: str
    module: str
    make: str
    library: str = ""
    only: frozenset[str] = frozenset()

    def load(self) -> Callable[[Problem], Peer]:
        """The peer's class.

        Raises:
            ModuleNotFoundError: If its library isn't installed.
        """
        return getattr(import_module(f"benchmarks.peers.{self.module}"), self.make)

    def takes(self, workload: str) -> bool:
        """Whether the peer can train a workload."""
        return not self.only or workload in self.only


PEERS = {
    "nnscratch": Entry("nnScratch", "ours", "Ours"),
    "torch": Entry("PyTorch", "torch_peer", "Torch", "torch"),
    "torch_fused": Entry("PyTorch fused", "torch_peer", "FusedTorch", "torch"),
    "jax": Entry("JAX jit", "jax_peer", "Jax", "jax"),
    "sklearn": Entry("scikit-learn", "sklearn_peer", "ScikitLearn", "sklearn"),
    "original": Entry("the original", "original", "Original", only=frozenset({"W1", "W2", "W6"})),
    "floor": Entry("bare products", "floor", "Floor"),
}
