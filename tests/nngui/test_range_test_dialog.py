"""The range test in the window: it is drawn, explained, and its rate can be used and undone."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from nncore.config import RunConfig
from nncore.lr_finder import range_test, suggest
from nngui.range_test_dialog import RangeTestDialog
from nngui.theme import theme_of
from nngui.viewmodels.config_store import ConfigStore
from nngui.widgets.range_test_plot import RangeTestPlot
from tests.made_data import make_dataset

DATA = make_dataset(samples=400, classes=3)
SMALL = RunConfig.from_dict({"network": {"hidden": "8"}, "training": {"batch_size": 10}})


@pytest.fixture
def dialog(qtbot):
    store = ConfigStore(SMALL)
    dialog = RangeTestDialog(store, DATA)
    qtbot.addWidget(dialog)
    dialog.store = store
    return dialog


def test_test_suggests_what_the_core_suggests_and_uses_it(qtbot, dialog):
    dialog.open()
    use = dialog.findChild(QPushButton, "useLearningRateButton")
    assert not use.isEnabled()
    qtbot.waitUntil(use.isEnabled)
    expected = suggest(list(range_test(SMALL, DATA)))
    assert dialog.findChild(QLabel, "rangeTestReason").text() == expected.reason
    assert use.text() == f"Use {expected.learning_rate:g}"
    use.click()
    assert dialog.store.config.optimizer.learning_rate == expected.learning_rate
    dialog.store.undoStack.undo()
    assert dialog.store.config == SMALL


def test_closing_in_the_midst_ends_the_test(qtbot, dialog):
    dialog.open()
    dialog.reject()
    assert not dialog.isVisible()
    assert dialog.store.config == SMALL


def test_network_that_cannot_be_trained_is_told(qtbot):
    store = ConfigStore(SMALL.replace("training.batch_size", 1))
    store.change("network.hidden.0.normalization", "batch")
    dialog = RangeTestDialog(store, DATA)
    qtbot.addWidget(dialog)
    dialog.open()
    reason = dialog.findChild(QLabel, "rangeTestReason")
    qtbot.waitUntil(lambda: reason.text().startswith("The test could not be made."))
    assert "atch" in reason.text()
    assert dialog.findChild(RangeTestPlot).accessibleName() == "Nothing was tested."


@pytest.mark.parametrize("size", [1, 500])
def test_a_test_of_any_length_is_drawn_from_one_side_to_the_other(qtbot, size):
    """Of some steps there is a line each, of thousands a band; the smoothed line goes through."""
    points = list(range_test(SMALL.replace("training.batch_size", size), DATA))
    plot = RangeTestPlot()
    qtbot.addWidget(plot)
    plot.resize(plot.sizeHint())
    plot.show_test(points, suggest(points), "nats")
    picture = plot.grab().toImage()
    blue = theme_of(plot.palette()).color("train").rgb()
    rows = range(40, picture.height())  # Beneath the legend.
    columns = [x for x in range(picture.width()) if any(picture.pixel(x, y) == blue for y in rows)]
    assert 30 < columns[0] < 0.1 * picture.width()
    assert columns[-1] > 0.9 * picture.width()
