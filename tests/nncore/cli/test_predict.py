from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from nncore.config import RunConfig
from nncore.data import Dataset, load_dataset
from nncore.data.digits import prepare_digit
from nncore.features import scale_pixels
from nncore.model_file import Model, load_model, save_model
from nncore.trainer import Trainer
from tests.nncore.cli.conftest import Nnscratch


@pytest.fixture(scope="session")
def mnist() -> Dataset:
    return load_dataset("mnist")


@pytest.fixture(scope="session")
def reader(tmp_path_factory: pytest.TempPathFactory, mnist: Dataset) -> Path:
    """A model that reads digits."""
    config = RunConfig.from_dict({"network": {"hidden": "32"}, "training": {"epochs": 2}})
    trainer = Trainer(config, mnist)
    assert list(trainer.run())
    path = tmp_path_factory.mktemp("reader") / "model.safetensors"
    save_model(path, Model(trainer.network, config, mnist.class_names))
    return path


def photo(digit: np.ndarray) -> Image.Image:
    """Dark ink on gray paper."""
    big = Image.fromarray(digit.reshape(28, 28)).resize((280, 280), Image.Resampling.BICUBIC)
    return Image.fromarray((210 - 0.7 * np.asarray(big)).astype(np.uint8))


def test_photos_of_digits_are_read(
    nnscratch: Nnscratch, mnist: Dataset, reader: Path, tmp_path: Path
) -> None:
    for index in range(30):
        photo(mnist.test_images[index]).save(tmp_path / f"{index}.png")
    ran = nnscratch("predict", reader, *(f"{index}.png" for index in range(30)), "--json")
    assert ran.status == 0
    assert [record["path"] for record in ran.records] == [f"{index}.png" for index in range(30)]
    right = [
        record["class"] == str(label)
        for record, label in zip(ran.records, mnist.test_labels, strict=False)
    ]
    assert np.mean(right) >= 0.9
    for record in ran.records:
        assert record["probability"] == max(record["probabilities"])
        assert record["class"] == str(int(np.argmax(record["probabilities"])))
        assert sum(record["probabilities"]) == pytest.approx(1, abs=1e-5)


def test_mnists_own_pixels_give_the_networks_own_probabilities(
    nnscratch: Nnscratch, mnist: Dataset, reader: Path, tmp_path: Path
) -> None:
    digit = mnist.test_images[0].reshape(28, 28)
    Image.fromarray(digit).save(tmp_path / "seven.png")
    from nncore.model_file import load_model

    expected = load_model(reader).predict_proba(scale_pixels(prepare_digit(digit).reshape(1, -1)))
    (record,) = nnscratch("predict", reader, "seven.png", "--json").records
    np.testing.assert_allclose(record["probabilities"], expected[0], atol=0.02)


def test_person_reads_the_answer(
    nnscratch: Nnscratch, mnist: Dataset, reader: Path, tmp_path: Path
) -> None:
    photo(mnist.test_images[0]).save(tmp_path / "seven.png")
    ran = nnscratch("predict", reader, "seven.png")
    assert ran.out.startswith("seven.png: 7 (")


def test_bad_images_are_named_and_the_others_are_done(
    nnscratch: Nnscratch, mnist: Dataset, reader: Path, tmp_path: Path
) -> None:
    photo(mnist.test_images[0]).save(tmp_path / "good.png")
    Image.new("L", (50, 50), 255).save(tmp_path / "blank.png")
    (tmp_path / "text.png").write_text("no image at all")
    ran = nnscratch(
        "predict", reader, "missing.png", "text.png", "blank.png", ".", "good.png", "--json"
    )
    assert ran.status == 1
    assert [record["path"] for record in ran.records] == ["good.png"]
    assert len(ran.err.splitlines()) == 4
    assert "missing.png does not exist" in ran.err
    assert "text.png cannot be read" in ran.err
    assert "blank.png: nothing is drawn there" in ran.err


def test_outputs_that_overflow_are_told_in_a_sentence(
    nnscratch: Nnscratch, mnist: Dataset, reader: Path, tmp_path: Path
) -> None:
    model = load_model(reader)
    model.network.parameters *= np.float32(1e35)
    save_model(tmp_path / "huge.safetensors", model)
    photo(mnist.test_images[0]).save(tmp_path / "7.png")
    ran = nnscratch("predict", "huge.safetensors", "7.png", "--json")
    assert ran.status == 1
    assert "7.png: the model's outputs are no finite numbers" in ran.err
    assert ran.out == ""
