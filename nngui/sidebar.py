"""Sidebar: the panels beneath each other in one column that scrolls as a whole."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from nngui.forms.note import Note
from nngui.panels.panel import Panel
from nngui.theme import SPACE
from nngui.viewmodels.config_store import ConfigStore
from nngui.viewmodels.settings import Settings
from nngui.widgets.section import Section

WIDTH = 336
"""The width that the panels like [pixels]."""
MIN_WIDTH = 300
_FOLDED = "foldedSections"
_LOCKED = "A run is under way: only learning rate and epochs may change until it ends."


class Sidebar(QScrollArea):
    """Panels as foldable sections; what is folded is remembered.

    Args:
        store: Says why nothing may change during a run.
        settings: Remembers what is folded.
        parent: Owner.
    """

    def __init__(
        self, store: ConfigStore, settings: Settings, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._settings = settings
        self._sections: list[Section] = []
        self._lock_note = Note(self, icon_name="lock", role="muted")
        self._build()
        store.locksChanged.connect(self._show_lock)

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, 600)

    def minimumSizeHint(self) -> QSize:
        return QSize(MIN_WIDTH, 200)

    def add_panel(self, name: str, title: str, panel: Panel) -> None:
        """Put a panel at the bottom."""
        folded = self._settings.text(_FOLDED).split()
        section = Section(name, title, panel, is_open=name not in folded, parent=self.widget())
        section.toggled.connect(self._remember)
        panel.revealWanted.connect(self._reveal)
        self._column.insertWidget(self._column.count() - 1, section)
        self._sections.append(section)

    def _build(self) -> None:
        self.setObjectName("sidebar")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._lock_note.setObjectName("lockNote")
        content = QWidget(self)
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(0, SPACE // 2, 0, SPACE)
        self._column.setSpacing(SPACE // 2)
        self._column.addWidget(self._lock_note)
        self._column.addStretch(1)
        self.setWidget(content)

    @Slot()
    def _show_lock(self) -> None:
        self._lock_note.show_text(_LOCKED if self._store.why_locked("network") else "")

    @Slot(bool)
    def _remember(self, _is_open: bool) -> None:
        folded = [section.name for section in self._sections if not section.is_open]
        self._settings.set_text(_FOLDED, " ".join(folded))

    @Slot(QWidget)
    def _reveal(self, widget: QWidget) -> None:
        self.ensureWidgetVisible(widget, 0, SPACE)
