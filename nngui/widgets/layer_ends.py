"""The rows above and below the hidden layers: what the inputs are, and the output layer."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from nncore.component import hyperparameters_of
from nncore.config import LayerConfig, NetworkConfig, OutputConfig
from nngui.forms.binding import Binding
from nngui.forms.component_form import ComponentForm
from nngui.forms.names import stem_of
from nngui.forms.note import Note
from nngui.forms.tooltips import tooltip_of
from nngui.theme import RADIUS, theme_of
from nngui.viewmodels.config_store import ConfigStore
from nngui.widgets.layer_row import (
    GAP,
    HANDLE_WIDTH,
    PADDING,
    ROW_PADDING,
    STRETCHES,
    UNITS_WIDTH,
)
from nngui.widgets.role_label import RoleLabel

INPUT_DROPOUT = "network.input_dropout"
OUTPUT_INITIALIZER = "network.output.initializer"


class RowHeader(QWidget):
    """What the fields of the rows below are called."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        declared = {each.name: each for each in hyperparameters_of(LayerConfig)}
        line = QHBoxLayout(self)
        line.setContentsMargins(PADDING + HANDLE_WIDTH + GAP, 0, PADDING, 0)
        line.setSpacing(GAP)
        for name, stretch in STRETCHES.items():
            label = RoleLabel(declared[name].label, parent=self)
            label.setIndent(4)
            label.setToolTip(tooltip_of(declared[name]))
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            if name == "units":
                label.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
                label.setFixedWidth(UNITS_WIDTH)
            line.addWidget(label, stretch)


class EndRow(QWidget):
    """A row that stands fast: a number of units and what they are, in line with the layers' fields.

    Args:
        parent: Owner.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._units = QLabel(self)
        self._units.setFixedWidth(UNITS_WIDTH)
        self._units.setIndent(8)
        self._name = QLabel(self)
        self._name.setIndent(4)
        self.line = QHBoxLayout()
        self.line.setSpacing(GAP)
        self.line.addSpacing(HANDLE_WIDTH + GAP)
        self.line.addWidget(self._units)
        self.line.addWidget(self._name, STRETCHES["activation"])
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(PADDING, ROW_PADDING, PADDING, ROW_PADDING)
        self.column.setSpacing(GAP)
        self.column.addLayout(self.line)

    def show_units(self, units: int, name: str) -> None:
        """Show how many units there are and what they are called."""
        self._units.setText(f"{units:,}")
        self._name.setText(name)
        self.setAccessibleName(f"{units:,} {name}")

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("border"), 1, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), RADIUS, RADIUS)


class InputRow(EndRow):
    """The inputs: their number is the dataset's, and a share can be left out in training.

    Args:
        store: What is edited.
        parent: Owner.
    """

    def __init__(self, store: ConfigStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name = INPUT_DROPOUT.rpartition(".")[2]
        declared = next(d for d in hyperparameters_of(NetworkConfig) if d.name == name)
        self._binding = Binding(store, INPUT_DROPOUT, declared, self)
        self._binding.set_name(stem_of(declared))
        self._label = RoleLabel("Dropout", parent=self)
        self._label.setBuddy(self._binding.editor.main)
        self._note = Note(self)
        self._binding.editor.setMinimumWidth(UNITS_WIDTH)
        self.line.addWidget(self._label)
        self.line.addWidget(self._binding.editor, STRETCHES["initializer"])
        self.column.addWidget(self._note)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show what the store holds."""
        self._binding.refresh()
        self._label.setToolTip(self._binding.editor.toolTip())
        self._note.show_text(self._binding.reason)


class OutputRow(EndRow):
    """The output layer: its units are the classes, its initializer can be chosen.

    Args:
        store: What is edited.
        parent: Owner.
    """

    def __init__(self, store: ConfigStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        declared = next(d for d in hyperparameters_of(OutputConfig) if d.name == "initializer")
        self._binding = Binding(store, f"{OUTPUT_INITIALIZER}.kind", declared, self)
        self._binding.set_name("outputInitializer")
        self._detail = ComponentForm(store, OUTPUT_INITIALIZER, shows_kind=False)
        self._detail.setContentsMargins(HANDLE_WIDTH + PADDING, 0, 0, 0)
        self.line.addWidget(self._binding.editor, STRETCHES["initializer"])
        self.column.addWidget(self._detail)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show what the store holds."""
        self._binding.refresh()
        self._binding.editor.main.setAccessibleName("Output layer: initializer")
        self._detail.refresh()
