"""Predictor: the copy of the weights that predictions are made with, and where it came from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from nncore.errors import ShapeError
from nncore.features import scale_pixels
from nncore.network import Network

DIGITS = tuple("0123456789")


class Predictor(QObject):
    """Holds one network for all who predict; nobody may change its parameters afterwards."""

    networkChanged = Signal()
    """Another network, other weights, or other class names."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._network: Network | None = None
        self._description = ""
        self._trained = False
        self._class_names: tuple[str, ...] = DIGITS
        self._image_shape = (28, 28)

    @property
    def network(self) -> Network | None:
        """The network, or None before the first one."""
        return self._network

    @property
    def description(self) -> str:
        """Which weights these are, as in `weights of epoch 3, step 1,200`; empty if none."""
        return self._description

    @property
    def trained(self) -> bool:
        """Whether the network has made at least one step of training."""
        return self._trained

    @property
    def class_names(self) -> tuple[str, ...]:
        """What the network's outputs stand for; numbers if the names known do not fit it."""
        network = self._network
        if network is not None and network.classes != len(self._class_names):
            return tuple(str(k) for k in range(network.classes))
        return self._class_names

    @property
    def image_shape(self) -> tuple[int, int]:
        """(rows, columns) of the images the network was made for [pixels]."""
        return self._image_shape

    def set_data(self, class_names: Sequence[str], image_shape: tuple[int, int]) -> None:
        """Say what the outputs stand for and which shape the images have."""
        names = tuple(class_names)
        if (names, image_shape) == (self._class_names, self._image_shape):
            return
        self._class_names, self._image_shape = names, image_shape
        self.networkChanged.emit()

    def set_network(self, network: Network, description: str, *, trained: bool = True) -> None:
        """Predict with this network from now on.

        Args:
            network: A copy that nobody else changes.
            description: Which weights these are, as in `weights of epoch 3, step 1,200`.
            trained: Whether it has made at least one step of training.
        """
        self._network = network
        self._description = description
        self._trained = trained
        self.networkChanged.emit()

    def clear(self) -> None:
        """Forget the network."""
        self._network = None
        self._description = ""
        self._trained = False
        self.networkChanged.emit()

    def why_not(self, features: int, classes: int | None = None) -> str:
        """Why samples cannot be predicted, as a sentence; empty if they can.

        Args:
            features: Values of one sample.
            classes: How many classes the samples' labels have; None if they have no labels.
        """
        network = self._network
        if network is None:
            return "There is no network yet. Press Train, or open a model."
        if network.inputs != features:
            return (
                f"The network takes {network.inputs:,} inputs, but these images have "
                f"{features:,} pixels. Choose the data it was trained on."
            )
        if classes is not None and network.classes != classes:
            return (
                f"The network tells {network.classes} classes apart, but these images have "
                f"{classes}. Choose the data it was trained on."
            )
        return ""

    def probabilities(self, images: NDArray[np.uint8]) -> NDArray[np.floating[Any]]:
        """The class probabilities of images.

        Args:
            images: Pixels (batch, features), bright ink on dark paper.

        Returns:
            Probabilities (batch, classes).

        Raises:
            ShapeError: If there is no network, or it does not take that many pixels.
        """
        if self._network is None:
            raise ShapeError(self.why_not(images.shape[-1]))
        return self._network.predict_proba(scale_pixels(images))
