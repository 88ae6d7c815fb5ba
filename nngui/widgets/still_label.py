"""StillLabel: a line of changing text that never asks the window for a new layout."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from nngui.fonts import with_tabular_digits


class StillLabel(QWidget):
    """Text in a place of fixed width; a QLabel lays the whole window out at every change.

    Args:
        name: The objectName.
        widest: The widest text that will be shown.
        alignment: Where the text stands.
        parent: Owner.
    """

    def __init__(
        self, name: str, widest: str, alignment: Qt.AlignmentFlag, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._widest = widest
        self._alignment = alignment | Qt.AlignmentFlag.AlignVCenter
        self._text = ""
        self.setObjectName(name)
        self.setFont(with_tabular_digits(self.font()))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)

    def text(self) -> str:
        """What it says."""
        return self._text

    def setText(self, text: str) -> None:
        """Say something else."""
        if text != self._text:
            self._text = text
            self.setAccessibleName(text)
            self.update()

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self._widest), metrics.height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().windowText().color())
        painter.drawText(self.rect(), self._alignment, self._text)
        painter.end()
