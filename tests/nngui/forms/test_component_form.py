from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QSlider, QToolButton, QWidget

from nncore.activations import Activation
from nncore.component import Hyperparameter, hyperparameters_of
from nncore.initializers import Initializer
from nncore.optimizers import Optimizer
from nngui.forms.component_form import ComponentForm
from nngui.forms.unit_label import UnitLabel
from nngui.viewmodels.number_text import number_text
from tests.nngui.changes import changed_paths

RATE = "optimizer.learning_rate"
FAMILIES = {
    "optimizer": Optimizer,
    "network.hidden.0.activation": Activation,
    "network.hidden.0.initializer": Initializer,
    "network.output.initializer": Initializer,
}
MEMBERS = [(path, kind) for path, family in FAMILIES.items() for kind in family.members()]


@pytest.fixture
def form_of(store, qtbot):
    """Builds a form that follows its store, as a panel does, and shows it."""
    alive = []

    def build(path: str, **options) -> ComponentForm:
        form = ComponentForm(store, path, **options)
        alive.append(form)
        store.configChanged.connect(form.refresh)
        store.problemsChanged.connect(form.refresh)
        store.locksChanged.connect(form.refresh)
        qtbot.addWidget(form)
        form.resize(300, 400)
        with qtbot.waitActive(form):
            form.show()
            form.activateWindow()
        return form

    return build


def another_value(declared: Hyperparameter):
    """A legal value that is not the default."""
    if declared.type == "choice":
        return next(word for word in declared.words if word != declared.default)
    if declared.type == "boolean":
        return not declared.default
    assert declared.type == "number"
    return declared.default / 2 or (declared.minimum + declared.maximum) / 2 or declared.maximum / 2


def field_of(form: ComponentForm, path: str):
    return next(field for field in form.fields() if field.path == path)


class TestEveryMember:
    @pytest.mark.parametrize(("path", "kind"), MEMBERS)
    def test_choosing_it_shows_exactly_its_own_fields(self, path, kind, store, form_of, enter):
        form = form_of(path)
        enter(field_of(form, f"{path}.kind").editor.main, kind)
        own = [each.name for each in hyperparameters_of(FAMILIES[path].members()[kind])]
        expected = [f"{path}.{name}" for name in ["kind", *own]]
        assert [field.path for field in form.fields()] == expected
        assert store.config.get(path).kind == kind

    @pytest.mark.parametrize(("path", "kind"), MEMBERS)
    def test_each_of_its_fields_changes_its_own_path_alone(self, path, kind, store, form_of, enter):
        store.change(f"{path}.kind", kind)
        form = form_of(path)
        for each in hyperparameters_of(FAMILIES[path].members()[kind]):
            field = field_of(form, f"{path}.{each.name}")
            before = store.config
            value = another_value(each)
            enter(field.editor.main, number_text(value) if each.type == "number" else value)
            assert changed_paths(before, store.config) == {f"{path}.{each.name}"}
            assert store.config.get(f"{path}.{each.name}") == value

    @pytest.mark.parametrize(("path", "kind"), MEMBERS)
    def test_values_out_of_range_are_marked_at_once(self, path, kind, store, form_of, enter):
        store.change(f"{path}.kind", kind)
        form = form_of(path)
        for each in hyperparameters_of(FAMILIES[path].members()[kind]):
            if each.type != "number":
                continue
            field = field_of(form, f"{path}.{each.name}")
            enter(field.editor.main, "-1000")
            assert field.editor.faulty
            assert field.note.startswith("Must be ")
            assert "got -1,000" in field.note or "got -1000" in field.note
            assert store.problem_at(field.path) is not None


