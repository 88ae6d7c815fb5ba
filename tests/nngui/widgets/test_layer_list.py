from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QWidget

from nncore.config import MAX_LAYERS, LayerConfig, RunConfig
from nncore.normalizations import BatchNormalization
from nngui.viewmodels.config_store import ConfigStore
from nngui.widgets.layer_list import NO_LAYERS, LayerList
from tests.nngui.changes import changed_paths

ALT = Qt.KeyboardModifier.AltModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def list_of(store, qtbot):
    """Builds a list of layers with so many units, which follows its store, and shows it."""
    alive = []

    def build(*units: int) -> LayerList:
        store.replace_all(RunConfig.from_dict({"network": {"hidden": list(units)}}), "start")
        layers = LayerList(store)
        alive.append(layers)
        store.configChanged.connect(layers.refresh)
        store.problemsChanged.connect(layers.refresh)
        store.locksChanged.connect(layers.refresh)
        qtbot.addWidget(layers)
        layers.resize(300, layers.sizeHint().height())
        with qtbot.waitActive(layers):
            layers.show()
            layers.activateWindow()
        qtbot.waitUntil(lambda: len(layers.rows) == len(units))
        layers.resize(300, layers.sizeHint().height())
        QApplication.processEvents()
        return layers

    return build


def units_of(store: ConfigStore) -> list[int]:
    return [layer.units for layer in store.config.network.hidden]


def shown_units(layers: LayerList) -> list[str]:
    """What the rows say from top to bottom of the screen."""
    rows = sorted(layers.rows, key=lambda row: row.geometry().top())
    return [row.findChild(QWidget, f"unitsEdit{row.index}").text() for row in rows]


def drag(layers: LayerList, start: int, end: int, *, let_go: bool = True) -> None:
    """Take a row by its handle with the mouse and bring it to another one's place."""
    handle, target = layers.rows[start].handle, layers.rows[end]
    beyond = 5 if end > start else -5
    height = target.mapTo(layers, target.rect().center()).y() + beyond
    goal = handle.mapFromGlobal(layers.mapToGlobal(QPoint(8, height)))
    QTest.mousePress(handle, LEFT)
    QTest.mouseMove(handle, goal)
    QApplication.processEvents()
    if let_go:
        QTest.mouseRelease(handle, LEFT, pos=handle.mapFromGlobal(layers.mapToGlobal(goal)))


