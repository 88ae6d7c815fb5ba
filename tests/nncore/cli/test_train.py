from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nncore.config import RunConfig
from nncore.data import load_dataset
from nncore.events import StepsEnded
from nncore.features import scale_pixels
from nncore.model_file import load_model
from nncore.trainer import Trainer
from tests.nncore.cli.conftest import Nnscratch

FILES = ["config.json", "history.csv", "model.safetensors"]
SMALL = ["--set", "network.hidden=5", "--set", "training.batch_size=16"]
EPOCH_FIELDS = {
    "epoch", "train_loss", "validation_loss", "train_accuracy", "validation_accuracy",
    "samples_per_second",
}  # fmt: skip


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def train(data: Path, *more: object, epochs: int = 3) -> list[object]:
    return ["train", "--data", data, *SMALL, "--set", f"training.epochs={epochs}", *more]


def test_three_files_are_written_and_agree(
    nnscratch: Nnscratch, data: Path, tmp_path: Path
) -> None:
    ran = nnscratch(*train(data, "--output", "out", "--json"))
    assert ran.status == 0
    out = tmp_path / "out"
    assert names(out) == FILES
    *epochs, last = ran.records
    assert [record["epoch"] for record in epochs] == [1, 2, 3]
    assert all(set(record) >= EPOCH_FIELDS for record in epochs)
    assert last["event"] == "finished"
    assert last["reason"] == "completed"
    assert {Path(path) for path in last["paths"].values()} == {out / name for name in FILES}
    rows = list(csv.DictReader(io.StringIO((out / "history.csv").read_text())))
    assert [float(row["train_loss"]) for row in rows] == [e["train_loss"] for e in epochs]
    model = load_model(out / "model.safetensors")
    assert model.config == RunConfig.from_file(out / "config.json")
    assert model.config.get("network.hidden.0.units") == 5
    assert model.preprocessing.image_shape == (4, 4)
    assert model.figures["test_accuracy"] == last["test_accuracy"]


def test_accuracy_told_is_that_of_the_saved_model_on_the_test_images(
    nnscratch: Nnscratch, data: Path
) -> None:
    last = nnscratch(*train(data, "--output", "out", "--json")).records[-1]
    dataset = load_dataset(data)
    x = scale_pixels(dataset.test_images)
    guesses = load_model("out/model.safetensors").predict_proba(x).argmax(axis=1)
    assert last["test_accuracy"] == np.mean(guesses == dataset.test_labels)


def test_result_is_the_trainers_own_to_the_last_bit(nnscratch: Nnscratch, data: Path) -> None:
    nnscratch(*train(data, "--output", "out"))
    model = load_model("out/model.safetensors")
    trainer = Trainer(model.config, load_dataset(data))
    assert list(trainer.run())
    assert model.network.parameters.tobytes() == trainer.network.parameters.tobytes()


def test_without_json_a_person_reads_the_result(nnscratch: Nnscratch, data: Path) -> None:
    ran = nnscratch(*train(data, "--output", "out"))
    assert ran.status == 0
    assert "of 30 images right" in ran.out
    assert str(Path("out", "model.safetensors").resolve()) in ran.out
    assert "epoch 3/3" in ran.err
    assert "left" in ran.err


def test_configuration_comes_from_file_then_options_in_order(
    nnscratch: Nnscratch, data: Path, tmp_path: Path
) -> None:
    config = RunConfig().replace("training.epochs", 1).replace("training.seed", 5)
    (tmp_path / "config.json").write_text(config.to_json())
    options = ["--set", "optimizer.kind=momentum", "--set", "optimizer.momentum=0.5",
               "--set", "training.batch_size=8", "--set", "training.batch_size=full"]  # fmt: skip
    ran = nnscratch("train", "config.json", "--data", "data", *options, "--output", "out")
    assert ran.status == 0
    used = RunConfig.from_file(tmp_path / "out" / "config.json")
    assert used.get("optimizer.momentum") == 0.5
    assert used.training.batch_size == "full"
    assert used.training.seed == 5
    # As an absolute path, so that the model finds its data from any folder.
    assert used.data.name == str(data)


