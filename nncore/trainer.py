"""Trainer: a generator of events; whoever iterates it owns the loop."""

from __future__ import annotations

import math
import time
from collections.abc import Generator, Iterator

import numpy as np

from nncore.augmenter import Augmenter
from nncore.batches import ShuffledBatches
from nncore.config import RunConfig
from nncore.config_difference import changed_paths
from nncore.config_rules import problems_of
from nncore.data import Dataset
from nncore.divergence import DivergenceError, divergence
from nncore.errors import ConfigError, NNError, Problem
from nncore.events import EndReason, EpochEnded, Event, RunEnded, RunStarted, StepsEnded
from nncore.features import Runs
from nncore.first_network import check_fit, fresh_network
from nncore.history import History
from nncore.learning_rates import rate_at, rates_of_steps
from nncore.metrics import Figures, measure
from nncore.network import Network
from nncore.random_streams import Purpose, stream
from nncore.run_progress import RunProgress, RunState
from nncore.stepper import Stepper
from nncore.thread_watch import ThreadWatch
from nncore.used_inputs import NarrowedNetwork, used_inputs

LIVE_PATHS = ("optimizer.learning_rate", "training.epochs")
"""What may change between two events of a run."""

KEEP_EVERY = 256
"""Steps between two copies of the weights to fall back on; one takes 40 us at 109k parameters."""


