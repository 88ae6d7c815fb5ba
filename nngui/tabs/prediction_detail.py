"""One sample looked at closely: its pixels, its true and predicted class, its probabilities."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from nngui.answers import percent
from nngui.icons import icon
from nngui.theme import SPACE, theme_of
from nngui.viewmodels.samples import Samples
from nngui.widgets.card import Card
from nngui.widgets.digit_view import DigitView
from nngui.widgets.probability_bars import ProbabilityBars
from nngui.widgets.role_label import RoleLabel
from nngui.widgets.verdict_sign import paint_verdict

HINT = (
    "Below each image stand the predicted class with its sign, and the true class at the right."
    "\n\n"
    "Click an image to see it large, with its probabilities. The arrow keys go on from there."
)


class VerdictMark(QWidget):
    """The sign for right or wrong, or nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._right: bool | None = None
        self.setFixedSize(16, 16)

    def setVerdict(self, right: bool | None) -> None:
        """Show right, wrong, or nothing."""
        self._right = right
        words = {True: "right", False: "wrong", None: ""}
        self.setAccessibleName(words[right])
        self.setToolTip(words[right])
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._right is None:
            return
        theme = theme_of(self.palette())
        painter = QPainter(self)
        color = theme.color("correct" if self._right else "wrong")
        paint_verdict(painter, QRectF(1, 1, 14, 14), self._right, color)
        painter.end()


class SampleDetail(Card):
    """Follows `Samples.current`."""

    toPadWanted = Signal(object)
    """The pixels (rows, columns) are wanted on the draw pad."""

    def __init__(self, samples: Samples, parent: QWidget | None = None) -> None:
        super().__init__("One image", parent)
        self._samples = samples
        self._build()
        self._connect()
        self._show()

    def _build(self) -> None:
        self.setObjectName("sampleDetail")
        self.view = DigitView()
        self.view.setObjectName("sampleDetailView")
        self.view.setAccessibleName("The image enlarged")
        self.mark = VerdictMark()
        self.verdict = QLabel()
        self.verdict.setObjectName("sampleVerdictLabel")
        self.facts = QLabel()
        self.facts.setObjectName("sampleFactsLabel")
        self.facts.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.padButton = QPushButton(icon("pen"), "To the pad")
        self.padButton.setObjectName("sampleToPadButton")
        self.padButton.setAccessibleName("Put the image on the draw pad")
        self.padButton.setToolTip(
            "Put this image on the draw pad, to change it and see what counts."
        )
        self.hint = RoleLabel(HINT)
        self.hint.setWordWrap(True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.bars = ProbabilityBars()
        self.bars.setObjectName("sampleProbabilityBars")
        verdict_row = QHBoxLayout()
        verdict_row.setSpacing(SPACE // 2)
        verdict_row.addWidget(self.mark)
        verdict_row.addWidget(self.verdict, 1)
        beside = QVBoxLayout()
        beside.setSpacing(SPACE // 2)
        beside.addLayout(verdict_row)
        beside.addWidget(self.facts, 1)
        beside.addWidget(self.padButton)
        top = QHBoxLayout()
        top.setSpacing(SPACE + 4)
        top.addWidget(self.view, 1)
        top.addLayout(beside, 1)
        self.column.addWidget(self.hint, 1)
        self.column.addLayout(top, 3)
        self.column.addWidget(self.bars, 4)

    def _connect(self) -> None:
        self._samples.currentChanged.connect(self._show)
        self._samples.predictionsChanged.connect(self._show)
        self.padButton.clicked.connect(self._send)

    def _pixels(self) -> NDArray[np.uint8] | None:
        samples, k = self._samples.samples, self._samples.current
        return None if samples is None or k < 0 else samples.image(k)

    @Slot()
    def _send(self) -> None:
        pixels = self._pixels()
        if pixels is not None:
            self.toPadWanted.emit(pixels)

    @Slot()
    def _show(self) -> None:
        samples, k = self._samples.samples, self._samples.current
        pixels = self._pixels()
        for widget in (self.view, self.bars, self.padButton, self.verdict, self.facts):
            widget.setVisible(pixels is not None)
        self.hint.setVisible(pixels is None)
        if samples is None or pixels is None:
            self.setTitle("One image")
            self.mark.setVerdict(None)
            return
        names, truth = samples.class_names, int(samples.labels[k])
        self.setTitle(f"Image {samples.indices[k]:,}")
        self.view.setPixels(pixels)
        self.bars.setClassNames(names)
        predictions = self._samples.predictions
        if predictions is None:
            self.mark.setVerdict(None)
            self.verdict.setText("Not predicted yet")
            self.facts.setText(f"True class {names[truth]}")
            self.bars.setProbabilities(None, truth)
            return
        predicted = int(predictions.predicted[k])
        confidence = percent(float(predictions.confidence[k]), 1)
        right = bool(predictions.correct[k])
        self.mark.setVerdict(right)
        self.verdict.setText("Right" if right else "Wrong")
        self.facts.setText(
            f"Predicted {names[predicted]}\n{confidence} confident\n"
            f"True class {names[truth]}\nLoss {predictions.losses[k]:.3g}"
        )
        muted = not self._samples.trained
        self.bars.setProbabilities(predictions.probabilities[k], truth, muted)

    def sizeHint(self) -> QSize:
        return QSize(280, 300)

    def minimumSizeHint(self) -> QSize:
        return QSize(262, 240)
