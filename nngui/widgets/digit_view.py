"""DigitView: a small gray picture enlarged so far that every pixel can be told."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QHelpEvent, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from nngui.theme import theme_of

LEAST_FOR_GRID = 5
"""From this size of a pixel on, edges are drawn between pixels [pixels of the screen]."""
EDGE = 134.0
EDGE_SHARE = 0.27
"""Edges are so much of their own gray, and the rest of the pixel's."""


def gray_image(pixels: NDArray[np.uint8]) -> QImage:
    """A picture of its own from an array (rows, columns)."""
    rows, columns = pixels.shape
    data = np.ascontiguousarray(pixels)
    # The copy belongs to Qt: the array may go away before the picture does.
    return QImage(data.data, columns, rows, columns, QImage.Format.Format_Grayscale8).copy()


def enlarge(pixels: NDArray[np.uint8], step: int, edges: bool) -> NDArray[np.uint8]:
    """Each pixel as a square, with a faint edge at its upper and left side if wanted.

    Args:
        pixels: (rows, columns).
        step: Side of a square [pixels of the screen].
        edges: Whether edges are drawn between the squares.

    Returns:
        (rows * step, columns * step).
    """
    large = pixels.repeat(step, axis=0).repeat(step, axis=1)
    if edges:
        for lines in (large[step::step], large[:, step::step]):
            lines[...] = lines * (1 - EDGE_SHARE) + EDGE * EDGE_SHARE
    return large


class DigitView(QWidget):
    """Shows the pixels that the network is fed, with their edges; a tool tip tells each value."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pixels: NDArray[np.uint8] | None = None
        self._shape = (28, 28)
        self._enlarged: tuple[int, QImage] | None = None
        self.setObjectName("digitView")
        self.setAccessibleName("What the network sees")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def setPixels(self, pixels: NDArray[np.uint8] | None) -> None:
        """Show a picture (rows, columns), or an empty paper."""
        self._pixels = pixels
        self._enlarged = None
        if pixels is not None:
            self._shape = (pixels.shape[0], pixels.shape[1])
        self.update()

    def pixels(self) -> NDArray[np.uint8] | None:
        """The picture shown, if any."""
        return self._pixels

    def pixel_at(self, position: QPoint) -> tuple[int, int] | None:
        """The (row, column) shown at a place of the widget, if any."""
        area = self._area()
        if self._pixels is None or not area.contains(position):
            return None
        rows, columns = self._shape
        offset = position - area.topLeft()
        return offset.y() * rows // area.height(), offset.x() * columns // area.width()

    def _area(self) -> QRect:
        """Where the picture is drawn, centered.

        With whole pixels of the screen for each of its own; a picture larger than that is shrunk.
        """
        rows, columns = self._shape
        step = min(self.width() // columns, self.height() // rows)
        whole = QSize(columns, rows)
        shrunk = whole.scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        size = whole * step if step else shrunk
        area = QRect(0, 0, max(size.width(), 1), max(size.height(), 1))
        area.moveCenter(self.rect().center())
        return area

    def _image(self, step: int) -> QImage:
        """The picture with pixels of that size; made once for a size."""
        if self._enlarged is None or self._enlarged[0] != step:
            pixels = self._pixels
            if pixels is None:
                pixels = np.zeros(self._shape, np.uint8)
            self._enlarged = step, gray_image(enlarge(pixels, step, step >= LEAST_FOR_GRID))
        return self._enlarged[1]

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            at = self.pixel_at(event.pos())
            text = self.toolTip()
            if at is not None and self._pixels is not None:
                value = int(self._pixels[at])
                text = f"Row {at[0]}, column {at[1]}: {value} of 255, fed as {value / 255:.3f}"
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        area = self._area()
        ratio = self.devicePixelRatioF()
        painter = QPainter(self)
        step = round(area.width() // self._shape[1] * ratio)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, step == 0)
        painter.drawImage(area, self._image(max(step, 1)))
        painter.setPen(theme_of(self.palette()).color("border"))
        painter.drawRect(area.adjusted(-1, -1, 0, 0))
        painter.end()

    def sizeHint(self) -> QSize:
        return QSize(28 * 6 + 2, 28 * 6 + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(28 * 3 + 2, 28 * 3 + 2)
