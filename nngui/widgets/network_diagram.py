"""NetworkDiagram: a picture of the network, layer by layer, with its weights when there are any."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from nngui.theme import RADIUS, theme_of
from nngui.widgets.diagram_layout import Column, band_of, lay_out
from nngui.widgets.diagram_painter import DiagramLayer, paint_diagram

HEIGHT = 136
"""Hint and minimum alike: Qt takes the one where a text beneath may wrap and the other where none
may, and the fields below would jump whenever such a text comes or goes."""
MAX_HEIGHT = 280
LABEL_LINES = 2


class NetworkDiagram(QWidget):
    """Inputs as a block, units as circles, weights as lines; too many units end in an ellipsis.

    The picture is painted once into a pixmap, and anew only when something in it changes.
    """

    layerClicked = Signal(int)
    """A column was clicked: 0 for the inputs, then the hidden layers, then the output."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layers: tuple[DiagramLayer, ...] = (DiagramLayer(1, ""), DiagramLayer(1, ""))
        self._weights: tuple[NDArray[Any], ...] = ()
        self._given: tuple[NDArray[Any], ...] = ()
        self._columns: tuple[Column, ...] = ()
        self._strengths: list[NDArray[np.float64]] = []
        self._pixmap: QPixmap | None = None
        self._selected = -1
        self._hovered = -1
        self.setObjectName("networkDiagram")
        self.setAccessibleName("Network diagram")
        self.setMouseTracking(True)
        self.setMaximumHeight(MAX_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)

    @property
    def columns(self) -> tuple[Column, ...]:
        """Where the columns stand now."""
        return self._columns

    @property
    def strengths(self) -> list[NDArray[np.float64]]:
        """What the lines show, for each layer: (its circles, circles below it), -1 to 1.

        Empty while there are no weights.
        """
        return self._strengths

    def set_layers(self, layers: Sequence[DiagramLayer]) -> None:
        """Show another network; weights are shown again once it is theirs.

        Args:
            layers: Inputs, hidden layers, output.
        """
        if tuple(layers) == self._layers:
            return
        self._layers = tuple(layers)
        self.setAccessibleDescription(
            ", ".join(f"{layer.units:,} {layer.name}" for layer in self._layers)
        )
        self._weights = self._given if self._fits(self._given) else ()
        self._arrange()

    def set_weights(self, weights: Sequence[NDArray[Any]] | None) -> None:
        """Color the lines by their weights: the sign is the color, the size the strength.

        A line from the inputs shows the mean weight of a band of inputs.

        Args:
            weights: For each layer above the inputs its matrix (units, inputs), which nobody
                changes afterwards: a copy's. None for plain lines; those of another network are
                not shown.
        """
        self._given = tuple(weights or ())
        self._weights = self._given if self._fits(self._given) else ()
        self._measure_strengths()
        self._repaint_all()

    def select(self, column: int) -> None:
        """Mark a column: 0 for the inputs, then the hidden layers, then the output; -1 for none."""
        if column != self._selected:
            self._selected = column
            self.update()

    def column_at(self, x: float) -> int:
        """The column nearest to a place from the left [pixels]."""
        distances = [abs(column.x - x) for column in self._columns]
        return distances.index(min(distances)) if distances else -1

    def sizeHint(self) -> QSize:
        return QSize(280, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._arrange()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            layer = self._layers[self.column_at(event.pos().x())]
            QToolTip.showText(event.globalPos(), layer.tooltip, self)
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.layerClicked.emit(self.column_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.column_at(event.position().x()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(-1)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._pixmap is None:
            self._pixmap = self._paint_pixmap()
        painter = QPainter(self)
        theme = theme_of(self.palette())
        for column, alpha in ((self._hovered, 24), (self._selected, 48)):
            if 0 <= column < len(self._columns):
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.color("accent", alpha))
                painter.drawRoundedRect(self._frame_of(self._columns[column]), RADIUS, RADIUS)
        painter.drawPixmap(0, 0, self._pixmap)

    def _frame_of(self, column: Column) -> QRectF:
        half = column.half + 5
        return QRectF(column.x - half, 0, 2 * half, self.height())

    def _hover(self, column: int) -> None:
        if column != self._hovered:
            self._hovered = column
            self.update()

    def _fits(self, weights: Sequence[NDArray[Any]]) -> bool:
        units = [layer.units for layer in self._layers]
        shapes = list(zip(units[1:], units[:-1], strict=True))
        return [matrix.shape for matrix in weights] == shapes

    def _arrange(self) -> None:
        height = self.height() - LABEL_LINES * self.fontMetrics().height()
        units = [layer.units for layer in self._layers]
        ends = tuple(
            self.fontMetrics().horizontalAdvance(layer.name)
            for layer in self._layers[:: len(self._layers) - 1]
        )
        self._columns = lay_out(units, self.width(), max(height, 1), (ends[0], ends[1]))
        self._measure_strengths()
        self._repaint_all()

    def _measure_strengths(self) -> None:
        self._strengths = []
        for index, matrix in enumerate(self._weights):
            below, above = self._columns[index], self._columns[index + 1]
            rows = matrix[list(above.members)].astype(np.float64)
            if index == 0:
                bands = len(below.places)
                parts = [rows[:, band_of(band, bands, below.units)] for band in range(bands)]
                shown = np.stack([part.mean(axis=1) for part in parts], axis=1)
            else:
                shown = rows[:, list(below.members)]
            largest = np.abs(shown).max(initial=0)
            finite = largest > 0 and np.isfinite(largest)
            self._strengths.append(shown / largest if finite else np.zeros_like(shown))

    def _repaint_all(self) -> None:
        self._pixmap = None
        self.update()

    def _paint_pixmap(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(self.size() * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setFont(self.font())
        theme = theme_of(self.palette())
        size = self.size().toSizeF()
        paint_diagram(painter, theme, self._layers, self._columns, self._strengths, size)
        painter.end()
        return pixmap
