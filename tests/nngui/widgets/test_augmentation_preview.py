from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QToolButton

from nncore.augmentations import Affine, Elastic, NoAugmentation
from nngui.widgets.augmentation_preview import COLUMNS, COPIES, AugmentationPreview, preview_rows

SHAPE = (10, 8)
IMAGES = np.random.default_rng(0).integers(0, 256, (30, 80), dtype=np.uint8)


@pytest.fixture
def preview(qtbot) -> AugmentationPreview:
    preview = AugmentationPreview()
    qtbot.addWidget(preview)
    preview.set_images(IMAGES, SHAPE)
    return preview


def pixels(image: QImage) -> np.ndarray:
    rows, columns = image.height(), image.width()
    whole = np.frombuffer(image.constBits(), np.uint8).reshape(rows, image.bytesPerLine())
    return whole[:, :columns]


def shown(preview: AugmentationPreview) -> list[list[bytes]]:
    return [[pixels(image).tobytes() for image in row] for row in preview.rows.images]


def show(preview: AugmentationPreview, augmentation, qtbot) -> list[list[bytes]]:
    with qtbot.waitSignal(preview.refreshed):
        preview.set_augmentation(augmentation)
    return shown(preview)


def test_originals_stand_above_their_augmented_copies(preview, qtbot):
    # Without anything to change, the copies are the originals, each in its column.
    still = Affine(rotation=0, scale=0, shear=0, shift=0)
    rows = show(preview, still, qtbot)
    assert [len(row) for row in rows] == [COLUMNS] * (1 + COPIES)
    known = {image.tobytes() for image in IMAGES}
    assert len(set(rows[0])) == COLUMNS
    assert set(rows[0]) <= known
    assert rows[1] == rows[2] == rows[0]


def test_the_copies_differ_from_the_originals_and_from_each_other(preview, qtbot):
    rows = show(preview, Elastic(), qtbot)
    for column in zip(*rows, strict=True):
        assert len(set(column)) == 1 + COPIES


def test_another_augmentation_changes_the_same_images(preview, qtbot):
    before = show(preview, Affine(), qtbot)
    after = show(preview, Affine(rotation=90), qtbot)
    assert after[0] == before[0]
    assert after[1] != before[1]


def test_again_takes_other_images(preview, qtbot):
    before = show(preview, Affine(), qtbot)
    button = preview.findChild(QToolButton, "augmentAgainButton")
    with qtbot.waitSignal(preview.refreshed):
        button.click()
    assert shown(preview)[0] != before[0]
    assert button.toolTip()


def test_nothing_is_worked_out_without_an_augmentation(preview, qtbot):
    with qtbot.assertNotEmitted(preview.refreshed, wait=50):
        preview.set_augmentation(NoAugmentation())
        preview.draw_again()


def test_a_set_of_few_images_shows_all_of_them():
    rows = preview_rows(IMAGES[:3], SHAPE, Affine(), 0)
    assert [row.shape for row in rows] == [(3, *SHAPE)] * (1 + COPIES)


@pytest.mark.parametrize("width", [240, 320, 700])
def test_all_rows_have_room_at_any_width(preview, qtbot, width):
    show(preview, Affine(), qtbot)
    preview.resize(width, 400)
    with qtbot.waitExposed(preview):
        preview.show()
    rows = preview.rows
    picture = rows.grab().toImage()
    # The lowest image is there down to its last rows: not all is of the window’s color.
    middle = round(rows.side / 2)
    lowest = [
        picture.pixelColor(middle, y).name() for y in range(rows.height() - 14, rows.height() - 4)
    ]
    assert set(lowest) != {picture.pixelColor(rows.width() - 1, rows.height() - 1).name()}
    assert rows.height() >= 3 * rows.side
