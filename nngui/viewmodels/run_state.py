"""What a session shows of its run: its state, its progress and a copy of its network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from nncore.config import RunConfig
from nncore.network import Network


class RunState(Enum):
    """What the session is doing."""

    EMPTY = "no data yet"
    READY = "ready"
    RUNNING = "training"
    PAUSED = "paused"
    FINISHED = "finished"


@dataclass(frozen=True)
class Progress:
    """How far the run is.

    Attributes:
        epoch: The epoch under way, from 1; 0 before the first step.
        epochs: Planned epochs.
        step: Steps taken.
        steps: Planned steps.
        samples_per_second: Recent speed, 0 if unknown.
        elapsed: Time spent training, pauses left out [s].
        remaining: Time left at that speed [s], None if unknown or if the run has ended.
    """

    epoch: int = 0
    epochs: int = 0
    step: int = 0
    steps: int = 0
    samples_per_second: float = 0.0
    elapsed: float = 0.0
    remaining: float | None = None


@dataclass(frozen=True)
class NetworkCopy:
    """An own copy of a network with what is known of it.

    Attributes:
        network: The copy.
        config: The experiment that it belongs to.
        epoch: Epoch of the weights, 0 if fresh.
        step: Step of the weights, 0 if fresh.
        origin: "" for this session's run, else where it came from, such as a file's name.
        figures: What it had reached, if it came from a file.
    """

    network: Network
    config: RunConfig
    epoch: int
    step: int
    origin: str = ""
    figures: Mapping[str, float] = field(default_factory=dict[str, float])

    @property
    def trained(self) -> bool:
        """Whether any step was taken."""
        return self.step > 0 or bool(self.origin)

    @property
    def words(self) -> str:
        """Which weights these are, for people."""
        if self.origin:
            return f"weights from {self.origin}"
        if not self.step:
            return "untrained weights"
        return f"weights of epoch {self.epoch}, step {self.step:,}"
