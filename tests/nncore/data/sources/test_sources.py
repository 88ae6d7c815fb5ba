"""What every data set on offer keeps to."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from nncore.data import SOURCES, Dataset, load_dataset


@pytest.fixture(scope="module", params=sorted(SOURCES))
def offered(request: pytest.FixtureRequest) -> Dataset:
    return load_dataset(request.param)


def test_name_loads_it_again(offered: Dataset) -> None:
    assert offered.name in SOURCES


def test_source_says_who_made_it(offered: Dataset) -> None:
    source = SOURCES[offered.name]
    assert source.label
    assert source.description
    assert "license" in source.attribution


def test_every_class_has_samples(offered: Dataset) -> None:
    classes = len(offered.class_names)
    for labels in (offered.train_labels, offered.test_labels):
        assert np.bincount(labels, minlength=classes).min() > 0


def test_mnist_is_the_published_one() -> None:
    mnist = load_dataset("mnist")
    images = bytes.fromhex("00000803 0000ea60 0000001c 0000001c") + mnist.train_images.tobytes()
    tests = bytes.fromhex("00000803 00002710 0000001c 0000001c") + mnist.test_images.tobytes()
    labels = bytes.fromhex("00000801 00002710") + mnist.test_labels.astype(np.uint8).tobytes()
    # The checksums of the four files as published, unpacked.
    assert hashlib.md5(images).hexdigest() == "6bbc9ace898e44ae57da46a324031adb"
    assert hashlib.md5(tests).hexdigest() == "2646ac647ad5339dbf082846283269ea"
    assert hashlib.md5(labels).hexdigest() == "27ae3e4e09519cfbb04c329615203637"
    labels = bytes.fromhex("00000801 0000ea60") + mnist.train_labels.astype(np.uint8).tobytes()
    assert hashlib.md5(labels).hexdigest() == "a25bea736e30d166cdddb491f175f624"
