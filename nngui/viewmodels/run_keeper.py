"""RunKeeper: what is kept of a run when it ends, is left, or is saved on the way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from nncore.checkpoint import Checkpoint
from nncore.events import RunEnded
from nncore.model import Model
from nngui.viewmodels.model_files import ModelFiles
from nngui.viewmodels.recovery import Recovery
from nngui.viewmodels.run_session import RunSession


class RunKeeper(QObject):
    """Sees to it that no training is lost.

    Args:
        session: The run.
        files: Writes.
        recovery: Has the run while it is under way.
        model: The network of this moment; None while there is none.
        parent: Owner.
    """

    failed = Signal(str)
    """A checkpoint could not be had: a sentence."""

    def __init__(
        self,
        session: RunSession,
        files: ModelFiles,
        recovery: Recovery,
        model: Callable[[], Model | None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._files = files
        self._recovery = recovery
        self._model = model
        self._save_to: list[Path] = []
        self._is_leaving = False
        session.runStarted.connect(self._on_run_started)
        session.checkpointTaken.connect(self._on_checkpoint)
        session.runEnded.connect(self._on_run_ended)

    def save(self, path: Path) -> None:
        """Write a checkpoint of the run under way at its next rest, or of the one that ended."""
        self._save_to.append(path)
        self._session.ask_for_checkpoint()

    def leave(self) -> str:
        """End the run under way so that the next start offers to go on with it.

        Returns:
            Why it cannot be kept for that, as a sentence; "" if it is kept or has just ended.
        """
        self._is_leaving = True
        self._session.stop_and_wait()
        self._is_leaving = False
        left, ended = self._session.left, self._session.history.ended
        if left is None or ended is None or ended.reason != "stopped":
            return ""
        return self._recovery.park(left)

    def keep_weights(self) -> None:
        """Keep at least the weights of a run that was left and could not be kept whole."""
        model = self._model()
        if model is not None:
            self._files.keep_run(model)

    @Slot()
    def _on_run_started(self) -> None:
        self._save_to.clear()

    @Slot(object)
    def _on_checkpoint(self, run: Checkpoint) -> None:
        paths, self._save_to = self._save_to, []
        for path in paths:
            self._files.save_run(run, path)

    @Slot(object)
    def _on_run_ended(self, ended: RunEnded) -> None:
        left = self._session.left
        if self._save_to:
            self._save_at_the_end(left)
        if self._is_leaving and left is not None and ended.reason == "stopped":
            return
        slot = self._recovery.detach()
        has_failed = left is None and ended.reason == "stopped"
        model = self._model()
        if model is not None:
            # After a fault, what was kept before is better than what is there now.
            self._files.keep_run(model, None if has_failed else slot)

    def _save_at_the_end(self, left: Checkpoint | None) -> None:
        """Write the checkpoint that was asked for shortly before the run ended, if there is one."""
        if left is not None:
            self._on_checkpoint(left)
            return
        self._save_to.clear()
        self.failed.emit(
            "The checkpoint was not saved: the run has ended, and with weights of an earlier step, "
            "so that nothing could go on from there. Save the model instead."
        )
