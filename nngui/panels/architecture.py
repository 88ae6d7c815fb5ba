"""ArchitecturePanel: the layers of the network, its picture, and how large it is."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from nncore.config import MAX_LAYERS
from nncore.network_size import LayerSize, network_size, training_bytes
from nngui.forms.note import Note
from nngui.forms.tooltips import tooltip
from nngui.icons import icon
from nngui.panels.network_figures import NetworkFigures
from nngui.panels.panel import Panel
from nngui.theme import SPACE
from nngui.viewmodels.config_store import LAYERS, ConfigStore
from nngui.viewmodels.number_text import number_text
from nngui.widgets.diagram_painter import DiagramLayer
from nngui.widgets.layer_ends import InputRow, OutputRow, RowHeader
from nngui.widgets.layer_list import LayerList
from nngui.widgets.layer_row import extras_in_words
from nngui.widgets.network_diagram import NetworkDiagram

FULL = f"{MAX_LAYERS} hidden layers are the most a network may have."


class ArchitecturePanel(Panel):
    """Inputs, hidden layers and output, one beneath the other, with a live diagram and figures.

    Args:
        store: What is edited.
        parent: Owner.

    Attributes:
        layers: The list of hidden layers.
        diagram: The picture; give it weights with `diagram.set_weights`.
    """

    def __init__(self, store: ConfigStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._inputs = 784
        self._classes = 10
        self._samples = 54_000
        self._shown: object = None
        self._build()
        self._connect()
        self._refresh()

    def _build(self) -> None:
        self._input_row = InputRow(self._store, self)
        self._input_row.setObjectName("inputRow")
        self.layers = LayerList(self._store, self)
        self._output_row = OutputRow(self._store, self)
        self._output_row.setObjectName("outputRow")
        self._full_note = Note(self, icon_name="info", role="muted")
        self.diagram = NetworkDiagram(self)
        self._figures = NetworkFigures(self)
        rows = QVBoxLayout()
        rows.setSpacing(4)
        for part in (self._input_row, RowHeader(self), self.layers, self._output_row):
            rows.addWidget(part)
        self.column.addLayout(rows)
        self.column.addLayout(self._build_buttons())
        self.column.addWidget(self._full_note)
        self.column.addWidget(self.diagram)
        self.column.addWidget(self._figures)

    def _build_buttons(self) -> QHBoxLayout:
        self._add = QPushButton(icon("add"), "Add layer", self)
        self._duplicate = QToolButton(self)
        self._remove = QToolButton(self)
        row = QHBoxLayout()
        row.setSpacing(SPACE // 2)
        for button, verb, name in (
            (self._add, "add", "Add a layer behind the last one"),
            (self._duplicate, "duplicate", "Duplicate the selected layer (Ctrl+D)"),
            (self._remove, "remove", "Remove the selected layer (Delete)"),
        ):
            button.setObjectName(f"{verb}LayerButton")
            button.setAccessibleName(name)
            button.setIcon(icon(verb))
            row.addWidget(button)
        row.insertStretch(1, 1)
        return row

    def _connect(self) -> None:
        store = self._store
        store.configChanged.connect(self._refresh)
        store.problemsChanged.connect(self._refresh_layers)
        store.locksChanged.connect(self._refresh_layers)
        self._add.clicked.connect(self.layers.add)
        self._duplicate.clicked.connect(self.layers.duplicate_selected)
        self._remove.clicked.connect(self.layers.remove_selected)
        self.layers.selectionChanged.connect(self._on_selected)
        self.layers.rowMoved.connect(self.revealWanted)
        self.diagram.layerClicked.connect(self._on_layer_clicked)

    def set_dataset_info(self, inputs: int, classes: int, samples: int) -> None:
        """Say what stands at the network's two ends.

        Args:
            inputs: Features of a sample.
            classes: Number of classes.
            samples: Training samples, for the memory of full batches.
        """
        self._inputs, self._classes, self._samples = inputs, classes, samples
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        config = self._store.config
        ends = self._inputs, self._classes
        size = network_size(config.network, *ends)
        self._figures.show_size(size, training_bytes(config, *ends, self._samples))
        # Most changes are to other fields, and many layers take a while to compare one by one.
        if (config.network, ends) != self._shown:
            self._shown = config.network, ends
            self._input_row.show_units(self._inputs, "inputs")
            self._output_row.show_units(self._classes, config.network.loss.output_label)
            self._refresh_layers()
            self.diagram.set_layers(self._diagram_layers(size.layers))

    @Slot()
    def _refresh_layers(self) -> None:
        self.layers.refresh()
        self._input_row.refresh()
        self._output_row.refresh()
        locked = self._store.why_locked(LAYERS)
        self._full_note.show_text(FULL if self.layers.is_full else "")
        chosen = self.layers.selected >= 0
        self._enable(self._add, locked or (FULL if self.layers.is_full else ""))
        self._enable(self._duplicate, locked or (FULL if self.layers.is_full else ""), chosen)
        self._enable(self._remove, locked, chosen)

    def _enable(
        self, button: QPushButton | QToolButton, reason: str, possible: bool = True
    ) -> None:
        button.setEnabled(possible and not reason)
        button.setToolTip(reason or button.accessibleName())

    def _diagram_layers(self, sizes: tuple[LayerSize, ...]) -> list[DiagramLayer]:
        network = self._store.config.network
        left_out = [f"Dropout {number_text(share)}"] if (share := network.input_dropout) else []
        first = tooltip(f"{self._inputs:,} inputs", *left_out)
        layers = [DiagramLayer(self._inputs, "inputs", first)]
        names = [layer.activation.label for layer in network.hidden] + [network.loss.output_label]
        for index, (size, name) in enumerate(zip(sizes, names, strict=True)):
            is_output = index == len(sizes) - 1
            title = "Output layer" if is_output else f"Layer {index + 1}"
            extras = [] if is_output else extras_in_words(network.hidden[index])
            explained = tooltip(
                f"{title}: {size.units:,} {name}",
                f"Weights {size.units:,} × {size.inputs:,}, biases {size.units:,}",
                *(f"{words[0].upper()}{words[1:]}" for words in extras),
                f"{size.parameters:,} parameters",
            )
            layers.append(DiagramLayer(size.units, name, explained))
        return layers

    @Slot(int)
    def _on_selected(self, row: int) -> None:
        self.diagram.select(row + 1 if row >= 0 else -1)
        self._refresh_layers()

    @Slot(int)
    def _on_layer_clicked(self, column: int) -> None:
        rows = self.layers.rows
        if 1 <= column <= len(rows):
            self.layers.select(column - 1)
            rows[column - 1].setFocus(Qt.FocusReason.OtherFocusReason)
            self.revealWanted.emit(rows[column - 1])
