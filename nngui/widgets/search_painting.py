"""SlicedPainting: a picture painted a few milliseconds at a time, so that the window stays free."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QIODevice,
    QObject,
    QRect,
    QSize,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QImage, QPaintDevice, QPainter
from PySide6.QtSvg import QSvgGenerator

SLICE = 0.004
"""For how long it paints at a time [s]."""

Paint = Callable[[QPainter], Generator[None, None, None]]
"""Paints from (0, 0) on; between two of its steps the window may live."""


class SlicedPainting(QObject):
    """One picture that is being painted.

    Args:
        device: What it is painted on; must live as long as this.
        paint: Paints it.
        parent: Owner.

    Attributes:
        device: The same.
        is_done: Whether it is whole.
        seconds: How long it has been painted [s].
    """

    finished = Signal()

    def __init__(self, device: QPaintDevice, paint: Paint, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.device = device
        self.is_done = False
        self.seconds = 0.0
        self._steps = _steps(device, paint)
        self._turn = QTimer(self, singleShot=True, interval=0)
        self._turn.timeout.connect(self.go_on)

    @Slot()
    def go_on(self) -> None:
        """Paint for a slice of time; the rest follows by itself."""
        began = time.perf_counter()
        for _ in self._steps:
            if time.perf_counter() - began > SLICE:
                self.seconds += time.perf_counter() - began
                self._turn.start()
                return
        self.seconds += time.perf_counter() - began
        self._end()

    def finish(self) -> None:
        """Paint all that is left at once."""
        if not self.is_done:
            for _ in self._steps:
                continue
            self._end()

    def stop(self) -> None:
        """Leave it unfinished."""
        self._turn.stop()
        self._steps.close()

    def _end(self) -> None:
        self._turn.stop()
        self.is_done = True
        self.finished.emit()


def _steps(device: QPaintDevice, paint: Paint) -> Generator[None, None, None]:
    """Paint; also when this is given up in the middle, painting ends before the device goes."""
    painter = QPainter(device)
    try:
        yield from paint(painter)
    finally:
        painter.end()


def blank_image(size: QSize, scale: float) -> QImage:
    """An image of a size [pixels] with `scale` dots for each pixel."""
    image = QImage(size * scale, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    return image


class SvgSheet:
    """An SVG file to paint on.

    Args:
        size: Its size [pixels].
        resolution: Of the screen, for which its fonts are laid out [dots per inch].
        title: Stands in the file.
    """

    def __init__(self, size: QSize, resolution: int, title: str) -> None:
        self._data = QByteArray()
        self._buffer = QBuffer(self._data)
        self._buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        self.device = QSvgGenerator()
        self.device.setOutputDevice(self._buffer)
        self.device.setResolution(resolution)
        self.device.setSize(size)
        self.device.setViewBox(QRect(0, 0, size.width(), size.height()))
        self.device.setTitle(title)
        self.device.setDescription("Made with nnScratch.")

    def to_bytes(self) -> bytes:
        """The file, once the painting has ended."""
        self._buffer.close()
        return bytes(self._data.data())
