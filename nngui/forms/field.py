"""Field: one hyperparameter on the screen: label, editor, way back, what is wrong."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QToolButton, QWidget

from nncore.component import Hyperparameter
from nngui.forms.binding import Binding
from nngui.forms.editor import Editor
from nngui.forms.names import spoken_at, stem_at
from nngui.forms.note import Note
from nngui.icons import icon
from nngui.viewmodels.config_store import ConfigStore
from nngui.viewmodels.config_words import value_in_words

MARK_SIZE = 20
"""Width of the column with the way back or the lock [pixels]."""
LABEL_GAP = 6


class Field(QWidget):
    """A row of a form, bound to one path of the store.

    Args:
        store: What is edited.
        path: Where; for a component family the path of its `kind`.
        declared: What is known about it.
        stem: Stem of the object names; by the design's rule when empty.
        parent: Owner.
    """

    def __init__(
        self,
        store: ConfigStore,
        path: str,
        declared: Hyperparameter,
        stem: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._binding = Binding(store, path, declared, self)
        self._spoken = spoken_at(path, declared)
        self._marked: tuple[str, bool] | None = None
        self._build(stem or stem_at(path, declared))
        self._connect()
        self.refresh()

    def _build(self, stem: str) -> None:
        self._binding.set_name(stem)
        self._binding.set_spoken(self._spoken)
        self._label = QLabel(self._binding.declared.label, self)
        self._label.setBuddy(self.editor.main)
        self._mark = QToolButton(self)
        self._mark.setObjectName(f"{stem}Reset")
        self._mark.setAutoRaise(True)
        self._mark.setFixedSize(MARK_SIZE, MARK_SIZE)
        self._mark.setIconSize(QSize(14, 14))
        self._note = Note(self)
        self._note.setObjectName(f"{stem}Note")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(LABEL_GAP)
        grid.setVerticalSpacing(0)
        middle = Qt.AlignmentFlag.AlignVCenter
        grid.addWidget(self._label, 0, 0, middle)
        grid.addWidget(self.editor, 0, 1)
        grid.addWidget(self._mark, 0, 2, middle)
        grid.addWidget(self._note, 1, 1, 1, 2)
        grid.setColumnStretch(1, 1)
        grid.setColumnMinimumWidth(2, MARK_SIZE)

    def _connect(self) -> None:
        self._mark.clicked.connect(self._on_reset)

    @property
    def path(self) -> str:
        """Where in the configuration the field stands."""
        return self._binding.path

    @property
    def editor(self) -> Editor:
        """The editor; its `main` carries the object name."""
        return self._binding.editor

    @property
    def label_width(self) -> int:
        """How wide the label would like to be [pixels]."""
        return self._label.sizeHint().width()

    def set_label_width(self, width: int) -> None:
        """Give the label a width, so that the editors of a panel stand in line."""
        self._label.setFixedWidth(width)

    @property
    def note(self) -> str:
        """The reason shown beneath the field, "" when its value can be used."""
        return "" if self._note.isHidden() else self._note.text()

    @Slot()
    def refresh(self) -> None:
        """Show the store's value, problem and lock for this path."""
        self._binding.refresh()
        self._label.setEnabled(not self._binding.locked)
        self._label.setToolTip(self.editor.toolTip())
        self._note.show_text(self._binding.reason)
        self._show_mark()

    def _show_mark(self) -> None:
        """Show the lock of a locked field, the way back of a changed one, else nothing."""
        locked, label = self._binding.locked, self._spoken
        now = locked, self._binding.is_default
        if now == self._marked:
            return
        self._marked = now
        self._mark.setVisible(bool(locked) or not self._binding.is_default)
        self._mark.setEnabled(not locked)
        if locked:
            self._mark.setIcon(icon("lock", role="muted"))
            self._mark.setToolTip(locked)
            self._mark.setAccessibleName(f"{label} is locked")
        else:
            default = value_in_words(self._binding.declared.default)
            self._mark.setIcon(icon("reset", role="muted"))
            self._mark.setToolTip(f"Back to the default: {default}")
            self._mark.setAccessibleName(f"Reset {label} to {default}")

    @Slot()
    def _on_reset(self) -> None:
        self._binding.reset()
        self.editor.main.setFocus()