class TestRows:
    @pytest.mark.parametrize("count", [0, 1, 3, MAX_LAYERS])
    def test_there_is_one_row_for_each_layer(self, count, list_of):
        layers = list_of(*range(1, count + 1))
        assert shown_units(layers) == [str(units) for units in range(1, count + 1)]
        assert layers.findChild(QLabel, options=Qt.FindChildOption.FindDirectChildrenOnly)

    def test_no_layers_are_told_in_words(self, list_of):
        layers = list_of()
        words = [label.text() for label in layers.findChildren(QLabel) if label.isVisible()]
        assert words == [NO_LAYERS]

    def test_each_field_changes_its_own_layer_alone(self, store, list_of, enter):
        layers = list_of(10, 20, 30)
        before = store.config
        enter(layers.findChild(QWidget, "unitsEdit1"), "25")
        assert changed_paths(before, store.config) == {"network.hidden.1.units"}
        enter(layers.findChild(QComboBox, "activationCombo2"), "tanh")
        enter(layers.findChild(QComboBox, "initializerCombo0"), "xavier")
        hidden = store.config.network.hidden
        assert [layer.units for layer in hidden] == [10, 25, 30]
        assert [layer.activation.kind for layer in hidden] == ["relu", "relu", "tanh"]
        assert [layer.initializer.kind for layer in hidden] == ["xavier", "he", "he"]

    def test_units_out_of_range_are_marked_at_once_beneath_their_row(self, list_of, enter):
        layers = list_of(10, 20)
        enter(layers.findChild(QWidget, "unitsEdit1"), "0")
        assert "got 0" in layers.rows[1].note
        assert layers.rows[0].note == ""

    def test_a_layers_own_fields_stand_beneath_the_selected_row(self, store, list_of, enter):
        layers = list_of(10, 20)
        enter(layers.findChild(QComboBox, "activationCombo1"), "leaky_relu")
        assert layers.findChild(QWidget, "slopeEdit") is None
        layers.select(1)
        enter(layers.findChild(QWidget, "slopeEdit"), "0.2")
        assert store.config.network.hidden[1].activation.slope == 0.2
        layers.select(0)
        assert layers.findChild(QWidget, "slopeEdit") is None

    def test_dropout_and_normalization_stand_beneath_the_selected_row(self, store, list_of, enter):
        layers = list_of(10, 20)
        layers.select(1)
        enter(layers.findChild(QWidget, "dropoutEdit"), "0.25")
        enter(layers.findChild(QComboBox, "normalizationCombo"), "batch")
        enter(layers.findChild(QWidget, "normalizationMomentumEdit"), "0.2")
        expected = LayerConfig(
            units=20, dropout=0.25, normalization=BatchNormalization(momentum=0.2)
        )
        assert store.config.network.hidden[1] == expected
        assert store.config.network.hidden[0] == LayerConfig(units=10)

    def test_a_row_that_is_not_selected_tells_what_is_on_in_words(self, store, list_of):
        layers = list_of(10, 20)
        summary = layers.rows[0].findChild(QLabel, "layerSummary")
        assert summary.isHidden()
        store.change("network.hidden.0.normalization.kind", "batch")
        store.change("network.hidden.0.dropout", 0.25)
        layers.select(-1)
        assert (summary.isHidden(), summary.text()) == (
            False,
            "+ batch normalization, dropout 0.25",
        )
        layers.select(0)
        assert summary.isHidden()

    def test_a_problem_of_a_row_that_is_not_selected_is_still_told(self, store, list_of):
        layers = list_of(10, 20)
        store.change("network.hidden.1.activation.kind", "leaky_relu")
        store.change("network.hidden.1.activation.slope", 5)
        assert "got 5" in layers.rows[1].note

    def test_going_into_a_field_selects_its_row(self, list_of, qtbot):
        layers = list_of(10, 20)
        with qtbot.waitSignal(layers.selectionChanged) as selected:
            layers.findChild(QWidget, "unitsEdit1").setFocus()
        assert selected.args == [1]


class TestAddAndRemove:
    def test_a_new_layer_is_like_the_last_one_and_ready_to_be_typed_in(self, store, list_of):
        layers = list_of(10)
        store.change("network.hidden.0.activation.kind", "tanh")
        store.change("network.hidden.0.normalization.kind", "layer")
        store.change("network.hidden.0.dropout", 0.2)
        layers.add()
        first, second = store.config.network.hidden
        assert second == first.model_copy(update={"units": LayerConfig().units})
        assert (layers.selected, layers.findChild(QWidget, "unitsEdit1").hasFocus()) == (1, True)

    def test_the_first_layer_can_be_added_to_none(self, store, list_of):
        layers = list_of()
        layers.add()
        assert len(units_of(store)) == len(layers.rows) == 1

    def test_removing_selects_the_neighbor(self, store, list_of):
        layers = list_of(10, 20, 30)
        layers.select(2)
        layers.remove_selected()
        assert (units_of(store), layers.selected) == ([10, 20], 1)

    def test_all_layers_can_be_removed_and_undo_brings_them_back(self, store, list_of):
        layers = list_of(10, 20)
        layers.select(0)
        layers.remove_selected()
        layers.remove_selected()
        assert (units_of(store), layers.selected) == ([], -1)
        store.undoStack.undo()
        store.undoStack.undo()
        assert shown_units(layers) == ["10", "20"]

    def test_a_duplicate_stands_behind_its_original(self, store, list_of):
        layers = list_of(10, 20, 30)
        layers.select(1)
        layers.duplicate_selected()
        assert (units_of(store), layers.selected) == ([10, 20, 20, 30], 2)
        assert store.undoStack.undoText() == "duplicate layer 2"

    def test_no_layer_is_added_beyond_the_limit(self, store, list_of, qtbot):
        layers = list_of(*[5] * MAX_LAYERS)
        assert layers.is_full
        with qtbot.waitSignal(store.refused):
            layers.add()
        assert len(units_of(store)) == MAX_LAYERS


