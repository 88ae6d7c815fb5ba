"""The window as a whole: its actions follow the run, its themes switch, it remembers and asks."""

from __future__ import annotations

import subprocess
import sys

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDockWidget,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QMessageBox,
    QPushButton,
    QTabWidget,
    QWidget,
)

from nncore.config import RunConfig
from nncore.exporters import EXPORTERS
from nncore.presets import PRESETS
from nngui.look import apply_theme
from nngui.main_window import MainWindow
from nngui.tabs.training import TrainingTab
from nngui.theme import DARK, LIGHT
from nngui.viewmodels.run_state import RunState
from nngui.viewmodels.settings import Settings
from nngui.viewmodels.workbench import Workbench
from tests.idx_files import write_idx_folder
from tests.made_data import make_dataset
from tests.test_docs import GUIDE, rows


@pytest.fixture
def make_window(qtbot, qapp, tmp_path):
    folder = write_idx_folder(tmp_path / "data", make_dataset(samples=120, classes=3, side=28))
    alive: list[MainWindow] = []
    palette = qapp.palette()

    def make(**changes: object) -> MainWindow:
        settings = Settings(tmp_path / "settings.json")
        config = RunConfig.from_dict(
            {
                "data": {"name": str(folder), "validation_fraction": 0.2},
                "network": {"hidden": "8"},
                "training": {"epochs": 100_000, "batch_size": 10},
            }
        )
        settings.config = config.replace("training.epochs", changes.get("epochs", 100_000))
        apply_theme(qapp, "light")
        window = MainWindow(Workbench(settings, tmp_path), "the log file")
        alive.append(window)
        window.firstPainted.connect(window.bench.start)
        with qtbot.waitExposed(window):
            window.show()
        qtbot.waitUntil(lambda: window.bench.session.state is RunState.READY)
        return window

    yield make
    for window in alive:
        window.bench.session.stop_and_wait()
        window.close()
        window.deleteLater()
    qapp.setStyleSheet("")
    qapp.setPalette(palette)


def action(window: MainWindow, name: str) -> QAction:
    found = window.findChild(QAction, f"{name}Action")
    assert found is not None
    return found


def enabled(window: MainWindow) -> set[str]:
    names = ("train", "continue", "step", "stepEpoch", "stop", "reset")
    return {name for name in names if action(window, name).isEnabled()}


def test_actions_follow_the_run(qtbot, make_window):
    window = make_window()
    session = window.bench.session
    assert enabled(window) == {"train", "step", "stepEpoch"}
    assert action(window, "train").text() == "Train"
    action(window, "train").trigger()
    assert enabled(window) == {"train", "stop", "reset"}
    assert action(window, "train").text() == "Pause"
    qtbot.waitUntil(lambda: session.progress.step > 3)
    action(window, "train").trigger()
    qtbot.waitUntil(lambda: session.state is RunState.PAUSED)
    assert enabled(window) == {"train", "step", "stepEpoch", "stop", "reset"}
    assert action(window, "train").text() == "Resume"
    action(window, "stop").trigger()
    qtbot.waitUntil(lambda: session.state is RunState.FINISHED)
    assert enabled(window) == {"train", "continue", "step", "stepEpoch", "reset"}
    action(window, "reset").trigger()
    qtbot.waitUntil(lambda: session.state is RunState.READY)
    assert enabled(window) == {"train", "step", "stepEpoch"}


def test_disabled_action_says_why(make_window):
    window = make_window()
    assert action(window, "stop").toolTip().startswith("No run is under way")
    assert action(window, "reset").toolTip().startswith("The weights are fresh")


