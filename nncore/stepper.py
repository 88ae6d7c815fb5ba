"""Stepper: the hot loop, from a batch to changed weights."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nncore.backpropagation import Backpropagation
from nncore.batches import ShuffledBatches
from nncore.config import RunConfig
from nncore.metrics import are_correct
from nncore.network import Network
from nncore.optimizers import Optimizer
from nncore.random_streams import Purpose, stream
from nncore.regularization import changes_after_step, changes_before_step
from nncore.used_inputs import NarrowedNetwork

Array = NDArray[np.floating[Any]]

LOGIT_ROWS = 32_768
"""Most samples whose outputs are kept until their losses are worked out together."""


class Steps(NamedTuple):
    """What some steps showed: each one's mean loss (steps,) and how many samples were right."""

    losses: Array
    correct: int


class Stepper:
    """Takes training steps on a network and keeps weights to fall back on.

    A step writes its outputs into a slot of its own; losses and accuracy are worked out for many
    steps at once (20 us a step saved). The price is that a NaN is found only then, so the weights
    are copied now and then, and `restore` goes back to the last copy from which a finite loss was
    seen.

    Attributes:
        network: What is trained.
        result: What is judged, shown and saved: the average of the weights, if there is one, or
            the whole of which a part is trained, else `network` itself.
        optimizer_state: The optimizer's memory.
    """

    def __init__(
        self,
        network: Network,
        config: RunConfig,
        batch_size: int,
        average: Network | None = None,
        narrowed: NarrowedNetwork | None = None,
    ) -> None:
        """Allocate the buffers.

        Args:
            network: What is trained.
            config: The experiment.
            batch_size: Samples of the largest step.
            average: Where the average of the weights goes, if the configuration has one.
            narrowed: Train its part in place of `network`, its whole; not with an average.
        """
        self.result = network if average is None else average
        self._narrowed = narrowed
        self.network = network = network if narrowed is None else narrowed.part
        self.max_steps = max(1, LOGIT_ROWS // batch_size)
        self._passes = Backpropagation(network, batch_size)
        self._seed = config.training.seed
        self.optimizer_state = config.optimizer.create_state(network.parameters)
        self._before_step = changes_before_step(network, config)
        self._after_step = changes_after_step(network, config)
        self._averaging = config.training.averaging
        self._average = average
        self._scratch = np.empty(
            0 if average is None else average.state.size, self.result.state.dtype
        )
        slots = self.max_steps * batch_size * network.classes
        self._logits = np.empty(slots, network.parameters.dtype)
        self._kept = self.result.state.copy()
        self._kept_step = 0
        self._candidate = np.empty_like(self._kept)
        self._candidate_step = -1

    @property
    def kept_steps(self) -> tuple[int, int]:
        """The steps of the copy that is trusted and of the one that is not yet, -1 for none."""
        return self._kept_step, self._candidate_step

    def arrays(self) -> dict[str, Array]:
        """All that the steps to come depend on, by name, flat, for all inputs; hardly copied."""
        arrays = {f"optimizer.{name}": part for name, part in self.optimizer_state.items()}
        if self._narrowed is not None:
            for name, part in arrays.items():
                arrays[name] = np.zeros_like(self.result.parameters)
                self._narrowed.widen(part, arrays[name])
        arrays |= {"network": self.result.state, "kept": self._kept}
        if self._candidate_step >= 0:
            arrays["candidate"] = self._candidate
        if self._average is not None:
            arrays["trained"] = self.network.state
        return arrays

    def load(self, arrays: Mapping[str, Array], kept_steps: tuple[int, int]) -> None:
        """Take over what another stepper's `arrays` and `kept_steps` gave."""
        self._kept_step, self._candidate_step = kept_steps
        for name, array in self.arrays().items():
            np.copyto(array, arrays[name])
        if self._narrowed is not None:
            self._narrowed.read()
            for name, part in self.optimizer_state.items():
                self._narrowed.narrow(arrays[f"optimizer.{name}"], part)

    def keep(self, step: int) -> None:
        """Copy the weights as they are after `step`, to be trusted once the next loss is finite.

        Infinite ones are not copied: behind a dead unit they may go unseen in the loss.
        """
        if np.isfinite(self.network.state).all():
            np.copyto(self._candidate, self.result.state)
            self._candidate_step = step

    def restore(self) -> int:
        """Put the last trusted weights back; returns the step after which they were copied."""
        np.copyto(self.result.state, self._kept)
        if self._narrowed is not None:
            self._narrowed.read()
        else:
            np.copyto(self.network.state, self._kept)
        return self._kept_step

    def take(
        self,
        batches: ShuffledBatches,
        start: int,
        stop: int,
        size: int,
        optimizer: Optimizer,
        step: int,
        learning_rates: Iterable[float] | None = None,
    ) -> Steps:
        """Take one step for each `size` samples from `start` to `stop`.

        Args:
            batches: The epoch's samples.
            start: First sample.
            stop: One past the last sample; stop - start is a multiple of `size`.
            size: Samples for each step.
            optimizer: Makes steps of gradients.
            step: Steps taken before these in the run.
            learning_rates: Of these steps; without it the optimizer's own for all of them.
        """
        network, passes, average = self.network, self._passes, self._average
        parameters = network.parameters
        count = (stop - start) // size
        slots = self._logits[: count * network.classes * size]
        slots = slots.reshape(count, network.classes, size)
        if learning_rates is None:
            learning_rates = itertools.repeat(optimizer.learning_rate)
        with np.errstate(all="ignore"):
            for logits, rate in zip(slots, learning_rates, strict=False):
                x = batches.features(start, start + size)
                if passes.has_dropout:
                    passes.draw_masks(stream(self._seed, Purpose.DROPOUT, step), size)
                passes.forward(x, logits)
                passes.backward(x, logits, batches.targets(start, start + size))
                for change in self._before_step:
                    change(rate)
                step += 1
                optimizer.update(parameters, network.gradients, self.optimizer_state, step, rate)
                for change in self._after_step:
                    change(rate)
                if average is not None:
                    self._averaging.update(average.state, network.state, self._scratch, step)
                start += size
            if self._narrowed is not None:
                self._narrowed.write()
            labels = batches.labels[stop - count * size : stop].reshape(count, size)
            losses = network.config.loss.values(slots, labels).mean(axis=1)
        if self._candidate_step >= 0 and np.isfinite(losses[0]):
            self._kept, self._candidate = self._candidate, self._kept
            self._kept_step, self._candidate_step = self._candidate_step, -1
        return Steps(losses, int(np.count_nonzero(are_correct(slots, labels))))
