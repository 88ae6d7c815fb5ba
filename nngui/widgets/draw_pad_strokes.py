"""StrokeSurface: turns mouse, finger and pen into strokes on an InkSheet."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QMouseEvent, QPointingDevice, QTabletEvent, QTouchEvent
from PySide6.QtWidgets import QWidget

from nngui.widgets.draw_pad_sheet import SIZE, InkSheet

WIDTHS = range(8, 49)
"""Pen widths that can be chosen [pixels of the paper]."""
DEFAULT_WIDTH = 22
ERASER_SCALE = 1.6
"""An eraser is so many times as wide as the pen."""

_BUTTONS = Qt.MouseButton


class StrokeSurface(QWidget):
    """A widget with the paper as a square in its middle.

    The right mouse button and a pen's other end erase. A pen's pressure widens the stroke.
    """

    changed = Signal()
    """There is other ink; also while a stroke is being drawn."""
    strokeFinished = Signal()
    historyChanged = Signal()
    """Undo or redo may have become possible or impossible."""
    erasingChanged = Signal(bool)
    penWidthChanged = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sheet = InkSheet()
        self._pen_width = DEFAULT_WIDTH
        self._erasing = False
        self._stroke_erases = False
        self._hover: QPointF | None = None
        self._finger: int | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.CrossCursor)

    def penWidth(self) -> int:
        """Width of the pen [pixels of the paper]."""
        return self._pen_width

    def erasing(self) -> bool:
        """Whether the left button erases."""
        return self._erasing

    @Slot(int)
    def setPenWidth(self, width: int) -> None:
        """Draw wider or finer from now on; kept within `WIDTHS`."""
        width = min(max(width, WIDTHS[0]), WIDTHS[-1])
        if width != self._pen_width:
            self._pen_width = width
            self.penWidthChanged.emit(width)
            self.update()

    @Slot(bool)
    def setErasing(self, erasing: bool) -> None:
        """Let the left button erase, or draw."""
        if erasing != self._erasing:
            self._erasing = erasing
            self.erasingChanged.emit(erasing)
            self.update()

    def _side(self) -> int:
        return max(1, min(self.width(), self.height()))

    def _square(self) -> QRectF:
        """Where the paper is drawn in the widget."""
        side = self._side()
        return QRectF((self.width() - side) // 2, (self.height() - side) // 2, side, side)

    def _on_paper(self, position: QPointF) -> QPointF:
        return (position - self._square().topLeft()) * (SIZE / self._side())

    def _width_for(self, erasing: bool, pressure: float = 0.5) -> float:
        """Width of a stroke [pixels of the paper]; half the pressure gives the chosen width."""
        return self._pen_width * (ERASER_SCALE if erasing else 0.5 + pressure)

    def _begin(self, position: QPointF, erasing: bool, pressure: float = 0.5) -> None:
        width = self._width_for(erasing, pressure)
        self._sheet.begin(self._on_paper(position), width, erasing)
        self._stroke_erases = erasing
        self._tell_changed()

    def _extend(self, position: QPointF, pressure: float = 0.5) -> None:
        if self._sheet.drawing:
            width = self._width_for(self._stroke_erases, pressure)
            self._sheet.extend(self._on_paper(position), width)
            self.update()
            self.changed.emit()

    def _end(self) -> None:
        if self._sheet.drawing:
            self._sheet.end()
            self.update()
            self.changed.emit()
            self.strokeFinished.emit()

    def _cancel(self) -> None:
        self._sheet.cancel()
        self._tell_changed()

    def _tell_changed(self) -> None:
        self.update()
        self.changed.emit()
        self.historyChanged.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        button = event.button()
        if button in (_BUTTONS.LeftButton, _BUTTONS.RightButton) and not self._sheet.drawing:
            self._begin(event.position(), self._erasing or button == _BUTTONS.RightButton)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover = event.position()
        self._extend(event.position())
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if not event.buttons() & (_BUTTONS.LeftButton | _BUTTONS.RightButton):
            self._extend(event.position())
            self._end()

    def tabletEvent(self, event: QTabletEvent) -> None:
        position, kind = event.position(), event.type()
        if kind == QEvent.Type.TabletPress and not self._sheet.drawing:
            is_eraser = event.pointerType() == QPointingDevice.PointerType.Eraser
            self._begin(position, self._erasing or is_eraser, event.pressure())
        elif kind == QEvent.Type.TabletMove:
            self._hover = position
            self._extend(position, event.pressure())
        elif kind == QEvent.Type.TabletRelease:
            self._end()
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = None
        self.update()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QTouchEvent):
            self._touch(event)
            event.accept()
            return True
        return super().event(event)

    def _touch(self, event: QTouchEvent) -> None:
        """Follow one finger; what other fingers do meanwhile does not count."""
        if event.type() == QEvent.Type.TouchCancel:
            self._finger = None
            self._cancel()
            return
        for point in event.points():
            state = point.state()
            if state == point.State.Pressed and self._finger is None and not self._sheet.drawing:
                self._finger = point.id()
                self._begin(point.position(), self._erasing)
            elif point.id() == self._finger and state == point.State.Updated:
                self._extend(point.position())
            elif point.id() == self._finger and state == point.State.Released:
                self._finger = None
                self._extend(point.position())
                self._end()
