"""What the session is doing, in words for the status bar and the buttons."""

from __future__ import annotations

from nncore.history import History
from nngui.number_words import duration
from nngui.viewmodels.run_session import RunSession
from nngui.viewmodels.run_state import RunState


def status_in_words(session: RunSession) -> str:
    """One line that says what is going on and what came of the last run."""
    now = session.progress
    if session.state is RunState.EMPTY:
        return "The data cannot be used." if session.dataset_problem else "Loading the data…"
    if session.state is RunState.RUNNING:
        return (
            f"Training: epoch {max(now.epoch, 1):,} of {now.epochs:,}"
            if now.epochs
            else "Starting…"
        )
    if session.state is RunState.PAUSED:
        return f"Paused at step {now.step:,} of {now.steps:,}. Learning rate and epochs may change."
    if session.state is RunState.FINISHED:
        return _finished(session)
    return "Ready. Press Train (Space)."


def _finished(session: RunSession) -> str:
    ended = session.history.ended
    copy = session.copy
    if ended is None:
        return f"Showing {copy.words}." if copy is not None else "Ready."
    if ended.reason == "diverged":
        kept = f"the weights of step {ended.step:,}" if ended.step else "the first weights"
        return f"Diverged at epoch {ended.epoch}; {kept} are kept."
    if ended.reason == "completed" and ended.message:
        return f"{ended.message} {_best_in_words(session.history)}".rstrip()
    begin = "Finished" if ended.reason == "completed" else "Stopped"
    took = duration(session.progress.elapsed)
    steps = "1 step" if ended.step == 1 else f"{ended.step:,} steps"
    words = f"{begin} after {steps} in {took}."
    return f"{words} {_best_in_words(session.history)}".rstrip()


def _best_in_words(history: History) -> str:
    best = history.best
    if best is None:
        return ""
    return f"Best epoch {best.epoch}: {100 * best.validation_accuracy:.2f} % validation accuracy."


def train_in_words(session: RunSession) -> tuple[str, str, str]:
    """Text, tooltip and icon of the Train button in the present state."""
    if session.state is RunState.RUNNING:
        return "Pause", "Pause after the step under way", "pause"
    if session.state is RunState.PAUSED:
        return "Resume", "Go on with the paused run", "play"
    if session.state is RunState.EMPTY:
        return "Train", session.dataset_problem or "The data are still being loaded", "play"
    return "Train", "Start a new run from fresh weights", "play"
