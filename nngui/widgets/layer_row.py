"""LayerRow: one hidden layer as a row: handle, units, activation, initializer, and details."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from nncore.component import Hyperparameter
from nncore.config import LayerConfig
from nngui.forms.binding import Binding
from nngui.forms.component_form import ComponentForm, align_labels, discard
from nngui.forms.names import stem_of
from nngui.forms.note import Note
from nngui.icons import icon
from nngui.theme import RADIUS, theme_of
from nngui.viewmodels.config_store import LAYERS, ConfigStore
from nngui.viewmodels.config_words import reason_in_words
from nngui.viewmodels.number_text import number_text
from nngui.widgets.role_label import RoleLabel

HANDLE_WIDTH = 14
UNITS_WIDTH = 64
GAP = 2
PADDING = 4
ROW_PADDING = 2
STRETCHES = {"units": 0, "activation": 1, "initializer": 1}
"""How the fields share the width."""
INLINE = tuple(STRETCHES)
"""What stands in the row itself; everything else a layer has goes beneath the selected row."""


def extras_in_words(layer: LayerConfig) -> list[str]:
    """What stands around a layer's activation, as in "batch normalization" and "dropout 0.2"."""
    words: list[str] = []
    if layer.normalization.is_used:
        words.append(f"{layer.normalization.label.lower()} normalization")
    if layer.dropout:
        words.append(f"dropout {number_text(layer.dropout)}")
    return words


