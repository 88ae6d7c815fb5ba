"""DrawPad: a square of black paper to draw a digit on with mouse, finger or pen."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QMimeData, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from nngui.widgets.draw_pad_paint import PadLook, paint_pad
from nngui.widgets.draw_pad_sheet import SIZE
from nngui.widgets.draw_pad_strokes import StrokeSurface


class DrawPad(StrokeSurface):
    """Keeps its ink at a resolution of its own, independent of its size on the screen."""

    imageOffered = Signal(object)
    """An image was dropped or is to be pasted: a QImage, or the path of a file as str."""
    pasteRequested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hint = "Draw a digit here"
        self._drop_wanted = False
        self._commands = self._command_table()
        self.setObjectName("drawPad")
        self.setAccessibleName("Draw pad")
        self.setToolTip(
            "Draw with the left button, erase with the right one.\n"
            "Images can be dropped or pasted here. Del clears, E erases, [ and ] set the width."
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAcceptDrops(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def ink(self) -> NDArray[np.uint8]:
        """A copy of the ink, (rows, columns), 255 where it is and 0 where paper is."""
        return self._sheet.ink()

    def setInk(self, ink: NDArray[np.uint8]) -> None:
        """Put a picture on the pad, as large as fits; can be undone.

        Args:
            ink: Bright ink on dark paper (rows, columns).
        """
        self._sheet.set_ink(ink)
        self._tell_changed()

    def isEmpty(self) -> bool:
        """Whether nothing is drawn."""
        return self._sheet.empty

    def canUndo(self) -> bool:
        """Whether there is a stroke or another change to take back."""
        return self._sheet.can_undo

    def canRedo(self) -> bool:
        """Whether there is a change to bring back."""
        return self._sheet.can_redo

    def setHint(self, hint: str) -> None:
        """Change what an empty pad invites to."""
        self._hint = hint
        self.update()

    @Slot()
    def clear(self) -> None:
        """Take a new paper; can be undone."""
        self._sheet.clear()
        self._tell_changed()

    @Slot()
    def undo(self) -> None:
        """Take back the last stroke, clearing or image."""
        self._sheet.undo()
        self._tell_changed()

    @Slot()
    def redo(self) -> None:
        """Bring back what was taken back last."""
        self._sheet.redo()
        self._tell_changed()

    def offer(self, data: QMimeData) -> bool:
        """Emit `imageOffered` if `data` holds an image or an image file; tells whether it does."""
        if data.hasImage():
            image = data.imageData()
            if isinstance(image, QImage):
                self.imageOffered.emit(image)
                return True
        for url in data.urls():
            if url.isLocalFile():
                self.imageOffered.emit(url.toLocalFile())
                return True
        return False

    def event(self, event: QEvent) -> bool:
        # The window undoes the configuration with the same keys; here they mean strokes.
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and self._command(event) is not None
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        command = self._command(event)
        if command is None:
            event.ignore()
        else:
            command()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        data = event.mimeData()
        if data.hasImage() or any(url.isLocalFile() for url in data.urls()):
            event.acceptProposedAction()
            self._set_drop_wanted(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._set_drop_wanted(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._set_drop_wanted(False)
        if self.offer(event.mimeData()):
            event.acceptProposedAction()

    def paintEvent(self, event: QPaintEvent) -> None:
        erasing = self._stroke_erases if self._sheet.drawing else self._erasing
        look = PadLook(
            hint="" if self._sheet.drawing or not self._sheet.empty else self._hint,
            hover=self._hover,
            ring=self._width_for(erasing) * self._side() / SIZE,
            focused=self.hasFocus() or self._drop_wanted,
        )
        painter = QPainter(self)
        paint_pad(painter, self._square(), self._sheet, look, self.palette())
        painter.end()

    def sizeHint(self) -> QSize:
        return QSize(240, 240)

    def minimumSizeHint(self) -> QSize:
        return QSize(140, 140)

    def _command_table(self) -> dict[QKeySequence, Callable[[], None]]:
        keys = QKeySequence.StandardKey
        table: dict[QKeySequence, Callable[[], None]] = {}
        for key, command in (
            (keys.Undo, self.undo),
            (keys.Redo, self.redo),
            (keys.Paste, self.pasteRequested.emit),
        ):
            table.update(dict.fromkeys(QKeySequence.keyBindings(key), command))
        for text, command in (
            ("Del", self.clear),
            ("Backspace", self.clear),
            ("E", lambda: self.setErasing(not self._erasing)),
            ("[", lambda: self.setPenWidth(self._pen_width - 2)),
            ("]", lambda: self.setPenWidth(self._pen_width + 2)),
        ):
            table[QKeySequence(text)] = command
        return table

    def _command(self, event: QKeyEvent) -> Callable[[], None] | None:
        """What a key does here, if anything; Esc only takes back a stroke under way."""
        if event.key() == Qt.Key.Key_Escape:
            return self._cancel if self._sheet.drawing else None
        return self._commands.get(QKeySequence(event.keyCombination()))

    def _set_drop_wanted(self, wanted: bool) -> None:
        self._drop_wanted = wanted
        self.update()
