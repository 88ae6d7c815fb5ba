from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from nncore.config import MAX_LAYERS, RunConfig
from nngui.panels.architecture import FULL, ArchitecturePanel
from nngui.panels.network_figures import bytes_in_words


@pytest.fixture
def panel(store, qtbot) -> ArchitecturePanel:
    panel = ArchitecturePanel(store)
    qtbot.addWidget(panel)
    panel.resize(300, 700)
    with qtbot.waitActive(panel):
        panel.show()
        panel.activateWindow()
    return panel


def config_of(*units: int) -> RunConfig:
    return RunConfig.from_dict({"network": {"hidden": list(units)}})


def figure(panel: ArchitecturePanel, name: str) -> str:
    return panel.findChild(QLabel, f"{name}Label").text()


def button(panel: ArchitecturePanel, verb: str) -> QAbstractButton:
    return panel.findChild(QAbstractButton, f"{verb}LayerButton")


def test_the_figures_are_those_worked_out_by_hand(store, panel):
    store.replace_all(config_of(128, 64), "start")
    assert figure(panel, "parameterCount") == "109,386"
    assert figure(panel, "weightMemory") == "0.44 MB"
    assert figure(panel, "multiplyAdds") == "109,184"
    store.replace_all(config_of(25), "start")
    assert figure(panel, "parameterCount") == "19,885"


def test_the_figures_follow_the_dataset(store, panel):
    store.replace_all(config_of(), "start")
    panel.set_dataset_info(4, 3, 100)
    assert figure(panel, "parameterCount") == "15"


def test_training_memory_follows_the_batch_size(store, panel):
    before = figure(panel, "trainingMemory")
    store.change("training.batch_size", "full")
    assert figure(panel, "trainingMemory") != before


def test_buttons_add_duplicate_and_remove(store, panel):
    button(panel, "add").click()
    button(panel, "duplicate").click()
    assert len(store.config.network.hidden) == len(panel.layers.rows) == 3
    button(panel, "remove").click()
    assert len(store.config.network.hidden) == 2


def test_what_needs_a_selected_row_waits_for_one(panel):
    panel.layers.select(-1)
    assert not button(panel, "remove").isEnabled()
    panel.layers.select(0)
    assert button(panel, "remove").isEnabled()


def test_at_the_limit_adding_is_off_and_says_why(store, panel):
    store.replace_all(config_of(*[5] * (MAX_LAYERS - 1)), "start")
    assert button(panel, "add").isEnabled()
    button(panel, "add").click()
    assert len(store.config.network.hidden) == MAX_LAYERS
    assert (button(panel, "add").isEnabled(), button(panel, "add").toolTip()) == (False, FULL)
    assert not button(panel, "duplicate").isEnabled()


def test_locked_buttons_say_why(store, panel):
    panel.layers.select(0)
    store.set_locks({"network": "Training is under way."})
    for verb in ("add", "duplicate", "remove"):
        assert not button(panel, verb).isEnabled()
        assert button(panel, verb).toolTip() == "Training is under way."


def test_the_diagram_follows_the_configuration(store, panel):
    store.replace_all(config_of(30, 20), "start")
    assert [column.units for column in panel.diagram.columns] == [784, 30, 20, 10]
    store.change("network.hidden.0.activation.kind", "tanh")
    assert panel.diagram.accessibleDescription() == "784 inputs, 30 Tanh, 20 ReLU, 10 softmax"


def test_a_click_on_the_diagram_selects_the_layer_in_the_list(store, panel):
    store.replace_all(config_of(30, 20), "start")
    place = QPoint(round(panel.diagram.columns[2].x), 50)
    QTest.mouseClick(panel.diagram, Qt.MouseButton.LeftButton, pos=place)
    assert panel.layers.selected == 1
    assert panel.layers.rows[1].hasFocus()


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (31_400, "31.4 kB"),
        (437_544, "0.44 MB"),
        (12_300_000, "12.3 MB"),
        (456_000_000, "456 MB"),
        (4_000, "4.00 kB"),
        (2_560_000_000, "2.56 GB"),
        (0, "0.00 kB"),
    ],
)
def test_bytes_are_written_with_sensible_digits(count, words):
    assert bytes_in_words(count) == words


def test_the_diagrams_tooltips_tell_of_normalization_and_dropout(store, panel, monkeypatch):
    told = []
    monkeypatch.setattr(panel.diagram, "set_layers", told.extend)
    hidden = [{"units": 7, "normalization": "layer", "dropout": 0.25}, 5]
    store.replace_all(
        RunConfig.from_dict({"network": {"hidden": hidden, "input_dropout": 0.1}}), "start"
    )
    inputs, first, second, output = (layer.tooltip for layer in told[-4:])
    assert "Dropout 0.1" in inputs
    assert "Layer normalization" in first
    assert "Dropout 0.25" in first
    assert f"{784 * 7 + 7 + 14:,} parameters" in first
    for plain in (second, output):
        assert "ropout" not in plain
        assert "ormalization" not in plain


def test_a_share_of_the_inputs_can_be_left_out(store, panel, enter):
    edit = panel.findChild(QWidget, "inputDropoutEdit")
    enter(edit, "0.15")
    assert store.config.network.input_dropout == 0.15
    enter(edit, "2")
    assert store.config.network.input_dropout == 0.15
    assert "0.95" in edit.accessibleDescription()
