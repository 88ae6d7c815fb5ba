"""An empty storage that is made once: making its tables takes longer than a small search."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from nncore.search.storage import open_storage, storage_url


@pytest.fixture(scope="session")
def _empty_storage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("storage") / "searches.sqlite3"
    storage = open_storage(storage_url(path), create=True)
    storage.engine.dispose()
    return path


@pytest.fixture
def folder(tmp_path: Path, _empty_storage: Path) -> Path:
    """A folder with an empty storage in it."""
    shutil.copy(_empty_storage, tmp_path / "searches.sqlite3")
    return tmp_path
