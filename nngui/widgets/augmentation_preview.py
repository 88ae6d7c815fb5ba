"""AugmentationPreview: a few images as they are, and beneath them as they are learned from."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from nncore.augmentations import Augmentation
from nngui.icons import icon
from nngui.theme import theme_of
from nngui.widgets.digit_view import gray_image
from nngui.widgets.role_label import ElidedLabel
from nngui.workers.background import BackgroundTask

COLUMNS = 7
COPIES = 2
"""Rows of augmented images beneath that of the originals."""
GAP = 3
LARGEST = 64
"""Side of an image at most [pixels of the screen]."""


class ImageRows(QWidget):
    """Rows of small gray images, the first set apart."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._images: list[list[QImage]] = []
        self.setObjectName("augmentationImages")
        self.setAccessibleName("Images as they are, and beneath them as they are learned from")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_images(self, rows: list[NDArray[np.uint8]]) -> None:
        """Show images.

        Args:
            rows: Each (images, rows, columns).
        """
        self._images = [[gray_image(image) for image in images] for images in rows]
        self.update()

    @property
    def images(self) -> list[list[QImage]]:
        """What is shown, row by row."""
        return self._images

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setFixedHeight(math.ceil((1 + COPIES) * (self.side + GAP) + GAP))

    def sizeHint(self) -> QSize:
        return QSize(COLUMNS * 40, (1 + COPIES) * 40)

    def minimumSizeHint(self) -> QSize:
        return QSize(COLUMNS * 16, (1 + COPIES) * 16)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setPen(theme_of(self.palette()).color("border"))
        side = self.side
        for row, images in enumerate(self._images):
            # The originals stand a little apart.
            top = row * (side + GAP) + (GAP if row else 0)
            for column, image in enumerate(images):
                frame = QRectF(column * (side + GAP), top, side, side)
                size = (
                    image.size().toSizeF().scaled(frame.size(), Qt.AspectRatioMode.KeepAspectRatio)
                )
                place = QRectF(frame.topLeft(), size)
                place.moveCenter(frame.center())
                painter.drawImage(place, image)

    @property
    def side(self) -> float:
        """Of an image, as wide as there is room for [pixels]."""
        return min((self.width() - (COLUMNS - 1) * GAP) / COLUMNS, LARGEST)


class AugmentationPreview(QWidget):
    """Shows what an augmentation does to some training images; worked out in the background."""

    refreshed = Signal()
    """Other images are shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._images: NDArray[np.uint8] | None = None
        self._shape = (1, 1)
        self._augmentation: Augmentation | None = None
        self._draw = 0
        self._task = BackgroundTask(self)
        self._build()
        self._connect()

    def _build(self) -> None:
        self.setObjectName("augmentationPreview")
        self.setAccessibleName("Preview of the augmentation")
        self._caption = ElidedLabel("Originals, and as learned from", parent=self)
        self._again = QToolButton(self)
        self._again.setObjectName("augmentAgainButton")
        self._again.setAccessibleName("Other images")
        self._again.setToolTip("Draw other images and change them anew")
        self._again.setIcon(icon("reset"))
        self._again.setText("Again")
        self._again.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._again.setAutoRaise(True)
        self.rows = ImageRows(self)
        line = QHBoxLayout()
        line.addWidget(self._caption, 1)
        line.addWidget(self._again)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        column.addLayout(line)
        column.addWidget(self.rows)

    def _connect(self) -> None:
        self._again.clicked.connect(self.draw_again)
        self._task.succeeded.connect(self.rows_ready)

    def set_images(self, images: NDArray[np.uint8], image_shape: tuple[int, int]) -> None:
        """Say what there is to choose from.

        Args:
            images: Training images (samples, features), which nobody changes.
            image_shape: (rows, columns) [pixels].
        """
        self._images, self._shape = images, image_shape
        self._start()

    def set_augmentation(self, augmentation: Augmentation) -> None:
        """Show what another augmentation does to the same images, drawn alike."""
        if augmentation != self._augmentation:
            self._augmentation = augmentation
            self._start()

    @Slot()
    def draw_again(self) -> None:
        """Take other images and change them anew."""
        self._draw += 1
        self._start()

    def _start(self) -> None:
        images, shape, augmentation = self._images, self._shape, self._augmentation
        if images is None or augmentation is None or not augmentation.is_used:
            self._task.cancel()
            return
        draw = self._draw
        self._task.start(lambda: preview_rows(images, shape, augmentation, draw))

    @Slot(object)
    def rows_ready(self, rows: list[NDArray[np.uint8]]) -> None:
        """Show what was worked out."""
        self.rows.show_images(rows)
        self.refreshed.emit()


def preview_rows(
    images: NDArray[np.uint8], shape: tuple[int, int], augmentation: Augmentation, draw: int
) -> list[NDArray[np.uint8]]:
    """Some images, and some copies of each as they are learned from.

    Args:
        images: What to choose from (samples, features).
        shape: (rows, columns) of an image [pixels].
        augmentation: What happens to them.
        draw: Another number draws others.

    Returns:
        The originals, then `COPIES` rows, each (up to `COLUMNS`, rows, columns).
    """
    rng = np.random.default_rng(draw)
    chosen = rng.choice(len(images), min(COLUMNS, len(images)), replace=False)
    originals = images[chosen].reshape(-1, *shape)
    return [originals, *(augmentation.apply(originals, rng) for _ in range(COPIES))]
