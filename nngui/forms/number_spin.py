"""A spin box that lets anything be typed and steps as the declaration says."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QAbstractSpinBox, QWidget

from nncore.component import Hyperparameter
from nngui.forms.editor import Editor
from nngui.forms.scales import stepped
from nngui.forms.unit_label import UnitLabel
from nngui.viewmodels.number_text import number_text, parse_number


class NumberSpin(QAbstractSpinBox):
    """Numbers of any size, unlike QSpinBox: what is out of range can be typed, to be marked.

    Args:
        declared: Its range and scale, for the steps.
        parent: Owner.
    """

    edited = Signal()

    def __init__(self, declared: Hyperparameter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._declared = declared
        self.setAccelerated(declared.scale == "linear")
        self.setCorrectionMode(QAbstractSpinBox.CorrectionMode.CorrectToPreviousValue)
        self.lineEdit().textEdited.connect(self._on_typed)
        if declared.unit:
            UnitLabel(declared.unit, self.lineEdit())

    def value(self) -> Any:
        """The number entered, or the text where it is none."""
        number = parse_number(self.text())
        return self.text().strip() if number is None else number

    def show_value(self, value: Any) -> None:
        """Show a value unless what is typed means the same."""
        if self.value() != value or not self.text():
            self.lineEdit().setText(value if isinstance(value, str) else number_text(value))

    def stepBy(self, steps: int) -> None:
        value = self.value()
        if isinstance(value, str):
            return
        for _ in range(abs(steps)):
            value = stepped(self._declared, value, 1 if steps > 0 else -1)
        self.lineEdit().setText(number_text(value))
        self.selectAll()
        self.edited.emit()

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        enabled = QAbstractSpinBox.StepEnabledFlag.StepNone
        value = self.value()
        if isinstance(value, str):
            return enabled
        if stepped(self._declared, value, 1) > value:
            enabled |= QAbstractSpinBox.StepEnabledFlag.StepUpEnabled
        if stepped(self._declared, value, -1) < value:
            enabled |= QAbstractSpinBox.StepEnabledFlag.StepDownEnabled
        return enabled

    def validate(self, text: str, position: int) -> object:
        return QValidator.State.Acceptable, text, position

    def minimumSizeHint(self) -> QSize:
        return QSize(56, super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        return QSize(96, super().sizeHint().height())

    @Slot()
    def _on_typed(self) -> None:
        self.edited.emit()


class SpinEditor(Editor):
    """A whole number, or a fraction on a linear scale."""

    def __init__(self, declared: Hyperparameter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.spin = NumberSpin(declared, self)
        self.add(self.spin)
        self.spin.edited.connect(self._on_edited)
        self.spin.editingFinished.connect(self.finished)

    def value(self) -> Any:
        return self.spin.value()

    def show_value(self, value: Any) -> None:
        self.spin.show_value(value)

    def normalize(self) -> None:
        if not isinstance(self.value(), str):
            self.spin.lineEdit().setText(number_text(self.value()))

    @Slot()
    def _on_edited(self) -> None:
        self.edited.emit(self.value())
