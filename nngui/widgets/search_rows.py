"""TrialRows: the view of the table of trials, which the keyboard sorts too."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from nngui.widgets.search_state_sign import StateSign

_ROW_HEIGHT = 24


class TrialRows(QTableView):
    """One trial can be chosen at a time; S sorts by the column of the focus."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("searchTable")
        self.setAccessibleName("Trials of the search")
        self.setToolTip(
            "Click a trial to choose it, a title to sort by it. Keys: Enter shows all of its "
            "settings, S sorts by the column of the focus."
        )
        self.setItemDelegate(StateSign(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMinimumHeight(3 * _ROW_HEIGHT)
        down, across = self.verticalHeader(), self.horizontalHeader()
        down.hide()
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down.setDefaultSectionSize(_ROW_HEIGHT)
        across.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        across.setHighlightSections(False)
        # Whoever sorts wants to see what comes first.
        across.sectionClicked.connect(self.scrollToTop)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        column, header = self.currentIndex().column(), self.horizontalHeader()
        has_modifier = event.modifiers() != Qt.KeyboardModifier.NoModifier
        if event.key() != Qt.Key.Key_S or has_modifier or column < 0:
            super().keyPressEvent(event)
            return
        order = Qt.SortOrder.AscendingOrder
        if (header.sortIndicatorSection(), header.sortIndicatorOrder()) == (column, order):
            order = Qt.SortOrder.DescendingOrder
        self.sortByColumn(column, order)
