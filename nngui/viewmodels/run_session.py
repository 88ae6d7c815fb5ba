"""RunSession: the state machine of training, between the window's buttons and the thread."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from nncore.checkpoint import Checkpoint
from nncore.config import RunConfig
from nncore.config_rules import problems_of
from nncore.data import Dataset
from nncore.errors import Problem
from nncore.events import Event, RunEnded
from nncore.first_network import fresh_network
from nncore.history import History
from nncore.network import Network
from nncore.trainer import LIVE_PATHS, Trainer
from nngui.viewmodels.config_store import ConfigStore
from nngui.viewmodels.config_words import problem_in_words
from nngui.viewmodels.going_on import why_not_on
from nngui.viewmodels.run_meter import RunMeter
from nngui.viewmodels.run_state import NetworkCopy, Progress, RunState
from nngui.workers.background import BackgroundTask
from nngui.workers.training import News, Pace, TrainingThread

POLL_MS = 33
"""How often the window looks for news of the training thread [ms]."""
NETWORK_SECONDS = 0.5
"""How often a copy of the weights is asked for while training [s]."""
STOP_TIMEOUT_MS = 10_000


class RunSession(QObject):
    """Starts, paces and ends runs, and tells the window what comes of them.

    Args:
        store: The configuration; locked but for a few fields while a run is under way.
        parent: Owner.
    """

    stateChanged = Signal()
    progressChanged = Signal()
    eventsArrived = Signal(list)
    """The trainer's events since the last look, at most 30 times a second."""
    networkChanged = Signal(object)
    """A NetworkCopy newer than the one before."""
    runStarted = Signal()
    goesOn = Signal(object)
    """A run is about to go on: the History of one from a file, None for the one that ended last."""
    checkpointTaken = Signal(object)
    """A Checkpoint that `ask_for_checkpoint` asked for, or that a run has left behind."""
    runEnded = Signal(object)
    """The RunEnded of a run that took at least one step."""
    weightsReset = Signal()
    """The trained weights were given up for fresh ones."""
    messageRaised = Signal(str, str)
    """Something the person should read: kind ("info", "warning", "error") and text."""

    def __init__(self, store: ConfigStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._thread: TrainingThread | None = None
        self._run_config = store.config
        self._state = RunState.EMPTY
        self._reset_wanted = False
        self._meter = RunMeter()
        self._last_copy = 0.0
        self.dataset: Dataset | None = None
        self.dataset_problem = ""
        self.history = History()
        self.copy: NetworkCopy | None = None
        self.left: Checkpoint | None = None
        """The run that ended last, if it could go on."""
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self._poll)
        self._fresh = BackgroundTask(self)
        self._fresh.succeeded.connect(self._on_fresh)
        store.configChanged.connect(self._on_config_changed)

    @property
    def state(self) -> RunState:
        """What the session is doing."""
        return self._state

    @property
    def progress(self) -> Progress:
        """How far the run is."""
        return self._meter.progress

    @property
    def is_active(self) -> bool:
        """Whether a run is under way, paused or not."""
        return self._thread is not None

    @property
    def _has_trained(self) -> bool:
        """Whether there are weights that were trained here or opened."""
        return self.copy is not None and self.copy.trained

    @property
    def can_continue(self) -> bool:
        """Whether training can go on from the weights that are there."""
        copy, dataset = self.copy, self.dataset
        return (
            self._state is RunState.FINISHED
            and copy is not None
            and copy.trained
            and copy.config.network == self._store.config.network
            and dataset is not None
            and (copy.network.inputs, copy.network.classes) == (dataset.features, dataset.classes)
        )

    @property
    def why_not_on(self) -> str:
        """Why the run that ended last cannot go on from where it ended; "" if it can."""
        if self._thread is not None:
            return "A run is under way"
        if self.left is None or self.history.ended is None:
            return "There is no run that could go on"
        if self._store.problems:
            return "A setting cannot be used"
        return why_not_on(self.left, self.history.ended, self._store.config)

    @property
    def planned_epochs(self) -> int:
        """How many epochs the run under way is to have."""
        return self._run_config.training.epochs

    @property
    def place(self) -> tuple[int, RunConfig]:
        """What tells two rests of a run apart: its step, and what was changed at it."""
        return self.progress.step, self._run_config

    def set_dataset(self, dataset: Dataset | None, problem: str = "") -> None:
        """Take another dataset.

        Args:
            dataset: None while there is none that can be used.
            problem: Why there is none, as a sentence; "" while it is being loaded.
        """
        self.dataset = dataset
        self.dataset_problem = problem
        self._store.set_rules(self._problems if dataset is not None else None)
        if dataset is None:
            self._state = RunState.EMPTY
            self.stateChanged.emit()
        elif self._state is RunState.EMPTY:
            self._set_state(RunState.FINISHED if self._has_trained else RunState.READY)
        self._refresh_fresh()

    @Slot()
    def toggle(self) -> None:
        """Train or pause, whichever makes sense now."""
        if self._state is RunState.RUNNING:
            self.pause()
        else:
            self.train()

    @Slot()
    def train(self) -> None:
        """Start a new run from fresh weights, or go on with a paused one."""
        self._go(Pace.RUN)

    @Slot()
    def step_batch(self) -> None:
        """Take one step, then pause."""
        self._go(Pace.STEP)

    @Slot()
    def step_epoch(self) -> None:
        """Train to the end of the epoch, then pause."""
        self._go(Pace.EPOCH)

    @Slot()
    def continue_training(self) -> None:
        """Start a run from the weights that are there and not from fresh ones."""
        if self.can_continue and self.copy is not None and self._may_start():
            self._start(Pace.RUN, self.copy.network)

    @Slot()
    def go_on(self) -> None:
        """Go on with the run that ended last, as if it had not ended."""
        self.go_on_at(Pace.RUN)

    def go_on_at(self, pace: Pace) -> None:
        """The same at another pace; at `Pace.PAUSE` it is paused where it ended."""
        reason = self.why_not_on
        if reason or self.left is None:
            self.messageRaised.emit("warning", f"The run cannot go on. {reason}.")
            return
        self.goesOn.emit(None)
        self._launch(partial(self.left.trainer, self._store.config), pace)

    def resume(self, checkpoint: Checkpoint, pace: Pace) -> None:
        """Go on with a run from a file; its configuration is in the store already."""
        self.set_dataset(checkpoint.dataset)
        self.history = checkpoint.state.history.copy()
        run, training = checkpoint.state.progress, checkpoint.config.training
        spent = sum(epoch.seconds for epoch in self.history.epochs)
        spent += 0.0 if run.is_measured else run.seconds
        self._meter.reset(Progress(run.epoch, training.epochs, run.step), spent)
        self.goesOn.emit(self.history)
        self._launch(checkpoint.trainer, pace)

    @property
    def can_be_saved(self) -> bool:
        """Whether there is a run that `ask_for_checkpoint` could give."""
        return self._thread is not None or self.left is not None

    def ask_for_checkpoint(self) -> None:
        """Have the run under way copied at its next rest, or the one that ended last."""
        if self._thread is not None:
            self._thread.ask_for_checkpoint()
        elif self.left is not None:
            self.checkpointTaken.emit(self.left)

    @Slot()
    def pause(self) -> None:
        """Pause after the step under way."""
        if self._thread is not None:
            self._thread.set_pace(Pace.PAUSE)

    @Slot()
    def stop(self) -> None:
        """End the run; its weights stay."""
        if self._thread is not None:
            self._thread.set_pace(Pace.STOP)

    def stop_and_wait(self) -> None:
        """End the run and take in everything it still told."""
        if self._thread is not None:
            self._thread.set_pace(Pace.STOP)
            if self._thread.wait(STOP_TIMEOUT_MS):
                self._on_finished()

    @Slot()
    def reset(self) -> None:
        """Go back to fresh weights, ending the run if one is under way."""
        self._reset_wanted = True
        if self._thread is not None:
            self._thread.set_pace(Pace.STOP)
        else:
            self._reset()

    def show_opened(self, copy: NetworkCopy) -> None:
        """Take over a network from a file."""
        self.copy = copy
        self.left = None
        self._meter.reset()
        self.history = History()
        if self._state is not RunState.EMPTY:
            self._set_state(RunState.FINISHED)
        self.networkChanged.emit(copy)
        self.progressChanged.emit()

    def close(self) -> bool:
        """End everything and wait for the threads.

        Returns:
            Whether they ended in time.
        """
        ended = self._fresh.close()
        self.stop_and_wait()
        return ended and self._thread is None

    def _go(self, pace: Pace) -> None:
        if self._thread is None:
            if self._may_start():
                self._start(pace, None)
            return
        if self._state is RunState.PAUSED and pace is not Pace.PAUSE:
            self._meter.start()
            self._set_state(RunState.RUNNING)
        self._thread.set_pace(pace)

    def _may_start(self) -> bool:
        """Whether a run can begin; says why not."""
        if self.dataset is None:
            problem = self.dataset_problem or "The data are still being loaded."
            self.messageRaised.emit("warning", f"Training cannot start. {problem}")
            return False
        if self._store.problems:
            wrong = " ".join(self._store.sentences)
            self.messageRaised.emit("error", f"Training cannot start. {wrong}")
            return False
        return True

    def _start(self, pace: Pace, network: Network | None) -> None:
        assert self.dataset is not None
        self._meter.reset()
        self.history = History()
        self._launch(partial(Trainer, self._store.config, self.dataset, network), pace)

    def _launch(self, make: Callable[[], Trainer], pace: Pace) -> None:
        self._run_config = self._store.config
        self.left = None
        self._thread = TrainingThread(make, pace, self)
        self._thread.rested.connect(self._on_rested)
        self._thread.finished.connect(self._on_finished)
        reason = "A run is under way: stop it first to change this."
        self._store.set_locks({"": reason} | dict.fromkeys(LIVE_PATHS, ""))
        self._thread.start()
        self._timer.start()
        self._set_state(RunState.RUNNING)
        self.runStarted.emit()

    @Slot()
    def _poll(self) -> None:
        if self._thread is None:
            return
        news = self._thread.collect()
        if news.refusal and news.kept is not None:
            self._take_back(news.refusal, news.kept)
        if news.events:
            for event in news.events:
                self._fold(event)
            self.eventsArrived.emit(news.events)
        if news.network is not None:
            self._take_network(news)
        if news.checkpoint is not None:
            self.checkpointTaken.emit(news.checkpoint)
        if self._meter.is_running:
            now = time.monotonic()
            if self._meter.is_due:
                self._tell_progress()
            if now - self._last_copy > NETWORK_SECONDS:
                self._last_copy = now
                self._thread.ask_for_network()

    def _fold(self, event: Event) -> None:
        self.history.add(event)
        self._meter.fold(event, self.planned_epochs, self._steps_per_epoch)

    @property
    def _steps_per_epoch(self) -> int:
        started = self.history.started
        return started.steps_per_epoch if started is not None else 0

    def _tell_progress(self) -> None:
        started = self.history.started
        per_step = started.samples / started.steps_per_epoch if started is not None else 0.0
        self._meter.measure(per_step, is_active=self._thread is not None)
        self.progressChanged.emit()

    def _take_network(self, news: News) -> None:
        assert news.network is not None
        self.copy = NetworkCopy(news.network, self._run_config, news.epoch, news.step)
        self.networkChanged.emit(self.copy)

    @Slot()
    def _on_rested(self) -> None:
        if self._thread is None or not self._thread.is_resting:
            return  # It was sent on before this arrived.
        self._poll()
        self._tell_progress()
        self._meter.pause()
        self._set_state(RunState.PAUSED)

    @Slot()
    def _on_finished(self) -> None:
        thread = self._thread
        if thread is None or not thread.isFinished():
            return  # It was waited for already, and another may have been started since.
        self._poll()
        self._meter.pause()
        self._timer.stop()
        self._thread, self.left = None, thread.left
        self._tell_progress()
        self._store.set_locks({})
        if self.dataset is not None:
            self._store.set_rules(self._problems)  # Asked anew, without a run.
        has_ended = self.progress.step or self._has_trained
        self._set_state(RunState.FINISHED if has_ended else RunState.READY)
        if thread.error is not None:
            self.messageRaised.emit("error", f"Training ended: {thread.error}")
        ended = self.history.ended
        if ended is not None and self.progress.step:
            self._tell(ended)
            self.runEnded.emit(ended)
        thread.deleteLater()
        if self._reset_wanted:
            self._reset()

    def _tell(self, ended: RunEnded) -> None:
        if ended.reason == "diverged":
            self.messageRaised.emit("error", ended.message)

    def _reset(self) -> None:
        self._reset_wanted = False
        self.copy, self.left = None, None
        self._meter.reset()
        self.progressChanged.emit()
        self.weightsReset.emit()
        if self.dataset is not None:
            self._set_state(RunState.READY)
        self._refresh_fresh()

    @Slot()
    def _on_config_changed(self) -> None:
        if self._thread is None:
            self._refresh_fresh()
        elif not self._problems(self._store.config):
            self._run_config = self._store.config
            self._thread.reconfigure(self._run_config)
            self._replan()
        self.stateChanged.emit()

    def _take_back(self, problems: Sequence[Problem], kept: RunConfig) -> None:
        """Show again what the run goes on with: a change came too late, as in the next epoch."""
        self._store.finish_edit()
        for path in LIVE_PATHS:
            self._store.change(path, kept.get(path))
        self._store.finish_edit()
        reasons = " ".join(problem_in_words(kept, each, each.path) for each in problems)
        self.messageRaised.emit("warning", f"The run goes on as it was. {reasons}")

    def _replan(self) -> None:
        """Tell at once what other epochs mean: a paused run takes no step that would tell it."""
        is_begun = self.history.started is not None
        if is_begun and self._meter.replan(self.planned_epochs, self._steps_per_epoch):
            self._tell_progress()

    def _problems(self, config: RunConfig) -> list[Problem]:
        """What keeps a configuration from being trained on the data, or by the run under way."""
        assert self.dataset is not None
        stored, epochs = len(self.dataset.train_labels), config.training.epochs
        samples = stored - round(stored * config.data.validation_fraction)
        problems = problems_of(config, self.dataset.features, self.dataset.classes, samples)
        if self._thread is not None and epochs < self.progress.epoch:
            message = f"must be at least {self.progress.epoch}, the epoch under way, got {epochs}"
            problems.append(Problem("training.epochs", message))
        return problems

    def _refresh_fresh(self) -> None:
        """Draw the weights that a run would start from, unless there are trained ones to show."""
        if self.dataset is None or self._has_trained:
            return
        config, dataset = self._store.config, self.dataset
        if self._problems(config):  # The weights might not even fit into the memory.
            self._fresh.cancel()
            return

        def draw() -> NetworkCopy:
            network = fresh_network(config, dataset.features, dataset.classes)
            return NetworkCopy(network, config, 0, 0)

        self._fresh.start(draw)

    @Slot(object)
    def _on_fresh(self, copy: NetworkCopy) -> None:
        if self._thread is None and not self._has_trained:
            self.copy = copy
            self.networkChanged.emit(copy)

    def _set_state(self, state: RunState) -> None:
        if state is not self._state:
            self._state = state
            self.stateChanged.emit()
