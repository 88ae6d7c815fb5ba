from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nncore.data import load_dataset
from nncore.features import scale_pixels
from nncore.model_file import load_model, save_model
from tests.idx_files import write_idx_folder
from tests.made_data import make_dataset
from tests.nncore.cli.conftest import Nnscratch


def test_figures_are_those_of_the_test_images(
    nnscratch: Nnscratch, data: Path, model_file: Path
) -> None:
    ran = nnscratch("evaluate", model_file, "--data", data, "--json")
    assert ran.status == 0
    (record,) = ran.records
    dataset = load_dataset(data)
    proba = load_model(model_file).predict_proba(scale_pixels(dataset.test_images))
    guesses, labels = proba.argmax(axis=1), dataset.test_labels
    assert record["samples"] == 30
    assert record["accuracy"] == np.mean(guesses == labels)
    expected = -np.log(proba.astype(float)[np.arange(30), labels]).mean()
    np.testing.assert_allclose(record["loss"], expected, rtol=1e-4)
    second = np.sort(proba, axis=1)[:, 1]
    assert record["top_2_accuracy"] == np.mean(proba[np.arange(30), labels] >= second)
    assert "top_3_accuracy" not in record
    gaps = 0.0
    for low in np.arange(15) / 15:
        here = (proba.max(axis=1) > low) & (proba.max(axis=1) <= low + 1 / 15)
        if here.any():
            gap = np.mean(guesses[here] == labels[here]) - proba.max(axis=1)[here].mean()
            gaps += here.sum() * abs(gap)
    assert record["calibration_error"] == pytest.approx(gaps / 30, abs=1e-6)
    for true in range(3):
        for guess in range(3):
            count = np.sum((labels == true) & (guesses == guess))
            assert record["confusion_matrix"][true][guess] == count
    assert [row["class"] for row in record["per_class"]] == list(load_model(model_file).class_names)
    assert sum(row["samples"] for row in record["per_class"]) == 30


def test_person_reads_tables(nnscratch: Nnscratch, data: Path, model_file: Path) -> None:
    ran = nnscratch("evaluate", model_file, "--data", data)
    assert ran.status == 0
    for word in ("of 30 test images right", "top 2 ", "expected calibration error ", "precision"):
        assert word in ran.out
    for word in ("recall", "F1", "class 0 «é»"):
        assert word in ran.out


def test_model_finds_the_data_it_was_trained_on(nnscratch: Nnscratch, data: Path) -> None:
    options = ["--set", "training.epochs=1", "--output", "out"]
    nnscratch("train", "--data", "data", *options)
    assert nnscratch("evaluate", "out/model.safetensors", "--json").records[0]["samples"] == 30


def test_data_that_does_not_fit_is_refused(
    nnscratch: Nnscratch, tmp_path: Path, model_file: Path
) -> None:
    other = write_idx_folder(tmp_path / "other", make_dataset(classes=4, side=5))
    ran = nnscratch("evaluate", model_file, "--data", other)
    assert ran.status == 1
    assert "25 features and 4 classes, the model 16 and 3" in ran.err


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_outputs_that_overflow_are_told_in_a_sentence(
    nnscratch: Nnscratch, data: Path, model_file: Path, options: tuple[str, ...]
) -> None:
    model = load_model(model_file)
    model.network.parameters *= np.float32(1e30)
    save_model(model_file, model)
    ran = nnscratch("evaluate", model_file, "--data", data, *options)
    assert ran.status == 1
    assert "no finite numbers" in ran.err
    assert ran.out == ""
