"""Pictures and tables of plots as the bytes of a file, and their saving in the background."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QRect, QSize, Signal, Slot
from PySide6.QtGui import QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgGenerator

from nncore.atomic import write_atomically
from nncore.errors import NNError
from nngui.workers.background import BackgroundTask

Paint = Callable[[QPainter, float], None]
"""Paints a picture from (0, 0) on, for so many dots of the device for each pixel."""
Column = Sequence[str]
_ROWS_AT_ONCE = 20_000


def svg_bytes(paint: Paint, size: QSize, resolution: int, title: str) -> bytes:
    """A picture as SVG.

    Args:
        paint: Paints it.
        size: Its size [pixels].
        resolution: Of the screen, for which its fonts are laid out [dots per inch].
        title: Stands in the file.
    """
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setResolution(resolution)
    generator.setSize(size)
    generator.setViewBox(QRect(0, 0, size.width(), size.height()))
    generator.setTitle(title)
    generator.setDescription("Made with nnScratch.")
    painter = QPainter(generator)
    paint(painter, 1.0)
    painter.end()
    buffer.close()
    return bytes(data.data())


def draw_image(paint: Paint, size: QSize, scale: float) -> QImage:
    """A picture as pixels, `scale` of them for each pixel of the screen."""
    image = QImage(size * scale, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    painter = QPainter(image)
    paint(painter, scale)
    painter.end()
    return image


def png_bytes(image: QImage) -> bytes:
    """An image as PNG."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, b"png").write(image)
    buffer.close()
    return bytes(data.data())


def exact(values: NDArray[Any]) -> list[str]:
    """Numbers as the shortest text that gives back the same float64 (or integer)."""
    return [repr(value) for value in values.tolist()]


def at_rows(rows: NDArray[np.integer[Any]], values: NDArray[Any], count: int) -> list[str]:
    """A column of `count` cells that is empty but at some rows."""
    cells = [""] * count
    for row, text in zip(rows.tolist(), exact(values), strict=True):
        cells[row] = text
    return cells


def curve_columns(counted: str, run: str, values: Mapping[str, NDArray[Any]]) -> dict[str, Column]:
    """The columns of a run: its name, the epoch or step from 1, and one for each curve."""
    count = max((len(curve) for curve in values.values()), default=0)
    columns: dict[str, Column] = {"run": [run] * count}
    columns[counted] = [str(place) for place in range(1, count + 1)]
    for key, curve in values.items():
        columns[key] = exact(curve) + [""] * (count - len(curve))
    return columns


def csv_bytes(parts: Sequence[Mapping[str, Column]]) -> bytes:
    """Parts with the same columns below each other as CSV, a header first."""
    lines = [",".join(parts[0])] if parts else []
    for part in parts:
        columns = list(part.values())
        for start in range(0, len(columns[0]), _ROWS_AT_ONCE):
            stop = start + _ROWS_AT_ONCE
            rows = zip(*(column[start:stop] for column in columns), strict=True)
            lines.append("\n".join(",".join(row) for row in rows))
    return ("\n".join(lines) + "\n").encode()


def curves_csv(counted: str, runs: Sequence[tuple[str, Mapping[str, NDArray[Any]]]]) -> bytes:
    """The curves of several runs below each other as CSV.

    Args:
        counted: "epoch" or "step".
        runs: Name and curves of each.
    """
    return csv_bytes([curve_columns(counted, name, values) for name, values in runs])


class FileSaver(QObject):
    """Makes and writes files one after the other in a thread of its own.

    Args:
        parent: Owner.
    """

    saved = Signal(str)
    """The path of a file that is now whole on the disk."""
    failed = Signal(str)
    """A sentence that says which file could not be written, and why."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: deque[tuple[Path, Callable[[], bytes]]] = deque()
        self._task = BackgroundTask(self)
        self._task.succeeded.connect(self._report_saved)
        self._task.failed.connect(self._report_failed)

    def save(self, path: Path, make: Callable[[], bytes]) -> None:
        """Write what `make` gives, atomically; `make` runs in the thread."""
        self._jobs.append((path, make))
        if len(self._jobs) == 1:
            self._start()

    def _start(self) -> None:
        path, make = self._jobs[0]
        self._task.start(lambda: write_atomically(path, make()))

    def _finish(self) -> Path:
        path, _ = self._jobs.popleft()
        if self._jobs:
            self._start()
        return path

    @Slot(object)
    def _report_saved(self, _: object) -> None:
        self.saved.emit(str(self._finish()))

    @Slot(object)
    def _report_failed(self, error: Exception) -> None:
        path = self._finish()
        if isinstance(error, NNError):
            self.failed.emit(str(error))
        else:
            self.failed.emit(f"{path} could not be written: {error}. What was there is kept.")