class TestOrder:
    @pytest.mark.parametrize(
        ("start", "end", "order"),
        [
            (0, 2, [20, 30, 10, 40]),
            (3, 0, [40, 10, 20, 30]),
            (1, 2, [10, 30, 20, 40]),
            (2, 2, [10, 20, 30, 40]),
        ],
    )
    def test_dragging_the_handle_moves_the_layer_in_one_step(
        self, start, end, order, store, list_of
    ):
        layers = list_of(10, 20, 30, 40)
        drag(layers, start, end)
        assert units_of(store) == order
        QApplication.processEvents()
        assert shown_units(layers) == [str(units) for units in order]
        assert layers.selected == end
        assert store.undoStack.count() == (2 if start != end else 1)

    def test_rows_make_room_while_one_is_dragged(self, store, list_of):
        layers = list_of(10, 20, 30)
        drag(layers, 0, 2, let_go=False)
        QApplication.processEvents()
        assert shown_units(layers) == ["20", "30", "10"]
        assert units_of(store) == [10, 20, 30]

    def test_escape_puts_a_dragged_row_back(self, store, list_of):
        layers = list_of(10, 20, 30)
        drag(layers, 0, 2, let_go=False)
        QTest.keyClick(layers.rows[0], Qt.Key.Key_Escape)
        QTest.mouseRelease(layers.rows[0].handle, LEFT)
        QApplication.processEvents()
        assert (shown_units(layers), units_of(store)) == (["10", "20", "30"], [10, 20, 30])

    def test_alt_and_arrows_move_the_layer_and_keep_the_focus_in_its_field(self, store, list_of):
        layers = list_of(10, 20, 30)
        layers.findChild(QWidget, "unitsEdit0").setFocus()
        QTest.keyClick(layers.findChild(QWidget, "unitsEdit0"), Qt.Key.Key_Down, ALT)
        QTest.keyClick(layers.findChild(QWidget, "unitsEdit1"), Qt.Key.Key_Down, ALT)
        assert (units_of(store), layers.selected) == ([20, 30, 10], 2)
        assert layers.findChild(QWidget, "unitsEdit2").hasFocus()
        QTest.keyClick(layers.findChild(QWidget, "unitsEdit2"), Qt.Key.Key_Up, ALT)
        assert units_of(store) == [20, 10, 30]

    def test_the_last_layer_cannot_be_moved_further(self, store, list_of):
        layers = list_of(10, 20)
        layers.select(1)
        layers.move_down()
        assert units_of(store) == [10, 20]


class TestKeys:
    def test_arrows_go_from_row_to_row(self, list_of):
        layers = list_of(10, 20)
        layers.rows[0].setFocus()
        QTest.keyClick(layers.rows[0], Qt.Key.Key_Down)
        assert (layers.selected, layers.rows[1].hasFocus()) == (1, True)

    def test_delete_removes_the_row_with_the_focus(self, store, list_of):
        layers = list_of(10, 20)
        layers.rows[0].setFocus()
        QTest.keyClick(layers.rows[0], Qt.Key.Key_Delete)
        assert units_of(store) == [20]

    def test_delete_in_a_field_removes_letters_only(self, store, list_of):
        layers = list_of(10, 20)
        layers.findChild(QWidget, "unitsEdit0").setFocus()
        QTest.keyClick(layers.findChild(QWidget, "unitsEdit0"), Qt.Key.Key_Backspace)
        assert len(units_of(store)) == 2

    def test_ctrl_d_duplicates(self, store, list_of):
        layers = list_of(10, 20)
        layers.rows[0].setFocus()
        QTest.keyClick(layers.rows[0], Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
        assert units_of(store) == [10, 10, 20]


def test_locked_layers_cannot_be_changed_or_dragged(store, list_of):
    layers = list_of(10, 20)
    store.set_locks({"": "Training is under way."})
    assert not layers.findChild(QWidget, "unitsEdit0").isEnabled()
    drag(layers, 0, 1)
    layers.select(0)
    layers.remove_selected()
    assert units_of(store) == [10, 20]
    assert shown_units(layers) == ["10", "20"]
