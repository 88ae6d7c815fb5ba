"""SearchTab: a hyperparameter search, put together, run and looked at."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from nncore.search.records import TrialRecord
from nngui.tabs.search_buttons import SearchButtons
from nngui.tabs.search_extend import SearchExtendDialog
from nngui.tabs.search_form import SearchForm
from nngui.tabs.search_trials import SearchTrials
from nngui.theme import SPACE
from nngui.viewmodels.config_store import ConfigStore
from nngui.viewmodels.search_plan import SearchPlan
from nngui.viewmodels.search_session import SearchModel
from nngui.widgets.banner import MessageBanner
from nngui.widgets.card import Card
from nngui.widgets.curve_plot_menu import ChoosePath, ask_where
from nngui.widgets.search_charts import HistoryPicture, SlicePicture
from nngui.widgets.search_heat_map import HeatMapPicture
from nngui.widgets.search_importance import ImportancePicture
from nngui.widgets.search_plots import SearchPlots
from nngui.widgets.search_progress import SearchProgress

_FRAME_MS = 250
_LEAST_REST = 20
"""A painting rests for so many times as long as it took: 5 % of the window's time."""
_FORM_WIDTH = 300
_FIRST_PLOTS = {"sweep": SlicePicture, "two-factor": HeatMapPicture}
"""The plot that a strategy is for; the original made the same ones."""


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
    """A sentence: what was done."""
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
        self._model.prepare()

    def _build(self) -> None:
        self.plan = SearchPlan(self._store, self)
        self.banner = MessageBanner()
        self.banner.setObjectName("searchBanner")
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
        self.buttons.extendAsked.connect(self.ask_extension)
        model.phaseChanged.connect(self._show_phase)
        model.studyChanged.connect(self._on_study)
        # In a turn of its own: plots and table are enough for one.
        model.studyOpened.connect(self._on_study_opened, Qt.ConnectionType.QueuedConnection)
        model.trialsChanged.connect(self._draw_soon)
        model.progressChanged.connect(self._show_progress)
        model.importance.changed.connect(self._on_importance)
        model.networks.told.connect(self.progress.show_task)
        model.networks.ready.connect(self.networkAsked)
        self.plan.checked.connect(self._show_phase)
        self._frame.timeout.connect(self._draw)
        self.plots.picked.connect(self._on_plot_picked)
        self.plots.turned.connect(self._draw_soon)
        self.plots.painted.connect(self._rest)
        self.trials.picked.connect(self.plots.show_picked)
        self.trials.used.connect(self._use)
        for part in (model, model.networks):
            part.failed.connect(self._on_failed)
        for part in (self.plots, self.trials):
            part.saved.connect(self._on_saved)
            part.failed.connect(self.failed)

    @Slot()
    def start(self) -> None:
        """Start the search of the form, if nothing is wrong with it."""
        self.plan.check()
        if self.plan.spec is not None:
            self.banner.clear()
            self._model.start(self.plan.spec)

    @Slot()
    def ask_extension(self) -> None:
        """Ask how far the search that is shown shall go on, then let it."""
        dialog = SearchExtendDialog(self._model, self)
        dialog.agreed.connect(self._model.resume)
        dialog.open()

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
        """Another study is shown: turn to the plot that belongs to it, where the sweeps end up."""
        self.plots.forget_looks()
        spec = self._model.spec
        if spec is not None:
            self.plots.turn_to(_FIRST_PLOTS.get(spec.settings.strategy, HistoryPicture))
        self._draw_soon()

    @Slot()
    def _on_study_opened(self) -> None:
        """Fill the form with what an earlier study searched."""
        self.banner.clear()
        if self._model.spec is None:
            return
        self.plan.load_study(self._model.spec)
        if self.plan.left_out:
            names = ", ".join(self.plan.left_out)
            self.banner.show_message(
                "info",
                f"The form cannot show all of this search: {names}. Continue goes on with all of "
                "it; Start would search without.",
            )

    @Slot()
    def _draw_soon(self) -> None:
        if self.isVisible() and not self._frame.isActive():
            self._frame.start()

    @Slot()
    def _on_importance(self) -> None:
        if self._model.importance.reason:
            self.banner.show_message("warning", self._model.importance.reason)
        self._draw_soon()

    @Slot()
    def _rest(self) -> None:
        """Let a plot that takes long to paint come seldom, so that it takes little of the time."""
        wanted = round(1000 * _LEAST_REST * self.plots.chart.seconds)
        self._frame.setInterval(max(_FRAME_MS, wanted))

    @Slot()
    def _draw(self) -> None:
        model = self._model
        if model.book is None:
            self.plots.show_view(None)
            return
        if self.plots.chart.kind is ImportancePicture:
            model.ask_importance()
        self.plots.show_view(model.book.view(model.importance.importance))

    @Slot(int)
    def _on_plot_picked(self, number: int) -> None:
        self.trials.choose(number)
        self.trials.look()

    @Slot(object)
    def _use(self, record: TrialRecord) -> None:
        assert record.config is not None
        reason = self._store.why_locked("network")
        if reason:
            self.banner.show_message("warning", reason)
            return
        self._store.replace_all(record.config, f"use the configuration of trial {record.number}")
        self.saved.emit(
            f"The configuration of trial {record.number} is in the panels; Ctrl+Z takes it back."
        )

    @Slot(str)
    def _on_saved(self, path: str) -> None:
        self.saved.emit(f"Saved {path}.")

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
