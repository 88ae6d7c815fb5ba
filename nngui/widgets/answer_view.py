"""AnswerView: the class in large type, how sure the network is of it, and what to make of that."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from nngui.answers import Answer, Certainty
from nngui.theme import SPACE
from nngui.widgets.role_label import RoleLabel

LARGEST = 3.4
SMALLEST = 1.3
"""The name's type, as a multiple of the normal size: as large as fits into `NAME_SHARE`."""
NAME_SHARE = 0.42
NO_NAME = "–"

_ROLES = {
    Certainty.NONE: "muted",
    Certainty.CHANCE: "warning",
    Certainty.UNSURE: "warning",
    Certainty.SURE: "accent",
}


class AnswerView(QWidget):
    """Of the same height whatever the answer, so that nothing jumps while drawing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = RoleLabel(NO_NAME)
        self._name.setObjectName("answerLabel")
        self._name.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._words = QLabel()
        self._words.setObjectName("answerWords")
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * 1.3)
        font.setWeight(QFont.Weight.DemiBold)
        self._words.setFont(font)
        self._explanation = RoleLabel()
        self._explanation.setObjectName("answerExplanation")
        self._explanation.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        for label in (self._words, self._explanation):
            label.setWordWrap(True)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(2 * SPACE)
        layout.setVerticalSpacing(2)
        layout.addWidget(self._name, 0, 0, 2, 1)
        layout.addWidget(self._words, 0, 1)
        layout.addWidget(self._explanation, 1, 1)
        layout.setColumnStretch(1, 1)
        layout.setRowStretch(0, 5)
        layout.setRowStretch(1, 6)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Answer")

    def setAnswer(self, answer: Answer) -> None:
        """Show an answer."""
        self._name.setRole(_ROLES[answer.certainty])
        unsure = answer.certainty is Certainty.UNSURE and " or " not in answer.name
        nothing = "?" if answer.certainty is Certainty.CHANCE else NO_NAME
        self._name.setText(f"{answer.name}?" if unsure else answer.name or nothing)
        self._words.setText(answer.words[:1].upper() + answer.words[1:])
        self._explanation.setText(answer.explanation)
        self.setAccessibleDescription(f"{answer.headline}. {answer.explanation}")
        self._fit()

    def _fit(self) -> None:
        """Give the name the largest type that fits; the smallest one may break into lines."""
        room = max(60, int(self.width() * NAME_SHARE))
        text, size = self._name.text(), LARGEST
        font = QFont(self.font())
        font.setBold(True)
        while size > SMALLEST:
            font.setPointSizeF(self.font().pointSizeF() * size)
            if QFontMetrics(font).horizontalAdvance(text) <= room:
                break
            size -= 0.3
        too_long = QFontMetrics(font).horizontalAdvance(text) > room
        self._name.setFont(font)
        self._name.setWordWrap(too_long)
        self._name.setMaximumWidth(room)
        # One letter gets the width of two, so that the words stay where they are.
        self._name.setMinimumWidth(room if too_long else min(room, self.sizeHint().height()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def sizeHint(self) -> QSize:
        return QSize(320, round(self.fontMetrics().height() * LARGEST * 1.15))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())
