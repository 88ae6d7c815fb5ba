"""Made-up data for the tests of the core."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from nncore.data import Dataset
from tests import made_data

MakeDataset = Callable[..., Dataset]


@pytest.fixture(scope="session")
def make_dataset() -> MakeDataset:
    """Makes a data set: `make_dataset(samples, classes, side, noise, seed)`."""
    return made_data.make_dataset


@pytest.fixture(scope="session")
def dataset() -> Dataset:
    """120 samples of 16 features in 3 classes."""
    return made_data.make_dataset()
