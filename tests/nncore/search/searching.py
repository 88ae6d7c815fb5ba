"""Small searches on a data set that is learned in a moment."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nncore.data import Dataset
from nncore.search.spec import SearchSpec
from nncore.search.storage import storage_url
from nncore.search.study import SearchStudy
from nncore.search.worker import Worker
from tests.made_data import make_dataset

DATASET: Dataset = make_dataset()
CONFIG: dict[str, Any] = {
    "network": {"hidden": "4"},
    "optimizer": {"kind": "sgd", "learning_rate": 0.1},
    "training": {"epochs": 2, "batch_size": 32},
}
SWEEP: dict[str, Any] = {
    "config": CONFIG,
    "strategy": "sweep",
    "space": {"optimizer.learning_rate": [0.01, 0.1, 0.5]},
    "workers": 1,
}
RANDOM: dict[str, Any] = {
    "config": CONFIG,
    "strategy": "random",
    "space": {
        "optimizer.learning_rate": {"low": 0.01, "high": 0.5},
        "network.hidden": {"layers": [0, 1, 2], "units": {"low": 2, "high": 8}},
    },
    "budget": {"trials": 6},
}


def make_study(folder: Path, tree: dict[str, Any], name: str = "study") -> SearchStudy:
    """A new study in a folder, ready for workers."""
    url = storage_url(folder / "searches.sqlite3")
    study = SearchStudy.create(url, name, SearchSpec.from_dict(tree))
    study.set_status("running")
    return study


def search(folder: Path, tree: dict[str, Any], **options: Any) -> SearchStudy:
    """Run a whole search in this process."""
    study = make_study(folder, tree)
    assert Worker(study, DATASET, **options).run() == "done"
    return study