def test_space_trains_but_rests_in_a_field_and_on_a_button(qtbot, make_window):
    window = make_window()
    session = window.bench.session
    dataset = window.findChild(QLineEdit, "datasetEdit")
    dataset.setFocus()
    QTest.keyClick(dataset, Qt.Key.Key_Space)
    assert session.state is RunState.READY
    assert dataset.text().endswith(" ")
    QTest.keyClick(dataset, Qt.Key.Key_Backspace)
    button = window.findChild(QPushButton, "addLayerButton")
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert session.state is RunState.READY
    assert len(window.bench.store.config.network.hidden) == 2
    window.findChild(QComboBox, "optimizerCombo").setFocus()
    QTest.keyClick(window, Qt.Key.Key_Space)
    assert session.state is RunState.READY
    window.findChild(QTabWidget, "tabs").setFocus()
    QTest.keyClick(window, Qt.Key.Key_Space)
    assert session.state is RunState.RUNNING


def test_keys_step_a_batch_and_an_epoch(qtbot, make_window):
    window = make_window()
    session = window.bench.session
    QTest.keyClick(window, Qt.Key.Key_Period)
    qtbot.waitUntil(lambda: session.state is RunState.PAUSED)
    assert session.progress.step == 1
    QTest.keyClick(window, Qt.Key.Key_Period, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: session.state is RunState.PAUSED and session.progress.step == 10)


def test_preset_is_loaded_shown_and_undone(make_window):
    window = make_window()
    store, combo = window.bench.store, window.findChild(QComboBox, "presetCombo")
    before = store.config
    assert combo.currentIndex() == -1
    combo.activated.emit(combo.findData("original"))
    assert store.config == PRESETS["original"].config
    assert combo.currentData() == "original"
    action(window, "undo").trigger()
    assert store.config == before
    assert combo.currentIndex() == -1


def test_theme_switches_live_and_is_remembered(make_window, tmp_path):
    window = make_window()
    action(window, "themeDark").trigger()
    assert QApplication.palette().window().color().name() == DARK.window
    action(window, "themeLight").trigger()
    assert QApplication.palette().window().color().name() == LIGHT.window
    window.bench.settings.save()
    assert Settings(tmp_path / "settings.json").theme == "light"


def test_unreadable_data_are_told_until_others_are_chosen(qtbot, make_window, tmp_path):
    window = make_window()
    store, good = window.bench.store, window.bench.store.config.data.name
    banner = window.findChild(QWidget, "messageBanner")
    status = window.findChild(QLabel, "statusLabel")
    store.change("data.name", str(tmp_path / "nowhere"))
    qtbot.waitUntil(lambda: banner.isVisible())
    assert "nowhere" in banner.text
    assert status.text() == "The data cannot be used."
    assert "nowhere" in action(window, "train").toolTip()
    store.change("data.name", good)
    qtbot.waitUntil(lambda: window.bench.session.state is RunState.READY)
    assert not banner.isVisible()
    assert status.text().startswith("Ready")


def test_escape_closes_the_message_then_leaves_the_field(make_window):
    window = make_window()
    banner = window.findChild(QWidget, "messageBanner")
    field = window.findChild(QLineEdit, "datasetEdit")
    window.bench.messageRaised.emit("error", "Something is wrong.")
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert not banner.isVisible()
    assert field.hasFocus()
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert not field.hasFocus()


def test_plot_that_cannot_be_saved_is_told(make_window):
    window = make_window()
    [tab] = window.findChildren(TrainingTab)
    tab.failed.emit("loss.png cannot be written.")
    assert window.findChild(QWidget, "messageBanner").text == "loss.png cannot be written."


def test_settings_survive_a_kill_once_a_run_was_started(qtbot, make_window, tmp_path):
    window = make_window()
    window.bench.store.change("training.seed", 4711)
    window.bench.session.step_batch()
    qtbot.waitUntil(
        lambda: (
            Settings(tmp_path / "settings.json").config is not None
            and Settings(tmp_path / "settings.json").config.training.seed == 4711
        )
    )


def test_export_menu_offers_every_format(make_window):
    menu = make_window().findChild(QMenu, "exportMenu")
    assert [item.text() for item in menu.actions()] == [f"{e.label}…" for e in EXPORTERS.values()]


