from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QToolButton,
    QWidget,
)

from nncore.augmentations import Elastic
from nncore.data import SOURCES, load_dataset
from nngui.panels.data import DataPanel
from nngui.widgets.augmentation_preview import AugmentationPreview
from tests.idx_files import write_idx_folder
from tests.made_data import make_dataset


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


def entry(panel: DataPanel, words: str) -> QAction:
    menu = panel.findChild(QToolButton, "browseDatasetButton").menu()
    return next(action for action in menu.actions() if words in action.text())


def chosen(panel: DataPanel, qtbot, words: str, path) -> None:
    """Choose an entry of the menu, then a path in the dialog that it opens."""
    entry(panel, words).trigger()
    (dialog,) = (it for it in panel.findChildren(QFileDialog) if it.isVisible())
    dialog.fileSelected.emit(str(path))
    dialog.reject()


def test_a_folder_or_a_file_in_it_can_be_chosen_and_taken_back(store, panel, qtbot, tmp_path):
    folder = write_idx_folder(tmp_path / "own", make_dataset())
    chosen(panel, qtbot, "folder", folder)
    assert store.config.data.name == str(folder)
    assert panel.findChild(QLineEdit, "datasetEdit").text() == str(folder)
    store.undoStack.undo()
    assert store.config.data.name == "mnist"
    chosen(panel, qtbot, "file", next(folder.iterdir()))
    assert store.config.data.name == str(folder)
    assert load_dataset(store.config.data.name).classes == 3


def test_every_dataset_that_ships_can_be_chosen(store, panel):
    store.change("data.name", "/somewhere")
    for source in SOURCES.values():
        entry(panel, source.label).trigger()
        assert store.config.data.name == source.name


def test_no_dataset_can_be_chosen_during_a_run(store, panel):
    button = panel.findChild(QToolButton, "browseDatasetButton")
    assert button.isEnabled()
    store.set_locks({"": "A run is under way: stop it first to change this."})
    assert not button.isEnabled()
    assert "under way" in button.toolTip()
