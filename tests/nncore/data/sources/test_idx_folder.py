from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from nncore.data import load_dataset
from nncore.errors import DataError

WriteFolder = Callable[..., Path]


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("style", ["-idx", ".idx"])
def test_folder_is_read(write_folder: WriteFolder, zipped: bool, style: str) -> None:
    folder = write_folder(zipped=zipped, style=style)
    dataset = load_dataset(str(folder))
    assert dataset.train_images.shape == (12, 15)
    assert dataset.image_shape == (3, 5)
    assert dataset.class_names == ("0", "1", "2", "3")
    assert dataset.test_labels.tolist() == [0, 1, 2, 3, 0, 1]
    expected = np.random.default_rng(0).integers(0, 256, (12, 3, 5))
    np.testing.assert_array_equal(dataset.train_images.reshape(12, 3, 5), expected)


def test_name_loads_the_same_set_again(write_folder: WriteFolder) -> None:
    dataset = load_dataset(write_folder())
    again = load_dataset(dataset.name)
    np.testing.assert_array_equal(again.train_images, dataset.train_images)


def test_missing_file_is_named(write_folder: WriteFolder) -> None:
    folder = write_folder()
    (folder / "t10k-labels-idx1-ubyte").unlink()
    with pytest.raises(DataError, match="t10k-labels-idx1-ubyte") as caught:
        load_dataset(folder)
    assert str(folder) in str(caught.value)


@pytest.mark.parametrize(
    ("replaced", "words"),
    [
        ({"train_labels": np.arange(11) % 4}, "11 labels for the 12 images"),
        ({"t10k_labels": np.full(6, 4)}, "a label 4, but only the classes 0 to 3"),
        ({"t10k_images": np.zeros((6, 3, 4))}, "3 × 5 pixels and the test images 3 × 4"),
        ({"train_labels": np.zeros(12), "t10k_labels": np.zeros(6)}, "at least 2 classes"),
    ],
)
def test_files_that_do_not_fit_are_refused(
    write_folder: WriteFolder, replaced: dict[str, np.ndarray], words: str
) -> None:
    with pytest.raises(DataError, match=words):
        load_dataset(write_folder(**replaced))


@pytest.mark.parametrize("name", ["minst", "no/such/folder", "~nobody-of-this-name/x", "a" * 5000])
def test_unknown_name_says_what_is_known(name: str) -> None:
    with pytest.raises(DataError) as caught:
        load_dataset(name)
    if name == "minst":
        assert 'Did you mean "mnist"?' in str(caught.value)
    assert ".. " not in str(caught.value)
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize("name", ["", "  "])
def test_no_name_is_not_the_folder_one_stands_in(
    name: str, write_folder: WriteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(write_folder())
    with pytest.raises(DataError, match="No data set is named"):
        load_dataset(name)


def test_file_in_place_of_folder_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.touch()
    with pytest.raises(DataError, match="not a folder"):
        load_dataset(path)
