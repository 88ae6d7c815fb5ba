"""SearchPlots: the plots of a search, one at a time, with what they show and their exports."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QMenu,
    QStackedWidget,
    QTabBar,
    QToolButton,
    QWidget,
)

from nngui.icons import icon
from nngui.viewmodels.search_view import SearchView
from nngui.widgets import curve_plot_export as export
from nngui.widgets.card import Card
from nngui.widgets.curve_plot_exporter import PICTURE_SCALE
from nngui.widgets.curve_plot_menu import FORMATS, ChoosePath, ask_where, with_ending
from nngui.widgets.search_chart import SearchChart
from nngui.widgets.search_charts import CurvesChart, HistoryChart, SliceChart
from nngui.widgets.search_heat_map import HeatMapChart
from nngui.widgets.search_parallel import ParallelChart

CHARTS: tuple[type[SearchChart], ...] = (
    HistoryChart,
    SliceChart,
    HeatMapChart,
    CurvesChart,
    ParallelChart,
)


class SearchPlots(Card):
    """A card with all plots of a search.

    Args:
        choose_path: Asks where to save.
        parent: Owner.
    """

    picked = Signal(int)
    """A person clicked at the trial of this number."""
    saved = Signal(str)
    """The path of a file that was written."""
    failed = Signal(str)
    """A sentence: a file could not be written."""

    def __init__(self, choose_path: ChoosePath = ask_where, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._choose_path = choose_path
        self._view: SearchView | None = None
        self._build()
        self._connect()
        self._show_choosers()

    def _build(self) -> None:
        self.setObjectName("searchPlots")
        self.bar = QTabBar()
        self.bar.setObjectName("searchPlotBar")
        self.bar.setAccessibleName("Which plot is shown")
        self.bar.setDrawBase(False)
        self.bar.setExpanding(False)
        self.bar.setUsesScrollButtons(False)
        self.bar.setElideMode(Qt.TextElideMode.ElideNone)
        self.charts = tuple(kind() for kind in CHARTS)
        self._stack = QStackedWidget()
        for chart in self.charts:
            self.bar.addTab(chart.title)
            self._stack.addWidget(chart)
        self.choosers = (QComboBox(), QComboBox())
        self._between = QLabel("over")
        for number, chooser in enumerate(self.choosers):
            chooser.setObjectName(f"searchPlotParameter{number + 1}Combo")
            chooser.setAccessibleName(f"Hyperparameter {number + 1} of the plot")
            chooser.setToolTip("Which hyperparameter the plot shows.")
            chooser.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            chooser.setMinimumContentsLength(7)
        self._button = QToolButton(autoRaise=True)
        self._button.setObjectName("searchPlotMenuButton")
        self._button.setAccessibleName("Export the plot")
        self._button.setToolTip("Save the plot as a picture, or copy it.")
        self._button.setIcon(icon("export"))
        self._button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self)
        self._menu.setObjectName("searchPlotMenu")
        self._button.setMenu(self._menu)
        self.header.addWidget(self.bar)
        self.header.addStretch(1)
        self.header.addWidget(self.choosers[1])
        self.header.addWidget(self._between)
        self.header.addWidget(self.choosers[0])
        self.header.addWidget(self._button)
        self.column.addWidget(self._stack, 1)
        self._saver = export.FileSaver(self)

    def _connect(self) -> None:
        self.bar.currentChanged.connect(self._turn_to)
        for chooser in self.choosers:
            chooser.activated.connect(self._refresh)
        for chart in self.charts:
            chart.picked.connect(self.picked)
        for ending in ("png", "svg"):
            action = self._menu.addAction(FORMATS[ending][0])
            action.setObjectName(f"searchPlot{ending.capitalize()}Action")
            action.triggered.connect(partial(self.export, ending))
        self._menu.addAction("Copy picture").triggered.connect(self._copy)
        self._saver.saved.connect(self.saved)
        self._saver.failed.connect(self.failed)

    @property
    def chart(self) -> SearchChart:
        """The plot that is shown."""
        return self.charts[self.bar.currentIndex()]

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

    @Slot(str)
    def export(self, ending: str) -> None:
        """Ask for a path and save the plot in sight there, as "png" or "svg"."""
        title, file_filter, _ = FORMATS[ending]
        chart = self.chart
        name = f"search-{chart.title.lower().replace(' ', '-')}.{ending}"
        chosen = self._choose_path(self, title.rstrip("…"), name, file_filter)
        if not chosen:
            return
        path = with_ending(chosen, ending)
        if ending == "svg":
            words = f"Search: {chart.title}"
            picture = export.svg_bytes(
                chart.paint_picture, chart.size(), chart.logicalDpiX(), words
            )
            self._saver.save(path, lambda: picture)
        else:
            image = export.draw_image(chart.paint_picture, chart.size(), PICTURE_SCALE)
            self._saver.save(path, partial(export.png_bytes, image))

    @Slot()
    def _copy(self) -> None:
        chart = self.chart
        image = export.draw_image(chart.paint_picture, chart.size(), PICTURE_SCALE)
        QGuiApplication.clipboard().setImage(image)

    @Slot(int)
    def _turn_to(self, place: int) -> None:
        self._stack.setCurrentIndex(place)
        self._show_choosers()
        self._refresh()

    def _show_choosers(self) -> None:
        wanted = self.chart.choosers
        for number, chooser in enumerate(self.choosers):
            chooser.setVisible(number < wanted)
        self._between.setVisible(wanted == 2)

    @Slot()
    def _refresh(self) -> None:
        chart = self.chart
        chosen = [it.currentData() for it in self.choosers[: chart.choosers]]
        chart.show_view(self._view, [name for name in chosen if name])
