"""The controls above the sample grid: which set, which of its samples, in which order, how many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QWidget

from nngui.icons import icon
from nngui.tabs.prediction_tools import tool_button
from nngui.theme import SPACE
from nngui.viewmodels.sample_predictions import SortKey, Verdict
from nngui.viewmodels.samples import Samples

SET_LABELS = {"validation": "Validation", "test": "Test", "training": "Training"}
VERDICT_LABELS = {
    Verdict.ALL: "All",
    Verdict.RIGHT: "Right",
    Verdict.WRONG: "Wrong",
}
SORT_LABELS = {
    SortKey.INDEX: "By index",
    SortKey.CONFIDENCE: "By confidence",
    SortKey.LOSS: "By loss",
}
GRID_SIZES = (0, 3, 5, 10)
"""Columns and rows of a random grid; 0 stands for all samples, scrolling."""
ORIGINAL_GRID = 3


class SampleFilters(QWidget):
    """Writes what is chosen into `Samples`, and shows what is chosen there.

    Attributes:
        setCombo: Which set; the owner puts it where the set is named.
    """

    columnsChanged = Signal(int)
    """Columns of the grid; 0 for as many as fit."""

    def __init__(self, samples: Samples, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._samples = samples
        self._build()
        self._connect()
        self._show_classes()

    def _build(self) -> None:
        self.setCombo = _combo(
            "sampleSetCombo",
            "Images of",
            "Which images. The test images were never trained on nor used to choose anything; "
            "look at them when the network is done.",
        )
        self.verdictCombo = _combo(
            "verdictCombo", "Right or wrong", "Show the right ones, the wrong ones, or both."
        )
        self.trueCombo = _combo("trueClassCombo", "True class", "Show one true class only.")
        self.predictedCombo = _combo(
            "predictedClassCombo", "Predicted class", "Show one predicted class only."
        )
        self.sortCombo = _combo(
            "sortCombo",
            "Order",
            "Order the images. By loss, the largest first, begins with the worst mistakes; by "
            "confidence, the smallest first, with what the network doubts most.",
        )
        self.directionButton = tool_button(
            "sortDirectionButton", "chevron-up", "Largest first", "Smallest or largest first"
        )
        self.directionButton.setCheckable(True)
        self.sizeCombo = _combo(
            "gridSizeCombo", "Grid size", "Scroll through all, or draw a few at random."
        )
        self.randomButton = QPushButton(icon("random"), "Random")
        self.randomButton.setObjectName("randomSamplesButton")
        self.randomButton.setAccessibleName("Draw random images")
        self.randomButton.setToolTip("Draw others at random from those that match.")
        self._lay_out()

    def _lay_out(self) -> None:
        _fill(self.verdictCombo, list(VERDICT_LABELS.items()))
        _fill(self.sortCombo, list(SORT_LABELS.items()))
        sizes = [(n, f"{n} × {n}" if n else "Scroll all") for n in GRID_SIZES]
        _fill(self.sizeCombo, sizes)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE // 2)
        for combo in (self.verdictCombo, self.trueCombo, self.predictedCombo):
            layout.addWidget(combo)
        layout.addWidget(self.sortCombo)
        layout.addWidget(self.directionButton)
        layout.addStretch(1)
        layout.addWidget(self.sizeCombo)
        layout.addWidget(self.randomButton)

    def _connect(self) -> None:
        self._samples.setChanged.connect(self._show_classes)
        self.setCombo.activated.connect(self._choose_set)
        for combo, slot in (
            (self.verdictCombo, self._choose),
            (self.trueCombo, self._choose),
            (self.predictedCombo, self._choose),
            (self.sortCombo, self._choose_order),
            (self.sizeCombo, self._choose_size),
        ):
            combo.currentIndexChanged.connect(slot)
        self.directionButton.toggled.connect(self._choose_direction)
        self.randomButton.clicked.connect(self._draw)

    @Slot()
    def _show_classes(self) -> None:
        """Offer the sets and classes there are, and show which are chosen."""
        samples, query = self._samples.samples, self._samples.query
        names = samples.class_names if samples is not None else ()
        numbered = list(enumerate(names))
        for combo, kind, chosen in (
            (self.trueCombo, "True", query.true_class),
            (self.predictedCombo, "Predicted", query.predicted_class),
        ):
            combo.blockSignals(True)
            items: list[tuple[Any, str]] = [(None, f"{kind}: any")]
            _fill(combo, items + [(k, f"{kind}: {name}") for k, name in numbered])
            combo.setCurrentIndex(0 if chosen is None else chosen + 1)
            combo.blockSignals(False)
        _fill(self.setCombo, [(name, SET_LABELS[name]) for name in self._samples.names])
        self.setCombo.setCurrentIndex(self.setCombo.findData(self._samples.name))
        self.setEnabled(bool(names))

    def choose(self, verdict: Verdict, true_class: int | None, predicted_class: int | None) -> None:
        """Filter as if these had been chosen from the lists; None stands for any class."""
        for combo, value in (
            (self.verdictCombo, verdict),
            (self.trueCombo, true_class),
            (self.predictedCombo, predicted_class),
        ):
            with QSignalBlocker(combo):
                combo.setCurrentIndex(combo.findData(value))
        self._choose()

    @Slot()
    def _choose_set(self) -> None:
        self._samples.choose_set(self.setCombo.currentData())

    @Slot()
    def _choose(self) -> None:
        self._samples.change_query(
            verdict=self.verdictCombo.currentData(),
            true_class=self.trueCombo.currentData(),
            predicted_class=self.predictedCombo.currentData(),
        )

    @Slot()
    def _choose_order(self) -> None:
        """Order by another figure, at first in the direction that is asked for most."""
        key = self.sortCombo.currentData()
        self.directionButton.setChecked(key is SortKey.LOSS)
        self._samples.change_query(sort=key, descending=self.directionButton.isChecked())

    @Slot(bool)
    def _choose_direction(self, descending: bool) -> None:
        self.directionButton.setIcon(icon("chevron-down" if descending else "chevron-up"))
        tip = (
            "Largest first; click for smallest first"
            if descending
            else ("Smallest first; click for largest first")
        )
        self.directionButton.setToolTip(tip)
        self._samples.change_query(descending=descending)

    @Slot()
    def _choose_size(self) -> None:
        n = self.sizeCombo.currentData()
        self.columnsChanged.emit(n)
        self._samples.draw_random(n * n if n else None)

    @Slot()
    def _draw(self) -> None:
        if self.sizeCombo.currentData():
            self._choose_size()
        else:
            self.sizeCombo.setCurrentIndex(self.sizeCombo.findData(ORIGINAL_GRID))


def _combo(name: str, spoken: str, tip: str) -> QComboBox:
    combo = QComboBox()
    combo.setObjectName(name)
    combo.setAccessibleName(spoken)
    combo.setToolTip(tip)
    combo.setMaxVisibleItems(12)
    # Long class names must not push the other controls out of the view.
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    combo.setMaximumWidth(160)
    return combo


def _fill(combo: QComboBox, items: Sequence[tuple[Any, str]]) -> None:
    """Replace the items, unless they are the same ones."""
    wanted = [text for _, text in items]
    if [combo.itemText(k) for k in range(combo.count())] == wanted:
        return
    combo.clear()
    for value, text in items:
        combo.addItem(text, value)
