"""UnitLabel: what a number is counted in, at the right end of the field it is typed in."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLineEdit

from nngui.viewmodels.number_text import parse_number
from nngui.widgets.role_label import RoleLabel

_GAP = 5
"""Beside the unit [pixels]."""


class UnitLabel(RoleLabel):
    """Stands over the field's empty right end; it makes room for longer numbers and for words.

    Args:
        unit: As in "epochs".
        field: What the number is typed in; the label becomes its child.
    """

    def __init__(self, unit: str, field: QLineEdit) -> None:
        super().__init__(unit, parent=field)
        self._field = field
        # A field hands its own role, of what is typed, down to its children.
        self.setForegroundRole(QPalette.ColorRole.WindowText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.adjustSize()
        field.installEventFilter(self)
        field.textChanged.connect(self._place)
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    @Slot()
    def _place(self) -> None:
        field, text = self._field, self._field.text()
        left = field.width() - self.width() - _GAP
        self.move(left, (field.height() - self.height()) // 2)
        has_room = field.fontMetrics().horizontalAdvance(text) + 2 * _GAP < left
        self.setVisible(has_room and parse_number(text) is not None)