class TestTyping:
    def test_a_problem_goes_when_the_field_is_right_again(self, store, form_of, enter):
        field = field_of(form_of("optimizer"), RATE)
        enter(field.editor.main, "3")
        assert (field.note, store.config.optimizer.learning_rate) == (
            "Must be in (0, 1], got 3.",
            0.001,
        )
        enter(field.editor.main, "0.3")
        assert (field.note, field.editor.faulty) == ("", False)
        assert store.config.optimizer.learning_rate == 0.3

    def test_other_fields_stay_usable_beside_a_faulty_one(self, store, form_of, enter):
        form = form_of("optimizer")
        enter(field_of(form, RATE).editor.main, "abc")
        enter(field_of(form, "optimizer.beta1").editor.main, "0.5")
        assert store.config.optimizer.beta1 == 0.5
        assert field_of(form, RATE).editor.main.text() == "abc"

    def test_what_is_typed_stays_as_typed_until_the_field_is_left(self, store, form_of, enter):
        form = form_of("optimizer")
        edit = field_of(form, RATE).editor.main
        enter(edit, "2.50e-3")
        assert (edit.text(), store.config.optimizer.learning_rate) == ("2.50e-3", 0.0025)
        QTest.keyClick(edit, Qt.Key.Key_Return)
        assert edit.text() == "0.0025"

    def test_a_comma_is_no_decimal_point_in_any_locale(self, store, form_of, enter):
        field = field_of(form_of("optimizer"), RATE)
        enter(field.editor.main, "0,5")
        assert "got '0,5'" in field.note

    def test_an_empty_field_is_told_in_words(self, form_of, enter):
        field = field_of(form_of("optimizer"), RATE)
        enter(field.editor.main, "")
        assert field.note == "Must be in (0, 1]; nothing is entered."

    def test_one_visit_of_a_field_is_one_undo_step(self, store, form_of, enter):
        form = form_of("optimizer")
        field = field_of(form, RATE)
        enter(field.editor.main, "0.0215")
        QTest.keyClick(field.editor.main, Qt.Key.Key_Return)
        assert store.undoStack.count() == 1
        enter(field.editor.main, "0.5")
        assert store.undoStack.count() == 2
        store.undoStack.undo()
        assert field.editor.main.text() == "0.0215"

    def test_undo_brings_a_faulty_text_back_and_away(self, store, form_of, enter):
        field = field_of(form_of("optimizer"), RATE)
        enter(field.editor.main, "3")
        store.undoStack.undo()
        assert (field.editor.main.text(), field.note) == ("0.001", "")
        store.undoStack.redo()
        assert (field.editor.main.text(), field.editor.faulty) == ("3", True)

    def test_ctrl_z_in_a_field_is_left_to_the_window(self, form_of):
        edit = field_of(form_of("optimizer"), RATE).editor.main
        event = QKeyEvent(
            QKeyEvent.Type.ShortcutOverride, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier
        )
        QApplication.sendEvent(edit, event)
        assert not event.isAccepted()


class TestEditors:
    def test_batch_size_offers_one_and_the_full_batch(self, store, form_of, enter):
        form = form_of("training")
        combo = form.findChild(QComboBox, "batchSizeEdit")
        offered = [combo.itemText(place) for place in range(combo.count())]
        assert {"1", "32", "1024", "full batch"} <= set(offered)
        combo.setCurrentIndex(offered.index("full batch"))
        combo.activated.emit(offered.index("full batch"))
        assert store.config.training.batch_size == "full"
        assert combo.currentText() == "full batch"

    @pytest.mark.parametrize(("typed", "value"), [("1", 1), ("500", 500), ("full", "full")])
    def test_batch_size_takes_any_number_and_the_word(self, typed, value, store, form_of, enter):
        form = form_of("training")
        enter(form.findChild(QComboBox, "batchSizeEdit").lineEdit(), typed)
        assert store.config.training.batch_size == value

    def test_a_batch_size_of_nothing_is_told_in_words(self, store, form_of, enter):
        field = field_of(form_of("training"), "training.batch_size")
        enter(field.editor.main.lineEdit(), "")
        assert field.note.endswith('or "full"; nothing is entered.')
        enter(field.editor.main.lineEdit(), "64")
        assert (field.note, store.config.training.batch_size) == ("", 64)

    @pytest.mark.parametrize(
        ("path", "unit"), [("training.epochs", "epochs"), ("training.batch_size", "samples")]
    )
    def test_a_number_shows_its_unit_and_words_and_long_numbers_take_its_room(
        self, path, unit, form_of, enter
    ):
        main = field_of(form_of("training"), path).editor.main
        (label,) = main.findChildren(UnitLabel)
        assert (label.isVisible(), label.text()) == (True, unit)
        line = main.lineEdit()
        for typed in ("full", "", "1" * 30):
            enter(line, typed)
            assert not label.isVisible()
        enter(line, "12")
        assert label.isVisible()
        assert line.rect().contains(label.geometry())

    def test_no_penalty_reads_off_and_is_the_left_end_of_the_slider(self, store, form_of, enter):
        form = form_of("training")
        edit, slider = form.findChild(QLineEdit, "l2Edit"), form.findChild(QSlider, "l2Slider")
        assert (edit.text(), slider.value()) == ("off", 0)
        slider.setValue(1)
        assert store.config.training.l2 == 1e-6
        enter(edit, "off")
        assert (store.config.training.l2, slider.value()) == (0, 0)
        enter(edit, "0")
        QTest.keyClick(edit, Qt.Key.Key_Return)
        assert edit.text() == "off"

    def test_dragging_the_slider_is_one_undo_step(self, store, form_of):
        slider = form_of("optimizer").findChild(QSlider, "learningRateSlider")
        slider.setSliderDown(True)
        for place in range(slider.value(), slider.value() + 20):
            slider.setSliderPosition(place)
        slider.setSliderDown(False)
        assert store.undoStack.count() == 1
        assert store.config.optimizer.learning_rate > 0.001

    def test_the_slider_follows_what_is_typed_and_takes_values_beyond_it(self, form_of, enter):
        form = form_of("optimizer")
        edit = form.findChild(QLineEdit, "learningRateEdit")
        slider = form.findChild(QSlider, "learningRateSlider")
        enter(edit, "1")
        assert slider.value() == slider.maximum()
        enter(edit, "1e-12")
        assert (slider.value(), edit.text()) == (0, "1e-12")

    def test_a_seed_of_ten_digits_can_be_entered_and_stepped(self, store, form_of, enter):
        spin = form_of("training").findChild(QWidget, "seedEdit")
        enter(spin, str(2**32 - 2))
        QTest.keyClick(spin, Qt.Key.Key_Up)
        assert store.config.training.seed == 2**32 - 1
        QTest.keyClick(spin, Qt.Key.Key_Up)
        assert store.config.training.seed == 2**32 - 1

    def test_a_member_is_explained_in_the_list(self, form_of):
        combo = form_of("optimizer").findChild(QComboBox, "optimizerCombo")
        tips = [combo.itemData(i, Qt.ItemDataRole.ToolTipRole) for i in range(combo.count())]
        assert tips == [member.__doc__.splitlines()[0] for member in Optimizer.members().values()]


