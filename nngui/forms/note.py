"""Note: a line beneath a field or above a form, with an icon; no room is taken when it is empty."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from nngui.icons import icon
from nngui.widgets.role_label import RoleLabel

ICON_SIZE = 14


class Note(QWidget):
    """A wrapped sentence in a color that carries meaning, with an icon so that color is not alone.

    Args:
        parent: Owner.
        icon_name: File in resources/icons.
        role: Role of the theme for text and icon.
    """

    def __init__(
        self, parent: QWidget | None = None, *, icon_name: str = "warning", role: str = "wrong"
    ) -> None:
        super().__init__(parent)
        self._icon_name = icon_name
        self._role = role
        self._icon = QLabel(self)
        self._text = RoleLabel(role=role, parent=self)
        self._text.setWordWrap(True)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self._text.setSizePolicy(policy)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 1, 0, 3)
        row.setSpacing(5)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._text, 1)
        self._paint_icon()
        self.hide()

    def text(self) -> str:
        """What it says."""
        return self._text.text()

    def show_text(self, text: str) -> None:
        """Say something, or vanish when there is nothing to say."""
        if text != self._text.text():
            self._text.setText(text)
            self._text.updateGeometry()
        self.setVisible(bool(text))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._paint_icon()

    def _paint_icon(self) -> None:
        pixmap = icon(self._icon_name, self.palette(), role=self._role).pixmap(
            QSize(ICON_SIZE, ICON_SIZE), self.devicePixelRatioF()
        )
        self._icon.setPixmap(pixmap)
