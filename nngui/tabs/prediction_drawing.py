"""The upper half of the Predict tab: draw, see what the network sees, read its answer."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtGui import QGuiApplication, QImage, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QWidget

from nngui.answers import Certainty
from nngui.icons import icon
from nngui.tabs.prediction_tools import DrawingCard
from nngui.theme import SPACE
from nngui.viewmodels.predictor import Predictor
from nngui.viewmodels.reader import DigitReader
from nngui.widgets.answer_view import AnswerView
from nngui.widgets.card import Card
from nngui.widgets.digit_view import DigitView
from nngui.widgets.probability_bars import ProbabilityBars
from nngui.widgets.role_label import RoleLabel
from nngui.workers.background import BackgroundTask
from nngui.workers.image_reading import FORMATS, ink_of_image, read_image_file

DRAWING_SHARE = 0.36
"""The draw pad's card takes at most this part of the width."""
SEEN_SHARE = 0.25


class SeenCard(Card):
    """The 28 × 28 pixels, and the buttons that bring in an image instead of a drawing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("What the network sees", parent)
        self.view = DigitView()
        self.view.setObjectName("preparedDigitView")
        self.view.setToolTip(
            "The drawing as the training images were made: cropped, fitted into 20 × 20 pixels, "
            "and centered by its mass in 28 × 28."
        )
        self.openButton = self._button(
            "openImageButton", "Open…", "image", "Open an image", "Read an image file."
        )
        self.pasteButton = self._button(
            "pasteImageButton", "Paste", "paste", "Paste an image", "Read the clipboard's image."
        )
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        row.addWidget(self.openButton, 1)
        row.addWidget(self.pasteButton, 1)
        self.column.addWidget(self.view, 1)
        self.column.addLayout(row)

    def room_for_view(self, height: int) -> int:
        """How high the pixels may become when the card is of that height [pixels]."""
        margins = self.column.contentsMargins()
        used = self.header.sizeHint().height() + self.openButton.sizeHint().height()
        return height - used - margins.top() - margins.bottom() - 2 * self.column.spacing()

    def _button(self, name: str, text: str, icon_name: str, spoken: str, tip: str) -> QPushButton:
        button = QPushButton(icon(icon_name), text)
        button.setObjectName(name)
        button.setAccessibleName(spoken)
        button.setToolTip(tip)
        return button


class AnswerCard(Card):
    """The answer in words, the class probabilities, and which weights gave them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Answer", parent)
        self.answer = AnswerView()
        self.bars = ProbabilityBars()
        self.weights = RoleLabel()
        self.weights.setObjectName("weightsLabel")
        self.weights.setToolTip("Which weights the predictions on this page are made with.")
        self.header.addStretch(1)
        self.header.addWidget(self.weights)
        self.column.addWidget(self.answer)
        self.column.addWidget(self.bars, 1)


class DrawingPane(QWidget):
    """Three cards side by side; the pad and the enlarged pixels stay square."""

    failed = Signal(str)
    """A sentence: an image could not be read; the pad is as it was."""
    worked = Signal()
    """Something was drawn or read, so that an old message no longer holds."""

    def __init__(
        self, predictor: Predictor, reader: DigitReader, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._predictor = predictor
        self._reader = reader
        self._task = BackgroundTask(self)
        self._build()
        self._connect()
        self._show_network()
        self._show_reading()

    def _build(self) -> None:
        self.drawing = DrawingCard(self)
        self.seen = SeenCard(self)
        self.answer = AnswerCard(self)
        self.pad = self.drawing.pad

    def _connect(self) -> None:
        self.pad.changed.connect(self._read)
        self.pad.strokeFinished.connect(self.worked)
        self.pad.imageOffered.connect(self._take_image)
        self.pad.pasteRequested.connect(self.paste)
        self.seen.openButton.clicked.connect(self.ask_for_file)
        self.seen.pasteButton.clicked.connect(self.paste)
        self._reader.readingChanged.connect(self._show_reading)
        self._reader.failed.connect(self.failed)
        self._predictor.networkChanged.connect(self._show_network)
        self._task.succeeded.connect(self._put_on_pad)
        self._task.failed.connect(self._report)

    def close_threads(self) -> None:
        """Stop reading images."""
        self._task.close()

    @Slot()
    def ask_for_file(self) -> None:
        """Ask for an image file and read it."""
        dialog = QFileDialog(self, "Open an image of a digit")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        endings = " ".join(f"*.{ending}" for ending in FORMATS)
        dialog.setNameFilters([f"Images ({endings})", "All files (*)"])
        dialog.fileSelected.connect(self.open_file)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def open_file(self, path: str) -> None:
        """Put an image file's ink on the pad."""
        self._take_image(path)

    @Slot()
    def paste(self) -> None:
        """Put the clipboard's image, or the image file it names, on the pad."""
        data = QGuiApplication.clipboard().mimeData()
        if data is None or not self.pad.offer(data):
            self.failed.emit("There is no image on the clipboard. Copy one first.")

    @Slot(object)
    def put_pixels(self, pixels: NDArray[np.uint8]) -> None:
        """Put pixels (rows, columns) on the pad, bright ink on dark paper."""
        self._put_on_pad(pixels)

    @Slot(object)
    def _take_image(self, image: QImage | str) -> None:
        if isinstance(image, QImage):
            self._task.start(partial(ink_of_image, image))
        else:
            self._task.start(partial(read_image_file, Path(image)))

    @Slot(object)
    def _put_on_pad(self, ink: NDArray[np.uint8]) -> None:
        self.pad.setInk(ink)
        self.worked.emit()

    @Slot(object)
    def _report(self, error: Exception) -> None:
        self.failed.emit(str(error))

    @Slot()
    def _read(self) -> None:
        self._reader.read(self.pad.ink())

    @Slot()
    def _show_reading(self) -> None:
        reading = self._reader.reading
        self.seen.view.setPixels(reading.prepared)
        self.answer.bars.setClassNames(reading.class_names)
        muted = reading.answer.certainty is Certainty.CHANCE
        self.answer.bars.setProbabilities(reading.probabilities, muted=muted)
        self.answer.answer.setAnswer(reading.answer)

    @Slot()
    def _show_network(self) -> None:
        text = self._predictor.description
        self.answer.weights.setText(text[:1].upper() + text[1:])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Give the pad the height there is, unless that would leave too little for the answer."""
        width, height = self.width(), self.height()
        first = min(self.drawing.width_for(height), int(width * DRAWING_SHARE))
        margins = self.seen.column.contentsMargins()
        around = margins.left() + margins.right()
        room = min(int(width * SEEN_SHARE) - around, self.seen.room_for_view(height))
        step = max(4, (room - 2) // 28)
        second = max(self.seen.minimumSizeHint().width(), 28 * step + 2 + around)
        third = max(0, width - first - second - 2 * SPACE)
        self.drawing.setGeometry(0, 0, first, height)
        self.seen.setGeometry(first + SPACE, 0, second, height)
        self.answer.setGeometry(first + second + 2 * SPACE, 0, third, height)

    def sizeHint(self) -> QSize:
        return QSize(880, 304)

    def minimumSizeHint(self) -> QSize:
        return QSize(640, 250)
