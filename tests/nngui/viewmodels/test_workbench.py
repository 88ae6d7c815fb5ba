"""All view-models together, without a widget: train, keep, save, open, fail in words."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from nncore.config import RunConfig
from nncore.features import scale_pixels
from nncore.model_file import load_model
from nngui.viewmodels.model_files import KEPT_RUNS
from nngui.viewmodels.run_state import RunState
from nngui.viewmodels.settings import Settings
from nngui.viewmodels.workbench import Workbench
from tests.idx_files import write_idx_folder
from tests.made_data import make_dataset

DATA = make_dataset(samples=120, classes=3, side=5)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_idx_folder(tmp_path / "data", DATA)


@pytest.fixture
def bench(qtbot, tmp_path, folder):
    settings = Settings(tmp_path / "settings.json")
    settings.config = RunConfig.from_dict(
        {
            "data": {"name": str(folder), "validation_fraction": 0.2},
            "network": {"hidden": "8"},
            "training": {"epochs": 3, "batch_size": 10},
        }
    )
    bench = Workbench(settings, tmp_path)
    messages: list[tuple[str, str]] = []
    bench.messages = messages
    bench.messageRaised.connect(lambda kind, text: messages.append((kind, text)))
    bench.start()
    qtbot.waitUntil(lambda: bench.session.state is RunState.READY)
    yield bench
    bench.close()


def train(qtbot, bench: Workbench) -> None:
    with qtbot.waitSignal(bench.session.runEnded):
        bench.session.train()


def probabilities(bench: Workbench) -> np.ndarray:
    return bench.predictor.probabilities(DATA.test_images)


def test_events_reach_curves_and_weights_reach_predictions(qtbot, bench):
    train(qtbot, bench)
    assert bench.curves.current.epochs == 3
    assert bench.predictor.trained
    expected = bench.session.copy.network.predict_proba(scale_pixels(DATA.test_images))
    np.testing.assert_array_equal(probabilities(bench), expected)


def test_saved_opened_and_predicted_is_the_same_to_the_last_bit(qtbot, bench, tmp_path):
    train(qtbot, bench)
    before = probabilities(bench)
    config = bench.store.config
    path = tmp_path / "mine.safetensors"
    with qtbot.waitSignal(bench.files.saved):
        bench.files.save_model(bench.model(), path)
    bench.session.reset()
    bench.store.change("network.hidden", "5,4")
    qtbot.waitUntil(lambda: bench.predictor.network.layers[0].units == 5)
    with qtbot.waitSignal(bench.files.modelOpened):
        bench.files.open(path)
    np.testing.assert_array_equal(probabilities(bench), before)
    assert bench.store.config == config
    assert bench.predictor.class_names == ("0", "1", "2")
    assert bench.settings.recent_files[0] == path
    bench.store.undoStack.undo()
    assert [layer.units for layer in bench.store.config.network.hidden] == [5, 4]


def test_trained_network_keeps_its_classes_and_image_size_when_other_data_are_chosen(
    qtbot, bench, tmp_path
):
    train(qtbot, bench)
    other = make_dataset(samples=120, classes=4, side=7)
    bench.store.change("data.name", str(write_idx_folder(tmp_path / "other", other)))
    qtbot.waitUntil(lambda: bench.session.dataset.classes == 4)
    path = tmp_path / "mine.safetensors"
    with qtbot.waitSignal(bench.files.saved):
        bench.files.save_model(bench.model(), path)
    saved = load_model(path)
    assert saved.class_names == ("0", "1", "2")
    assert saved.preprocessing.image_shape == (5, 5)
    train(qtbot, bench)
    assert bench.model().class_names == ("0", "1", "2", "3")
    assert bench.model().preprocessing.image_shape == (7, 7)


def test_opened_network_is_saved_with_the_figures_it_had_reached(qtbot, bench, tmp_path):
    train(qtbot, bench)
    first, second = tmp_path / "first.safetensors", tmp_path / "second.safetensors"
    with qtbot.waitSignal(bench.files.saved):
        bench.files.save_model(bench.model(), first)
    with qtbot.waitSignal(bench.files.modelOpened):
        bench.files.open(first)
    with qtbot.waitSignal(bench.files.saved):
        bench.files.save_model(bench.model(), second)
    assert load_model(second).figures == load_model(first).figures
    assert load_model(second).figures["validation_accuracy"] > 0


def test_figures_in_the_file_are_those_of_the_last_epoch(qtbot, bench, tmp_path):
    train(qtbot, bench)
    path = tmp_path / "mine.safetensors"
    with qtbot.waitSignal(bench.files.saved):
        bench.files.save_model(bench.model(), path)
    figures = load_model(path).figures
    last = bench.session.history.epochs[-1]
    assert figures["epoch"] == 3
    assert figures["validation_accuracy"] == last.validation_accuracy
    assert figures["validation_loss"] == last.validation_loss


def test_every_finished_run_is_kept_by_itself_and_the_oldest_make_room(qtbot, bench):
    train(qtbot, bench)
    qtbot.waitUntil(lambda: len(bench.files.kept_runs()) == 1)
    kept = load_model(bench.files.kept_runs()[0])
    np.testing.assert_array_equal(kept.network.parameters, bench.session.copy.network.parameters)
    runs = bench.files.kept_runs()[0].parent
    for number in range(KEPT_RUNS + 2):
        (runs / f"2000-01-01 00-00-{number:02d}  x.safetensors").write_bytes(b"old")
    train(qtbot, bench)
    qtbot.waitUntil(lambda: len(bench.files.kept_runs()) == KEPT_RUNS)
    names = [path.name for path in bench.files.kept_runs()]
    assert "2000-01-01 00-00-00  x.safetensors" not in names
    assert sum(not name.startswith("2000") for name in names) >= 1


@pytest.mark.parametrize("content", [b"", b"not a model", b"\x80\x04pickle", b"\xff" * 5000])
def test_bad_model_file_is_told_by_name_and_nothing_changes(qtbot, bench, tmp_path, content):
    train(qtbot, bench)
    before, config = probabilities(bench), bench.store.config
    path = tmp_path / "bad.safetensors"
    path.write_bytes(content)
    with qtbot.waitSignal(bench.files.failed):
        bench.files.open(path)
    kind, text = bench.messages[-1]
    assert kind == "error"
    assert "bad.safetensors" in text
    assert "Traceback" not in text
    np.testing.assert_array_equal(probabilities(bench), before)
    assert bench.store.config == config


def test_folder_that_cannot_be_written_leaves_the_old_file_and_says_so(qtbot, bench, tmp_path):
    train(qtbot, bench)
    blocker = tmp_path / "blocker"
    blocker.write_text("old")
    with qtbot.waitSignal(bench.files.failed):
        bench.files.save_model(bench.model(), blocker / "mine.safetensors")
    assert "mine.safetensors" in bench.messages[-1][1]
    assert blocker.read_text() == "old"


def test_bad_configuration_file_lists_its_faults_and_nothing_changes(qtbot, bench, tmp_path):
    config = bench.store.config
    path = tmp_path / "config.json"
    path.write_text('{"optimizer": {"kind": "sgd", "lerning_rate": 1}, "training": {"epochs": 0}}')
    with qtbot.waitSignal(bench.files.failed):
        bench.files.open_config(path)
    text = bench.messages[-1][1]
    assert "Did you mean optimizer.learning_rate?" in text
    assert text.startswith("config.json was not opened. optimizer.lerning_rate is not a known ")
    assert text.endswith("training.epochs must be in [1, 100000], got 0.")
    assert text.count("config.json") == 1
    assert bench.store.config == config


def test_of_a_file_with_very_many_faults_some_are_told(qtbot, bench, tmp_path):
    path = tmp_path / "config.json"
    path.write_text(json.dumps({"training": {f"nonsense{number}": 1 for number in range(100)}}))
    with qtbot.waitSignal(bench.files.failed):
        bench.files.open_config(path)
    text = bench.messages[-1][1]
    assert text.endswith(" And 92 more.")
    assert len(text) < 2000


def test_configuration_comes_back_the_next_day(qtbot, bench, tmp_path):
    bench.store.change("training.epochs", 77)
    bench.close()
    again = Workbench(Settings(tmp_path / "settings.json"), tmp_path)
    assert again.store.config.training.epochs == 77
    again.close()


def test_history_is_exported_as_csv_and_json(qtbot, bench, tmp_path):
    train(qtbot, bench)
    for name in ("history.csv", "history.json"):
        with qtbot.waitSignal(bench.files.done):
            bench.files.export_history(bench.session.history, tmp_path / name)
    assert (tmp_path / "history.csv").read_text() == bench.session.history.to_csv()
    assert (tmp_path / "history.json").read_text() == bench.session.history.to_json()


def test_jobs_asked_for_at_once_are_all_done_in_order(qtbot, bench, tmp_path):
    train(qtbot, bench)
    model = bench.model()
    done: list[str] = []
    bench.files.done.connect(done.append)
    paths = [tmp_path / f"{number}.safetensors" for number in range(5)]
    for path in paths:
        bench.files.save_model(model, path)
    qtbot.waitUntil(lambda: len(done) == 5)
    assert done == [f"Saved the model to {path}." for path in paths]


def test_what_was_asked_for_before_leaving_is_still_written(qtbot, bench, tmp_path):
    train(qtbot, bench)
    paths = [tmp_path / f"{number}.safetensors" for number in range(3)]
    for path in paths:
        bench.files.save_model(bench.model(), path)
    bench.close()
    for path in paths:
        load_model(path)


def test_opening_during_a_run_is_refused(qtbot, bench, tmp_path):
    train(qtbot, bench)
    path = tmp_path / "mine.safetensors"
    with qtbot.waitSignal(bench.files.saved):
        bench.files.save_model(bench.model(), path)
    bench.session.step_batch()
    qtbot.waitUntil(lambda: bench.session.state is RunState.PAUSED)
    with qtbot.waitSignal(bench.files.modelOpened):
        bench.files.open(path)
    assert bench.messages[-1][0] == "warning"
    assert bench.session.state is RunState.PAUSED
