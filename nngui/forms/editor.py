"""Editor: one field's widget, whatever its type, with its ring when the value cannot be used."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QWidget

from nngui.theme import theme_of

FIELD_HEIGHT = 24
"""The least height of a field, so that all kinds stand alike [pixels]."""
RING = 2
"""Width of the ring around a faulty field [pixels]."""


class Editor(QWidget):
    """The base of all editors; a subclass puts its widgets in by `add` and knows its value.

    A wheel over a field without the focus scrolls the panel instead of changing a value, and Ctrl+Z
    in a field undoes the configuration, not the letters of that field.

    Attributes:
        main: The widget that takes the focus and carries the object name.
    """

    edited = Signal(object)
    """The value as it is while a person types or drags: a plain value, or text that is none."""
    finished = Signal()
    """The edit is over: return was pressed, the focus left, the slider was let go."""

    focused = Signal()
    """The focus has come to one of its widgets."""

    main: QWidget

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._faulty = False
        self._widgets: list[QWidget] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(RING, RING, RING, RING)
        row.setSpacing(6)

    def add(self, widget: QWidget, stretch: int = 1) -> None:
        """Put a widget beside the others; the first one is `main`."""
        layout = self.layout()
        assert isinstance(layout, QHBoxLayout)
        if layout.count() == 0:
            self.main = widget
            self.setFocusProxy(widget)
        layout.addWidget(widget, stretch)
        self._widgets.append(widget)
        widget.setToolTip(self.toolTip())
        widget.setMinimumHeight(FIELD_HEIGHT)
        widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        widget.installEventFilter(self)

    def setToolTip(self, tip: str) -> None:
        """Explain the field, whichever of its widgets is pointed at."""
        super().setToolTip(tip)
        for widget in self._widgets:
            widget.setToolTip(tip)

    def value(self) -> Any:
        """What is entered now: a plain value, or the text where it is none."""
        raise NotImplementedError

    def show_value(self, value: Any) -> None:
        """Show a value; what is entered stays as it is typed when it means the same."""
        raise NotImplementedError

    def normalize(self) -> None:
        """Write what is entered in its usual form, once it has been entered."""

    def set_faulty(self, faulty: bool) -> None:
        """Mark the field as one whose value cannot be used."""
        if faulty != self._faulty:
            self._faulty = faulty
            self.update()

    @property
    def faulty(self) -> bool:
        """Whether the field is marked."""
        return self._faulty

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.FocusIn:
            self.focused.emit()
        elif kind == QEvent.Type.FocusOut:
            self.finished.emit()
        elif kind == QEvent.Type.Wheel and isinstance(watched, QWidget):
            if not watched.hasFocus():
                event.ignore()
                return True
        elif kind == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            undo, redo = QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo
            if event.matches(undo) or event.matches(redo):
                event.ignore()
                return True
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        paint_edge(self, QRectF(self.main.geometry()), faulty=self._faulty)


def paint_edge(of: QWidget, frame: QRectF, *, faulty: bool, inside: bool = False) -> None:
    """Paint the ring of a faulty field, and on a dark window the outline of any other.

    Args:
        of: What is painted on, in its paint event.
        frame: The field's own frame.
        faulty: Whether its value cannot be used.
        inside: Whether the line runs inside the frame and not around it.
    """
    theme = theme_of(of.palette())
    if not faulty and not theme.dark:
        return
    painter = QPainter(of)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    # Fusion's own outline of a field can hardly be seen on a dark window.
    role, width = ("wrong", RING) if faulty else ("border", 1)
    painter.setPen(QPen(theme.color(role), width))
    out = -width / 2 if inside else width / 2
    painter.drawRoundedRect(frame.adjusted(-out, -out, out, out), RING * 2, RING * 2)
    painter.end()
