"""PredictionTab: draw a digit and see it read; look through the images it is judged by."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from nngui.tabs.prediction_drawing import DrawingPane
from nngui.tabs.prediction_samples import SamplesPane
from nngui.theme import SPACE
from nngui.viewmodels.predictor import Predictor
from nngui.viewmodels.reader import DigitReader
from nngui.viewmodels.samples import Samples
from nngui.widgets.banner import MessageBanner


class PredictionTab(QWidget):
    """Drawing above, sample grid below; both rest while the tab is hidden.

    Args:
        predictor: Whose network reads the drawing.
        samples: What the grid shows.
        parent: Owner.
    """

    title = "Predict"

    def __init__(
        self, predictor: Predictor, samples: Samples, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._samples = samples
        self._reader = DigitReader(predictor, self)
        self._reader.set_active(False)
        self._build(predictor)
        self._connect()

    def _build(self, predictor: Predictor) -> None:
        self.setObjectName("predictionTab")
        self.banner = MessageBanner()
        self.banner.setObjectName("predictionBanner")
        self.drawing = DrawingPane(predictor, self._reader)
        self.images = SamplesPane(self._samples)
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.setObjectName("predictionSplitter")
        self.splitter.setHandleWidth(SPACE)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.drawing)
        self.splitter.addWidget(self.images)
        self.splitter.setStretchFactor(0, 4)
        self.splitter.setStretchFactor(1, 5)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE + 4, SPACE + 4, SPACE + 4, SPACE + 4)
        layout.setSpacing(SPACE)
        layout.addWidget(self.banner)
        layout.addWidget(self.splitter, 1)

    def _connect(self) -> None:
        self.drawing.failed.connect(self._warn)
        self.drawing.worked.connect(self.banner.clear)
        self.images.toPadWanted.connect(self.drawing.put_pixels)

    def close_threads(self) -> None:
        """Stop all work in the background and wait for it; call before the window goes away."""
        self.drawing.close_threads()
        self._reader.close()
        self._samples.close()

    @Slot(str)
    def _warn(self, sentence: str) -> None:
        self.banner.show_message("warning", sentence)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._reader.set_active(True)
        self._samples.set_active(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._reader.set_active(False)
        self._samples.set_active(False)

    def sizeHint(self) -> QSize:
        return QSize(900, 650)
