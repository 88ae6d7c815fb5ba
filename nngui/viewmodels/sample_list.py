"""SampleList: the samples shown, as a Qt list model."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Slot,
)

from nngui.answers import percent
from nngui.viewmodels.samples import Samples

_ROLE = Qt.ItemDataRole


class Sample(NamedTuple):
    """One sample as it is painted.

    Attributes:
        image: Pixels, uint8 (rows, columns), a view.
        truth: The true class.
        predicted: The predicted class; -1 without a prediction.
    """

    image: NDArray[np.uint8]
    truth: int
    predicted: int


class SampleList(QAbstractListModel):
    """The rows of `Samples` in their order; `sample` hands a delegate what it paints."""

    def __init__(self, samples: Samples, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._samples = samples
        self._count = len(samples.rows)

        samples.setChanged.connect(self._reset)
        samples.rowsChanged.connect(self._reset)
        samples.predictionsChanged.connect(self._tell_changed)

    @property
    def class_names(self) -> tuple[str, ...]:
        """What the classes are called."""
        samples = self._samples.samples
        return samples.class_names if samples is not None else ()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        """How many samples are shown."""
        return 0 if parent is not None and parent.isValid() else self._count

    def sample(self, row: int) -> Sample:
        """What is painted in a row."""
        samples, predictions = self._samples.samples, self._samples.predictions
        if samples is None:
            raise IndexError(f"there is no row {row}, for there are no samples")
        k = int(self._samples.rows[row])
        predicted = -1 if predictions is None else int(predictions.predicted[k])
        return Sample(samples.image(k), int(samples.labels[k]), predicted)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = _ROLE.DisplayRole
    ) -> Any:
        """A sentence about the sample, for tool tips and screen readers."""
        wanted = (_ROLE.DisplayRole, _ROLE.ToolTipRole, _ROLE.AccessibleTextRole)
        if role not in wanted or not 0 <= index.row() < self._count:
            return None
        return describe(self._samples, int(self._samples.rows[index.row()]))

    @Slot()
    def _reset(self) -> None:
        self.beginResetModel()
        self._count = len(self._samples.rows)
        self.endResetModel()

    @Slot()
    def _tell_changed(self) -> None:
        if self._count:
            self.dataChanged.emit(self.index(0), self.index(self._count - 1))


def describe(samples: Samples, k: int) -> str:
    """A sentence about a sample, as in `Image 17: true 4, predicted 9 (52 %), loss 0.71`.

    Args:
        samples: Whose set it is in.
        k: Its position in the set.
    """
    shown, predictions = samples.samples, samples.predictions
    if shown is None:
        return ""
    names = shown.class_names
    text = f"Image {shown.indices[k]:,}: true {names[shown.labels[k]]}"
    if predictions is None:
        return text
    confidence = percent(float(predictions.confidence[k]))
    predicted = names[predictions.predicted[k]]
    return f"{text}, predicted {predicted} ({confidence}), loss {predictions.losses[k]:.3g}"
