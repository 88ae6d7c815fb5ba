"""NetworkFigures: how large the network is, in four figures."""

from __future__ import annotations

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from nncore.network_size import NetworkSize
from nngui.fonts import with_tabular_digits
from nngui.forms.tooltips import tooltip
from nngui.theme import SPACE
from nngui.widgets.role_label import RoleLabel

FIGURES = (
    ("parameterCount", "parameters", "All weights and biases, which training changes."),
    ("weightMemory", "weights in memory", "4 bytes for each parameter, as in a saved model."),
    (
        "multiplyAdds",
        "multiply-adds a sample",
        "Multiplications with an addition for one sample through the network; training takes about"
        " three times as many.",
    ),
    (
        "trainingMemory",
        "to train, about",
        "Weights, gradients, the optimizer's memory, safety copies and one batch on its way through"
        " the network; without the images.",
    ),
)
COLUMNS = 2


class NetworkFigures(QWidget):
    """Parameters, memory and work, each as a number with its caption."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._numbers: dict[str, QLabel] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACE)
        grid.setVerticalSpacing(0)
        for place, (name, caption, help_text) in enumerate(FIGURES):
            row, column = divmod(place, COLUMNS)
            number, words = QLabel(self), RoleLabel(caption, parent=self)
            number.setObjectName(f"{name}Label")
            number.setAccessibleName(caption)
            font = with_tabular_digits(self.font())
            font.setWeight(QFont.Weight.DemiBold)
            number.setFont(font)
            for label in (number, words):
                label.setToolTip(tooltip(caption.capitalize(), help_text))
            grid.addWidget(number, 3 * row, column)
            grid.addWidget(words, 3 * row + 1, column)
            grid.setColumnStretch(column, 1)
            if row:
                grid.setRowMinimumHeight(3 * row - 1, SPACE)
            self._numbers[name] = number

    def show_size(self, size: NetworkSize, training: int) -> None:
        """Show the figures of a network.

        Args:
            size: Its size.
            training: Memory that training it takes [bytes].
        """
        self._numbers["parameterCount"].setText(f"{size.parameters:,}")
        self._numbers["weightMemory"].setText(bytes_in_words(size.weight_bytes))
        self._numbers["multiplyAdds"].setText(f"{size.multiply_adds:,}")
        self._numbers["trainingMemory"].setText(bytes_in_words(training))


def bytes_in_words(count: int) -> str:
    """A number of bytes with two or three digits and its unit: "0.44 MB", "31.4 kB", "1.25 GB".

    Args:
        count: Bytes, not negative.
    """
    for limit, divisor, unit in ((1e5, 1e3, "kB"), (1e9, 1e6, "MB"), (1e99, 1e9, "GB")):
        if count < limit:
            value = count / divisor
            digits = 2 if value < 10 else 1 if value < 100 else 0
            return f"{value:,.{digits}f} {unit}"
    raise ValueError(f"{count} bytes is not a size.")