def test_preset_is_taken(nnscratch: Nnscratch, data: Path, tmp_path: Path) -> None:
    options = ["--data", data, "--set", "training.epochs=1", "--output", "out"]
    assert nnscratch("train", "--preset", "original", *options).status == 0
    assert RunConfig.from_file(tmp_path / "out" / "config.json").get("network.hidden.0.units") == 25


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--set", "training.epoch=3"], "Did you mean training.epochs?"),
        (["--set", "optimizer.learning_rate=7"], "must be in (0, 1], got 7"),
        (["--set", "network.hidden=12,many"], "network.hidden.1.units"),
        (["--set", "training.epochs"], "takes PATH=VALUE"),
        (["--preset", "quik"], "Did you mean quick?"),
        (["config.json", "--preset", "quick"], "not both"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_option_that_cannot_be_used_is_wrong_usage(
    nnscratch: Nnscratch, tmp_path: Path, options: list[str], words: str
) -> None:
    ran = nnscratch("train", *options)
    assert ran.status == 2
    assert words in ran.err
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "JSON"),
        ('{"training": {"epoks": 3}}', "Did you mean training.epochs?"),
        ("\0", "JSON"),
    ],
)
def test_configuration_file_that_cannot_be_used_is_named(
    nnscratch: Nnscratch, tmp_path: Path, content: str, words: str
) -> None:
    (tmp_path / "mine.json").write_text(content)
    ran = nnscratch("train", "mine.json")
    assert ran.status == 1
    assert "mine.json" in ran.err
    assert words in ran.err
    assert names(tmp_path) == ["mine.json"]


def test_unknown_data_set_leaves_no_folder_behind(nnscratch: Nnscratch, tmp_path: Path) -> None:
    ran = nnscratch("train", "--data", "minst", "--output", "out")
    assert ran.status == 1
    assert 'Did you mean "mnist"?' in ran.err
    assert names(tmp_path) == []


