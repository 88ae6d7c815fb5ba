from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QWidget

from nncore.augmentations import Elastic
from nngui.panels.data import DataPanel
from nngui.widgets.augmentation_preview import AugmentationPreview


@pytest.fixture
def panel(store, qtbot) -> DataPanel:
    panel = DataPanel(store)
    qtbot.addWidget(panel)
    return panel


def counts(panel: DataPanel) -> list[str]:
    names = ("train", "validation", "test")
    return [panel.findChild(QLabel, f"{name}CountLabel").text() for name in names]


def test_before_a_dataset_is_known_there_are_no_numbers(panel):
    assert counts(panel) == ["–", "–", "–"]


def test_it_shows_the_counts_it_is_told(panel):
    panel.set_dataset_info(784, 10, 54_000, 6_000, 10_000)
    assert counts(panel) == ["54,000", "6,000", "10,000"]


def test_another_fraction_is_worked_out_and_marked_as_not_exact(store, panel):
    panel.set_dataset_info(784, 10, 54_000, 6_000, 10_000)
    store.change("data.validation_fraction", 0.2)
    assert counts(panel) == ["≈ 48,000", "≈ 12,000", "10,000"]
    panel.set_dataset_info(784, 10, 48_003, 11_997, 10_000)
    assert counts(panel) == ["48,003", "11,997", "10,000"]


def test_a_dataset_that_cannot_be_read_is_told_at_its_field(store, panel):
    store.report("data.name", "cannot be read: there is no such folder")
    edit = panel.findChild(QLineEdit, "datasetEdit")
    assert "there is no such folder" in edit.accessibleDescription()


def test_an_augmentation_brings_its_fields_and_its_preview(store, panel, enter, qtbot):
    preview = panel.findChild(AugmentationPreview)
    images = np.random.default_rng(0).integers(0, 256, (9, 784), dtype=np.uint8)
    panel.set_images(images, (28, 28))
    panel.show()
    assert not preview.isVisible()
    with qtbot.waitSignal(preview.refreshed):
        enter(panel.findChild(QComboBox, "augmentationCombo"), "elastic")
    assert preview.isVisible()
    enter(panel.findChild(QWidget, "rotationEdit"), 30)
    assert store.config.data.augmentation == Elastic(rotation=30)
    enter(panel.findChild(QComboBox, "augmentationCombo"), "none")
    assert not preview.isVisible()
    assert panel.findChild(QWidget, "rotationEdit") is None
