from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nncore.exporters import EXPORTERS
from nncore.model_file import load_model
from tests.nncore.cli.conftest import Nnscratch


@pytest.mark.parametrize("name", sorted(EXPORTERS))
def test_every_format_is_written_beside_the_model(
    nnscratch: Nnscratch, model_file: Path, name: str
) -> None:
    before = model_file.read_bytes()
    ran = nnscratch("export", model_file, "--to", name, "--json")
    assert ran.status == 0
    (record,) = ran.records
    assert record["format"] == name
    path = Path(record["path"])
    assert path.name == f"model-weights{EXPORTERS[name].suffix}"
    assert path.is_dir() == EXPORTERS[name].is_folder
    assert model_file.read_bytes() == before


def test_weights_are_the_models(nnscratch: Nnscratch, model_file: Path, tmp_path: Path) -> None:
    assert nnscratch("export", model_file, "--to", "npz", "--output", "w.npz").status == 0
    with np.load(tmp_path / "w.npz", allow_pickle=False) as archive:
        expected = load_model(model_file).network.layers[0].weights
        np.testing.assert_array_equal(archive["0.weight"], expected)


def test_unknown_format_is_wrong_usage(nnscratch: Nnscratch, model_file: Path) -> None:
    ran = nnscratch("export", model_file, "--to", "safetensor")
    assert ran.status == 2
    assert "Did you mean safetensors?" in ran.err


def test_what_is_there_is_not_overwritten_unasked(
    nnscratch: Nnscratch, model_file: Path, tmp_path: Path
) -> None:
    target = tmp_path / "w.npz"
    target.write_text("mine")
    command = ["export", model_file, "--to", "npz", "--output", target]
    ran = nnscratch(*command)
    assert ran.status == 1
    assert "--overwrite" in ran.err
    assert target.read_text() == "mine"
    assert nnscratch(*command, "--overwrite").status == 0
    assert target.read_bytes()[:2] == b"PK"


def test_folder_with_other_work_is_never_replaced(
    nnscratch: Nnscratch, model_file: Path, tmp_path: Path
) -> None:
    ran = nnscratch("export", model_file, "--to", "csv", "--output", tmp_path, "--overwrite")
    assert ran.status == 1
    assert model_file.exists()
