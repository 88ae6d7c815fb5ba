"""The lower half of the Predict tab: the images of a set and one of them, or what they come to."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from nngui.tabs.prediction_detail import SampleDetail
from nngui.tabs.prediction_evaluation import EvaluationView
from nngui.tabs.prediction_filters import SampleFilters
from nngui.theme import SPACE
from nngui.viewmodels.sample_list import SampleList
from nngui.viewmodels.sample_predictions import Verdict
from nngui.viewmodels.samples import Samples
from nngui.widgets.card import Card
from nngui.widgets.role_label import ElidedLabel, RoleLabel
from nngui.widgets.sample_grid import SampleGrid


class SamplesPane(QWidget):
    """A card with the images of a set, beside it the one that was clicked; or the set evaluated.

    Both are about the same set and the same predictions; two buttons change between them.
    """

    toPadWanted = Signal(object)
    """The pixels (rows, columns) of a sample are wanted on the draw pad."""

    def __init__(self, samples: Samples, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._samples = samples
        self._build()
        self._connect()
        self._show_state()

    def _build(self) -> None:
        self._list = SampleList(self._samples, self)
        self.grid = SampleGrid(self._list)
        self.filters = SampleFilters(self._samples)
        self.detail = SampleDetail(self._samples)
        self.summary = ElidedLabel(role="text")
        self.summary.setObjectName("sampleSummaryLabel")
        self.shown = RoleLabel()
        self.shown.setObjectName("sampleShownLabel")
        self.card = Card()
        self.card.header.addWidget(self.filters.setCombo)
        self.card.header.addWidget(self.summary, 1)
        self.card.header.addWidget(self.shown)
        self._build_buttons()
        images = QWidget()
        column = QVBoxLayout(images)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        column.addWidget(self.filters)
        column.addWidget(self.grid, 1)
        self.evaluation = EvaluationView(self._samples)
        self.pages = QStackedWidget()
        self.pages.addWidget(images)
        self.pages.addWidget(self.evaluation)
        self.card.column.addWidget(self.pages, 1)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setObjectName("sampleSplitter")
        self.splitter.setHandleWidth(SPACE)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.card)
        self.splitter.addWidget(self.detail)
        self.splitter.setStretchFactor(0, 5)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([640, 270])
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.splitter)

    def _build_buttons(self) -> None:
        self.imagesButton, self.evaluationButton = QToolButton(), QToolButton()
        self.imagesButton.setText("Images")
        self.evaluationButton.setText("Evaluation")
        tips = (
            "The images themselves, with what the network says about each.",
            "What the network reaches on all images of the set: accuracy, top-3 accuracy, "
            "confusion matrix, the figures of each class, and whether its confidence can be "
            "believed.",
        )
        self._page_buttons = QButtonGroup(self)
        for place, button in enumerate((self.imagesButton, self.evaluationButton)):
            button.setObjectName(("sampleImagesButton", "sampleEvaluationButton")[place])
            button.setAccessibleName(f"Show the {button.text().lower()}")
            button.setToolTip(tips[place])
            button.setProperty("role", "segment")
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.setCheckable(True)
            self._page_buttons.addButton(button, place)
            self.card.header.addWidget(button)
        self.imagesButton.setChecked(True)

    def _connect(self) -> None:
        self._samples.stateChanged.connect(self._show_state)
        self._samples.setChanged.connect(self._go_to_start)
        self._samples.rowsChanged.connect(self._find_current)
        self.filters.columnsChanged.connect(self._set_columns)
        self.grid.selectionModel().currentChanged.connect(self._choose)
        self.detail.toPadWanted.connect(self.toPadWanted)
        self._page_buttons.idToggled.connect(self._show_page)
        self.evaluation.imagesWanted.connect(self._show_images)

    @Slot()
    def _show_state(self) -> None:
        self.summary.setText(self._samples.summary)
        is_grid = self.pages.currentIndex() == 0
        self.shown.setText(self._samples.shown if is_grid else "")
        self.grid.setEmptyText(self._samples.why_empty)

    @Slot(int, bool)
    def _show_page(self, page: int, is_chosen: bool) -> None:
        if is_chosen:
            self.pages.setCurrentIndex(page)
            self.detail.setVisible(page == 0)
            self._show_state()

    @Slot(object, object, object)
    def _show_images(
        self, verdict: Verdict, true_class: int | None, predicted_class: int | None
    ) -> None:
        """Go from a figure to the images behind it."""
        self.filters.choose(verdict, true_class, predicted_class)
        self.imagesButton.setChecked(True)
        self.grid.setFocus()

    @Slot()
    def _go_to_start(self) -> None:
        self.grid.scrollToTop()

    @Slot()
    def _find_current(self) -> None:
        """Mark the sample looked at where it stands now, without scrolling to it."""
        row = self._samples.row_of(self._samples.current)
        selection = self.grid.selectionModel()
        if row >= 0:
            flags = selection.SelectionFlag.ClearAndSelect
            with QSignalBlocker(selection):
                selection.setCurrentIndex(self._list.index(row), flags)

    @Slot(int)
    def _set_columns(self, columns: int) -> None:
        self.grid.setFixedColumns(columns or None)

    @Slot(QModelIndex, QModelIndex)
    def _choose(self, current: QModelIndex, previous: QModelIndex) -> None:
        if current.isValid():
            self._samples.set_current(int(self._samples.rows[current.row()]))

    def sizeHint(self) -> QSize:
        return QSize(880, 330)

    def minimumSizeHint(self) -> QSize:
        return QSize(640, 240)
