"""A run that was cut short, by whatever, goes on in the next window as if nothing had happened."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from nncore.checkpoint import (
    Checkpoint,
    load_checkpoint,
    read_checkpoint_header,
    save_checkpoint,
)
from nncore.config import RunConfig
from nncore.data import load_dataset
from nncore.model_file import load_model
from nncore.trainer import Trainer
from nngui.viewmodels import recovery
from nngui.viewmodels.recovery import when_in_words
from nngui.viewmodels.run_state import RunState
from nngui.viewmodels.settings import Settings
from nngui.viewmodels.workbench import Workbench
from nngui.workers.recovery_slot import LEFT_OVER, RecoverySlot
from tests.idx_files import write_idx_folder
from tests.made_data import make_dataset

DATA = make_dataset(samples=120, classes=3, side=5)


@pytest.fixture
def config(tmp_path: Path) -> RunConfig:
    folder = write_idx_folder(tmp_path / "images", DATA)
    return RunConfig.from_dict(
        {
            "data": {"name": str(folder), "validation_fraction": 0.2, "augmentation": "affine"},
            "network": {"hidden": [{"units": 8, "dropout": 0.2, "normalization": "batch"}]},
            "training": {"epochs": 4, "batch_size": 10, "schedule": "cosine"},
        }
    )


Make = Callable[[str], Workbench]


@pytest.fixture
def make_bench(
    qtbot: QtBot, tmp_path: Path, config: RunConfig, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Make]:
    monkeypatch.setattr(recovery, "TICK_MS", 10)
    made: list[Workbench] = []

    def make(home: str = "home") -> Workbench:
        settings = Settings(tmp_path / home / "settings.json")
        settings.config = config
        bench = Workbench(settings, tmp_path / home)
        made.append(bench)
        bench.messages = []
        bench.messageRaised.connect(lambda kind, text: bench.messages.append((kind, text)))
        bench.start()
        wait_for(qtbot, bench, RunState.READY)
        # What stands in line behind the look for runs that were cut short comes after it.
        looked: list[object] = []
        bench.files.later(lambda: None, "", looked.append)
        qtbot.waitUntil(lambda: bool(looked))
        return bench

    yield make
    for bench in made:
        bench.close()


def wait_for(qtbot: QtBot, bench: Workbench, state: RunState) -> None:
    qtbot.waitUntil(lambda: bench.session.state is state)


def recovery_files(home: Path) -> list[Path]:
    return sorted((home / "recovery").glob("*.safetensors"))


def pause_at(qtbot: QtBot, bench: Workbench, step: int, home: Path) -> Path:
    """Train so far, pause, and wait until that is on the disk."""
    while bench.session.progress.step < step:
        bench.session.step_batch()
        wait_for(qtbot, bench, RunState.PAUSED)

    def kept() -> list[Path]:
        files = recovery_files(home)
        return [path for path in files if read_checkpoint_header(path).place.step == step]

    qtbot.waitUntil(lambda: bool(kept()))
    return kept()[0]


def pull_the_plug(home: Path, other: str) -> None:
    """What would be on the disk if the machine stopped now: the files, but no living process."""
    shutil.copytree(home, home.parent / other, ignore=shutil.ignore_patterns("*.lock"))


def uninterrupted(config: RunConfig) -> Trainer:
    trainer = Trainer(config, load_dataset(config.data.name))
    list(trainer.run())
    return trainer


def assert_came_to(bench: Workbench, expected: Trainer) -> None:
    assert bench.session.copy is not None
    np.testing.assert_array_equal(bench.session.copy.network.state, expected.network.state)
    curves, history = bench.curves.current, expected.history
    np.testing.assert_array_equal(curves.step_losses, history.step_losses)
    assert curves.validation_loss.tolist() == [e.validation_loss for e in history.epochs]
    assert curves.epoch_steps.tolist() == [e.step for e in history.epochs]


def write_run(folder: Path, config: RunConfig, name: str = "left") -> Path:
    """A run that was cut short in its second epoch."""
    trainer = Trainer(config, load_dataset(config.data.name))
    trainer.steps_per_event = 3
    run = trainer.run()
    while trainer.step < 16:
        next(run)
    folder.mkdir(parents=True, exist_ok=True)
    save_checkpoint(folder / f"{name}.safetensors", trainer)
    return folder / f"{name}.safetensors"


def test_run_goes_on_after_a_crash_bit_for_bit(qtbot, make_bench, tmp_path, config):
    pause_at(qtbot, make_bench("home"), 17, tmp_path / "home")
    pull_the_plug(tmp_path / "home", "next")
    bench = make_bench("next")
    [cut] = bench.recovery.offers
    assert "today" in cut.words
    assert "cut short in epoch 2 of 4" in cut.words
    bench.store.change("training.epochs", 9)
    bench.go_on(cut)
    assert not bench.recovery.offers
    with qtbot.waitSignal(bench.session.runEnded):
        pass
    assert bench.store.config == config
    assert_came_to(bench, uninterrupted(config))
    # It is over and among the earlier runs, so there is nothing left to go on with.
    qtbot.waitUntil(lambda: len(bench.files.kept_runs()) == 1)
    qtbot.waitUntil(lambda: not recovery_files(tmp_path / "next"))


def test_run_that_goes_on_is_kept_in_its_turn(qtbot, make_bench, tmp_path, config):
    pause_at(qtbot, make_bench("home"), 5, tmp_path / "home")
    pull_the_plug(tmp_path / "home", "second")
    bench = make_bench("second")
    bench.store.change("training.epochs", 4)
    bench.files.open(recovery_files(tmp_path / "second")[0])
    wait_for(qtbot, bench, RunState.PAUSED)
    pause_at(qtbot, bench, 12, tmp_path / "second")
    pull_the_plug(tmp_path / "second", "third")
    bench = make_bench("third")
    [newest, *_] = bench.recovery.offers
    bench.go_on(newest)
    with qtbot.waitSignal(bench.session.runEnded):
        pass
    assert_came_to(bench, uninterrupted(config))


def test_closed_window_leaves_its_run_to_the_next(qtbot, make_bench, tmp_path, config):
    bench = make_bench("home")
    while bench.session.progress.step < 13:
        bench.session.step_batch()
        wait_for(qtbot, bench, RunState.PAUSED)
    assert bench.keeper.leave() == ""
    bench.close()
    assert bench.files.kept_runs() == []
    bench = make_bench("home")
    bench.go_on(bench.recovery.offers[0])
    with qtbot.waitSignal(bench.session.runEnded):
        pass
    assert_came_to(bench, uninterrupted(config))


def test_run_of_a_window_that_is_open_is_not_offered_in_another(qtbot, make_bench, tmp_path):
    first = make_bench("home")
    kept = pause_at(qtbot, first, 3, tmp_path / "home")
    second = make_bench("home")
    assert second.recovery.offers == ()
    assert kept in recovery_files(tmp_path / "home")
    other = pause_at(qtbot, second, 4, tmp_path / "home")
    assert len(recovery_files(tmp_path / "home")) == 2
    first.session.stop()
    qtbot.waitUntil(lambda: len(recovery_files(tmp_path / "home")) == 1)
    assert other.exists()
    assert second.session.state is RunState.PAUSED


def test_lock_of_a_process_that_was_killed_counts_for_nothing(make_bench, tmp_path, config):
    folder = tmp_path / "home" / "recovery"
    path = write_run(folder, config)
    code = (
        "import os, sys; from pathlib import Path;"
        "from nngui.workers.recovery_slot import RecoverySlot;"
        "slot = RecoverySlot(Path(sys.argv[1]));"
        "assert slot.claim(); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, str(path)], check=False)
    assert path.with_suffix(".lock").exists()
    assert len(make_bench("home").recovery.offers) == 1


def test_what_a_process_killed_while_writing_left_behind_is_swept(make_bench, tmp_path, config):
    folder = tmp_path / "home" / "recovery"
    path = write_run(folder, config)
    parts = [folder / f".{path.name}.0123abcd.part", folder / ".gone.safetensors.4567abcd.part"]
    for part in parts:
        part.write_bytes(b"half")
    for name in ("gone", path.stem):  # As a power cut leaves what had just been made.
        lock = folder / f"{name}.lock"
        lock.write_text("")
        os.utime(lock, (1e9, 1e9))
    assert len(make_bench("home").recovery.offers) == 1
    assert [p.name for p in folder.iterdir() if not p.name.endswith(".lock")] == [path.name]
    assert not (folder / "gone.lock").exists()


def test_later_leaves_the_run_to_the_next_start(make_bench, tmp_path, config):
    path = write_run(tmp_path / "home" / "recovery", config)
    for _ in range(2):
        bench = make_bench("home")
        assert len(bench.recovery.offers) == 1
        bench.close()
    assert path.exists()


def test_run_that_is_given_up_leaves_its_weights(qtbot, make_bench, tmp_path, config):
    path = write_run(tmp_path / "home" / "recovery", config)
    expected = read_weights(path, config)
    bench = make_bench("home")
    with qtbot.waitSignal(bench.files.done) as done:
        bench.give_up(bench.recovery.offers[0])
        assert bench.recovery.offers == ()
    assert done.args == ["The run was given up. Its weights are under File, Earlier runs."]
    assert not path.exists()
    [kept] = bench.files.kept_runs()
    model = load_model(kept)
    np.testing.assert_array_equal(model.network.state, expected)
    assert model.figures["step"] == 16


def read_weights(path: Path, config: RunConfig) -> np.ndarray:
    return load_checkpoint(path, load_dataset(config.data.name)).network.state.copy()


def test_damaged_file_is_told_and_can_be_given_up(qtbot, make_bench, tmp_path, config):
    path = write_run(tmp_path / "home" / "recovery", config)
    path.write_bytes(path.read_bytes()[:-50])
    bench = make_bench("home")
    [cut] = bench.recovery.offers
    assert not cut.can_go_on
    assert "cannot be brought back" in cut.words
    assert path.name in cut.words
    with qtbot.waitSignal(bench.files.done) as done:
        bench.give_up(cut)
    assert "Its weights could not be kept" in done.args[0]
    assert not path.exists()
    assert bench.messages == []


def test_run_whose_data_are_gone_is_told_and_kept(qtbot, make_bench, tmp_path, config):
    elsewhere = write_idx_folder(tmp_path / "elsewhere", make_dataset(seed=5, classes=3, side=5))
    path = write_run(tmp_path / "home" / "recovery", config.replace("data.name", str(elsewhere)))
    shutil.rmtree(elsewhere)
    bench = make_bench("home")
    before = bench.store.config
    bench.go_on(bench.recovery.offers[0])
    qtbot.waitUntil(lambda: bool(bench.messages))
    kind, text = bench.messages[-1]
    assert kind == "error"
    assert "It is kept" in text
    assert "elsewhere" in text
    assert path.exists()
    assert len(bench.recovery.offers) == 1
    assert bench.store.config == before


def test_run_whose_data_have_moved_goes_on_with_them(qtbot, make_bench, tmp_path, config):
    moved = write_idx_folder(tmp_path / "moved", DATA)
    write_run(tmp_path / "home" / "recovery", config.replace("data.name", str(moved)))
    shutil.rmtree(moved)
    bench = make_bench("home")
    with qtbot.waitSignal(bench.session.runEnded):
        bench.go_on(bench.recovery.offers[0])
    assert bench.store.config == config
    assert_came_to(bench, uninterrupted(config))


def test_folder_that_cannot_be_written_is_told_once_and_training_goes_on(
    qtbot, make_bench, tmp_path
):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "recovery").write_text("not a folder")
    bench = make_bench("home")
    for count in (1, 2):
        bench.session.step_batch()
        wait_for(qtbot, bench, RunState.PAUSED)
        with qtbot.waitSignal(bench.session.checkpointTaken):
            pass
        qtbot.waitUntil(lambda: bool(bench.messages))
        assert bench.session.progress.step == count
    [(kind, text)] = bench.messages
    assert kind == "warning"
    assert text.startswith("Training goes on, but a crash would cost it")
    assert "a file is in its place" in text
    assert bench.keeper.leave() != ""
    assert bench.session.why_not_on == ""


def test_full_disk_keeps_the_state_before(qtbot, make_bench, tmp_path, monkeypatch):
    bench = make_bench("home")
    path = pause_at(qtbot, bench, 3, tmp_path / "home")

    def full(_descriptor: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr("nncore.atomic.os.fsync", full)
    bench.session.step_batch()
    qtbot.waitUntil(lambda: bool(bench.messages))
    assert "no room left" in bench.messages[0][1]
    assert read_checkpoint_header(path).place.step == 3
    monkeypatch.undo()
    pause_at(qtbot, bench, 5, tmp_path / "home")


def test_run_that_cannot_be_kept_at_its_end_stays_where_it_is(qtbot, make_bench, tmp_path, config):
    bench = make_bench("home")
    path = pause_at(qtbot, bench, 3, tmp_path / "home")
    (tmp_path / "home" / "runs").write_text("not a folder")
    with qtbot.waitSignal(bench.files.failed):
        bench.session.stop()
    assert path.exists()


def test_of_too_many_left_runs_the_newest_are_kept(make_bench, tmp_path, config):
    folder = tmp_path / "home" / "recovery"
    paths = [write_run(folder, config, f"{number}") for number in range(LEFT_OVER + 2)]
    for age, path in enumerate(paths):
        os.utime(path, (1e9 - age, 1e9 - age))
    offers = make_bench("home").recovery.offers
    assert [offer.slot.path for offer in offers] == paths[:LEFT_OVER]
    assert recovery_files(tmp_path / "home") == paths[:LEFT_OVER]


def test_older_state_never_replaces_a_newer_one_and_nothing_comes_back(tmp_path, config):
    trainer = Trainer(config, load_dataset(config.data.name))
    trainer.steps_per_event = 1
    run = trainer.run()
    for _ in range(3):
        next(run)
    older = Checkpoint.of(trainer)
    next(run)
    slot = RecoverySlot.new(tmp_path / "recovery")
    slot.write(Checkpoint.of(trainer))
    slot.write(older)
    assert read_checkpoint_header(slot.path).place.step == 3
    slot.remove()
    slot.write(older)
    assert list((tmp_path / "recovery").iterdir()) == []


def test_checkpoint_is_saved_at_the_next_rest_and_opens_paused(qtbot, make_bench, tmp_path, config):
    bench = make_bench("home")
    config = config.replace("training.schedule", "constant")
    bench.store.replace_all(config.replace("training.epochs", 100_000), "a long run")
    bench.session.train()
    qtbot.waitUntil(lambda: bench.session.progress.step > 20)
    path = tmp_path / "mine.safetensors"
    with qtbot.waitSignal(bench.files.saved):
        bench.keeper.save(path)
    bench.session.stop_and_wait()
    bench.session.reset()
    with qtbot.waitSignal(bench.files.runOpened):
        bench.open(path)
    wait_for(qtbot, bench, RunState.PAUSED)
    step, epoch = bench.session.progress.step, bench.session.progress.epoch
    assert step == read_checkpoint_header(path).place.step
    assert bench.curves.current.steps == step
    assert bench.settings.recent_files[0] == path
    bench.store.change("training.epochs", epoch + 1)
    with qtbot.waitSignal(bench.session.runEnded):
        bench.session.train()
    assert_came_to(bench, uninterrupted(config.replace("training.epochs", epoch + 1)))


def test_checkpoint_of_a_stopped_run_is_saved_too(qtbot, make_bench, tmp_path):
    bench = make_bench("home")
    bench.session.step_batch()
    wait_for(qtbot, bench, RunState.PAUSED)
    bench.session.stop_and_wait()
    path = tmp_path / "mine.safetensors"
    with qtbot.waitSignal(bench.files.saved):
        bench.keeper.save(path)
    assert read_checkpoint_header(path).place.step == 1


def test_checkpoint_with_damage_is_told_and_nothing_changes(qtbot, make_bench, tmp_path, config):
    path = write_run(tmp_path, config)
    path.write_bytes(path.read_bytes()[:-9])
    bench = make_bench("home")
    with qtbot.waitSignal(bench.files.failed):
        bench.open(path)
    assert "left.safetensors" in bench.messages[-1][1]
    assert "cut short" in bench.messages[-1][1]
    assert bench.session.state is RunState.READY


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ((2026, 3, 1, 0, 5), "today, 00:05,"),
        ((2026, 2, 28, 23, 59), "yesterday, 23:59,"),
        ((2026, 2, 27, 8, 30), "27 February 2026, 08:30,"),
        ((2025, 3, 1, 8, 30), "1 March 2025, 08:30,"),
    ],
)
def test_times_are_told_as_people_do(when, words):
    now = datetime(2026, 3, 1, 14, 22).astimezone()
    assert when_in_words(datetime(*when).astimezone(), now) == words
