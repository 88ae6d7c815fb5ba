"""The draw pad with its tools: pen, eraser, width, undo, redo, clear."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from nngui.icons import icon
from nngui.theme import SPACE
from nngui.widgets.card import Card
from nngui.widgets.draw_pad import DrawPad
from nngui.widgets.draw_pad_strokes import WIDTHS

ICON = 18


def tool_button(name: str, icon_name: str, spoken: str, tip: str) -> QToolButton:
    """A flat button with an icon."""
    button = QToolButton(autoRaise=True)
    button.setObjectName(name)
    button.setIcon(icon(icon_name))
    button.setIconSize(QSize(ICON, ICON))
    button.setAccessibleName(spoken)
    button.setToolTip(tip)
    return button


class DrawingCard(Card):
    """The pad on the left, a column of tools on its right, the pen's width below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Draw", parent)
        self._build()
        self._connect()
        self._show_history()

    def _build(self) -> None:
        self.pad = DrawPad()
        self.penButton = tool_button("penButton", "pen", "Pen", "Draw (E)")
        self.eraserButton = tool_button(
            "eraserButton", "eraser", "Eraser", "Erase (E, or hold the right button)"
        )
        self.undoButton = tool_button(
            "undoStrokeButton",
            "undo",
            "Undo the stroke",
            "Undo the last stroke (Ctrl+Z on the pad)",
        )
        self.redoButton = tool_button(
            "redoStrokeButton", "redo", "Redo the stroke", "Redo the stroke"
        )
        self.clearButton = tool_button("clearPadButton", "clear", "Clear the pad", "Clear (Del)")
        self._modes = QButtonGroup(self)
        for button in (self.penButton, self.eraserButton):
            button.setCheckable(True)
            self._modes.addButton(button)
        self.penButton.setChecked(True)
        tools = QVBoxLayout()
        tools.setSpacing(SPACE // 2)
        for button in (
            self.penButton,
            self.eraserButton,
            self.undoButton,
            self.redoButton,
            self.clearButton,
        ):
            tools.addWidget(button)
        tools.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        row.addWidget(self.pad, 1)
        row.addLayout(tools)
        self.column.addLayout(row, 1)
        self.column.addLayout(self._width_row())

    def _width_row(self) -> QHBoxLayout:
        tip = "How wide the pen draws ([ and ] on the pad). Digits in MNIST are drawn boldly."
        self.widthSlider = QSlider(Qt.Orientation.Horizontal)
        self.widthSlider.setObjectName("penWidthSlider")
        self.widthSlider.setAccessibleName("Pen width")
        self.widthSlider.setRange(WIDTHS[0], WIDTHS[-1])
        self.widthSlider.setPageStep(4)
        self.widthSlider.setValue(self.pad.penWidth())
        caption = QLabel("Pen width")
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        for widget in (caption, self.widthSlider):
            widget.setToolTip(tip)
        row.addWidget(caption)
        row.addWidget(self.widthSlider, 1)
        return row

    def _connect(self) -> None:
        pad = self.pad
        self.eraserButton.toggled.connect(pad.setErasing)
        self.undoButton.clicked.connect(pad.undo)
        self.redoButton.clicked.connect(pad.redo)
        self.clearButton.clicked.connect(pad.clear)
        self.widthSlider.valueChanged.connect(pad.setPenWidth)
        pad.penWidthChanged.connect(self.widthSlider.setValue)
        pad.erasingChanged.connect(self._show_mode)
        pad.historyChanged.connect(self._show_history)
        pad.changed.connect(self._show_history)

    def width_for(self, height: int) -> int:
        """How wide the card is when its pad is as high as the card's height allows [pixels]."""
        margins = self.column.contentsMargins()
        tools = self.clearButton.sizeHint().width() + SPACE
        return self._pad_side(height) + tools + margins.left() + margins.right()

    def _pad_side(self, height: int) -> int:
        margins = self.column.contentsMargins()
        title = self.header.sizeHint().height()
        width_row = self.widthSlider.sizeHint().height()
        used = margins.top() + margins.bottom() + title + width_row + 2 * self.column.spacing()
        return max(self.pad.minimumSizeHint().height(), height - used)

    @Slot(bool)
    def _show_mode(self, erasing: bool) -> None:
        (self.eraserButton if erasing else self.penButton).setChecked(True)

    @Slot()
    def _show_history(self) -> None:
        self.undoButton.setEnabled(self.pad.canUndo())
        self.redoButton.setEnabled(self.pad.canRedo())
        self.clearButton.setEnabled(not self.pad.isEmpty())
