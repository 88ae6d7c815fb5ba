"""What every format keeps to."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy

from nncore.errors import FileWriteError
from nncore.exporters import EXPORTERS, Exporter
from nncore.model import tensors_of
from nncore.normalizations import BATCH_COUNT
from tests.nncore.model_making import EVERY_MODULE, make_model


def read_csv(folder: Path) -> dict[str, np.ndarray]:
    arrays = {}
    for entry in json.loads((folder / "manifest.json").read_text())["tensors"]:
        dtype = np.int64 if entry["name"].endswith(BATCH_COUNT) else np.float32
        table = np.loadtxt(folder / entry["file"], delimiter=",", dtype=dtype, ndmin=2)
        arrays[entry["name"]] = table.reshape(entry["shape"])
    assert len(arrays) == len(list(folder.glob("*.csv")))
    return arrays


def read_npz(path: Path) -> dict[str, np.ndarray]:
    with np.load(path, allow_pickle=False) as archive:
        return dict(archive)


# How another program would read each format; a new one needs a line here.
READERS: dict[str, Callable[[Path], dict[str, np.ndarray]]] = {
    "safetensors": safetensors.numpy.load_file,
    "npz": read_npz,
    "csv": read_csv,
}


@pytest.fixture(params=sorted(EXPORTERS))
def exporter(request: pytest.FixtureRequest) -> Exporter:
    return EXPORTERS[request.param]


@pytest.fixture
def target(exporter: Exporter, tmp_path: Path) -> Path:
    return tmp_path / f"weights{exporter.suffix}"


def test_table_has_each_format_under_its_name(exporter: Exporter) -> None:
    assert EXPORTERS[exporter.name] is exporter
    assert exporter.label
    assert exporter.is_folder == (exporter.suffix == "")


@pytest.mark.parametrize(
    "hidden", [[], "1", "6,5", EVERY_MODULE], ids=["none", "1", "6-5", "every module"]
)
def test_numbers_come_back_to_the_last_bit(exporter: Exporter, target: Path, hidden: str) -> None:
    model = make_model(hidden)
    exporter.write(model, target)
    expected = tensors_of(model.network)
    read = READERS[exporter.name](target)
    assert sorted(read) == sorted(expected)
    for name, array in expected.items():
        assert read[name].dtype == (np.int64 if name.endswith(BATCH_COUNT) else np.float32)
        np.testing.assert_array_equal(read[name], array, strict=True)


def test_export_replaces_an_earlier_one(exporter: Exporter, target: Path) -> None:
    exporter.write(make_model(seed=0), target)
    exporter.write(make_model(seed=1), target)
    expected = tensors_of(make_model(seed=1).network)
    np.testing.assert_array_equal(READERS[exporter.name](target)["0.weight"], expected["0.weight"])


def test_full_disk_keeps_the_earlier_export(
    exporter: Exporter, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exporter.write(make_model(seed=0), target)

    def refuse(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(FileWriteError, match="no room left"):
        exporter.write(make_model(seed=1), target)
    expected = tensors_of(make_model(seed=0).network)
    np.testing.assert_array_equal(READERS[exporter.name](target)["0.weight"], expected["0.weight"])
    assert [entry.name for entry in target.parent.iterdir()] == [target.name]


def test_missing_folder_is_named(exporter: Exporter, tmp_path: Path) -> None:
    with pytest.raises(FileWriteError, match="does not exist"):
        exporter.write(make_model(), tmp_path / "no" / "weights")


def test_network_of_another_depth_does_not_mix_with_an_earlier_csv_folder(tmp_path: Path) -> None:
    target = tmp_path / "weights"
    EXPORTERS["csv"].write(make_model("6,5"), target)
    with pytest.raises(FileWriteError, match=r"4\.bias\.csv"):
        EXPORTERS["csv"].write(make_model("6"), target)
    assert sorted(read_csv(target)) == sorted(tensors_of(make_model("6,5").network))


def test_csv_folder_explains_itself(tmp_path: Path) -> None:
    EXPORTERS["csv"].write(make_model(), tmp_path / "weights")
    readme = (tmp_path / "weights" / "README.txt").read_text()
    assert "0: 16 -> 6, ReLU" in readme
    assert "4: 5 -> 3, softmax" in readme


def test_csv_folder_explains_normalization(tmp_path: Path) -> None:
    EXPORTERS["csv"].write(make_model(EVERY_MODULE, input_dropout=0.1), tmp_path / "weights")
    readme = (tmp_path / "weights" / "README.txt").read_text()
    assert "1: 16 -> 6, batch normalization (2), ReLU" in readme
    assert "8: 5 -> 4, layer normalization (9), ReLU" in readme
    assert "running_var + epsilon" in readme
