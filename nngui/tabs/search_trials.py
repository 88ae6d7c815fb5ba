"""SearchTrials: the table of trials, and what can be done with the one that is chosen."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from nncore.search.records import TrialRecord
from nngui.icons import icon
from nngui.tabs.search_trial_dialog import SearchTrialDialog
from nngui.theme import SPACE
from nngui.viewmodels.search_session import SearchModel
from nngui.viewmodels.search_table import TrialTable
from nngui.widgets.card import Card
from nngui.widgets.curve_plot_export import FileSaver
from nngui.widgets.curve_plot_menu import ChoosePath, ask_where, with_ending
from nngui.widgets.search_rows import TrialRows

_FILTER_MS = 150
_USUAL = {"State": "✓✓ completed", "Validation": "97.95% ± 0.12%", "Time": "3 min 20 s"}
"""Texts for which the columns have room."""


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
        self._number: int | None = None
        self.table = TrialTable(model, self)
        self.dialog = SearchTrialDialog(self)
        self._build()
        self._connect()
        self._after_reset()

    def _build(self) -> None:
        self.setObjectName("searchTrials")
        self.filter = QLineEdit()
        self.filter.setObjectName("searchFilterEdit")
        self.filter.setAccessibleName("Filter the trials")
        self.filter.setToolTip("Keep the rows that hold this text, as in pruned or relu.")
        self.filter.setPlaceholderText("Filter…")
        self.filter.setClearButtonEnabled(True)
        self.filter.setFixedWidth(110)
        self._filter_soon = QTimer(self, singleShot=True, interval=_FILTER_MS)
        self.lookButton = self._button(
            "look", "Configuration…", "Show all of its settings (Enter in the table)."
        )
        self.useButton = self._button(
            "use", "Use this configuration", "Put it into the panels; Ctrl+Z takes it back."
        )
        self.openButton = self._button("open", "Open this network", "")
        self.saveButton = self._button("csv", "CSV…", "Save the whole table as a CSV file.")
        self.saveButton.setIcon(icon("export"))
        self.header.addWidget(self.filter)
        self.header.addStretch(1)
        for button in (self.lookButton, self.useButton, self.openButton, self.saveButton):
            self.header.addWidget(button)
        self.header.setSpacing(SPACE // 2)
        self.rows = TrialRows()
        self.rows.setModel(self.table)
        self.rows.setSortingEnabled(True)
        self.rows.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        self.column.addWidget(self.rows, 1)
        self._saver = FileSaver(self)

    def _button(self, name: str, text: str, tip: str) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(f"search{name.capitalize()}Button")
        button.setAccessibleName(text)
        button.setToolTip(tip)
        return button

    def _connect(self) -> None:
        self.filter.textChanged.connect(self._filter_soon.start)
        self._filter_soon.timeout.connect(self._filter)
        self.rows.selectionModel().currentRowChanged.connect(self._on_row)
        self.rows.activated.connect(self.look)
        self.lookButton.clicked.connect(self.look)
        self.useButton.clicked.connect(self._use)
        self.openButton.clicked.connect(self._open)
        self.dialog.used.connect(self._use)
        self.dialog.opened.connect(self._open)
        self.saveButton.clicked.connect(self.save)
        self.table.modelReset.connect(self._after_reset)
        self._model.studyChanged.connect(self._forget)
        self._model.trialsChanged.connect(self._show_chosen)
        self._model.trialsChanged.connect(self._show_remarks)
        self._model.networks.told.connect(self._show_chosen)
        self._saver.saved.connect(self.saved)
        self._saver.failed.connect(self.failed)

    @property
    def chosen(self) -> TrialRecord | None:
        """The trial that is chosen."""
        return None if self._number is None else self._model.records.get(self._number)

    @Slot(int)
    def choose(self, number: int) -> None:
        """Choose a trial by its number, in the table too if the filter lets it be there."""
        index = self.table.index(self.table.row_of(number), 0)
        if index.isValid():
            flags = QItemSelectionModel.SelectionFlag
            choice = flags.ClearAndSelect | flags.Rows
            self.rows.selectionModel().setCurrentIndex(index, choice)
            self.rows.scrollTo(index)
        if number in self._model.records:
            self._take(number)

    @Slot()
    def save(self) -> None:
        """Ask for a path and save the whole table there."""
        words = "Save the trials as CSV", "trials.csv", "Comma-separated values (*.csv)"
        chosen = self._choose_path(self, *words)
        if chosen:
            self._saver.save(with_ending(chosen, "csv"), self.table.saving())

    @Slot()
    def look(self) -> None:
        """Show all about the chosen trial; that stays open while another one is chosen."""
        if self.chosen is not None:
            self._show_chosen()
            self._tell_dialog()
            if not self.dialog.isVisible():
                self._place_dialog()
            self.dialog.show()

    def _place_dialog(self) -> None:
        """Put it beside the plots and the table, so that the next trial can be clicked."""
        self.dialog.adjustSize()
        corner = self.window().mapToGlobal(QPoint(0, 0))
        left = self.mapToGlobal(QPoint(0, 0)).x() - self.dialog.width() - SPACE
        top = corner.y() + (self.window().height() - self.dialog.height()) // 2
        screen = self.screen().availableGeometry()
        self.dialog.move(max(left, screen.left()), max(top, screen.top()))

    @Slot()
    def _filter(self) -> None:
        self.table.set_filter(self.filter.text())

    @Slot()
    def _after_reset(self) -> None:
        """Give every column the width of its title and of a usual value; choose again."""
        metrics = self.rows.horizontalHeader().fontMetrics()
        for column in range(self.table.columnCount()):
            self.rows.setColumnHidden(column, False)
        for column, title in enumerate(self.table.headers[:-1]):
            least = metrics.horizontalAdvance(_USUAL.get(title, "0.00"))
            wide = metrics.horizontalAdvance(title) + 2 * SPACE + 4
            self.rows.setColumnWidth(column, max(wide, least + 2 * SPACE))
        if self._number is not None:
            self.choose(self._number)
        self._show_chosen()
        self._show_remarks()

    @Slot()
    def _show_remarks(self) -> None:
        """Show the column of remarks once there are any, or to fill the room that is left."""
        header, last = self.rows.horizontalHeader(), self.table.columnCount() - 1
        others = sum(header.sectionSize(column) for column in range(last))
        room = self.rows.viewport().width() - others
        is_shown = self.table.has_remarks or room >= header.sectionSizeHint(last)
        if self.rows.isColumnHidden(last) is is_shown:
            # Hidden while it is stretched it would still count.
            header.setStretchLastSection(False)
            self.rows.setColumnHidden(last, not is_shown)
        header.setStretchLastSection(is_shown)

    @Slot()
    def _forget(self) -> None:
        """Another study is shown."""
        self.dialog.hide()
        self._take(None)

    @Slot(QModelIndex, QModelIndex)
    def _on_row(self, now: QModelIndex, _before: QModelIndex) -> None:
        if now.isValid():
            self._take(self.table.number_at(now.row()))

    def _take(self, number: int | None) -> None:
        if number != self._number:
            self._number = number
            self._show_chosen()
            self.picked.emit(number)

    @Slot()
    def _show_chosen(self) -> None:
        chosen = self.chosen
        has_config = chosen is not None and chosen.config is not None
        self.lookButton.setEnabled(chosen is not None)
        self.useButton.setEnabled(has_config)
        self.saveButton.setEnabled(bool(self._model.records))
        is_busy = self._model.networks.is_busy
        self.openButton.setText("Stop opening" if is_busy else "Open this network")
        is_completed = chosen is not None and chosen.state == "completed"
        self.openButton.setEnabled(is_busy or is_completed)
        self.openButton.setToolTip(
            "Go to the Predict tab with its weights. Those of the best trial are kept; another "
            "trial is trained again first, with the same seed and so to the same weights."
            if is_completed or chosen is None
            else "Only a completed trial has a network."
        )
        if self.dialog.isVisible():
            self._tell_dialog()

    def _tell_dialog(self) -> None:
        book, chosen = self._model.book, self.chosen
        if book is not None and chosen is not None:
            self.dialog.show_trial(chosen, book.view())

    @Slot()
    def _use(self) -> None:
        chosen = self.chosen
        if chosen is not None and chosen.config is not None:
            self.used.emit(chosen)

    @Slot()
    def _open(self) -> None:
        chosen, networks = self.chosen, self._model.networks
        if networks.is_busy:
            networks.cancel()
        elif chosen is not None and chosen.state == "completed":
            self._model.open_network(chosen.number)
