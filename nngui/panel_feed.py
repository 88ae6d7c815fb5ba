"""PanelFeed: tells the panels what came of the data and of the training."""

from __future__ import annotations

import time
from typing import TypeVar

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from nngui.panels.architecture import ArchitecturePanel
from nngui.panels.data import DataPanel
from nngui.panels.hyperparameters import HyperparametersPanel
from nngui.viewmodels.data_source import LoadedData
from nngui.viewmodels.run_state import NetworkCopy, RunState
from nngui.viewmodels.workbench import Workbench

_Panel = TypeVar("_Panel", bound=QWidget)

DIAGRAM_SECONDS = 1.0
"""How often the diagram takes the newest weights while training; it paints for 4 ms [s]."""


class PanelFeed(QObject):
    """The panels know the configuration by themselves; this is what else they show.

    Args:
        bench: Where it comes from.
        window: Holds the panels.
    """

    def __init__(self, bench: Workbench, window: QWidget) -> None:
        super().__init__(window)
        self._session = bench.session
        self._window = window
        self._weights_shown = 0.0
        bench.data.loaded.connect(self._on_data)
        bench.session.networkChanged.connect(self._show_weights)

    @Slot(object)
    def _on_data(self, data: LoadedData) -> None:
        dataset, split = data
        train, held_back = len(split.train_indices), len(split.validation_indices)
        panel = self._panel(DataPanel)
        panel.set_dataset_info(
            dataset.features, dataset.classes, train, held_back, len(dataset.test_labels)
        )
        panel.set_images(dataset.train_images, dataset.image_shape)
        self._panel(ArchitecturePanel).set_dataset_info(dataset.features, dataset.classes, train)
        self._panel(HyperparametersPanel).set_dataset_info(train)

    @Slot(object)
    def _show_weights(self, copy: NetworkCopy) -> None:
        is_training = self._session.state is RunState.RUNNING
        if is_training and time.monotonic() - self._weights_shown < DIAGRAM_SECONDS:
            return
        self._weights_shown = time.monotonic()
        weights = [layer.weights for layer in copy.network.layers]
        self._panel(ArchitecturePanel).diagram.set_weights(weights)

    def _panel(self, kind: type[_Panel]) -> _Panel:
        found = self._window.findChild(kind)
        assert found is not None
        return found
