"""What the window says about a search."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nngui.number_words import duration
from nngui.viewmodels.search_phase import SearchPhase
from nngui.viewmodels.search_view import has_value

if TYPE_CHECKING:
    from nngui.viewmodels.search_session import SearchModel

_WORDS = {
    SearchPhase.EMPTY: "No search yet",
    SearchPhase.STARTING: "Starting the workers…",
    SearchPhase.RUNNING: "Searching",
    SearchPhase.PAUSED: "Paused",
    SearchPhase.STOPPING: "Stopping; trials under way will be tried again…",
    SearchPhase.TESTING: "Reading the test images, once, for the best trial…",
    SearchPhase.RESTING: "At rest",
}


def progress_text(model: SearchModel) -> str:
    """How far it is."""
    phase, update = model.phase, model.update
    if phase not in (SearchPhase.RUNNING, SearchPhase.PAUSED, SearchPhase.RESTING):
        return _WORDS[phase]
    total = "" if model.total is None else f" of {model.total:,}"
    first = _WORDS[phase]
    if phase is SearchPhase.RESTING:
        first = "Done" if model.is_spent else "Stopped"
        if model.runs_elsewhere and not model.is_spent:
            first = "Running elsewhere when it was opened"
    parts = [f"{first}: {model.finished:,}{total} trials"]
    if update is not None and model.is_active:
        parts.append(f"{update.running} under way")
    parts.append(duration(model.seconds))
    if update is not None and update.seconds_left is not None and phase is SearchPhase.RUNNING:
        parts.append(f"about {duration(update.seconds_left)} left")
    return "  ·  ".join(parts)


def best_text(model: SearchModel) -> str:
    """The best trial so far; "" for none."""
    book = model.book
    if book is None or book.best is None or not has_value(book.best):
        return ""
    best, view = book.best, book.view()
    chosen = ", ".join(f"{label.lower()} {text}" for label, text in view.chosen(best))
    words = view.value_words(best)
    metric = book.spec.settings.objective.metric
    return f"Best: trial {best.number}, {words} validation {metric}, with {chosen}"


def leaving_text(model: SearchModel) -> str:
    """What is asked before a window is closed in which a search runs."""
    running = model.update.running if model.update is not None else 0
    done = f"{model.finished:,} finished {'trial is' if model.finished == 1 else 'trials are'} kept"
    again = "" if not running else f"; the {running} under way will be tried again"
    return (
        f"A search is under way. Stop it and leave? Its {done}{again}. To go on with it another "
        "day: Search, Earlier searches, then Continue."
    )
