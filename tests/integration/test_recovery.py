"""The program is killed in the midst of a run, started again, and the run goes on."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path

import numpy as np
import platformdirs
import pytest

from nncore.checkpoint import read_checkpoint_header
from nncore.config import RunConfig
from nncore.data import load_dataset
from nncore.errors import ModelFileError
from nncore.model_file import load_model
from nncore.trainer import Trainer
from nngui.viewmodels.settings import Settings
from tests.integration.desktop import Desktop, SpiedProgram

NAME = "nnScratch"
CONFIG = RunConfig.from_dict(
    {
        "network": {"hidden": [{"units": 32, "dropout": 0.1}]},
        "training": {"epochs": 12, "batch_size": 64, "schedule": "cosine", "averaging": "ema"},
    }
)


@pytest.fixture
def data_folder() -> Path:
    """Where the program keeps runs; its settings ask for the run of this test."""
    settings = Settings(Path(platformdirs.user_config_dir(NAME, appauthor=False), "settings.json"))
    settings.config = CONFIG
    settings.save()
    return Path(platformdirs.user_data_dir(NAME, appauthor=False))


def kept_step(folder: Path) -> int:
    """How far the run on the disk is; -1 while there is none."""
    for path in (folder / "recovery").glob("*.safetensors"):
        try:
            return read_checkpoint_header(path).place.step
        except ModelFileError:  # Replaced while it was read.
            return -1
    return -1


def progress_step(program: SpiedProgram) -> int:
    return program.read("mainWindow", "bench.session.progress.step")


def wait_for_state(program: SpiedProgram, state: str) -> None:
    """Wait for one of `RunState`, by its value."""
    program.wait_until("mainWindow", "bench.session.state.value", lambda now: now == state, 60)


def train_until_kept(desktop: Desktop, program: SpiedProgram, folder: Path) -> int:
    """Train, pause until that is on the disk, and train on; how far it was."""
    desktop.key("space")
    program.wait_until("mainWindow", "bench.session.progress.epoch", lambda epoch: epoch >= 2, 60)
    desktop.key("space")
    wait_for_state(program, "paused")
    step = progress_step(program)
    program.wait_until(
        "mainWindow", "bench.session.progress.step", lambda _: kept_step(folder) == step, 60
    )
    desktop.key("space")
    program.wait_until("mainWindow", "bench.session.progress.step", lambda now: now > step, 60)
    return step


@pytest.mark.timeout(400)
def test_killed_run_goes_on_to_the_same_weights(desktop: Desktop, data_folder: Path) -> None:
    with desktop.start("nngui") as program:
        desktop.wait_for_window(NAME)
        wait_for_state(program, "ready")
        step = train_until_kept(desktop, program, data_folder)
        os.kill(program.process.pid, signal.SIGKILL)
        assert program.process.wait(20) == -signal.SIGKILL
    assert not list((data_folder / "runs").glob("*"))
    with desktop.start("nngui") as program:
        desktop.wait_for_window(NAME)
        program.wait_until("recoveryBanner", "isVisible", bool)
        text = program.read("recoveryBannerLabel", "text")
        assert re.search(r"The run of .+ was cut short in epoch \d+ of 12\.", text)
        desktop.click(program.rect("goOnButton").center)
        program.wait_until("mainWindow", "bench.curves.current.steps", lambda now: now >= step, 60)
        wait_for_state(program, "finished")
        program.wait_until("mainWindow", "bench.files.kept_runs", lambda runs: len(runs) == 1, 60)
        curves = [
            program.read("mainWindow", f"bench.curves.current.{name}")
            for name in ("steps", "epochs", "validation_loss.tolist")
        ]
    alone = Trainer(CONFIG, load_dataset(CONFIG.data.name))
    list(alone.run())
    [kept] = (data_folder / "runs").glob("*.safetensors")
    np.testing.assert_array_equal(load_model(kept).network.state, alone.network.state)
    told = [e.validation_loss for e in alone.history.epochs]
    assert curves == [alone.step, 12, told]
    assert not list((data_folder / "recovery").iterdir())
