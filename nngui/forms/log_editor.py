"""A number on a log scale: a field for any legal value and a slider over the practical decades."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Slot
from PySide6.QtWidgets import QLineEdit, QSlider, QWidget

from nncore.component import Hyperparameter
from nngui.forms.editor import Editor
from nngui.forms.scales import STEPS_PER_DECADE, LogScale
from nngui.viewmodels.number_text import number_text, parse_number

OFF = "off"
"""How zero is written on a log scale that has it."""


class LogEditor(Editor):
    """Scientific notation at will; where zero is legal it reads "off" and is the slider's left end.

    Args:
        declared: The range.
        scale: The slider's places.
        parent: Owner.
    """

    def __init__(
        self, declared: Hyperparameter, scale: LogScale, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._scale = scale
        self.edit = QLineEdit(self)
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setRange(0, scale.last)
        self.slider.setPageStep(STEPS_PER_DECADE)
        self.slider.setAccessibleName(f"{declared.label}, slider")
        self.slider.setMinimumWidth(48)
        self.edit.setMinimumWidth(56)
        self.add(self.edit, 5)
        self.add(self.slider, 6)
        self.edit.textEdited.connect(self._on_typed)
        self.edit.editingFinished.connect(self.finished)
        self.slider.valueChanged.connect(self._on_slid)
        self.slider.sliderReleased.connect(self.finished)

    def value(self) -> Any:
        text = self.edit.text().strip()
        if self._scale.has_zero and text.lower() == OFF:
            return 0.0
        number = parse_number(text)
        return text if number is None else number

    def show_value(self, value: Any) -> None:
        if self.value() != value or not self.edit.text():
            self._write(value)
        self._place_slider(value)

    def normalize(self) -> None:
        if not isinstance(self.value(), str):
            self._write(self.value())

    def _write(self, value: Any) -> None:
        if self._scale.has_zero and value == 0:
            self.edit.setText(OFF)
        else:
            self.edit.setText(value if isinstance(value, str) else number_text(value))

    def _place_slider(self, value: Any) -> None:
        if not isinstance(value, str) and not self.slider.isSliderDown():
            with QSignalBlocker(self.slider):
                self.slider.setValue(self._scale.place_of(value))

    @Slot()
    def _on_typed(self) -> None:
        self._place_slider(self.value())
        self.edited.emit(self.value())

    @Slot(int)
    def _on_slid(self, place: int) -> None:
        value = self._scale.value_at(place)
        self._write(value)
        self.edited.emit(value)
