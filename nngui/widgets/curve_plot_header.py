"""PlotHeader: a plot's title with its few buttons and its menu."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from nngui.icons import icon
from nngui.theme import SPACE
from nngui.widgets.curve_plot_menu import PlotActions


class PlotHeader(QWidget):
    """The title at the left; reset, logarithm and menu at the right, room for more before them.

    Args:
        key: The plot's name, from which object names are made.
        title: The plot's name for people.
        font: Of the buttons.
        parent: Owner.
    """

    logToggled = Signal(bool)
    resetAsked = Signal()

    def __init__(self, key: str, title: str, font: QFont, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_log = False
        self._build(key, title, font)
        self._connect()

    def _build(self, key: str, title: str, font: QFont) -> None:
        self.actions_ = PlotActions(key, title, self)
        self.title = QLabel(title)
        bold = QFont(self.title.font())
        bold.setWeight(QFont.Weight.DemiBold)
        self.title.setFont(bold)
        self._reset = QToolButton()
        self._log = QToolButton()
        self._menu = QToolButton()
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(SPACE // 2)
        self._layout.addWidget(self.title)
        self._layout.addStretch(1)
        for button, name, text, tip in (
            (self._reset, "Reset", "Reset view", "Show the whole run (double click)."),
            (self._log, "Log", "log", "Logarithmic axis: equal factors take equal heights."),
            (self._menu, "Menu", "Menu", "Save, copy and more."),
        ):
            button.setObjectName(f"{key}Plot{name}Button")
            button.setAccessibleName(f"{text} ({title.lower()})")
            button.setText(text)
            button.setToolTip(tip)
            button.setFont(font)
            button.setAutoRaise(True)
            self._layout.addWidget(button)
        self._reset.setVisible(False)
        self._log.setCheckable(True)
        self._menu.setIcon(icon("export"))
        self._menu.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu.setMenu(self.actions_.menu)
        self._menu.setStyleSheet("QToolButton::menu-indicator { image: none; }")

    def _connect(self) -> None:
        self._log.toggled.connect(self.set_log)
        self.actions_.log.toggled.connect(self.set_log)
        self._reset.clicked.connect(self.resetAsked)
        self.actions_.reset.triggered.connect(self.resetAsked)

    def insert(self, widget: QWidget) -> None:
        """Put a widget before the buttons."""
        self._layout.insertWidget(2, widget)
        self._layout.insertSpacing(3, SPACE)

    @Slot(bool)
    def set_log(self, log: bool) -> None:
        """Show whether the axis is logarithmic; tells about it when that is new."""
        for part in (self._log, self.actions_.log):
            part.blockSignals(True)
            part.setChecked(log)
            part.blockSignals(False)
        if log != self._is_log:
            self._is_log = log
            self.logToggled.emit(log)

    def set_own_view(self, own: bool) -> None:
        """Offer to give the ranges back, or not."""
        self._reset.setVisible(own)
        self.actions_.reset.setEnabled(own)
