"""SearchTrialDialog: everything about one trial, beside the window."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from nncore.search.records import TrialRecord
from nngui.number_words import duration
from nngui.theme import SPACE
from nngui.viewmodels.search_view import SearchView, epochs_of


class SearchTrialDialog(QDialog):
    """The trial that is chosen; it stays open while another one is chosen.

    Args:
        parent: Owner.
    """

    used = Signal()
    """Its configuration shall go into the panels."""
    opened = Signal()
    """Its network shall be opened."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.number: int | None = None
        self._build()
        self._connect()

    def _build(self) -> None:
        self.setObjectName("searchTrialDialog")
        self.setAccessibleName("Configuration of the trial")
        self.facts = QLabel()
        self.facts.setObjectName("searchTrialFactsLabel")
        self.facts.setTextFormat(Qt.TextFormat.RichText)
        self.facts.setWordWrap(True)
        self.facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.text = QPlainTextEdit()
        self.text.setObjectName("searchTrialText")
        self.text.setAccessibleName("Whole configuration")
        self.text.setToolTip("The whole configuration, as File, Save configuration writes it.")
        self.text.setReadOnly(True)
        self.useButton = self._button(
            "searchTrialUseButton", "Use this configuration", "Put it into the panels."
        )
        self.openButton = self._button(
            "searchTrialOpenButton", "Open this network", "Put its weights into the Predict tab."
        )
        self.closeButton = self._button("searchTrialCloseButton", "Close", "Close this (Esc).")
        row = QHBoxLayout()
        row.addWidget(self.useButton)
        row.addWidget(self.openButton)
        row.addStretch(1)
        row.addWidget(self.closeButton)
        column = QVBoxLayout(self)
        column.setSpacing(SPACE)
        column.addWidget(self.facts)
        column.addWidget(self.text, 1)
        column.addLayout(row)

    def _button(self, name: str, text: str, tip: str) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setAccessibleName(text)
        button.setToolTip(tip)
        button.setAutoDefault(False)
        return button

    def _connect(self) -> None:
        self.useButton.clicked.connect(self.used)
        self.openButton.clicked.connect(self.opened)
        self.closeButton.clicked.connect(self.accept)

    @Slot(object, object)
    def show_trial(self, record: TrialRecord, view: SearchView) -> None:
        """Show a trial as it is now."""
        self.setWindowTitle(f"Trial {record.number}")
        self.facts.setText(facts_html(record, view))
        if record.number != self.number:
            self.number = record.number
            config = record.config
            self.text.setPlainText(config.to_json() if config else "It has no configuration yet.")
        self.useButton.setEnabled(record.config is not None)
        self.openButton.setEnabled(record.state == "completed")

    def sizeHint(self) -> QSize:
        return QSize(480, 600)


def facts_html(record: TrialRecord, view: SearchView) -> str:
    """What is to be known about a trial, as a table."""
    rows = [("State", record.state), (view.value_title.split(" [")[0], view.value_words(record))]
    if len(record.runs) > 1:
        values = [view.text(run.value) for run in record.runs if run.value is not None]
        rows.append(("Each seed", ", ".join(values)))
    rows += view.chosen(record)
    epochs = epochs_of(record)
    time = f" in {duration(record.seconds)}" if record.seconds else ""
    rows.append(("Trained", f"{epochs:,} {'epoch' if epochs == 1 else 'epochs'}{time}"))
    if record.reason:
        rows.append(("Remark", record.reason))
    cells = "".join(
        f"<tr><td>{escape(name)}&nbsp;&nbsp;</td><td><b>{escape(text)}</b></td></tr>"
        for name, text in rows
    )
    return f"<table cellpadding='2'>{cells}</table>"