def test_earlier_runs_lists_what_was_trained(qtbot, make_window):
    window = make_window(epochs=2)
    menu = window.findChild(QMenu, "runsMenu")
    menu.aboutToShow.emit()
    assert [item.text() for item in menu.actions()] == ["No run has ended yet"]
    with qtbot.waitSignal(window.bench.session.runEnded):
        window.bench.session.train()
    qtbot.waitUntil(lambda: bool(window.bench.files.kept_runs()))
    menu.aboutToShow.emit()
    [kept] = [item.text() for item in menu.actions()]
    assert "784-8-3" in kept
    assert kept.endswith(" %")


def train_until(qtbot, window: MainWindow, step: int) -> None:
    window.bench.session.train()
    qtbot.waitUntil(lambda: window.bench.session.progress.step > step)


def test_close_during_training_asks_nothing_and_the_next_window_goes_on(qtbot, make_window):
    window = make_window()
    train_until(qtbot, window, 3)
    assert window.close()
    step = window.bench.session.progress.step
    again = make_window()
    banner = again.findChild(QWidget, "recoveryBanner")
    qtbot.waitUntil(lambda: banner.isVisible())
    assert "was cut short in epoch" in banner.text
    QTest.mouseClick(again.findChild(QPushButton, "goOnButton"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: again.bench.session.state is RunState.RUNNING)
    assert not banner.isVisible()
    assert again.bench.session.progress.step >= step
    assert again.bench.curves.current.steps >= step


@pytest.mark.parametrize("answer", ["Yes", "No"])
def test_close_asks_if_the_run_cannot_be_kept(qtbot, make_window, monkeypatch, tmp_path, answer):
    window = make_window()
    (tmp_path / "recovery").write_text("not a folder")
    train_until(qtbot, window, 3)
    said: list[str] = []

    def question(_window: QWidget, _title: str, text: str, **_: object) -> object:
        said.append(text)
        return getattr(QMessageBox.StandardButton, answer)

    monkeypatch.setattr(QMessageBox, "question", question)
    assert window.close() is (answer == "Yes")
    assert "could not go on with this run" in said[0]
    assert "recovery cannot be made: a file is in its place" in said[0]
    if answer == "Yes":
        assert len(window.bench.files.kept_runs()) == 1
    else:
        step = window.bench.session.progress.step
        qtbot.waitUntil(lambda: window.bench.session.progress.step > step)


def test_close_while_paused_that_is_called_off_stays_paused(
    qtbot, make_window, monkeypatch, tmp_path
):
    window = make_window()
    session = window.bench.session
    (tmp_path / "recovery").write_text("not a folder")
    session.step_batch()
    qtbot.waitUntil(lambda: session.state is RunState.PAUSED)
    no = QMessageBox.StandardButton.No
    monkeypatch.setattr(QMessageBox, "question", lambda *_, **__: no)
    assert not window.close()
    qtbot.waitUntil(lambda: session.state is RunState.PAUSED)
    assert session.progress.step == 1
    action(window, "train").trigger()
    qtbot.waitUntil(lambda: session.progress.step > 3)


def test_run_put_off_is_among_the_earlier_runs(qtbot, make_window):
    window = make_window()
    train_until(qtbot, window, 3)
    window.close()
    again = make_window()
    banner, menu = again.findChild(QWidget, "recoveryBanner"), again.findChild(QMenu, "runsMenu")
    qtbot.waitUntil(lambda: banner.isVisible())
    QTest.mouseClick(again.findChild(QPushButton, "laterButton"), Qt.MouseButton.LeftButton)
    assert not banner.isVisible()
    menu.aboutToShow.emit()
    cut = menu.actions()[0]
    assert "was cut short" in cut.text()
    cut.trigger()
    qtbot.waitUntil(lambda: again.bench.session.state is RunState.RUNNING)


def test_discarded_run_leaves_its_weights(qtbot, make_window):
    window = make_window()
    train_until(qtbot, window, 3)
    window.close()
    again = make_window()
    banner = again.findChild(QWidget, "recoveryBanner")
    qtbot.waitUntil(lambda: banner.isVisible())
    QTest.mouseClick(again.findChild(QPushButton, "discardRunButton"), Qt.MouseButton.LeftButton)
    assert not banner.isVisible()
    qtbot.waitUntil(lambda: len(again.bench.files.kept_runs()) == 1)
    assert again.bench.session.state is RunState.READY


def test_run_that_cannot_be_read_is_told_and_can_only_be_given_up(qtbot, make_window, tmp_path):
    (tmp_path / "recovery").mkdir()
    broken = tmp_path / "recovery" / "broken.safetensors"
    broken.write_bytes(b"half of a header")
    window = make_window()
    banner = window.findChild(QWidget, "recoveryBanner")
    qtbot.waitUntil(lambda: banner.isVisible())
    assert banner.kind == "warning"
    assert "broken.safetensors" in banner.text
    assert not window.findChild(QPushButton, "goOnButton").isVisible()
    QTest.mouseClick(window.findChild(QPushButton, "discardRunButton"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not broken.exists())
    assert not banner.isVisible()


def test_stopped_run_goes_on_by_its_menu_entry(qtbot, make_window):
    window = make_window()
    session = window.bench.session
    assert not action(window, "goOn").isEnabled()
    assert "no run" in action(window, "goOn").toolTip()
    assert not action(window, "saveCheckpoint").isEnabled()
    train_until(qtbot, window, 3)
    assert action(window, "saveCheckpoint").isEnabled()
    session.stop_and_wait()
    step = session.progress.step
    assert action(window, "goOn").isEnabled()
    assert action(window, "saveCheckpoint").isEnabled()
    action(window, "goOn").trigger()
    assert session.state is RunState.RUNNING
    qtbot.waitUntil(lambda: session.progress.step > step)
    assert window.bench.curves.previous is None


def test_checkpoint_is_saved_and_opened_by_the_file_menu(qtbot, make_window, monkeypatch, tmp_path):
    window = make_window()
    session, path = window.bench.session, tmp_path / "mine.safetensors"
    session.step_batch()
    qtbot.waitUntil(lambda: session.state is RunState.PAUSED)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "mine"),
        "nnScratch checkpoints (*.safetensors)"))  # fmt: skip
    with qtbot.waitSignal(window.bench.files.saved):
        action(window, "saveCheckpoint").trigger()
    assert window.lastMessage == f"Saved the checkpoint of epoch 1, step 1 to {path}."
    session.stop_and_wait()
    session.reset()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    action(window, "openCheckpoint").trigger()
    qtbot.waitUntil(lambda: session.state is RunState.PAUSED)
    assert session.progress.step == 1
    assert window.findChild(QLabel, "statusLabel").text().startswith("Paused at step 1 of")


