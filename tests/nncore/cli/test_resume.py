"""`nnscratch train --resume` goes on where a checkpoint was written."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from nncore.checkpoint import load_checkpoint
from nncore.data import load_dataset
from nncore.model_file import load_model
from tests.nncore.cli.conftest import Nnscratch

CHECKPOINT = Path("out") / "checkpoint.safetensors"
SETTINGS = ["network.hidden=5", "training.batch_size=16", "training.schedule=constant"]


def train(data: Path, *more: object, epochs: int) -> list[object]:
    settings = [*SETTINGS, f"training.epochs={epochs}"]
    return ["train", "--data", data, *(f"--set={setting}" for setting in settings), *more]


def test_a_resumed_training_writes_what_an_uninterrupted_one_writes(
    nnscratch: Nnscratch, data: Path, tmp_path: Path
) -> None:
    whole = nnscratch(*train(data, "--output", "whole", "--json", epochs=5))
    first = nnscratch(*train(data, "--output", "out", "--checkpoint-every", 2, epochs=3))
    assert (whole.status, first.status) == (0, 0)
    assert (tmp_path / CHECKPOINT).exists()
    rest = nnscratch(
        "train", "--resume", CHECKPOINT, "--set", "training.epochs=5", "--overwrite", "--json"
    )
    assert rest.status == 0
    assert [record["epoch"] for record in rest.records[:-1]] == [3, 4, 5]
    expected, model = (
        load_model(tmp_path / name / "model.safetensors") for name in ("whole", "out")
    )
    assert model.network.state.tobytes() == expected.network.state.tobytes()
    rows = (tmp_path / "out" / "history.csv").read_text().splitlines()
    assert len(rows) == 1 + 5


def test_only_live_settings_may_change(nnscratch: Nnscratch, data: Path) -> None:
    nnscratch(*train(data, "--output", "out", "--checkpoint-every", 1, epochs=1))
    ran = nnscratch(
        "train", "--resume", CHECKPOINT, "--set", "training.l2=0.1", "--output", "other"
    )
    assert ran.status == 1
    assert "training.l2 cannot change during a run" in ran.err


def test_a_configuration_beside_a_checkpoint_is_wrong_usage(
    nnscratch: Nnscratch, data: Path
) -> None:
    ran = nnscratch("train", "--resume", CHECKPOINT, "--preset", "quick")
    assert ran.status == 2
    assert "takes its configuration from the checkpoint" in ran.err


def test_a_run_does_not_replace_the_checkpoint_of_another(
    nnscratch: Nnscratch, data: Path, tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / CHECKPOINT).write_bytes(b"all that is left of a long run")
    ran = nnscratch(*train(data, "--output", "out", "--checkpoint-every", 1, epochs=1))
    assert ran.status == 1
    assert "already holds checkpoint.safetensors" in ran.err
    assert (tmp_path / CHECKPOINT).read_bytes() == b"all that is left of a long run"


@pytest.mark.skipif(os.name != "posix", reason="sends POSIX signals")
def test_interrupted_training_leaves_a_checkpoint_of_that_step(data: Path) -> None:
    command = train(data, "--json", "--output", "out", "--checkpoint-every", 10**6, epochs=100_000)
    with subprocess.Popen(
        [sys.executable, "-m", "nncore.cli", *map(str, command)],
        cwd=data.parent,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
    model = load_model(data.parent / "out" / "model.safetensors")
    trainer = load_checkpoint(data.parent / CHECKPOINT, load_dataset(data))
    assert trainer.step == model.figures["step"]
    assert trainer.network.state.tobytes() == model.network.state.tobytes()


def test_stopping_early_is_told_and_is_a_success(nnscratch: Nnscratch, data: Path) -> None:
    more = ["--set", "training.early_stopping=patience", "--set", "optimizer.learning_rate=0.5"]
    ran = nnscratch(*train(data, "--output", "out", "--json", *more, epochs=500))
    assert ran.status == 0
    assert ran.records[-1]["reason"] == "completed"
    assert ran.records[-1]["message"] in ran.err
    assert "Stopped early after epoch" in ran.err
    assert len(ran.records) < 500
