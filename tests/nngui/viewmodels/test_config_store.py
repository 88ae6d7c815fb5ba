import gc

import pytest
from PySide6.QtCore import QObject

from nncore.config import LayerConfig, RunConfig
from nncore.errors import ConfigError, Problem
from nngui.viewmodels.config_store import ConfigStore

RATE = "optimizer.learning_rate"
RUNNING = "Training is under way."
WHILE_RUNNING = {"": RUNNING, RATE: "", "training.epochs": ""}


@pytest.fixture
def store(qapp) -> ConfigStore:
    return ConfigStore()


def texts(store: ConfigStore) -> list[str]:
    return [store.undoStack.text(i) for i in range(store.undoStack.count())]


def layers(*units: int) -> RunConfig:
    return RunConfig.from_dict({"network": {"hidden": list(units)}})


def units_of(store: ConfigStore) -> list[int]:
    return [layer.units for layer in store.config.network.hidden]


class TestChange:
    def test_valid_value_becomes_the_config_and_one_named_step(self, store, qtbot):
        with qtbot.waitSignal(store.configChanged, timeout=100):
            store.change(RATE, 0.01)
        assert store.config.optimizer.learning_rate == 0.01
        assert texts(store) == ["learning rate 0.001 → 0.01"]

    def test_undo_and_redo_walk_the_values(self, store):
        store.change(RATE, 0.01)
        store.change("training.epochs", 3)
        store.undoStack.undo()
        assert (store.config.training.epochs, store.config.optimizer.learning_rate) == (10, 0.01)
        store.undoStack.undo()
        assert store.config == RunConfig()
        store.undoStack.redo()
        store.undoStack.redo()
        assert (store.config.training.epochs, store.config.optimizer.learning_rate) == (3, 0.01)

    def test_typing_merges_into_one_step_until_the_edit_is_finished(self, store):
        for typed in ("2", "20", "200"):
            store.change("training.epochs", typed)
        assert texts(store) == ["epochs 10 → 200"]
        store.finish_edit()
        store.change("training.epochs", 300)
        assert texts(store) == ["epochs 10 → 200", "epochs 200 → 300"]

    def test_another_path_in_between_ends_a_merge(self, store):
        store.change("training.epochs", 20)
        store.change(RATE, 0.1)
        store.change("training.epochs", 30)
        assert store.undoStack.count() == 3

    def test_an_edit_after_undo_is_a_step_of_its_own(self, store):
        store.change("training.epochs", 20)
        store.finish_edit()
        store.change("training.epochs", 30)
        store.undoStack.undo()
        store.change("training.epochs", 40)
        store.undoStack.undo()
        assert store.config.training.epochs == 20

    def test_typing_back_to_the_old_value_leaves_no_step(self, store):
        store.change("training.epochs", 20)
        store.change("training.epochs", 10)
        assert store.undoStack.count() == 0
        assert store.config == RunConfig()

    def test_the_same_value_again_is_no_change(self, store, qtbot):
        with qtbot.assertNotEmitted(store.configChanged):
            store.change(RATE, 0.001)
        assert store.undoStack.count() == 0

    def test_changing_the_kind_takes_the_member_with_its_defaults(self, store):
        store.change("optimizer.kind", "sgd")
        assert (store.config.optimizer.kind, store.config.optimizer.learning_rate) == ("sgd", 0.1)
        assert texts(store) == ["optimizer Adam → SGD"]

    @pytest.mark.parametrize(
        ("path", "value", "text"),
        [
            ("training.batch_size", "full", "batch size 128 → full batch"),
            ("training.l2", 1e-5, "L2 penalty 0 → 1e-5"),
            ("network.hidden.0.units", 64, "layer 1 units 128 → 64"),
            ("network.hidden.0.activation.kind", "tanh", "layer 1 activation ReLU → Tanh"),
            ("network.output.initializer", "he", None),
            ("network.output.initializer.kind", "random_uniform",
             "output initializer He → Random uniform"),
        ],
    )  # fmt: skip
    def test_steps_read_as_people_say_them(self, store, path, value, text):
        store.change(path, value)
        assert texts(store) == ([] if text is None else [text])

    def test_a_path_that_does_not_exist_is_an_error_not_a_problem(self, store):
        with pytest.raises(ConfigError, match=r"optimizer\.momentum is not a known field"):
            store.change("optimizer.momentum", 0.5)
        assert store.problems == ()

    def test_snapshots_survive_garbage_collection(self, store):
        for epochs in range(20, 60):
            store.change("training.epochs", epochs)
            store.finish_edit()
        gc.collect()
        while store.undoStack.canUndo():
            store.undoStack.undo()
        assert store.config == RunConfig()


