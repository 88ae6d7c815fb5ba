"""The command line, called in this process, on a data set that is learned in a moment."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from nncore.cli.commands import run
from nncore.model_file import save_model
from tests.idx_files import write_idx_folder
from tests.made_data import make_dataset
from tests.nncore.model_making import make_model


class Ran(NamedTuple):
    """What a command left behind."""

    status: int
    out: str
    err: str

    @property
    def records(self) -> list[dict[str, Any]]:
        """Standard output as one JSON object a line; fails on anything else."""
        return [json.loads(line) for line in self.out.splitlines()]


Nnscratch = Callable[..., Ran]


@pytest.fixture
def nnscratch(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Nnscratch:
    """Runs `nnscratch` with arguments in a folder of its own."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: object) -> Ran:
        capsys.readouterr()
        status = run([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return Ran(status, out, err)

    return call


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with 120 training and 30 test images of 4 × 4 pixels in 3 classes."""
    return write_idx_folder(tmp_path / "data", make_dataset())


@pytest.fixture
def model_file(tmp_path: Path) -> Path:
    """A model of 16 features and 3 classes with random weights."""
    path = tmp_path / "model.safetensors"
    save_model(path, make_model())
    return path
