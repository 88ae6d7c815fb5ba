"""SearchTab: a hyperparameter search, put together, run and looked at."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from nncore.search.records import TrialRecord
from nngui.tabs.search_buttons import SearchButtons
from nngui.tabs.search_form import SearchForm
from nngui.tabs.search_trials import SearchTrials
from nngui.theme import SPACE
from nngui.viewmodels.config_store import ConfigStore
from nngui.viewmodels.search_plan import SearchPlan
from nngui.viewmodels.search_session import SearchModel
from nngui.viewmodels.search_view import view_of
from nngui.widgets.banner import MessageBanner
from nngui.widgets.card import Card
from nngui.widgets.curve_plot_menu import ChoosePath, ask_where
from nngui.widgets.search_plots import SearchPlots
from nngui.widgets.search_progress import SearchProgress

_FRAME_MS = 250
_FORM_WIDTH = 300


class SearchTab(QWidget):
    """The form of a search, its progress, its plots and its trials.

    Nothing is made before it is seen for the first time: the window opens faster.

    Args:
        model: The search.
        store: The configuration in the panels.
        choose_path: Asks where to save.
        parent: Owner.
    """

    title = "Search"

    networkAsked = Signal(object)
    """The Path of a network that shall be opened."""
    saved = Signal(str)
    """The path of a file that was written."""
    failed = Signal(str)
    """A sentence: something went wrong."""

    def __init__(
        self,
        model: SearchModel,
        store: ConfigStore,
        choose_path: ChoosePath = ask_where,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._store = store
        self._choose_path = choose_path
        self._is_built = False
        self._picked: int | None = None
        self.setObjectName("searchTab")

    def build(self) -> None:
        """Make everything, once."""
        if self._is_built:
            return
        self._is_built = True
        self._build()
        self._connect()
        self._show_phase()
        self._draw()

    def _build(self) -> None:
        self.plan = SearchPlan(self._store, self)
        self.banner = MessageBanner()
        self.form = SearchForm(self.plan)
        self.buttons = SearchButtons(self._model)
        self.progress = SearchProgress()
        self.plots = SearchPlots(self._choose_path)
        self.trials = SearchTrials(self._model, self._choose_path)
        self._frame = QTimer(self, singleShot=True, interval=_FRAME_MS)
        left = Card()
        left.column.addWidget(self.form, 1)
        results = QSplitter(Qt.Orientation.Vertical)
        results.addWidget(self.plots)
        results.addWidget(self.trials)
        results.setStretchFactor(0, 3)
        results.setStretchFactor(1, 2)
        results.setChildrenCollapsible(False)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        column.addWidget(self.buttons)
        column.addWidget(self.progress)
        column.addWidget(results, 1)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(left)
        split.addWidget(right)
        split.setStretchFactor(1, 1)
        split.setSizes([_FORM_WIDTH, 3 * _FORM_WIDTH])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE + 4, SPACE + 4, SPACE + 4, SPACE + 4)
        layout.setSpacing(SPACE)
        layout.addWidget(self.banner)
        layout.addWidget(split, 1)

    def _connect(self) -> None:
        model = self._model
        self.buttons.startAsked.connect(self.start)
        model.phaseChanged.connect(self._show_phase)
        model.studyChanged.connect(self._on_study)
        model.trialsChanged.connect(self._draw_soon)
        model.progressChanged.connect(self._show_progress)
        model.failed.connect(self._on_failed)
        self.plan.checked.connect(self._show_phase)
        self._frame.timeout.connect(self._draw)
        self.plots.picked.connect(self.trials.choose)
        self.trials.picked.connect(self._on_picked)
        self.trials.used.connect(self._use)
        self.trials.opened.connect(self.networkAsked)
        for part in (self.plots, self.trials):
            part.saved.connect(self.saved)
            part.failed.connect(self.failed)

    @Slot()
    def start(self) -> None:
        """Start the search of the form, if nothing is wrong with it."""
        self.plan.check()
        if self.plan.spec is not None:
            self.banner.clear()
            self._model.start(self.plan.spec)

    @Slot()
    def _show_phase(self) -> None:
        self.buttons.show_phase(is_ready=self.plan.spec is not None)
        self._show_progress()

    @Slot()
    def _show_progress(self) -> None:
        if self.isVisible():
            self.progress.show_model(self._model)

    @Slot()
    def _on_study(self) -> None:
        self._picked = None
        self._draw_soon()

    @Slot()
    def _draw_soon(self) -> None:
        if self.isVisible() and not self._frame.isActive():
            self._frame.start()

    @Slot()
    def _draw(self) -> None:
        model = self._model
        if model.spec is None:
            self.plots.show_view(None)
        else:
            self.plots.show_view(view_of(model.spec, model.records.values(), self._picked))

    @Slot(object)
    def _on_picked(self, number: int | None) -> None:
        self._picked = number
        self._draw()

    @Slot(object)
    def _use(self, record: TrialRecord) -> None:
        assert record.config is not None
        self._store.replace_all(record.config, f"use the configuration of trial {record.number}")

    @Slot(str)
    def _on_failed(self, text: str) -> None:
        self.banner.show_message("error", text)

    def showEvent(self, event: QShowEvent) -> None:
        self.build()
        super().showEvent(event)
        self._show_progress()
        self._draw_soon()

    def sizeHint(self) -> QSize:
        return QSize(900, 650)