class Trainer:
    """Trains one network on one dataset.

    The run is a function of the configuration alone: everything random is drawn as the rule of
    `nncore.random_streams` says, so neither pausing nor the driver's pace changes a bit.

    Attributes:
        config: The experiment; see `reconfigure`.
        network: The network that is judged, shown and saved; at rest between two events. With
            `training.averaging` it holds the average, and what is stepped is out of sight; without
            it is what is trained.
        dataset: Where the samples come from.
        split: Which samples are for training and which for validation.
        history: Everything told so far.
        steps_per_event: The most steps between two events; may be changed at any rest.
    """

    def __init__(
        self,
        config: RunConfig,
        dataset: Dataset,
        network: Network | None = None,
        state: RunState | None = None,
    ) -> None:
        """Prepare a run.

        Args:
            config: The experiment.
            dataset: Samples; only its training part is looked at.
            network: Start from this network's weights (it is copied) and not from fresh ones.
            state: Go on from here; what a trainer's `state` gave for this configuration and data.

        Raises:
            ShapeError: If `network` does not fit the configuration and the dataset.
            NNError: If its weights are not all finite.
            DataError: If the dataset cannot be split as asked.
            ConfigError: If the configuration cannot work with the dataset.
        """
        self.config = config
        self.dataset = dataset
        self.split = dataset.split(config.data.validation_fraction, config.training.seed)
        inputs, classes = dataset.train_images.shape[1], len(dataset.class_names)
        problems = problems_of(config, inputs, classes, self.samples)
        if problems:
            raise ConfigError(*problems)
        if state is not None:
            network = Network(inputs, classes, config.network, None, state.arrays["network"].dtype)
            np.copyto(network.state, state.arrays["network"])
        elif network is None:
            network = fresh_network(config, inputs, classes)
        else:
            check_fit(network, inputs, classes, config)
            network = network.copy()
        self.network = network
        self.history = state.history if state is not None else History()
        self.steps_per_event = KEEP_EVERY
        self._from = state
        self._progress = state.progress if state is not None else RunProgress()
        self._best_state = state.arrays.get("best") if state is not None else None
        self._stepper: Stepper | None = None
        self._watch = ThreadWatch(1)
        self._is_lost = False

    @property
    def epoch(self) -> int:
        """The epoch under way, from 1."""
        return self._progress.epoch

    @property
    def step(self) -> int:
        """Steps whose updates are in the weights."""
        return self._progress.step

    @property
    def samples(self) -> int:
        """Training samples."""
        return len(self.split.train_indices)

    @property
    def batch_size(self) -> int:
        """Samples for each full step."""
        size = self.config.training.batch_size
        return self.samples if size == "full" else min(size, self.samples)

    @property
    def steps_per_epoch(self) -> int:
        """Steps in an epoch, the short last batch included."""
        return -(-self.samples // self.batch_size)

    def reconfigure(self, config: RunConfig) -> None:
        """Change what may change between two events (`LIVE_PATHS`).

        Raises:
            ConfigError: If anything else differs, or fewer epochs are asked for than are begun;
                then nothing has changed.
        """
        refusal = f"cannot change during a run; only {' and '.join(LIVE_PATHS)} can."
        problems = [
            Problem(path, refusal)
            for path in changed_paths(self.config, config)
            if path not in LIVE_PATHS
        ]
        epochs = config.training.epochs
        if epochs < self.epoch:
            message = f"must be at least {self.epoch}, the epoch under way, got {epochs}"
            problems.append(Problem("training.epochs", message))
        problems += problems_of(config, self.network.inputs, self.network.classes, self.samples)
        if problems:
            raise ConfigError(*problems)
        self.config = config

    @property
    def can_be_resumed(self) -> bool:
        """Whether `state` gives one: the run has begun and has not gone back to earlier weights."""
        return self._stepper is not None and not self._is_lost

    def state(self) -> RunState:
        """All of the run as it is at this rest; the arrays are not copied.

        Raises:
            NNError: If nothing could go on from here: the run has not begun, has diverged, or has
                ended with the weights of an earlier epoch.
        """
        if self._stepper is None:
            raise NNError("The run has not begun, so there is nothing to go on from.")
        if self._is_lost:
            raise NNError("The run has gone back to earlier weights, so it cannot go on from here.")
        arrays = self._stepper.arrays()
        if self._best_state is not None:
            arrays["best"] = self._best_state
        return RunState(self._progress, arrays, self._stepper.kept_steps, self.history)

    def run(self) -> Generator[Event, None, None]:
        """Train, telling what happens.

        Not asking for the next event pauses; closing the generator stops. `history.ended` holds the
        last word either way. The weights are finite at every rest.

        Yields:
            RunStarted, then StepsEnded and EpochEnded, and RunEnded at last.

        Raises:
            RuntimeError: If this trainer has run before.
        """
        if self._stepper is not None:
            raise RuntimeError("A trainer runs once; make another from this one's network.")
        reason: EndReason = "stopped"
        message = "Stopped."
        try:
            for event in self._events():
                self.history.add(event)
                yield event
            reason, message = "completed", self._finish()
        except DivergenceError as error:
            reason, message = "diverged", str(error)
        finally:
            self._watch.close()
            ended = RunEnded(reason, self.epoch, self.step, message)
            self.history.add(ended)
        yield ended

    def _events(self) -> Iterator[Event]:
        run, self._watch = self._progress, ThreadWatch(self.config.training.threads)
        images, labels = self.dataset.train_images, self.dataset.train_labels
        targets = self.network.config.loss.class_targets(self.network.classes)
        data, seed = self.config.data, self.config.training.seed
        augmenter = Augmenter.of(data.augmentation, self.dataset.image_shape, seed)
        dtype = self.network.parameters.dtype
        used = used_inputs(images, self.config)
        batches = ShuffledBatches(
            images,
            labels,
            self.split.train_indices,
            targets,
            self.batch_size,
            dtype,
            augmenter,
            used,
        )
        held_back = self.split.validation_indices
        validation = images[held_back], labels[held_back]
        stepper = self._stepper = self._new_stepper(used)
        yield RunStarted(
            config=self.config,
            samples=self.samples,
            validation_samples=len(held_back),
            steps_per_epoch=self.steps_per_epoch,
            epochs=self.config.training.epochs,
            parameters=self.network.parameters.size,
        )
        while True:
            if not run.is_measured:
                order = stream(seed, Purpose.SHUFFLE, run.epoch)
                batches.shuffle(order, run.epoch)
                yield from self._steps(batches, stepper)
                figures = measure(self.network, *validation)
                self._check_finite(figures.loss, stepper)
                yield self._epoch_ended(figures)
            if run.epoch >= self.config.training.epochs or self._why_stop():
                return
            run.begin_epoch()

    def _new_stepper(self, used: Runs | None) -> Stepper:
        """What takes the steps; where the run goes on from a state, with all its memory."""
        average = self.network if self.config.training.averaging.is_on else None
        trained = self.network.copy() if average is not None else self.network
        narrowed = None if used is None else NarrowedNetwork(self.network, used)
        stepper = Stepper(trained, self.config, self.batch_size, average, narrowed)
        if self._from is not None:
            stepper.load(self._from.arrays, self._from.kept_steps)
        return stepper

    def _steps(self, batches: ShuffledBatches, stepper: Stepper) -> Iterator[StepsEnded]:
        """The rest of the epoch's steps."""
        run = self._progress
        while (start := run.samples) < self.samples:
            if start == 0 or run.step % KEEP_EVERY == 0:
                stepper.keep(run.step)
            size = min(self.batch_size, self.samples - start)
            steps = min(
                max(self.steps_per_event, 1),
                self._watch.most_steps or KEEP_EVERY,
                stepper.max_steps,
                KEEP_EVERY - run.step % KEEP_EVERY,
                (self.samples - start) // size,
            )
            stop = start + steps * size
            began = time.perf_counter()
            rates = rates_of_steps(self.config, self.steps_per_epoch, run.step, run.plateau)
            losses, correct = stepper.take(
                batches, start, stop, size, self.config.optimizer, run.step, rates
            )
            seconds = time.perf_counter() - began
            self._watch.note(steps, seconds)
            run.losses.append(losses)
            run.correct += correct
            run.seconds += seconds
            run.samples = stop
            finite = np.isfinite(losses)
            good = steps if finite.all() else int(finite.argmin())
            run.step = last = run.step + good
            if good < steps:
                # Before the next rest: whoever copies the weights then gets some that can be used.
                run.step = stepper.restore()
                self._is_lost = True
            if good:
                speed = (stop - start) / seconds
                rate = rate_at(self.config, self.steps_per_epoch, last - 1, run.plateau)
                run.learning_rate = rate
                yield StepsEnded(run.epoch, last, losses[:good], rate, speed)
            if good < steps:
                where = f"at epoch {run.epoch}, step {last + 1:,}"
                raise self._divergence(f"The loss was no longer a finite number {where}.")

    def _epoch_ended(self, validation: Figures) -> EpochEnded:
        """Sum the epoch up; schedule and early stopping learn from its validation loss."""
        run, training, loss = self._progress, self.config.training, validation.loss
        is_best = run.end_epoch(loss, self.config, self.steps_per_epoch)
        if is_best and training.early_stopping.restores_best:
            self._best_state = self.network.state.copy()
        return EpochEnded(
            epoch=run.epoch,
            step=run.step,
            train_loss=run.mean_loss(self.batch_size, self.samples),
            train_accuracy=run.correct / self.samples,
            validation_loss=loss,
            validation_accuracy=validation.accuracy,
            learning_rate=run.learning_rate,
            seconds=run.seconds,
            samples_per_second=self.samples / run.seconds,
            is_best=is_best,
        )

    def _why_stop(self) -> str:
        """Why the run should end before its epochs are over; "" if it should not."""
        return self.config.training.early_stopping.why_stop(self._progress.waiting)

    def _finish(self) -> str:
        """Put the best weights back if that is wanted; returns what there is to say."""
        run, words = self._progress, ""
        if run.epoch < self.config.training.epochs:
            words = f"Stopped early after epoch {run.epoch}: {self._why_stop()}."
        if self._best_state is not None and run.best_step != run.step:
            np.copyto(self.network.state, self._best_state)
            run.epoch, run.step = run.best_epoch, run.best_step
            self._is_lost = True
            words += f" The best weights, of epoch {run.epoch}, are back."
        return words.strip()

    def _check_finite(self, validation_loss: float, stepper: Stepper) -> None:
        """End the run if the epoch's last steps have spoiled the weights."""
        weights_are_finite = bool(np.isfinite(self.network.parameters).all())
        if weights_are_finite and math.isfinite(validation_loss):
            return
        what = "validation loss was no longer a finite number"
        if not weights_are_finite:
            what = "weights were no longer finite numbers"
        where = f"at the end of epoch {self.epoch}, after step {self.step:,}"
        self._progress.step = stepper.restore()
        self._is_lost = True
        raise self._divergence(f"The {what} {where}.")

    def _divergence(self, fault: str) -> DivergenceError:
        return divergence(fault, self.history.step_losses, self.step, self.config)
