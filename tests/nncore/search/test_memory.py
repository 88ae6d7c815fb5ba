"""Workers are started as far as the computer's memory holds their networks beside each other."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from nncore.config import RunConfig
from nncore.config_rules import MEMORY_SHARE
from nncore.network_size import training_bytes
from nncore.search import memory
from nncore.search.memory import WORKER_BYTES, workers_that_fit
from nncore.search.session import SearchSession
from tests.nncore.search.searching import CONFIG, DATASET, RANDOM, SWEEP, make_study

SAMPLES, INPUTS = DATASET.train_images.shape
CLASSES = len(DATASET.class_names)
SPACE: dict[str, Any] = {
    "network.hidden": {"layers": [1, 3, 2], "units": {"low": 10, "high": 3000}},
    "optimizer.kind": ["adam", "sgd"],
    "training.batch_size": ["full", 16],
    "optimizer.learning_rate": {"low": 0.001, "high": 0.1},
}


def need_of(config: RunConfig) -> int:
    return WORKER_BYTES + training_bytes(config, INPUTS, CLASSES, SAMPLES)


def memory_for(count: float, need: int) -> int:
    return round(count * need / MEMORY_SHARE)


def largest_by_hand() -> int:
    """The largest of all combinations of the space's ends, each configuration made by itself."""
    needs: list[int] = []
    kinds, batches = ("adam", "sgd"), ("full", 16)
    for layers, units, kind, batch in itertools.product((1, 2, 3), (10, 3000), kinds, batches):
        tree = {
            "network": {"hidden": [{"units": units}] * layers},
            "optimizer": {"kind": kind},
            "training": {"batch_size": batch},
        }
        needs.append(need_of(RunConfig.from_dict(tree)))
    return max(needs)


def test_as_many_workers_as_asked_for_while_they_fit(folder: Path) -> None:
    study = make_study(folder, RANDOM | {"space": SPACE})
    need = largest_by_hand()
    assert workers_that_fit(study, DATASET, 4, memory_for(4.01, need)) == (4, "")
    fitting, why = workers_that_fit(study, DATASET, 4, memory_for(3.99, need))
    assert fitting == 3
    assert why.startswith("3 workers instead of 4: the largest network of this search takes about")
    study.close()


def test_largest_point_of_a_sweep_counts(folder: Path) -> None:
    space = {"network.hidden.0.units": [10, 4000, 20]}
    study = make_study(folder, SWEEP | {"space": space})
    need = need_of(RunConfig.from_dict(CONFIG).replace("network.hidden.0.units", 4000))
    assert workers_that_fit(study, DATASET, 8, memory_for(5.5, need))[0] == 5
    study.close()


def test_one_worker_is_left_even_if_the_largest_does_not_fit(folder: Path) -> None:
    study = make_study(folder, RANDOM | {"space": SPACE})
    assert workers_that_fit(study, DATASET, 4, memory_for(0.3, largest_by_hand()))[0] == 1
    study.close()


def test_search_tells_why_it_has_fewer_workers(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = make_study(folder, SWEEP)
    study.set_status("stopped")
    monkeypatch.setattr(memory, "machine_memory", lambda: memory_for(1.5, WORKER_BYTES))
    session = SearchSession(study, DATASET, workers=3)
    updates = list(session.run(0.01))
    assert max(update.workers for update in updates) == 1
    assert all(it.message.startswith("1 worker instead of 3") for it in updates)
    assert updates[-1].finished == 3
    study.close()