class TestReset:
    def test_it_is_offered_for_changed_fields_only_and_goes_back(self, store, form_of):
        form = form_of("optimizer")
        button = form.findChild(QToolButton, "learningRateReset")
        assert button.isHidden()
        store.change(RATE, 0.5)
        assert (button.isHidden(), button.toolTip()) == (False, "Back to the default: 0.001")
        button.click()
        assert store.config.optimizer.learning_rate == 0.001
        assert button.isHidden()

    def test_it_clears_a_faulty_field(self, store, form_of, enter):
        form = form_of("optimizer")
        enter(form.findChild(QLineEdit, "learningRateEdit"), "abc")
        form.findChild(QToolButton, "learningRateReset").click()
        assert (store.problems, form.findChild(QLineEdit, "learningRateEdit").text()) == (
            (),
            "0.001",
        )


class TestLocks:
    def test_a_locked_field_cannot_be_changed_and_says_why(self, store, form_of):
        form = form_of("optimizer")
        store.set_locks({"": "Training is under way.", RATE: ""})
        free, locked = field_of(form, RATE), field_of(form, "optimizer.beta1")
        assert (free.editor.isEnabled(), locked.editor.isEnabled()) == (True, False)
        assert "Training is under way." in locked.editor.main.toolTip()
        assert locked.findChild(QToolButton, "beta1Reset").toolTip() == "Training is under way."
        store.set_locks({})
        assert locked.editor.isEnabled()
        assert "Training is under way." not in locked.editor.main.toolTip()


class TestWheel:
    @pytest.mark.parametrize("name", ["epochsEdit", "batchSizeEdit", "l2Slider"])
    def test_it_changes_a_field_only_if_that_has_the_focus(self, name, store, form_of):
        form = form_of("training")
        widget = form.findChild(QWidget, name)
        form.setFocus()
        before = store.config
        turn_wheel(widget)
        assert store.config == before
        widget.setFocus()
        turn_wheel(widget)
        assert len(changed_paths(before, store.config)) == 1


def turn_wheel(widget: QWidget) -> None:
    middle = widget.rect().center()
    event = QWheelEvent(
        QPointF(middle),
        QPointF(widget.mapToGlobal(middle)),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


def test_a_rebuilt_form_forgets_its_old_fields(store, form_of, qtbot):
    form = form_of("optimizer")
    old = field_of(form, "optimizer.beta1")
    with qtbot.waitSignal(old.destroyed, timeout=1000), qtbot.waitSignal(form.fieldsChanged):
        store.change("optimizer.kind", "sgd")
    assert form.findChild(QWidget, "beta1Edit") is None
