"""SearchRow: the fields of one hyperparameter of a search."""

from __future__ import annotations

from collections.abc import Set
from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from nngui.forms.marked_edit import MarkedEdit
from nngui.forms.note import Note
from nngui.forms.tooltips import tooltip_of
from nngui.forms.word_editors import NarrowCombo
from nngui.icons import icon
from nngui.viewmodels.search_choices import HIDDEN
from nngui.viewmodels.search_problems import CAPTIONS
from nngui.viewmodels.search_rows import MODES, PlanRow
from nngui.widgets.role_label import ElidedLabel

_REMOVE_SIZE = 22
_TIPS = {
    "values": "The values to try, separated by commas.",
    "low": "The smallest value, included.",
    "high": "The largest value, included.",
    "step": "The distance of neighboring values; may stay empty unless points are given.",
    "count": "How many values a sweep or a grid takes from the range.",
}


class SearchRow(QWidget):
    """One hyperparameter: its name, how its values are given, and these.

    Args:
        row: What it shows first.
        parent: Owner.

    Attributes:
        row: What is entered now.
    """

    changed = Signal(object)
    """The PlanRow as it is now."""
    removed = Signal(str)
    """The path of the row that shall go."""

    def __init__(self, row: PlanRow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.row = row
        self._is_grid = True
        self._edits: dict[str, MarkedEdit] = {}
        self._captions: dict[str, QLabel] = {}
        self._build()
        self._connect()
        self._show_fields()

    def _build(self) -> None:
        row, choice = self.row, self.row.choice
        stem = "search" + "".join(part.capitalize() for part in choice.path.split("."))
        label = ElidedLabel(choice.label, "text")
        label.setToolTip(f"<b>{choice.label}</b><br>{tooltip_of(choice.declared)}")
        self._mode = NarrowCombo()
        self._mode.setObjectName(f"{stem}ModeCombo")
        self._mode.setAccessibleName(f"How the values of {choice.label} are given")
        self._mode.setToolTip("A list, a range, or one fixed value.")
        self._mode.setFixedWidth(96)
        for mode, text in MODES.items():
            if choice.is_number or mode in ("list", "fixed"):
                self._mode.addItem(text, mode)
        self._mode.setCurrentIndex(self._mode.findData(row.mode))
        self._remove = QToolButton(autoRaise=True)
        self._remove.setObjectName(f"{stem}RemoveButton")
        self._remove.setAccessibleName(f"Don't vary {choice.label}")
        self._remove.setToolTip("Leave it as it is in the configuration.")
        self._remove.setIcon(icon("cross", role="muted"))
        self._remove.setFixedSize(_REMOVE_SIZE, _REMOVE_SIZE)
        self._note = Note(self)
        head, fields = QHBoxLayout(), QHBoxLayout()
        head.addWidget(label, 1)
        head.addWidget(self._mode)
        head.addWidget(self._remove)
        self._build_fields(stem, fields)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(3)
        column.addLayout(head)
        column.addLayout(fields)
        column.addWidget(self._note)

    def _build_fields(self, stem: str, fields: QHBoxLayout) -> None:
        choice = self.row.choice
        fields.setSpacing(4)
        self._words = QToolButton()
        self._words.setObjectName(f"{stem}WordsButton")
        self._words.setAccessibleName(f"Values of {choice.label}")
        self._words.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._words.setSizePolicy(
            self._words.sizePolicy().Policy.Ignored, self._words.sizePolicy().verticalPolicy()
        )
        self._menu = QMenu(self._words)
        self._words.setMenu(self._menu)
        if choice.words and not choice.is_number:
            for word, text in choice.words.items():
                action = self._menu.addAction(text)
                action.setCheckable(True)
                action.setChecked(word in self.row.words)
                action.setData(word)
            fields.addWidget(self._words, 1)
            return
        self._words.hide()
        for name, caption in CAPTIONS.items():
            edit = MarkedEdit(self.row.texts.get(name, ""))
            edit.setObjectName(f"{stem}{name.capitalize()}Edit")
            edit.setAccessibleName(f"{choice.label}: {caption}")
            is_structure = choice.path == HIDDEN and name == "values"
            edit.setToolTip(
                'Structures separated by semicolons, as in "32; 64, 32".'
                if is_structure
                else _TIPS[name]
            )
            edit.setMinimumWidth(36)
            self._edits[name] = edit
            self._captions[name] = QLabel(caption)
            fields.addWidget(self._captions[name])
            fields.addWidget(edit, 1)

    def _connect(self) -> None:
        self._mode.activated.connect(self._on_mode)
        self._remove.clicked.connect(lambda: self.removed.emit(self.row.choice.path))
        self._menu.triggered.connect(self._on_words)
        for name, edit in self._edits.items():
            edit.textEdited.connect(partial(self._on_typed, name))

    def set_grid(self, is_grid: bool) -> None:
        """Say whether points have to be given, which needs a field more on a log range."""
        self._is_grid = is_grid
        self._show_fields()

    def show_row(self, row: PlanRow) -> None:
        """Show other values of the same hyperparameter."""
        self._mode.setCurrentIndex(self._mode.findData(row.mode))
        for name, edit in self._edits.items():
            edit.setText(row.texts.get(name, ""))
        self.row = row
        self._tick(row.words)
        self._show_fields()

    def show_problem(self, text: str, fields: Set[str] = frozenset()) -> None:
        """Show what is wrong with it, or nothing.

        Args:
            text: A sentence.
            fields: The fields that are wrong.
        """
        self._note.show_text(text)
        for name, edit in self._edits.items():
            edit.set_faulty(name in fields)

    @property
    def problem(self) -> str:
        """What is said to be wrong with it."""
        return self._note.text()

    def _show_fields(self) -> None:
        mode = self.row.mode
        shown = {"list": ("values",), "fixed": ("values",), "linear": ("low", "high", "step")}
        spaced = ("low", "high", "count") if self._is_grid else ("low", "high")
        wanted = shown.get(mode, spaced)
        for name, edit in self._edits.items():
            edit.setVisible(name in wanted)
            self._captions[name].setVisible(name in wanted and name != "values")
        words = [self.row.choice.words.get(word, word) for word in self.row.words]
        text = ", ".join(words) or "none"
        metrics = self._words.fontMetrics()
        self._words.setText(metrics.elidedText(text, Qt.TextElideMode.ElideRight, 250))
        self._words.setToolTip(f"Tried: {text}")

    @Slot()
    def _on_mode(self) -> None:
        texts = dict(self.row.texts)
        mode = self._mode.currentData()
        if mode == "fixed" and len(self.row.words) > 1:
            self._tick(self.row.words[:1])
        row = PlanRow(self.row.choice, mode, texts, self.row.words)
        self._take(row)

    @Slot(object)
    def _on_words(self, action: object) -> None:
        chosen = [it.data() for it in self._menu.actions() if it.isChecked()]
        if self.row.mode == "fixed":
            chosen = [it.data() for it in self._menu.actions() if it is action]
        self._tick(tuple(chosen))
        self._take(self.row)

    def _tick(self, words: tuple[str, ...]) -> None:
        for action in self._menu.actions():
            action.setChecked(action.data() in words)
        self.row = PlanRow(self.row.choice, self.row.mode, self.row.texts, words)

    def _on_typed(self, name: str, text: str) -> None:
        self._take(self.row.with_text(name, text))

    def _take(self, row: PlanRow) -> None:
        self.row = row
        self._show_fields()
        self.changed.emit(row)
