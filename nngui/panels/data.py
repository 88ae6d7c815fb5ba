"""DataPanel: which samples there are, how they are split and how they are augmented."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QFont, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QWidget

from nngui.fonts import with_tabular_digits
from nngui.forms.component_form import ComponentForm, align_labels
from nngui.forms.tooltips import tooltip
from nngui.panels.dataset_button import DatasetButton
from nngui.panels.panel import Panel
from nngui.theme import SPACE, theme_of
from nngui.viewmodels.config_store import ConfigStore
from nngui.widgets.augmentation_preview import AugmentationPreview
from nngui.widgets.role_label import RoleLabel

PARTS = (
    ("train", "train", "Training images: the network learns from these alone."),
    (
        "validation",
        "validation",
        "Held back from the training images, class by class, to measure progress on unseen data.",
    ),
    ("test", "muted", "Test images: untouched by training, for the last word on a network."),
)
"""Name, role in the theme and explanation of each part of the data."""
FRACTION = "data.validation_fraction"


class SplitBar(QWidget):
    """The parts of the data as lengths of one bar, in the order of `PARTS`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts: tuple[int, ...] = ()
        self.setAccessibleName("Split of the data")
        self.setFixedHeight(SPACE)

    def show_counts(self, counts: tuple[int, ...]) -> None:
        """Show how many samples each part has."""
        if counts != self._counts:
            self._counts = counts
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = QRectF(self.rect())
        path = QPainterPath()
        path.addRoundedRect(whole, whole.height() / 2, whole.height() / 2)
        painter.setClipPath(path)
        painter.fillRect(whole, theme.color("raised"))
        total = sum(self._counts)
        left = 0.0
        for count, (_, role, _) in zip(self._counts, PARTS, strict=False):
            width = whole.width() * count / total
            painter.fillRect(
                QRectF(left, 0, max(width - 1.5, 1), whole.height()), theme.color(role)
            )
            left += width


class DataPanel(Panel):
    """The dataset, how many samples are for training, validation and testing, the augmentation.

    Args:
        store: What is edited.
        parent: Owner.
    """

    def __init__(self, store: ConfigStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._counts: tuple[int, int, int] | None = None
        self._fraction = 0.0
        self._build()
        self._connect()
        self._align()
        self._refresh()

    def _build(self) -> None:
        self._form = ComponentForm(
            self._store, "data", names=("name",), stems={"name": "dataset"}, parent=self
        )
        self._browse = DatasetButton(self._store, self)
        name_row = QHBoxLayout()
        name_row.setSpacing(SPACE // 2)
        name_row.addWidget(self._form, 1)
        name_row.addWidget(self._browse, 0, Qt.AlignmentFlag.AlignTop)
        self._bar = SplitBar(self)
        self._numbers: dict[str, QLabel] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE)
        grid.setVerticalSpacing(0)
        bold = with_tabular_digits(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        for column, (name, _, explanation) in enumerate(PARTS):
            number, caption = QLabel("–", self), RoleLabel(name, parent=self)
            number.setFont(bold)
            number.setObjectName(f"{name}CountLabel")
            number.setAccessibleName(f"{name} samples")
            for label in (number, caption):
                label.setToolTip(tooltip(name.capitalize(), explanation))
            grid.addWidget(number, 0, column)
            grid.addWidget(caption, 1, column)
            grid.setColumnStretch(column, 1)
            self._numbers[name] = number
        self._augmentation = ComponentForm(self._store, "data.augmentation", parent=self)
        self._preview = AugmentationPreview(self)
        self.column.addLayout(name_row)
        self.column.addWidget(self._bar)
        self.column.addLayout(grid)
        self.column.addWidget(self._augmentation)
        self.column.addWidget(self._preview)

    def _connect(self) -> None:
        self._store.configChanged.connect(self._refresh)
        self._store.problemsChanged.connect(self._refresh)
        self._store.locksChanged.connect(self._refresh)
        self._augmentation.fieldsChanged.connect(self._align)

    def set_dataset_info(
        self, inputs: int, classes: int, train: int, validation: int, test: int
    ) -> None:
        """Show what a dataset holds, with its split by the fraction that the store has now.

        Args:
            inputs: Features of a sample.
            classes: Number of classes.
            train: Samples to learn from.
            validation: Samples held back.
            test: Test samples.
        """
        self._counts = train, validation, test
        self._fraction = self._store.config.data.validation_fraction
        side = math.isqrt(inputs)
        pixels = f" ({side} × {side} pixels)" if side * side == inputs else ""
        shape = f"{inputs:,} inputs{pixels}, {classes} classes"
        samples = f"{train + validation + test:,} samples"
        self._bar.setToolTip(tooltip("Split of the data", f"{samples} of {shape}"))
        self._refresh()

    def set_images(self, images: NDArray[np.uint8], image_shape: tuple[int, int]) -> None:
        """Say what the augmentation's preview may choose from.

        Args:
            images: Training images (samples, features).
            image_shape: (rows, columns) [pixels].
        """
        self._preview.set_images(images, image_shape)

    def minimumSizeHint(self) -> QSize:
        # All of it: it is short, and numbers that are cut off help nobody.
        return QSize(super().minimumSizeHint().width(), self.sizeHint().height())

    @Slot()
    def _refresh(self) -> None:
        self._form.refresh()
        self._browse.refresh()
        self._augmentation.refresh()
        augmentation = self._store.config.data.augmentation
        self._preview.setVisible(augmentation.is_used)
        self._preview.set_augmentation(augmentation)
        if self._counts is None:
            return
        train, validation, test = self._counts
        fraction = self._store.config.data.validation_fraction
        about = ""
        if fraction != self._fraction:
            # Classes are split one by one, so only the split itself knows the last few samples.
            about = "≈ "
            validation = round((train + validation) * fraction)
            train = sum(self._counts[:2]) - validation
        self._bar.show_counts((train, validation, test))
        self._numbers["train"].setText(f"{about}{train:,}")
        self._numbers["validation"].setText(f"{about}{validation:,}")
        self._numbers["test"].setText(f"{test:,}")

    @Slot()
    def _align(self) -> None:
        align_labels(self._form, self._augmentation)
