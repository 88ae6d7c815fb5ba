"""SearchPlots: the plots of a search, one at a time, with what they show and their exports."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QStackedWidget,
    QTabBar,
    QToolButton,
    QWidget,
)

from nngui.icons import icon
from nngui.theme import SPACE
from nngui.viewmodels.search_view import SearchView
from nngui.widgets.card import Card
from nngui.widgets.curve_plot_menu import ChoosePath, ask_where
from nngui.widgets.search_chart import SearchChart
from nngui.widgets.search_charts import HistoryPicture, SlicePicture
from nngui.widgets.search_curves import FIGURES, CurvesPicture
from nngui.widgets.search_heat_map import HeatMapPicture
from nngui.widgets.search_importance import ImportancePicture
from nngui.widgets.search_parallel import ParallelPicture
from nngui.widgets.search_picture import SearchPicture
from nngui.widgets.search_plot_menu import SearchPlotMenu

PICTURES: tuple[type[SearchPicture], ...] = (
    HistoryPicture,
    CurvesPicture,
    SlicePicture,
    HeatMapPicture,
    ParallelPicture,
    ImportancePicture,
)


class SearchPlots(Card):
    """A card with all plots of a search.

    Args:
        choose_path: Asks where to save.
        parent: Owner.
    """

    picked = Signal(int)
    """A person clicked at the trial of this number."""
    turned = Signal()
    """Another plot is shown."""
    painted = Signal()
    """The plot in sight is there as it is now."""
    saved = Signal(str)
    """The path of a file that was written."""
    failed = Signal(str)
    """A sentence: a file could not be written."""

    def __init__(self, choose_path: ChoosePath = ask_where, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._view: SearchView | None = None
        self._choose_path = choose_path
        self._build()
        self._connect()
        self._show_choosers()

    def _build(self) -> None:
        self.setObjectName("searchPlots")
        self.bar = QTabBar()
        self.bar.setObjectName("searchPlotBar")
        self.bar.setAccessibleName("Which plot is shown")
        self.bar.setToolTip("Which picture of the search is shown.")
        self.bar.setDrawBase(False)
        self.bar.setExpanding(False)
        self.bar.setUsesScrollButtons(False)
        self.bar.setElideMode(Qt.TextElideMode.ElideNone)
        self.charts = tuple(SearchChart(kind) for kind in PICTURES)
        self._stack = QStackedWidget()
        for chart in self.charts:
            place = self.bar.addTab(chart.kind.title)
            self.bar.setTabToolTip(place, chart.kind.__doc__ or "")
            self._stack.addWidget(chart)
        self._button = QToolButton(autoRaise=True)
        self._button.setObjectName("searchPlotMenuButton")
        self._button.setAccessibleName("Export the plot")
        self._button.setToolTip("Save the plot as a picture or its numbers, or copy it.")
        self._button.setIcon(icon("export"))
        self._button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = SearchPlotMenu(self, self._choose_path)
        self._button.setMenu(self._menu.menu)
        self.header.addWidget(self.bar)
        self.header.addStretch(1)
        self.header.addWidget(self._button)
        self._options = QWidget()
        self._build_options(QHBoxLayout(self._options))
        self.column.setSpacing(SPACE // 2)
        self.column.addWidget(self._options)
        self.column.addWidget(self._stack, 1)

    def _build_options(self, row: QHBoxLayout) -> None:
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE)
        self.choosers = tuple(
            self._combo(f"searchPlotParameter{number}Combo", f"Hyperparameter {number} of the plot")
            for number in (1, 2)
        )
        self.figures = self._combo("searchPlotFigureCombo", "Figure of the curves")
        for figure, title in FIGURES.items():
            self.figures.addItem(title.split(" [")[0], figure)
        self.figures.setToolTip("Which figure of each epoch the curves show.")
        self._between = QLabel("over")
        self.logCheck = QCheckBox("Logarithmic")
        self.logCheck.setObjectName("searchPlotLogCheck")
        self.logCheck.setAccessibleName("Logarithmic axis of the figure")
        self.logCheck.setToolTip("Equal factors take equal heights: small losses come apart.")
        self.allButton = self._tool("searchPlotAllButton", "Show all", "Show all of the plot again")
        self.allButton.setToolTip("Back to all of it (double click).")
        row.addWidget(self.choosers[1])
        row.addWidget(self._between)
        row.addWidget(self.choosers[0])
        row.addWidget(self.figures)
        row.addWidget(self.logCheck)
        row.addStretch(1)
        row.addWidget(self.allButton)

    def _combo(self, name: str, spoken: str) -> QComboBox:
        combo = QComboBox()
        combo.setObjectName(name)
        combo.setAccessibleName(spoken)
        combo.setToolTip("Which hyperparameter the plot shows.")
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumContentsLength(19)
        return combo

    def _tool(self, name: str, text: str, spoken: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName(name)
        button.setText(text)
        button.setAccessibleName(spoken)
        return button

    def _connect(self) -> None:
        self.bar.currentChanged.connect(self._turn_to)
        for chooser in (*self.choosers, self.figures):
            chooser.activated.connect(self._choose)
        self.logCheck.toggled.connect(self._choose)
        self.allButton.clicked.connect(self._show_all)
        for chart in self.charts:
            chart.picked.connect(self.picked)
            chart.looked.connect(self._show_choosers)
            chart.painted.connect(self.painted)
        self._menu.saved.connect(self.saved)
        self._menu.failed.connect(self.failed)

    @property
    def chart(self) -> SearchChart:
        """The plot that is shown."""
        return self.charts[self.bar.currentIndex()]

    def turn_to(self, kind: type[SearchPicture]) -> None:
        """Show a plot."""
        self.bar.setCurrentIndex(PICTURES.index(kind))

    def show_view(self, view: SearchView | None) -> None:
        """Show a search as it is now; only the plot in sight is painted."""
        self._view = view
        names = [it.name for it in view.dimensions] if view is not None else []
        for number, chooser in enumerate(self.choosers):
            known = [chooser.itemData(at) for at in range(chooser.count())]
            if known == names:
                continue
            with QSignalBlocker(chooser):
                chosen = chooser.currentData()
                chooser.clear()
                for dimension in view.dimensions if view is not None else ():
                    chooser.addItem(dimension.label, dimension.name)
                at = chooser.findData(chosen)
                chooser.setCurrentIndex(at if at >= 0 else min(number, chooser.count() - 1))
        self._refresh()

    def show_picked(self, number: int | None) -> None:
        """Let the trial that a person looks at stand out in every plot."""
        for chart in self.charts:
            chart.show_picked(number)

    def forget_looks(self) -> None:
        """Another search is shown: what was enlarged or brushed was of the other one."""
        for chart in self.charts:
            chart.look_at_all()

    @Slot(int)
    def _turn_to(self, place: int) -> None:
        self._stack.setCurrentIndex(place)
        self._show_choosers()
        self._refresh()
        self.turned.emit()

    @Slot()
    def _show_choosers(self) -> None:
        chart = self.chart
        kind = chart.kind
        for number, chooser in enumerate(self.choosers):
            chooser.setVisible(number < kind.choosers)
        self._between.setVisible(kind.choosers == 2)
        self.figures.setVisible(kind.has_figures)
        has_log = chart.make_picture().has_log
        self.logCheck.setVisible(has_log)
        with QSignalBlocker(self.logCheck):
            self.logCheck.setChecked(chart.look.is_log)
        self.allButton.setVisible(chart.is_looked_into)
        has_options = bool(kind.choosers or kind.has_figures or has_log)
        self._options.setVisible(has_options or chart.is_looked_into)

    @Slot()
    def _choose(self) -> None:
        """Look at the plot as the choosers say; other axes mean another stretch of them."""
        chart = self.chart
        look = replace(chart.look, is_log=self.logCheck.isChecked())
        if chart.kind.has_figures:
            look = replace(look, figure=self.figures.currentData())
        if (look.is_log, look.figure) != (chart.look.is_log, chart.look.figure):
            look = replace(look, up=None)
        names = self._names(chart)
        if names != look.names:
            look = replace(look, names=names, across=None, up=None)
        chart.look_by(look)

    @Slot()
    def _show_all(self) -> None:
        self.chart.look_at_all()

    def _names(self, chart: SearchChart) -> tuple[str, ...]:
        chosen = [it.currentData() for it in self.choosers[: chart.kind.choosers]]
        return tuple(name for name in chosen if name)

    def _refresh(self) -> None:
        chart = self.chart
        if self._view is not None and not chart.look.figure:
            metric = self._view.spec.settings.objective.metric
            with QSignalBlocker(self.figures):
                self.figures.setCurrentIndex(self.figures.findData(f"validation_{metric}"))
        chart.show_view(self._view, self._names(chart))
        self._show_choosers()
