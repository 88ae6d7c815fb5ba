"""SearchProgress: how far a search is, its best trial, and what to make of it."""

from __future__ import annotations

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from nngui.viewmodels.search_choices import label_of, param_text
from nngui.viewmodels.search_session import SearchModel, SearchPhase, duration_text
from nngui.viewmodels.search_view import has_value, view_of
from nngui.widgets.role_label import ElidedLabel, RoleLabel

_BAR_HEIGHT = 8
_WORDS = {
    SearchPhase.EMPTY: "No search yet",
    SearchPhase.STARTING: "Starting the workers…",
    SearchPhase.RUNNING: "Searching",
    SearchPhase.PAUSED: "Paused",
    SearchPhase.STOPPING: "Stopping; trials under way will be tried again…",
    SearchPhase.RESTING: "At rest",
}


class SearchProgress(QWidget):
    """A bar, a line about the progress, one about the best trial, and one about its worth."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("searchProgress")
        self.bar = QProgressBar()
        self.bar.setObjectName("searchProgressBar")
        self.bar.setAccessibleName("Progress of the search")
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(_BAR_HEIGHT)
        self.words = RoleLabel(role="muted")
        self.words.setObjectName("searchProgressLabel")
        self.best = ElidedLabel(role="best")
        self.best.setObjectName("searchBestLabel")
        font = QFont(self.best.font())
        font.setWeight(QFont.Weight.DemiBold)
        self.best.setFont(font)
        self.worth = RoleLabel(role="muted")
        self.worth.setWordWrap(True)
        self.worth.setObjectName("searchVerdictLabel")
        row = QHBoxLayout()
        row.addWidget(self.bar, 1)
        row.addWidget(self.words)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addLayout(row)
        column.addWidget(self.best)
        column.addWidget(self.worth)

    def show_model(self, model: SearchModel) -> None:
        """Show a search as it is now."""
        total, done = model.total, model.finished
        self.bar.setRange(0, max(total if total is not None else max(done, 1), 1))
        self.bar.setValue(done if total is not None or not model.is_active else 0)
        self.words.setText(progress_text(model))
        best = best_text(model)
        self.best.setText(best)
        self.best.setVisible(bool(best))
        # While it runs, a sentence that comes and goes would push the plots up and down.
        told = () if model.is_active else (model.report, model.verdict)
        worth = " ".join(it for it in told if it)
        if model.update is not None and model.update.message:
            worth = f"{model.update.message} {worth}".strip()
        self.worth.setText(worth)
        self.worth.setVisible(bool(worth))


def progress_text(model: SearchModel) -> str:
    """How far it is, in words."""
    if model.phase in (SearchPhase.EMPTY, SearchPhase.STARTING, SearchPhase.STOPPING):
        return _WORDS[model.phase]
    total = "" if model.total is None else f" of {model.total:,}"
    is_done = model.total is not None and model.finished >= model.total
    first = "Done" if is_done and not model.is_active else _WORDS[model.phase]
    parts = [f"{first}: {model.finished:,}{total} trials"]
    update = model.update
    if update is not None and model.is_active:
        parts.append(f"{update.running} under way")
        parts.append(duration_text(update.seconds))
        if update.seconds_left is not None:
            parts.append(f"about {duration_text(update.seconds_left)} left")
    elif update is not None:
        parts.append(duration_text(update.seconds))
    return "  ·  ".join(parts)


def best_text(model: SearchModel) -> str:
    """The best trial so far, in words; "" for none."""
    best, spec = model.best, model.spec
    if best is None or spec is None or not has_value(best):
        return ""
    view = view_of(spec, [best], None)
    chosen = ", ".join(
        f"{label_of(name, spec.space.base).lower()} {param_text(value)}"
        for name, value in best.params.items()
    )
    metric = spec.settings.objective.metric
    return f"Best: trial {best.number}, {view.value_words(best)} validation {metric}, with {chosen}"