def test_earlier_results_are_not_overwritten_unasked(
    nnscratch: Nnscratch, data: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert nnscratch(*train(data, "--output", out)).status == 0
    before = {name: (out / name).read_bytes() for name in FILES}
    ran = nnscratch(*train(data, "--output", out, epochs=1))
    assert ran.status == 1
    assert "--overwrite" in ran.err
    assert {name: (out / name).read_bytes() for name in FILES} == before
    assert nnscratch(*train(data, "--output", out, "--overwrite", epochs=1)).status == 0
    assert len((out / "history.csv").read_text().splitlines()) == 2


def test_folder_is_numbered_when_none_is_named(
    nnscratch: Nnscratch, data: Path, tmp_path: Path
) -> None:
    for _ in range(3):
        assert nnscratch(*train(data, epochs=1)).status == 0
    assert names(tmp_path) == ["data", "nnscratch-run", "nnscratch-run-2", "nnscratch-run-3"]
    assert names(tmp_path / "nnscratch-run-3") == FILES


def test_folder_that_cannot_be_made_fails_before_training(
    nnscratch: Nnscratch, data: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    ran = nnscratch(*train(data, "--output", "file/out"))
    assert ran.status == 1
    assert "epoch" not in ran.err
    assert "--output" in ran.err


def test_disk_that_fills_while_training_does_not_lose_the_model(
    nnscratch: Nnscratch, data: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shelter = tmp_path / "shelter"
    shelter.mkdir()
    monkeypatch.setattr("tempfile.mkdtemp", lambda prefix: str(shelter))
    replace = Path.replace

    def refuse(self: Path, target: Path) -> Path:
        if target.parent.name == "out":
            raise OSError(28, "No space left on device")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", refuse)
    ran = nnscratch(*train(data, "--output", "out"))
    assert ran.status == 1
    assert "no room left" in ran.err
    assert str(shelter / "model.safetensors") in ran.err
    assert load_model(shelter / "model.safetensors").figures["epoch"] == 3
    assert names(tmp_path) == ["data", "shelter"]


def diverging(data: Path, learning_rate: float) -> list[object]:
    """Layers without bounds, and steps that grow: sooner or later all is infinite."""
    layers = json.dumps([{"units": 9, "activation": "identity"}] * 2)
    options = ["optimizer.kind=momentum", "optimizer.momentum=0.99", f"network.hidden={layers}"]
    options += [f"optimizer.learning_rate={learning_rate}"]
    return train(data, *(f"--set={option}" for option in options), "--output", "out", epochs=60)


def test_diverged_training_keeps_its_last_finite_weights_and_says_why(
    nnscratch: Nnscratch, data: Path
) -> None:
    ran = nnscratch(*diverging(data, 0.1), "--json")
    last = ran.records[-1]
    assert last["reason"] == "diverged"
    assert last["epoch"] > 1
    assert ran.status == 1
    assert "learning rate" in ran.err.splitlines()[-1]
    model = load_model("out/model.safetensors")
    assert np.isfinite(model.network.parameters).all()
    assert model.figures["step"] == last["step"]


def test_training_that_diverges_at_once_writes_nothing(
    nnscratch: Nnscratch, data: Path, tmp_path: Path
) -> None:
    ran = nnscratch(*diverging(data, 1), "--json")
    last = ran.records[-1]
    assert (last["reason"], last["step"], last["paths"]) == ("diverged", 0, {})
    assert ran.status == 1
    assert "first weights are kept" in ran.err
    assert names(tmp_path) == ["data"]


class Stopped:
    """A training in a process of its own that never ends by itself."""

    def __init__(self, data: Path, *more: str, **pipes: Any) -> None:
        command = [str(part) for part in train(data, "--output", "out", *more, epochs=100_000)]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "nncore.cli", *command], cwd=data.parent, text=True, **pipes
        )


@pytest.mark.skipif(os.name != "posix", reason="sends POSIX signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_training_keeps_what_was_reached(data: Path, number: signal.Signals) -> None:
    with Stopped(data, "--json", stdout=subprocess.PIPE, stderr=subprocess.PIPE).process as process:
        assert process.stdout is not None
        assert '"epoch": 1' in process.stdout.readline()
        process.send_signal(number)
        out, err = process.communicate(timeout=20)
    assert process.returncode == 1
    assert "Traceback" not in err
    assert "Stopped in epoch" in err
    assert '"reason": "stopped"' in out.splitlines()[-1]
    folder = data.parent / "out"
    assert names(folder) == FILES
    model = load_model(folder / "model.safetensors")
    assert model.figures["epoch"] >= 1
    # Between two steps, never in one: the trainer alone comes to the same weights at that step.
    trainer = Trainer(model.config, load_dataset(data))
    trainer.steps_per_event = 1
    for event in trainer.run():
        if isinstance(event, StepsEnded) and event.step == model.figures["step"]:
            break
    assert trainer.network.parameters.tobytes() == model.network.parameters.tobytes()


@pytest.mark.skipif(os.name != "posix", reason="needs a pipe that breaks")
def test_reader_who_leaves_ends_the_training_and_loses_nothing(data: Path) -> None:
    with Stopped(data, "--json", stdout=subprocess.PIPE, stderr=subprocess.PIPE).process as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        err = process.stderr.read()
        assert process.wait(timeout=20) == 1
    assert "Traceback" not in err
    assert names(data.parent / "out") == FILES


def test_bar_on_a_terminal_shows_epoch_loss_accuracy_speed_and_time_left(data: Path) -> None:
    ours, theirs = pytest.importorskip("pty").openpty()
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "110"}
    stopped = Stopped(data, stdout=subprocess.DEVNULL, stderr=theirs, env=environment)
    os.close(theirs)
    shown = b""
    deadline = time.monotonic() + 30
    while b"samples/s" not in shown or shown.count(b"\r") < 5:
        assert time.monotonic() < deadline
        shown += os.read(ours, 4096)
    stopped.process.send_signal(signal.SIGINT)
    while True:
        try:
            shown += os.read(ours, 4096)
        except OSError:
            break
    assert stopped.process.wait(timeout=20) == 1
    os.close(ours)
    text = shown.decode()
    for word in ("epoch 1/100000", "loss ", "validation ", "samples/s", "left"):
        assert word in text
