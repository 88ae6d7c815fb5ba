"""SearchTrials: the table of trials, and what can be done with the one that is chosen."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from nncore.search.records import TrialRecord
from nngui.icons import icon
from nngui.theme import SPACE
from nngui.viewmodels.search_session import SearchModel
from nngui.viewmodels.search_table import TrialOrder, TrialTable
from nngui.widgets.card import Card
from nngui.widgets.curve_plot_export import FileSaver
from nngui.widgets.curve_plot_menu import ChoosePath, ask_where, with_ending

_ROW_HEIGHT = 24


class SearchTrials(Card):
    """All trials; the chosen one can be looked at, used and opened.

    Args:
        model: The search.
        choose_path: Asks where to save.
        parent: Owner.
    """

    picked = Signal(object)
    """The number of the trial that was chosen, None for none."""
    used = Signal(object)
    """The TrialRecord whose configuration shall go into the panels."""
    opened = Signal(object)
    """The Path of the network that shall be opened."""
    saved = Signal(str)
    """The path of a file that was written."""
    failed = Signal(str)
    """A sentence: a file could not be written."""

    def __init__(
        self,
        model: SearchModel,
        choose_path: ChoosePath = ask_where,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("Trials", parent)
        self._model = model
        self._choose_path = choose_path
        self.table = TrialTable(model, self)
        self.order = TrialOrder(self.table, self)
        self._build()
        self._connect()
        self._show_chosen()

    def _build(self) -> None:
        self.setObjectName("searchTrials")
        self.filter = QLineEdit()
        self.filter.setObjectName("searchFilterEdit")
        self.filter.setAccessibleName("Filter the trials")
        self.filter.setToolTip("Keep the rows that hold this text, as in pruned or relu.")
        self.filter.setPlaceholderText("Filter…")
        self.filter.setClearButtonEnabled(True)
        self.filter.setFixedWidth(110)
        self.lookButton = self._button("look", "Configuration…", "Show all of its settings.")
        self.useButton = self._button(
            "use", "Use", "Use this configuration: put it into the panels; Ctrl+Z goes back."
        )
        self.useButton.setText("Use this configuration")
        self.openButton = self._button(
            "open", "Open this network", "Put its weights into the Predict tab."
        )
        self.saveButton = self._button("csv", "CSV…", "Save the whole table as a CSV file.")
        self.saveButton.setIcon(icon("export"))
        self.header.addWidget(self.filter)
        self.header.addStretch(1)
        for button in (self.lookButton, self.useButton, self.openButton, self.saveButton):
            self.header.addWidget(button)
        self.header.setSpacing(SPACE // 2)
        self.rows = QTableView()
        self.rows.setObjectName("searchTable")
        self.rows.setAccessibleName("Trials of the search")
        self.rows.setModel(self.order)
        self.rows.setSortingEnabled(True)
        self.rows.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        self.rows.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.rows.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.rows.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.rows.setTabKeyNavigation(False)
        self.rows.setAlternatingRowColors(True)
        self.rows.setShowGrid(False)
        self.rows.setWordWrap(False)
        self.rows.verticalHeader().hide()
        self.rows.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        self.rows.setMinimumHeight(3 * _ROW_HEIGHT)
        header = self.rows.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setHighlightSections(False)
        header.setStretchLastSection(True)
        self.column.addWidget(self.rows, 1)
        self._saver = FileSaver(self)

    def _button(self, name: str, text: str, tip: str) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(f"search{name.capitalize()}Button")
        button.setAccessibleName(text)
        button.setToolTip(tip)
        return button

    def _connect(self) -> None:
        self.filter.textChanged.connect(self.order.setFilterFixedString)
        self.rows.selectionModel().currentRowChanged.connect(self._on_row)
        self.rows.doubleClicked.connect(self._look)
        self.lookButton.clicked.connect(self._look)
        self.useButton.clicked.connect(self._use)
        self.openButton.clicked.connect(self._open)
        self.saveButton.clicked.connect(self.save)
        self.table.modelReset.connect(self._show_chosen)
        self.table.columnsInserted.connect(self.fit)
        self.table.modelReset.connect(self.fit)
        self._model.trialsChanged.connect(self._show_chosen)
        self._saver.saved.connect(self.saved)
        self._saver.failed.connect(self.failed)

    @property
    def chosen(self) -> TrialRecord | None:
        """The trial that is chosen."""
        index = self.order.mapToSource(self.rows.currentIndex())
        if not index.isValid():
            return None
        return self._model.records.get(self.table.number_at(index.row()))

    @Slot(int)
    def choose(self, number: int) -> None:
        """Choose a trial by its number."""
        index = self.order.mapFromSource(self.table.index(self.table.row_of(number), 0))
        if index.isValid():
            flags = QItemSelectionModel.SelectionFlag
            choice = flags.ClearAndSelect | flags.Rows
            self.rows.selectionModel().setCurrentIndex(index, choice)
            self.rows.scrollTo(index)

    @Slot()
    def save(self) -> None:
        """Ask for a path and save the whole table there."""
        words = "Save the trials as CSV", "trials.csv", "Comma-separated values (*.csv)"
        chosen = self._choose_path(self, *words)
        if chosen:
            text = self.table.to_csv()
            self._saver.save(with_ending(chosen, "csv"), lambda: text)

    @Slot()
    def fit(self) -> None:
        """Give every column the width of its title and of a usual value."""
        metrics = self.rows.horizontalHeader().fontMetrics()
        for column, title in enumerate(self.table.headers):
            usual = {"State": "✓ completed ✓", "Validation": "97.95% ± 0.12%", "Time": "3 min 20 s"}
            least = metrics.horizontalAdvance(usual.get(title, "0.00"))
            wide = metrics.horizontalAdvance(title) + 2 * SPACE + 4
            self.rows.setColumnWidth(column, max(wide, least + 2 * SPACE))

    @Slot(QModelIndex, QModelIndex)
    def _on_row(self, _now: QModelIndex, _before: QModelIndex) -> None:
        self._show_chosen()
        chosen = self.chosen
        self.picked.emit(chosen.number if chosen is not None else None)

    @Slot()
    def _show_chosen(self) -> None:
        chosen = self.chosen
        has_config = chosen is not None and chosen.config is not None
        self.lookButton.setEnabled(has_config)
        self.useButton.setEnabled(has_config)
        self.openButton.setEnabled(chosen is not None and bool(chosen.weights))
        self.saveButton.setEnabled(bool(self._model.records))
        why = "The best trial’s network is kept; use this one’s configuration to train it again."
        usual = "Put its weights into the Predict tab."
        has_other = chosen is not None and not chosen.weights
        self.openButton.setToolTip(why if has_other else usual)

    @Slot()
    def _look(self) -> None:
        chosen = self.chosen
        if chosen is None or chosen.config is None:
            return
        dialog = QDialog(self)
        dialog.setObjectName("searchTrialDialog")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(f"Configuration of trial {chosen.number}")
        dialog.resize(460, 560)
        text = QPlainTextEdit(chosen.config.to_json())
        text.setReadOnly(True)
        text.setAccessibleName(dialog.windowTitle())
        column = QVBoxLayout(dialog)
        column.addWidget(text)
        row = QHBoxLayout()
        row.addStretch(1)
        close = QPushButton("Close")
        close.clicked.connect(dialog.accept)
        row.addWidget(close)
        column.addLayout(row)
        dialog.open()

    @Slot()
    def _use(self) -> None:
        chosen = self.chosen
        if chosen is not None and chosen.config is not None:
            self.used.emit(chosen)

    @Slot()
    def _open(self) -> None:
        chosen = self.chosen
        if chosen is not None and chosen.weights:
            self.opened.emit(Path(chosen.weights[0]))
