"""InkSheet: the paper under the draw pad, with smooth strokes and their undoing; no widget."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

SIZE = 280
"""Rows and columns of the paper [pixels]; ten times MNIST's, whatever the size on the screen."""
HISTORY = 100
"""How many changes can be undone."""

_INK = QColor(255, 255, 255)
_PAPER = QColor(0, 0, 0)


@dataclass(frozen=True)
class Tail:
    """The end of a stroke that is not on the paper yet, for its curve depends on the next point."""

    start: QPointF
    end: QPointF
    pen: QPen


class InkSheet:
    """Bright ink on dark paper, `SIZE` pixels square.

    A stroke's points are joined by quadratic curves between the middles of its segments, with the
    points as control points, so that few and far mouse positions still make a round line.
    """

    def __init__(self) -> None:
        self._image = _blank()
        self._undo: deque[QImage] = deque(maxlen=HISTORY)
        self._redo: deque[QImage] = deque(maxlen=HISTORY)
        self._erasing = False
        self._last: QPointF | None = None
        self._middle = QPointF()
        self._width = 0.0

    @property
    def image(self) -> QImage:
        """The paper; draw it, do not change it."""
        return self._image

    @property
    def drawing(self) -> bool:
        """Whether a stroke has begun and not ended."""
        return self._last is not None

    @property
    def tail(self) -> Tail | None:
        """What to draw over the paper while a stroke is under way."""
        if self._last is None:
            return None
        return Tail(self._middle, self._last, self._pen())

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to take back."""
        return bool(self._undo)

    @property
    def can_redo(self) -> bool:
        """Whether there is a change to bring back."""
        return bool(self._redo)

    @property
    def empty(self) -> bool:
        """Whether there is no ink at all."""
        return not self._pixels().any()

    def begin(self, point: QPointF, width: float, erasing: bool) -> None:
        """Put the pen down.

        Args:
            point: Where [pixels of the paper].
            width: Of the stroke [pixels of the paper].
            erasing: Whether it takes ink away.
        """
        self._remember()
        self._erasing = erasing
        self._last = self._middle = point
        self._width = width
        # A dot of its own: a line without length draws no cap on every platform.
        with_dot = QPainterPath()
        with_dot.addEllipse(point, width / 2, width / 2)
        painter = self._painter()
        painter.fillPath(with_dot, _PAPER if erasing else _INK)
        painter.end()

    def extend(self, point: QPointF, width: float) -> None:
        """Move the pen; `width` may change on the way, as with a pen's pressure."""
        if self._last is None:
            return
        middle = (self._last + point) * 0.5
        curve = QPainterPath(self._middle)
        curve.quadTo(self._last, middle)
        self._stroke(curve)
        self._middle, self._last, self._width = middle, point, width

    def end(self) -> None:
        """Lift the pen: the rest of the stroke goes onto the paper."""
        if self._last is None:
            return
        rest = QPainterPath(self._middle)
        rest.lineTo(self._last)
        self._stroke(rest)
        self._last = None

    def cancel(self) -> None:
        """Take back the stroke under way."""
        if self._last is not None:
            self._last = None
            self._image = self._undo.pop()

    def clear(self) -> None:
        """Take a new paper; can be undone."""
        self.cancel()
        if not self.empty:
            self._remember()
            self._image = _blank()

    def undo(self) -> None:
        """Take back the last change."""
        self.cancel()
        if self._undo:
            self._redo.append(self._image)
            self._image = self._undo.pop()

    def redo(self) -> None:
        """Bring back what was undone last."""
        self.cancel()
        if self._redo:
            self._undo.append(self._image)
            self._image = self._redo.pop()

    def ink(self) -> NDArray[np.uint8]:
        """A copy of the paper, (SIZE, SIZE), 255 where there is ink."""
        return self._pixels().copy()

    def set_ink(self, ink: NDArray[np.uint8]) -> None:
        """Put a picture on new paper, as large as fits; can be undone.

        Args:
            ink: Bright ink on dark paper (rows, columns).
        """
        self.cancel()
        self._remember()
        rows, columns = ink.shape
        picture = QImage(
            np.ascontiguousarray(ink).data, columns, rows, columns, QImage.Format.Format_Grayscale8
        )
        scale = SIZE / max(rows, columns)
        box = QRectF(0, 0, columns * scale, rows * scale)
        box.moveCenter(QPointF(SIZE / 2, SIZE / 2))
        self._image = _blank()
        painter = self._painter()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(box, picture)
        painter.end()

    def _remember(self) -> None:
        self._undo.append(self._image.copy())
        self._redo.clear()

    def _pixels(self) -> NDArray[np.uint8]:
        """The paper's memory as an array (SIZE, SIZE), without the padding of its rows."""
        image = self._image
        memory = np.frombuffer(image.constBits(), np.uint8)
        return memory.reshape(SIZE, image.bytesPerLine())[:, :SIZE]

    def _pen(self) -> QPen:
        color = _PAPER if self._erasing else _INK
        shape, join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
        return QPen(color, self._width, Qt.PenStyle.SolidLine, shape, join)

    def _painter(self) -> QPainter:
        painter = QPainter(self._image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        return painter

    def _stroke(self, path: QPainterPath) -> None:
        painter = self._painter()
        painter.strokePath(path, self._pen())
        painter.end()


def _blank() -> QImage:
    image = QImage(SIZE, SIZE, QImage.Format.Format_Grayscale8)
    image.fill(0)
    return image
