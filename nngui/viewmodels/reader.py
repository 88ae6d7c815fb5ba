"""DigitReader: from ink to an answer, in the background, at most once a frame."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from nncore.data.digits import SIZE, prepare_digit
from nncore.features import scale_pixels
from nncore.network import Network
from nngui.answers import Answer, answer_from, answer_to_nothing, answer_without_network
from nngui.viewmodels.predictor import Predictor
from nngui.workers.background import BackgroundTask

FRAME = 16
"""Least time between two readings [ms]."""


@dataclass(frozen=True, eq=False)
class Reading:
    """What became of the ink.

    Attributes:
        prepared: What the network is fed, uint8 (rows, columns); None without ink.
        probabilities: One for each class, (classes,); None without ink or network.
        class_names: What the classes were called.
        answer: The words.
    """

    prepared: NDArray[np.uint8] | None
    probabilities: NDArray[np.floating[Any]] | None
    class_names: tuple[str, ...]
    answer: Answer


class DigitReader(QObject):
    """Reads the newest ink with the newest weights and reports when the reading is there."""

    readingChanged = Signal()
    failed = Signal(str)
    """A sentence, when the ink could not be read at all."""

    def __init__(self, predictor: Predictor, parent: QObject | None = None) -> None:
        """Read with a `Predictor`'s network, and again whenever that changes."""
        super().__init__(parent)
        self._predictor = predictor
        self._ink: NDArray[np.uint8] | None = None
        self._waiting = False
        self._active = True
        self._reading = Reading(None, None, predictor.class_names, answer_to_nothing())
        self._task = BackgroundTask(self)
        self._gate = QTimer(self)
        self._gate.setSingleShot(True)
        self._gate.setInterval(FRAME)

        self._task.succeeded.connect(self._receive)
        self._task.failed.connect(self._report)
        self._gate.timeout.connect(self._start_if_waiting)
        predictor.networkChanged.connect(self._request)

    @property
    def reading(self) -> Reading:
        """The last reading."""
        return self._reading

    def read(self, ink: NDArray[np.uint8]) -> None:
        """Read this ink as soon as the last reading is done; only the newest ink counts.

        Args:
            ink: Bright ink on dark paper (rows, columns); nobody may change it afterwards.
        """
        self._ink = ink
        self._request()

    def set_active(self, active: bool) -> None:
        """Rest while nobody looks; what was missed is read when somebody looks again."""
        self._active = active
        self._start_if_waiting()

    def close(self) -> None:
        """Stop the thread."""
        self._gate.stop()
        self._task.close()

    @Slot()
    def _request(self) -> None:
        self._waiting = True
        self._start_if_waiting()

    @Slot()
    def _start_if_waiting(self) -> None:
        if not (self._waiting and self._active) or self._task.running or self._gate.isActive():
            return
        self._waiting = False
        self._gate.start()
        predictor = self._predictor
        names, trained = predictor.class_names, predictor.trained
        self._task.start(partial(read_ink, self._ink, predictor.network, names, trained))

    @Slot(object)
    def _receive(self, reading: Reading) -> None:
        self._reading = reading
        self.readingChanged.emit()
        self._start_if_waiting()

    @Slot(object)
    def _report(self, error: Exception) -> None:
        self.failed.emit(str(error))
        self._start_if_waiting()


def read_ink(
    ink: NDArray[np.uint8] | None,
    network: Network | None,
    class_names: tuple[str, ...],
    trained: bool,
) -> Reading:
    """Prepare ink as the training images were prepared, and predict its class.

    Args:
        ink: Bright ink on dark paper (rows, columns), or None.
        network: What to predict with, if anything.
        class_names: What its outputs stand for.
        trained: Whether it has been trained.
    """
    if ink is None or not ink.any():
        return Reading(None, None, class_names, answer_to_nothing())
    prepared = prepare_digit(ink)
    if network is None:
        return Reading(prepared, None, class_names, answer_without_network())
    if network.inputs != prepared.size:
        inputs = f"{network.inputs:,} inputs"
        reason = f"The network takes {inputs}, but a drawing has {SIZE} × {SIZE} pixels."
        return Reading(prepared, None, class_names, answer_without_network(reason))
    features = scale_pixels(prepared.reshape(1, -1))
    probabilities = network.predict_proba(features)[0]
    answer = answer_from(probabilities.tolist(), class_names, trained)
    return Reading(prepared, probabilities, class_names, answer)