def test_layout_comes_back_the_next_day(qtbot, make_window):
    window = make_window()
    window.findChild(QDockWidget, "sidebarDock").close()
    window.close()
    again = make_window()
    assert again.findChild(QDockWidget, "sidebarDock").isHidden()
    action(again, "resetLayout").trigger()
    assert not again.findChild(QDockWidget, "sidebarDock").isHidden()


def test_first_screen_imports_nothing_that_it_does_not_need():
    """Plots, the command line's libraries and the search wait until they are asked for."""
    code = (
        "import sys; from PySide6.QtWidgets import QApplication; from nngui import app;"
        "late = {'pyqtgraph', 'typer', 'rich', 'optuna', 'PIL', 'sqlite3', 'onnx'};"
        "seen = [];"
        "app.main(['x'], lambda: (seen.extend(late & set(sys.modules)), QApplication.quit()));"
        "print(sorted(seen))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[-2] == "[]"


def test_the_guide_lists_every_entry_of_the_menus_and_no_other(make_window):
    shown, told, menu = set(), set(), ""
    for title in make_window().menuBar().actions():
        entries = [each.text().replace("&", "") for each in title.menu().actions() if each.text()]
        shown |= {(title.text().replace("&", ""), entry) for entry in entries}
    for cells in list(rows(GUIDE, "The menus"))[1:]:
        menu = cells[0] or menu
        told |= {(menu, entry.strip()) for entry in cells[1].split(",")}
    assert told - {("Run", "Pause"), ("Run", "Resume")} == shown
