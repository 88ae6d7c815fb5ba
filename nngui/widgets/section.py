"""Section: a header that folds and unfolds what stands beneath it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QSizePolicy, QToolButton, QVBoxLayout, QWidget

from nngui.icons import icon


class Section(QWidget):
    """A foldable part of a column.

    Args:
        name: Stem of the header's objectName.
        title: What the header says.
        content: What is folded.
        is_open: Whether it begins unfolded.
        parent: Owner.
    """

    toggled = Signal(bool)

    def __init__(
        self,
        name: str,
        title: str,
        content: QWidget,
        *,
        is_open: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.name = name
        self.content = content
        self._title = title
        self._header = QToolButton(self)
        self._build()
        self._header.toggled.connect(self._on_toggled)
        self._header.setChecked(is_open)
        self._on_toggled(is_open)

    @property
    def is_open(self) -> bool:
        """Whether the content is seen."""
        return self._header.isChecked()

    def set_open(self, is_open: bool) -> None:
        """Unfold or fold."""
        self._header.setChecked(is_open)

    def _build(self) -> None:
        header = self._header
        header.setObjectName(f"{self.name}Header")
        header.setProperty("role", "sectionHeader")
        header.setText(self._title)
        header.setCheckable(True)
        header.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        header.setIconSize(QSize(14, 14))
        header.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        header.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        header.setCursor(Qt.CursorShape.PointingHandCursor)
        font = QFont(header.font())
        font.setWeight(QFont.Weight.DemiBold)
        header.setFont(font)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(header)
        column.addWidget(self.content)

    @Slot(bool)
    def _on_toggled(self, is_open: bool) -> None:
        self.content.setVisible(is_open)
        self._header.setIcon(icon("chevron-down" if is_open else "chevron-right"))
        verb = "Fold" if is_open else "Unfold"
        self._header.setToolTip(f"{verb} {self._title}")
        self._header.setAccessibleName(f"{self._title}, {'open' if is_open else 'folded'}")
        self.toggled.emit(is_open)