class DragHandle(QWidget):
    """What a row is taken hold of by."""

    pressed = Signal()
    moved = Signal(QPoint)
    """The pointer's place on the screen while the handle is held."""
    released = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(HANDLE_WIDTH)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setToolTip("Drag to another place (Alt+Up, Alt+Down)")

    def sizeHint(self) -> QSize:
        return QSize(HANDLE_WIDTH, HANDLE_WIDTH)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.pressed.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.moved.emit(event.globalPosition().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
            self.released.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        place = self.rect().adjusted(0, (self.height() - HANDLE_WIDTH) // 2, 0, 0)
        place.setHeight(HANDLE_WIDTH)
        icon("drag-handle", self.palette(), role="muted").paint(painter, place)


class LayerRow(QWidget):
    """A hidden layer; it follows its place in the list and shows details while it is selected.

    Args:
        store: What is edited.
        index: Its place among the hidden layers, from 0.
        declared: What is declared about a layer, by name.
        parent: Owner.

    Attributes:
        handle: For dragging.
        index: See Args.
    """

    chosen = Signal(int)
    """Somebody clicked on the row of this index or went into one of its fields."""

    def __init__(
        self,
        store: ConfigStore,
        index: int,
        declared: dict[str, Hyperparameter],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.index = index
        self._declared = declared
        self._store = store
        self._selected = False
        self._lifted = False
        self._shown: object = None
        self._details: list[ComponentForm] = []
        self._detail_key: object = None
        self._build()
        self._connect()
        self.refresh()

    def _build(self) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        declared = self._declared
        self.handle = DragHandle(self)
        self._bindings = {
            name: Binding(self._store, self._path_of(name), declared[name], self) for name in INLINE
        }
        self._rest = [name for name in declared if name not in INLINE]
        self._bindings["units"].editor.setFixedWidth(UNITS_WIDTH)
        self._note = Note(self)
        self._summary = RoleLabel(parent=self)
        self._summary.setObjectName("layerSummary")
        self._summary.setIndent(4)
        self._summary.hide()
        line = QHBoxLayout()
        line.setSpacing(GAP)
        line.addWidget(self.handle)
        for name, binding in self._bindings.items():
            line.addWidget(binding.editor, STRETCHES[name])
        self._beneath = QVBoxLayout()
        self._beneath.setContentsMargins(HANDLE_WIDTH + PADDING, 0, 0, 0)
        self._beneath.setSpacing(GAP)
        self._beneath.addWidget(self._note)
        self._beneath.addWidget(self._summary)
        column = QVBoxLayout(self)
        column.setContentsMargins(PADDING, ROW_PADDING, PADDING, ROW_PADDING)
        column.setSpacing(GAP)
        column.addLayout(line)
        column.addLayout(self._beneath)

    def _connect(self) -> None:
        for binding in self._bindings.values():
            binding.editor.focused.connect(self._on_focused)

    @property
    def path(self) -> str:
        """Where in the configuration the layer stands."""
        return f"{LAYERS}.{self.index}"

    @property
    def note(self) -> str:
        """The reason shown beneath the row, "" when all its values can be used."""
        return "" if self._note.isHidden() else self._note.text()

    def set_index(self, index: int) -> None:
        """Stand for another layer."""
        if index != self.index:
            self.index = index
            self._shown = None

    def set_selected(self, selected: bool) -> None:
        """Show whether this row is the one that the buttons act upon."""
        if selected != self._selected:
            self._selected = selected
            self._shown = None
            self.refresh()
            self.update()

    def set_lifted(self, lifted: bool) -> None:
        """Show whether the row is being dragged."""
        self._lifted = lifted
        self.update()

    @property
    def focused_part(self) -> str:
        """Which part has the focus: "row", one of `INLINE`, or "" for none."""
        if self.hasFocus():
            return "row"
        names = (name for name, each in self._bindings.items() if each.editor.main.hasFocus())
        return next(names, "")

    def focus_part(self, part: str) -> None:
        """Give the focus to a part; units are marked then, ready to be typed over."""
        if part == "row":
            self.setFocus()
        elif part:
            self._bindings[part].editor.main.setFocus(Qt.FocusReason.TabFocusReason)

    @Slot()
    def refresh(self) -> None:
        """Show what the store holds; cheap when nothing of this layer has changed."""
        layer = self._store.config.get(self.path)
        prefix = f"{self.path}."
        problems = tuple(p for p in self._store.problems if p.path.startswith(prefix))
        locked = self._store.why_locked(self.path)
        now = (layer, problems, locked)
        if now == self._shown:
            return
        self._shown = now
        for name, binding in self._bindings.items():
            binding.path = self._path_of(name)
            binding.set_name(stem_of(binding.declared), str(self.index))
            binding.refresh()
            label = binding.declared.label
            binding.editor.main.setAccessibleName(f"Layer {self.index + 1}: {label}")
        self.setObjectName(f"layerRow{self.index}")
        self.setAccessibleName(f"Layer {self.index + 1}")
        self.setToolTip("Alt+Up and Alt+Down move the layer, Ctrl+D duplicates it, Del removes it.")
        self.handle.setObjectName(f"layerHandle{self.index}")
        self.handle.setEnabled(not locked)
        self._show_details(layer)
        hidden = [p for p in problems if not self._is_told_beneath(p.path)]
        self._note.show_text(reason_in_words(hidden[0]) if hidden else "")

    def _path_of(self, name: str) -> str:
        return f"{self.path}.{name}" + (".kind" if name != "units" else "")

    def _is_told_beneath(self, path: str) -> bool:
        return any(field.path == path for form in self._details for field in form.fields())

    def _show_details(self, layer: LayerConfig) -> None:
        """The fields that have no room in the row, for the selected row only."""
        key = (self.index, type(layer.activation), type(layer.initializer), self._selected)
        if key != self._detail_key:
            self._detail_key = key
            for form in self._details:
                self._beneath.removeWidget(form)
                discard(form)
            self._details = self._build_details() if self._selected else []
        for form in self._details:
            form.refresh()
        # The selected row has fields for it.
        extras = "" if self._selected else ", ".join(extras_in_words(layer))
        self._summary.setText(f"+ {extras}")
        self._summary.setVisible(bool(extras))

    def _build_details(self) -> list[ComponentForm]:
        forms = [ComponentForm(self._store, self.path, names=self._rest, parent=self)]
        for name in ("activation", "initializer"):
            path = f"{self.path}.{name}"
            forms.append(ComponentForm(self._store, path, shows_kind=False, parent=self))
        for form in forms:
            self._beneath.addWidget(form)
        align_labels(*forms)
        return forms

    @Slot()
    def _on_focused(self) -> None:
        self.chosen.emit(self.index)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.chosen.emit(self.index)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.chosen.emit(self.index)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        marked = self._selected or self._lifted
        painter.setBrush(theme.color("raised" if marked else "surface"))
        pen = QPen(theme.color("accent" if marked else "border"), 1)
        if self.hasFocus() or self._lifted:
            pen.setWidthF(2)
        painter.setPen(pen)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), RADIUS, RADIUS)
