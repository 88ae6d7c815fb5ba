"""Editors with words in them: choices, numbers with words among them, text, yes and no."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Slot
from PySide6.QtGui import QFontMetrics, QPaintEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QWidget,
)

from nncore.component import Component, Hyperparameter
from nngui.forms.editor import Editor
from nngui.forms.tooltips import summary_of
from nngui.forms.unit_label import UnitLabel
from nngui.viewmodels.config_words import value_in_words
from nngui.viewmodels.number_text import number_text, numbers_text, parse_number

SMALLEST_POWER, LARGEST_POWER = 3, 10
"""The choices of a number on a log scale are 1 and 2 to these."""


class NarrowCombo(QComboBox):
    """A combo box that may be narrower than its longest choice: what does not fit is elided."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(4)

    def showPopup(self) -> None:
        # The list is as wide as its words even where the box is not.
        frame = self.view().verticalScrollBar().sizeHint().width()
        self.view().setMinimumWidth(self.view().sizeHintForColumn(0) + frame)
        super().showPopup()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        if self.isEditable():
            return
        room = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        others = [self.itemText(i) for i in range(self.count()) if i != self.currentIndex()]
        text, width = option.currentText, room.width() - 2
        option.currentText = fitted(text, others, option.fontMetrics, width)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)


def fitted(label: str, others: Sequence[str], metrics: QFontMetrics, width: int) -> str:
    """As much of a label as there is room for.

    Its second name goes first ("Xavier / Glorot (normalized)" becomes "Xavier"), then its last
    words, unless what is left is another choice, and only then are letters cut off.

    Args:
        label: The whole label.
        others: The labels of the other choices.
        metrics: Of the font it is written in.
        width: The room [pixels].
    """
    short, taken = _first_name(label), {_first_name(other) for other in others}
    words = short.split()
    for count in range(len(words), 0, -1):
        text = " ".join(words[:count])
        if metrics.horizontalAdvance(text) <= width and text not in taken:
            return text
    return metrics.elidedText(short, Qt.TextElideMode.ElideRight, width)


def _first_name(label: str) -> str:
    return label.split(" / ")[0].split(" (")[0]


class ChoiceEditor(Editor):
    """One of several words, each with a label and a line that explains it."""

    def __init__(self, choices: dict[str, tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.combo = NarrowCombo(self)
        for word, (label, explanation) in choices.items():
            self.combo.addItem(label, word)
            self.combo.setItemData(self.combo.count() - 1, explanation, Qt.ItemDataRole.ToolTipRole)
        self.add(self.combo)
        self.combo.activated.connect(self._on_chosen)

    @classmethod
    def of_words(cls, declared: Hyperparameter) -> ChoiceEditor:
        """For a field whose values are words."""
        return cls({word: (word.replace("_", " ").capitalize(), "") for word in declared.words})

    @classmethod
    def of_family(cls, family: type[Component]) -> ChoiceEditor:
        """For the members of a component family."""
        members = family.members().items()
        return cls({kind: (member.label, summary_of(member)) for kind, member in members})

    def value(self) -> Any:
        return self.combo.currentData()

    def show_value(self, value: Any) -> None:
        if value != self.value():
            self.combo.setCurrentIndex(self.combo.findData(value))

    @Slot()
    def _on_chosen(self) -> None:
        self.edited.emit(self.value())
        self.finished.emit()


class NumberOrWordEditor(Editor):
    """A number with clear choices and words among them, such as a batch size with "full batch"."""

    def __init__(self, declared: Hyperparameter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.combo = NarrowCombo(self)
        self.combo.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.combo.setMaxVisibleItems(20)
        for value in (*declared.words, *_powers(declared)):
            self.combo.addItem(value_in_words(value), value)
        self.combo.insertSeparator(len(declared.words))
        self.add(self.combo)
        line = QLineEdit(self.combo)
        self.combo.setLineEdit(line)
        # Completion would turn a typed 1 into 16.
        line.setCompleter(None)  # pyright: ignore[reportArgumentType]
        line.textEdited.connect(self._on_typed)
        line.editingFinished.connect(self.finished)
        if declared.unit:
            UnitLabel(declared.unit, line)
        self.combo.activated.connect(self._on_chosen)

    def value(self) -> Any:
        text = self.combo.currentText().strip()
        index = self.combo.findText(text, Qt.MatchFlag.MatchFixedString)
        # The separator is an empty text without a value.
        if text and index >= 0:
            return self.combo.itemData(index)
        number = parse_number(text)
        return text if number is None else number

    def show_value(self, value: Any) -> None:
        if value == self.value() and self.combo.currentText():
            return
        with QSignalBlocker(self.combo):
            self.combo.setCurrentIndex(self.combo.findData(value))
            known = self.combo.currentIndex() >= 0
            text = value if isinstance(value, str) else number_text(value)
            self.combo.setEditText(self.combo.currentText() if known else text)

    def normalize(self) -> None:
        value = self.value()
        if isinstance(value, str) and self.combo.findData(value) < 0:
            return
        with QSignalBlocker(self.combo):
            self.combo.setEditText(value_in_words(value))

    @Slot()
    def _on_typed(self) -> None:
        self.edited.emit(self.value())

    @Slot()
    def _on_chosen(self) -> None:
        self.edited.emit(self.value())
        self.finished.emit()


def _powers(declared: Hyperparameter) -> list[int]:
    low, high = declared.minimum or 1, declared.maximum or 2**LARGEST_POWER
    powers = [1, *(2**n for n in range(SMALLEST_POWER, LARGEST_POWER + 1))]
    return [power for power in powers if low <= power <= high]


class TextEditor(Editor):
    """A line of text; it counts when it is finished, not letter by letter."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edit = QLineEdit(self)
        self.add(self.edit)
        self.edit.editingFinished.connect(self._on_finished)

    def value(self) -> Any:
        return self.edit.text()

    def show_value(self, value: Any) -> None:
        if value != self.value():
            self.edit.setText(str(value))

    @Slot()
    def _on_finished(self) -> None:
        self.edited.emit(self.value())
        self.finished.emit()


class NumbersEditor(TextEditor):
    """Numbers separated by commas, or none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edit.setPlaceholderText("none")

    def show_value(self, value: Any) -> None:
        super().show_value(value if isinstance(value, str) else numbers_text(value))


class BooleanEditor(Editor):
    """Yes or no, as a check box."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.check = QCheckBox(self)
        # As small as its box, which the ring of the base goes around.
        self.add(self.check, 0)
        layout = self.layout()
        assert isinstance(layout, QHBoxLayout)
        layout.addStretch(1)
        self.check.clicked.connect(self._on_clicked)

    def value(self) -> Any:
        return self.check.isChecked()

    def show_value(self, value: Any) -> None:
        self.check.setChecked(bool(value))

    @Slot()
    def _on_clicked(self) -> None:
        self.edited.emit(self.value())
        self.finished.emit()
