"""MessageBanner: a message across the top of a view, until it is dismissed or replaced."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QEvent, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from nngui.icons import icon
from nngui.theme import RADIUS, SPACE, theme_of

Kind = Literal["info", "warning", "error"]
_ICON = 18


@dataclass(frozen=True)
class _Look:
    icon: str
    role: str
    spoken: str


_LOOKS: dict[Kind, _Look] = {
    "info": _Look("info", "accent", "Note"),
    "warning": _Look("warning", "warning", "Warning"),
    "error": _Look("cross", "wrong", "Error"),
}


class MessageBanner(QWidget):
    """Hidden while it has nothing to say. Color, icon and spoken name all tell the kind."""

    dismissed = Signal()
    """The person has closed it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind: Kind = "info"
        self._build()
        self._connect()
        self.hide()

    def _build(self) -> None:
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self._icon = QLabel()
        self._icon.setFixedSize(_ICON, _ICON)
        self._label = QLabel()
        self._label.setWordWrap(True)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._close = QToolButton(autoRaise=True)
        self._close.setAccessibleName("Dismiss the message")
        self._close.setToolTip("Dismiss (Esc)")
        self._close.setIcon(icon("cross"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACE + 4, SPACE - 2, SPACE - 2, SPACE - 2)
        layout.setSpacing(SPACE)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self._label, 1)
        layout.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        self.objectNameChanged.connect(self._name_parts)
        self.setObjectName("messageBanner")

    def _connect(self) -> None:
        self._close.clicked.connect(self.dismiss)

    @Slot(str)
    def _name_parts(self, name: str) -> None:
        self._label.setObjectName(f"{name}Label")
        self._close.setObjectName(f"{name}CloseButton")

    @property
    def kind(self) -> Kind:
        """The kind of what is shown."""
        return self._kind

    @property
    def text(self) -> str:
        """What is shown, or ""."""
        return self._label.text()

    def show_message(self, kind: Kind, text: str) -> None:
        """Show a message in place of the one before; an empty text hides the banner."""
        self._kind = kind
        self._label.setText(text)
        self.setAccessibleName(f"{_LOOKS[kind].spoken}: {text}" if text else "")
        self._paint_icon()
        self.setVisible(bool(text))
        self.update()

    def clear(self) -> None:
        """Hide the banner, silently."""
        self.show_message("info", "")

    @Slot()
    def dismiss(self) -> None:
        """Hide the banner because the person wants so."""
        self.clear()
        self.dismissed.emit()

    def _paint_icon(self) -> None:
        look = _LOOKS[self._kind]
        ratio = self.devicePixelRatioF()
        if self._kind != "error":
            image = icon(look.icon, self.palette(), role=look.role)
            self._icon.setPixmap(image.pixmap(self._icon.size(), ratio))
            return
        # A cross on a filled disk, so that it is not taken for the one that closes the banner.
        disk = QPixmap(self._icon.size() * ratio)
        disk.setDevicePixelRatio(ratio)
        disk.fill(Qt.GlobalColor.transparent)
        painter = QPainter(disk)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme_of(self.palette()).color(look.role))
        painter.drawEllipse(QRectF(0, 0, _ICON, _ICON))
        cross = icon(look.icon, self.palette(), role="surface")
        cross.paint(painter, self._icon.rect().adjusted(3, 3, -3, -3))
        painter.end()
        self._icon.setPixmap(disk)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._paint_icon()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_of(self.palette())
        role = _LOOKS[self._kind].role
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(theme.color(role, 150))
        painter.setBrush(theme.color("surface"))
        painter.drawRoundedRect(box, RADIUS, RADIUS)
        painter.setBrush(theme.color(role, 38))
        painter.drawRoundedRect(box, RADIUS, RADIUS)
        painter.end()
