"""SearchProgress: how far a search is, its best trial, and what to make of it."""

from __future__ import annotations

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from nngui.viewmodels.search_phase import SearchPhase
from nngui.viewmodels.search_session import SearchModel
from nngui.viewmodels.search_words import best_text, progress_text
from nngui.widgets.role_label import ElidedLabel, RoleLabel

_BAR_HEIGHT = 8
_UNKNOWN = (SearchPhase.STARTING, SearchPhase.STOPPING, SearchPhase.TESTING)
"""Phases of which nobody knows how long they take."""


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
        self.task = RoleLabel(role="accent")
        self.task.setObjectName("searchTaskLabel")
        self.task.hide()
        row = QHBoxLayout()
        row.addWidget(self.bar, 1)
        row.addWidget(self.words)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addLayout(row)
        for label in (self.best, self.worth, self.task):
            column.addWidget(label)

    def show_model(self, model: SearchModel) -> None:
        """Show a search as it is now."""
        total, done = model.total, model.finished
        limit = model.spec.settings.budget.seconds if model.spec is not None else "unlimited"
        if model.phase in _UNKNOWN:
            self._show_share(0, 0)
        elif total is not None:
            self._show_share(done, max(total, 1))
        elif limit != "unlimited":
            self._show_share(round(min(model.seconds, limit)), max(round(limit), 1))
        else:
            self._show_share(0, 1)
        set_text(self.words, progress_text(model))
        best = best_text(model)
        set_text(self.best, best)
        self.best.setVisible(bool(best))
        # While it runs, a sentence that comes and goes would push the plots up and down.
        told = () if model.is_active else (model.report, model.verdict)
        worth = " ".join(it for it in told if it)
        if model.update is not None and model.update.message:
            worth = f"{model.update.message} {worth}".strip()
        set_text(self.worth, worth)
        self.worth.setVisible(bool(worth))

    def show_task(self, text: str) -> None:
        """Tell what is done beside the search; "" for nothing."""
        set_text(self.task, text)
        self.task.setVisible(bool(text))

    def _show_share(self, done: int, total: int) -> None:
        """Show how much is done; of 0 nobody knows how long it takes, and the bar wanders."""
        if (self.bar.maximum(), self.bar.value()) != (total, done):
            # Otherwise each would paint at once whatever is waiting around it, for 5 ms.
            self.bar.setUpdatesEnabled(False)
            self.bar.setRange(0, total)
            self.bar.setValue(done)
            self.bar.setUpdatesEnabled(True)


def set_text(label: RoleLabel, text: str) -> None:
    """Change a text; the same one again would cost a layout."""
    if text != label.text():
        label.setText(text)
