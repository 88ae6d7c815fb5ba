"""KeyFigures: the numbers that matter, large, in a row, each explained on hover."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from nngui.theme import SPACE, theme_of
from nngui.widgets.card import paint_card

_MARGIN = SPACE - 2


@dataclass(frozen=True)
class FigureSpec:
    """One figure.

    Attributes:
        key: From which its object name is made.
        caption: Above the number.
        role: The theme's color of its mark; "" for none.
        hint: In plain words, what it means.
    """

    key: str
    caption: str
    role: str
    hint: str


class Figure(QWidget):
    """A caption, a number, and a line of comment below it.

    It paints its texts itself: a label whose text changes has the whole window laid out anew.
    """

    def __init__(self, spec: FigureSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._spec = spec
        self._text = "–"
        self._comment = ""
        self.setObjectName(f"{spec.key}Figure")
        self.setToolTip(spec.hint)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def text(self) -> str:
        """The number as shown."""
        return self._text

    @property
    def comment(self) -> str:
        """The line below it."""
        return self._comment

    def show_value(self, text: str, comment: str = "") -> None:
        """Show a number and what there is to say about it."""
        if (text, comment) == (self._text, self._comment):
            return
        self._text, self._comment = text, comment
        self.setAccessibleName(f"{self._spec.caption}: {text} {comment}".strip())
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(180, self.minimumSizeHint().height())

    def minimumSizeHint(self) -> QSize:
        lines = [QFontMetrics(font).height() for font in self._fonts()]
        return QSize(120, sum(lines) + 2 * _MARGIN)

    def _fonts(self) -> tuple[QFont, QFont, QFont]:
        """Of the caption, the number and the comment."""
        size = self.font().pointSizeF()
        small, large = QFont(self.font()), QFont(self.font())
        small.setPointSizeF(max(size * 0.9, 7.0))
        large.setPointSizeF(size * 1.6)
        large.setWeight(QFont.Weight.DemiBold)
        return small, large, small

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_of(self.palette())
        painter = QPainter(self)
        paint_card(painter, self.rect(), theme)
        if self._spec.role:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color(self._spec.role))
            painter.drawRoundedRect(QRectF(5, 10, 3, self.height() - 20), 1.5, 1.5)
        line = self.rect().adjusted(SPACE + 6, _MARGIN, -SPACE // 2, 0)
        texts = (self._spec.caption, self._text, self._comment)
        for font, text, role in zip(self._fonts(), texts, ("muted", "text", "muted"), strict=True):
            metrics = QFontMetrics(font)
            line.setHeight(metrics.height())
            painter.setFont(font)
            painter.setPen(theme.color(role))
            words = metrics.elidedText(text, Qt.TextElideMode.ElideRight, line.width())
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, words)
            line.translate(0, line.height())
        painter.end()


class KeyFigures(QWidget):
    """A row of figures of equal width.

    Args:
        specs: What is shown, from the left.
        parent: Owner.
    """

    def __init__(self, specs: Sequence[FigureSpec], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("keyFigures")
        self._figures = {spec.key: Figure(spec) for spec in specs}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE)
        for figure in self._figures.values():
            layout.addWidget(figure, 1)

    def __getitem__(self, key: str) -> Figure:
        return self._figures[key]
