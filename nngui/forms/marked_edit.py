"""MarkedEdit: a line of text that can be marked as one that cannot be used."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from nngui.forms.editor import paint_edge


class MarkedEdit(QLineEdit):
    """A line of text with a ring inside its frame while it is faulty."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._faulty = False

    @property
    def faulty(self) -> bool:
        """Whether it is marked."""
        return self._faulty

    def set_faulty(self, faulty: bool) -> None:
        """Mark it as one whose value cannot be used."""
        if faulty != self._faulty:
            self._faulty = faulty
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        paint_edge(self, QRectF(self.rect()), faulty=self._faulty, inside=True)
