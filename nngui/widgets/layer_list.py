"""LayerList: the hidden layers as rows to add, remove, duplicate and bring into order."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from nncore.component import hyperparameters_of
from nncore.config import MAX_LAYERS, LayerConfig
from nngui.forms.component_form import discard
from nngui.viewmodels.config_store import ConfigStore
from nngui.widgets.layer_row import LayerRow

ROW_GAP = 4
ROWS_AT_ONCE = 4
NO_LAYERS = "No hidden layers: a linear classifier."


class LayerList(QWidget):
    """The hidden layers, first to last.

    A row is dragged by its handle and moves while it is dragged; the configuration changes once,
    when it is let go. Alt+Up and Alt+Down move the selected row, Ctrl+D duplicates it, and Delete
    removes it while the row itself has the focus.

    Args:
        store: What is edited.
        parent: Owner.
    """

    selectionChanged = Signal(int)
    """The selected row, from 0; -1 for none."""
    rowMoved = Signal(QWidget)
    """A row has come to another place and should be seen."""

    def __init__(self, store: ConfigStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._rows: list[LayerRow] = []
        self._declared = {each.name: each for each in hyperparameters_of(LayerConfig)}
        self._selected = -1
        # While a row is dragged: the indices of all rows in the order in which they stand.
        self._places: list[int] = []
        self._build()
        self._connect()
        self.refresh()

    def _build(self) -> None:
        self.setObjectName("layerList")
        self.setAccessibleName("Hidden layers")
        self._empty = QLabel(NO_LAYERS, self)
        self._empty.setWordWrap(True)
        self._empty.setEnabled(False)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(ROW_GAP)
        self._column.addWidget(self._empty)

        self._later = QTimer(self)
        self._later.setSingleShot(True)

    def _connect(self) -> None:
        self._later.timeout.connect(self._append_rows)
        for keys, slot in (
            ("Alt+Up", self.move_up),
            ("Alt+Down", self.move_down),
            ("Ctrl+D", self.duplicate_selected),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)

    @property
    def rows(self) -> tuple[LayerRow, ...]:
        """The rows, first layer to last."""
        return tuple(self._rows)

    @property
    def selected(self) -> int:
        """The selected row, from 0; -1 for none."""
        return self._selected

    @property
    def is_full(self) -> bool:
        """Whether there are as many layers as there may be."""
        return self._count >= MAX_LAYERS

    @property
    def _count(self) -> int:
        return len(self._store.config.network.hidden)

    @Slot()
    def refresh(self) -> None:
        """Show the store's layers."""
        self._end_drag()
        count = self._count
        while len(self._rows) > count:
            row = self._rows.pop()
            self._column.removeWidget(row)
            discard(row)
        for index, row in enumerate(self._rows):
            row.set_index(index)
            row.refresh()
        self._append_rows()
        self._empty.setVisible(count == 0)
        self.select(min(self._selected, count - 1))

    @Slot(int)
    def select(self, index: int) -> None:
        """Choose the row that buttons and keys act upon; -1 for none."""
        if not -1 <= index < len(self._rows):
            return
        for row in self._rows:
            row.set_selected(row.index == index)
        if index != self._selected:
            self._selected = index
            self.selectionChanged.emit(index)

    @Slot()
    def add(self) -> None:
        """Put a layer behind the last one, like that one but for its units."""
        layers = self._store.config.network.hidden
        new = LayerConfig()
        if layers:
            new = layers[-1].model_copy(update={"units": new.units})
        place = len(layers)
        self._rearrange([*range(place), new], f"add layer {place + 1}", place)
        if place < len(self._rows):
            self._rows[place].focus_part("units")

    @Slot()
    def remove_selected(self) -> None:
        """Take the selected layer away; the one that follows is selected next."""
        chosen = self._selected
        if chosen >= 0:
            order = [index for index in range(self._count) if index != chosen]
            nearest = min(chosen, len(order) - 1)
            self._rearrange(order, f"remove layer {chosen + 1}", nearest)

    @Slot()
    def duplicate_selected(self) -> None:
        """Put a copy of the selected layer behind it."""
        chosen = self._selected
        if chosen >= 0:
            order = list(range(self._count))
            order.insert(chosen, chosen)
            self._rearrange(order, f"duplicate layer {chosen + 1}", chosen + 1)

    @Slot()
    def move_up(self) -> None:
        """Bring the selected layer one place towards the inputs."""
        self._move(self._selected, self._selected - 1)

    @Slot()
    def move_down(self) -> None:
        """Bring the selected layer one place towards the output."""
        self._move(self._selected, self._selected + 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        on_row = self.focusWidget() in self._rows
        if on_row and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove_selected()
        elif on_row and event.key() == Qt.Key.Key_Up:
            self._focus_row(self._selected - 1)
        elif on_row and event.key() == Qt.Key.Key_Down:
            self._focus_row(self._selected + 1)
        elif event.key() == Qt.Key.Key_Escape and self._places:
            self._end_drag()
        else:
            super().keyPressEvent(event)

    def _move(self, start: int, end: int) -> None:
        if start >= 0 and 0 <= end < self._count:
            order = list(range(self._count))
            order.insert(end, order.pop(start))
            self._rearrange(order, f"move layer {start + 1} to {end + 1}", end)

    def _rearrange(self, order: Sequence[int | LayerConfig], text: str, then: int) -> None:
        """Change the layers, then select and show one of them; the focus keeps its column."""
        part = next((part for row in self._rows if (part := row.focused_part)), "")
        self._store.rearrange_layers(order, text)
        if self._count != len(order):
            return
        self.select(then)
        if 0 <= then < len(self._rows):
            self._rows[then].focus_part(part)
            self.rowMoved.emit(self._rows[then])

    def _focus_row(self, index: int) -> None:
        if 0 <= index < len(self._rows):
            self._rows[index].setFocus()
            self.rowMoved.emit(self._rows[index])

    @Slot()
    def _append_rows(self) -> None:
        """Make the rows that are missing, a few at a time: a row takes two milliseconds."""
        missing = self._count - len(self._rows)
        for _ in range(min(missing, ROWS_AT_ONCE)):
            self._append_row()
        if missing > ROWS_AT_ONCE:
            self._later.start()

    def _append_row(self) -> None:
        row = LayerRow(self._store, len(self._rows), self._declared, self)
        row.chosen.connect(self._on_chosen)
        row.handle.pressed.connect(row.setFocus)
        row.handle.moved.connect(self._on_dragged)
        row.handle.released.connect(self._on_released)
        self._rows.append(row)
        self._column.addWidget(row)
        # A layout shows it only later, and what is hidden cannot take the focus.
        row.show()

    @Slot(int)
    def _on_chosen(self, index: int) -> None:
        if not self._places:
            self.select(index)

    @Slot(QPoint)
    def _on_dragged(self, pointer: QPoint) -> None:
        """Let the selected row follow the pointer past its neighbors."""
        if not self._places:
            self._places = list(range(len(self._rows)))
            self._rows[self._selected].set_lifted(True)
        row = self._rows[self._selected]
        height = self.mapFromGlobal(pointer).y()
        others = [place for place in self._places if place != self._selected]
        above = sum(self._rows[place].geometry().center().y() < height for place in others)
        others.insert(above, self._selected)
        if others != self._places:
            self._places = others
            self._lay_out()
        self.rowMoved.emit(row)

    @Slot()
    def _on_released(self) -> None:
        start, places = self._selected, self._places
        self._end_drag()
        if places and places != sorted(places):
            end = places.index(start)
            self._rearrange(places, f"move layer {start + 1} to {end + 1}", end)

    def _end_drag(self) -> None:
        """Put the rows back where their indices say; what was dragged is let go."""
        if self._places:
            self._rows[self._selected].set_lifted(False)
            self._places = []
            self._lay_out()

    def _lay_out(self) -> None:
        for row in self._rows:
            self._column.removeWidget(row)
        for place in self._places or range(len(self._rows)):
            self._column.addWidget(self._rows[place])
        self._column.activate()
