"""What a network reaches on a whole set: key figures, confusion matrix, each class, calibration."""

from __future__ import annotations

import math
from collections.abc import Mapping

from PySide6.QtCore import QModelIndex, QSize, QSortFilterProxyModel, Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QStackedLayout,
    QTableView,
    QWidget,
)

from nncore.evaluation import Evaluation
from nngui.answers import percent
from nngui.theme import SPACE
from nngui.viewmodels.class_table import COLUMNS, SORT_ROLE, ClassTable
from nngui.viewmodels.sample_predictions import Verdict
from nngui.viewmodels.samples import Samples
from nngui.widgets.confusion_map import ConfusionMap
from nngui.widgets.key_figures import Figure, FigureSpec
from nngui.widgets.reliability_chart import ReliabilityChart
from nngui.widgets.role_label import RoleLabel

ACCURACY = FigureSpec("setAccuracy", "Accuracy", "", "The share of the images that is right.")
TOP = FigureSpec(
    "setTop",
    "Among the first 3",
    "",
    "The share of the images whose true class is among the classes that the network thinks most\n"
    "probable (top-k accuracy). With as many guesses as classes nothing would be wrong.",
)
LOSS = FigureSpec(
    "setLoss", "Mean loss", "", "The mean of the loss that was trained with, over the images."
)
CALIBRATION = FigureSpec(
    "setCalibration",
    "Calibration error",
    "",
    "How far confidence and accuracy lie apart on average (expected calibration error, 15 ranges,\n"
    "Guo et al. 2017). At 0 the network is right 9 times of 10 when it is 90 % sure.",
)
_ROW_HEIGHT = 23
_SHOWN_TOP = 3
_USUAL = "98.0 %"
"""What most cells of the table hold, which sets how wide they are."""


class EvaluationView(QWidget):
    """Follows the predictions of `Samples`.

    Args:
        samples: Whose predictions are summed up.
        parent: Owner.
    """

    imagesWanted = Signal(object, object, object)
    """Images of a Verdict, a true class and a predicted class (None for any) are wanted."""

    def __init__(self, samples: Samples, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._samples = samples
        self._shown: Evaluation | None = None
        self._build()
        self._connect()
        self._show()

    def _build(self) -> None:
        self.setObjectName("evaluationView")
        self.map = ConfusionMap()
        self.table = ClassTable(self)
        self.order = QSortFilterProxyModel(self)
        self.order.setSourceModel(self.table)
        self.order.setSortRole(SORT_ROLE)
        self.rows = self._table_view()
        self.figures = {spec.key: Figure(spec) for spec in (ACCURACY, TOP, LOSS, CALIBRATION)}
        self.chart = ReliabilityChart()
        beside = QGridLayout()
        beside.setSpacing(SPACE)
        for place, figure in enumerate(self.figures.values()):
            beside.addWidget(figure, place // 2, place % 2)
        beside.addWidget(self.chart, 2, 0, 1, 2)
        beside.setRowStretch(2, 1)
        content = QWidget()
        row = QHBoxLayout(content)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * SPACE)
        row.addWidget(self.map, 15)
        row.addWidget(self.rows, 13)
        row.addLayout(beside, 13)
        self.reason = RoleLabel()
        self.reason.setObjectName("evaluationReasonLabel")
        self.reason.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.reason.setWordWrap(True)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(content)
        self._stack.addWidget(self.reason)

    def _table_view(self) -> QTableView:
        rows = QTableView()
        rows.setObjectName("classTable")
        rows.setAccessibleName("Figures of each class")
        rows.setToolTip("Double-click a class to see its mistakes; click a title to sort.")
        rows.setModel(self.order)
        rows.setSortingEnabled(True)
        rows.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        rows.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        rows.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        rows.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        rows.setTabKeyNavigation(False)
        rows.setAlternatingRowColors(True)
        rows.setShowGrid(False)
        rows.setFrameShape(QFrame.Shape.NoFrame)
        rows.setWordWrap(False)
        rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        rows.verticalHeader().hide()
        rows.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        header = rows.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        width = header.fontMetrics().horizontalAdvance
        rest = 0
        for column, (title, _) in enumerate(COLUMNS[1:], start=1):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            rows.setColumnWidth(column, max(width(title), width(_USUAL)) + 2 * SPACE)
            rest += rows.columnWidth(column)
        bar = rows.verticalScrollBar().sizeHint().width()
        rows.setMinimumWidth(rest + width(COLUMNS[0][0]) + 3 * SPACE + bar)
        return rows

    def _connect(self) -> None:
        self._samples.predictionsChanged.connect(self._show)
        self._samples.setChanged.connect(self._show)
        self._samples.stateChanged.connect(self._show)
        self.map.chosen.connect(self._ask_for_cell)
        self.rows.activated.connect(self._ask_for_class)

    @Slot(int, int)
    def _ask_for_cell(self, true: int, predicted: int) -> None:
        self.imagesWanted.emit(Verdict.ALL, true, predicted)

    @Slot(QModelIndex)
    def _ask_for_class(self, index: QModelIndex) -> None:
        self.imagesWanted.emit(Verdict.WRONG, self.order.mapToSource(index).row(), None)

    @Slot()
    def _show(self) -> None:
        """Show what is new, unless nobody looks: then it is shown when somebody does."""
        predictions = self._samples.predictions
        found = predictions.evaluation if predictions is not None else None
        self.reason.setText(self._samples.summary)
        self._stack.setCurrentIndex(1 if found is None else 0)
        if found is self._shown or not self.isVisible():
            return
        self._shown = found
        samples = self._samples.samples
        names = samples.class_names if samples is not None else ()
        self.map.show_counts(found.confusion if found is not None else None, names)
        self.table.show_figures(found.per_class if found is not None else (), names)
        self.chart.show_calibration(found.calibration if found is not None else None)
        if found is not None:
            self._show_figures(found)

    def _show_figures(self, found: Evaluation) -> None:
        wrong = found.samples - round(found.accuracy * found.samples)
        untrained = "" if self._samples.trained else "untrained"
        self.figures["setAccuracy"].show_value(
            percent(found.accuracy, 2), untrained or f"{wrong:,} wrong"
        )
        self._show_top(found.top)
        is_known = math.isfinite(found.loss + found.calibration.error)
        self.figures["setLoss"].show_value(f"{found.loss:.4f}" if is_known else "–")
        error = percent(found.calibration.error, 2) if is_known else "–"
        self.figures["setCalibration"].show_value(error, "0 is best")

    def _show_top(self, top: Mapping[int, float]) -> None:
        """Show the figure of three guesses, and of the most beside it; the tooltip tells all."""
        told = [f"{k} guesses: {percent(share, 2)}" for k, share in top.items()]
        self.figures["setTop"].setToolTip("\n".join((TOP.hint, *told)))
        most = max(top, default=0)
        more = f"first {most}: {percent(top[most], 1)}" if most > _SHOWN_TOP else ""
        text = percent(top[_SHOWN_TOP], 2) if _SHOWN_TOP in top else "–"
        self.figures["setTop"].show_value(text, more)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show()

    def sizeHint(self) -> QSize:
        return QSize(880, 300)

    def minimumSizeHint(self) -> QSize:
        return QSize(600, 200)