class TestProblems:
    def test_invalid_value_stays_out_of_the_config_and_is_told_in_a_sentence(self, store, qtbot):
        with qtbot.waitSignal(store.problemsChanged, timeout=100):
            store.change(RATE, 3)
        assert store.config == RunConfig()
        assert store.problem_at(RATE).message == "must be in (0, 1], got 3"
        assert store.sentences == ("Learning rate must be in (0, 1], got 3.",)
        assert store.entered(RATE) == 3

    def test_a_valid_value_takes_the_problem_away(self, store, qtbot):
        store.change(RATE, "abc")
        with qtbot.waitSignals([store.problemsChanged, store.configChanged], timeout=100):
            store.change(RATE, 0.5)
        assert store.problems == ()

    def test_the_old_value_takes_the_problem_away(self, store):
        store.change(RATE, 3)
        store.change(RATE, 0.001)
        assert store.problems == ()

    def test_undo_takes_the_problem_away_and_redo_brings_it_back(self, store):
        store.change(RATE, 3)
        store.undoStack.undo()
        assert (store.problems, store.entered(RATE)) == ((), 0.001)
        store.undoStack.redo()
        assert (len(store.problems), store.entered(RATE)) == (1, 3)

    def test_problems_of_several_fields_stand_side_by_side(self, store):
        store.change(RATE, 3)
        store.change("training.epochs", 0)
        store.change("training.batch_size", 64)
        assert [problem.path for problem in store.problems] == [RATE, "training.epochs"]
        assert store.config.training.batch_size == 64

    def test_changing_the_kind_forgets_problems_of_its_old_fields(self, store):
        store.change("optimizer.beta1", 2)
        store.change("training.epochs", 0)
        store.change("optimizer.kind", "sgd")
        assert [problem.path for problem in store.problems] == ["training.epochs"]

    def test_replacing_everything_forgets_problems_and_undo_brings_them_back(self, store):
        store.change(RATE, 3)
        store.replace_all(layers(30), "preset Quick")
        assert (units_of(store), store.problems) == ([30], ())
        assert texts(store)[-1] == "preset Quick"
        store.undoStack.undo()
        assert (units_of(store), len(store.problems)) == ([128], 1)

    def test_a_problem_reported_from_outside_goes_with_the_value(self, store):
        store.report("data.name", "cannot be read: no such folder")
        assert store.sentences == ("Dataset cannot be read: no such folder.",)
        store.change(RATE, 0.1)
        assert store.problem_at("data.name") is not None
        store.change("data.name", "other")
        assert store.problems == ()


class TestLayers:
    def test_add_remove_and_move_are_single_named_steps(self, store):
        store.replace_all(layers(10, 20, 30), "start")
        store.rearrange_layers([0, 1, 2, LayerConfig(units=40)], "add layer 4")
        store.rearrange_layers([3, 0, 1], "remove layer 3")
        assert units_of(store) == [40, 10, 20]
        assert texts(store)[1:] == ["add layer 4", "remove layer 3"]
        store.undoStack.undo()
        assert units_of(store) == [10, 20, 30, 40]

    def test_a_problem_moves_with_its_layer(self, store):
        store.replace_all(layers(10, 20), "start")
        store.change("network.hidden.0.units", 0)
        store.rearrange_layers([1, 0], "move layer 1")
        assert [problem.path for problem in store.problems] == ["network.hidden.1.units"]
        assert store.sentences == ("Layer 2 units must be in [1, 16384], got 0.",)
        assert store.entered("network.hidden.1.units") == 0

    def test_a_problem_goes_with_its_layer(self, store):
        store.replace_all(layers(10, 20), "start")
        store.change("network.hidden.0.units", 0)
        store.rearrange_layers([1], "remove layer 1")
        assert (store.problems, units_of(store)) == ((), [20])

    def test_no_hidden_layers_are_allowed(self, store):
        store.rearrange_layers([], "remove layer 1")
        assert store.config.network.hidden == ()

    def test_more_than_64_layers_are_refused_with_the_limit(self, store, qtbot):
        with qtbot.waitSignal(store.refused, timeout=100) as refused:
            store.rearrange_layers([0] * 65, "too many")
        assert refused.args == ["network.hidden", "The hidden layers may hold at most 64 entries."]
        assert len(store.config.network.hidden) == 1


class TestLocks:
    def test_the_longest_path_decides(self, store):
        store.set_locks(WHILE_RUNNING)
        assert store.why_locked("network.hidden.0.units") == RUNNING
        assert store.why_locked("optimizer.beta1") == RUNNING
        assert store.why_locked(RATE) == ""

    def test_a_locked_change_is_refused_with_the_reason(self, store, qtbot):
        store.set_locks(WHILE_RUNNING)
        with qtbot.waitSignal(store.refused, timeout=100) as refused:
            store.change("training.batch_size", 64)
        assert refused.args == ["training.batch_size", RUNNING]
        assert (store.config, store.undoStack.count()) == (RunConfig(), 0)

    def test_free_fields_change_while_others_are_locked(self, store):
        store.set_locks(WHILE_RUNNING)
        store.change(RATE, 0.02)
        store.change("training.epochs", 30)
        assert (store.config.optimizer.learning_rate, store.config.training.epochs) == (0.02, 30)

    def test_layers_and_presets_are_refused_while_locked(self, store, qtbot):
        store.set_locks(WHILE_RUNNING)
        with qtbot.waitSignals([store.refused, store.refused], timeout=100):
            store.rearrange_layers([0, 0], "duplicate layer 1")
            store.replace_all(layers(30), "preset Quick")
        assert store.config == RunConfig()

    def test_undo_of_a_locked_field_is_refused_and_said_on_the_action(self, store, qtbot):
        parent = QObject()
        action = store.undoStack.createUndoAction(parent)
        store.change("training.batch_size", 64)
        assert (action.isEnabled(), action.text()) == (True, "Undo batch size 128 → 64")
        store.set_locks(WHILE_RUNNING)
        assert (action.isEnabled(), action.toolTip()) == (False, RUNNING)
        with qtbot.waitSignal(store.refused, timeout=100):
            store.undoStack.undo()
        assert store.config.training.batch_size == 64
        store.set_locks({})
        action.trigger()
        assert store.config.training.batch_size == 128

    def test_undo_of_a_free_field_works_while_others_are_locked(self, store):
        store.change(RATE, 0.1)
        store.set_locks(WHILE_RUNNING)
        store.undoStack.undo()
        assert store.config.optimizer.learning_rate == 0.001

    def test_setting_the_same_locks_again_says_nothing(self, store, qtbot):
        store.set_locks(WHILE_RUNNING)
        with qtbot.assertNotEmitted(store.locksChanged):
            store.set_locks(WHILE_RUNNING)


def test_a_broken_rule_is_a_problem_until_the_combination_changes(qtbot):
    store = ConfigStore()

    def rule(config):
        if config.training.seed == 7 and config.training.epochs == 3:
            yield Problem("training.seed", "does not go with 3 epochs")

    store.set_rules(lambda config: list(rule(config)))
    store.change("training.epochs", 3)
    assert store.problems == ()
    with qtbot.waitSignal(store.problemsChanged):
        store.change("training.seed", 7)
    assert store.problems == (Problem("training.seed", "does not go with 3 epochs"),)
    assert store.problem_at("training.seed") is not None
    assert store.config.training.seed == 7
    with qtbot.waitSignal(store.problemsChanged):
        store.change("training.epochs", 4)
    assert store.problems == ()
    store.undoStack.undo()
    assert store.problem_at("training.seed") is not None
    with qtbot.waitSignal(store.problemsChanged):
        store.set_rules(None)
    assert store.problems == ()
