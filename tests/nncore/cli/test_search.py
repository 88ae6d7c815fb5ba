"""`nnscratch search`: what it prints, writes and refuses."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from nncore.search.presets import SEARCH_PRESETS
from nncore.search.queue import Claim, TrialQueue
from nncore.search.spec import SearchSpec
from nncore.search.storage import storage_url
from nncore.search.study import SearchStudy
from tests.nncore.cli.conftest import Nnscratch

SPACE: dict[str, Any] = {
    "name": "rates",
    "config": {
        "network": {"hidden": "4"},
        "optimizer": {"kind": "sgd"},
        "training": {"epochs": 2, "batch_size": 32},
    },
    "strategy": "sweep",
    "space": {"optimizer.learning_rate": [0.01, 0.5]},
    "seeds": 2,
    "workers": 1,
}


@pytest.fixture
def space(tmp_path: Path, data: Path) -> Path:
    """A search of two points on a data set that is learned in a moment."""
    path = tmp_path / "SPACE.json"
    config = SPACE["config"] | {"data": {"name": str(data)}}
    path.write_text(json.dumps(SPACE | {"config": config}))
    return path


def test_search_runs_and_can_be_looked_at_afterwards(
    nnscratch: Nnscratch, space: Path, tmp_path: Path
) -> None:
    ran = nnscratch("search", "run", space, "--storage", "s.db", "--json")
    assert ran.status == 0, ran.err
    assert [record["event"] for record in ran.records] == ["study", "trial", "trial", "finished"]
    finished = ran.records[-1]
    assert finished["reason"] == "completed"
    values = [record["value"] for record in ran.records if record["event"] == "trial"]
    assert finished["best"]["value"] == max(values)
    assert "seeds" in finished["verdict"]
    assert finished["test"]["trial"] == finished["best"]["trial"]
    assert finished["test"]["samples"] == 30

    (listed,) = nnscratch("search", "list", "--storage", "s.db", "--json").records
    assert (listed["study"], listed["finished"], listed["total"]) == ("rates", 2, 2)
    shown = nnscratch("search", "show", "rates", "--storage", "s.db")
    assert "The test images were read once" in shown.out
    assert "learning_rate" in shown.out
    assert shown.out.startswith("rates: finished, 2 completed")

    exported = nnscratch("search", "export", "rates", "--storage", "s.db")
    rows = list(csv.DictReader(exported.out.splitlines()))
    assert [float(row["value"]) for row in rows] == values
    assert [row["optimizer.learning_rate"] for row in rows] == ["0.01", "0.5"]
    for form, count in (("curves", 1 + 2 * 2 * 2), ("json", None)):
        nnscratch("search", "export", "rates", "--storage", "s.db", "--to", form, "--output", form)
        text = (tmp_path / form).read_text()
        assert count is None or len(text.splitlines()) == count
    whole = json.loads((tmp_path / "json").read_text())
    assert whole[0]["config"]["training"]["epochs"] == 2

    resumed = nnscratch("search", "resume", "rates", "--storage", "s.db", "--json")
    assert resumed.status == 0
    assert [record["event"] for record in resumed.records] == ["study", "finished"]
    fewer = nnscratch("search", "resume", "rates", "--storage", "s.db", "--trials", 1)
    assert fewer.status == 1
    assert "budget.trials must be at least 2" in fewer.err
    misspelled = nnscratch("search", "show", "rate", "--storage", "s.db")
    assert "Did you mean rates?" in misspelled.err
    again = nnscratch("search", "run", space, "--storage", "s.db")
    assert again.status == 1
    assert "nnscratch search resume rates" in again.err
    joined = nnscratch("search", "worker", "--study", "rates", "--storage", "s.db")
    assert joined.status == 1
    assert "is not running" in joined.err


def test_search_whose_processes_all_died_is_not_called_running(
    nnscratch: Nnscratch, tmp_path: Path
) -> None:
    study = SearchStudy.create(storage_url(tmp_path / "s.db"), "rates", SearchSpec.from_dict(SPACE))
    study.set_status("running")
    assert isinstance(TrialQueue(study, "dead").claim(), Claim)
    hour_ago = time.time() - 3600
    study.storage.set_study_user_attr(study.study_id, "nnscratch:since", hour_ago)
    began = datetime.fromtimestamp(hour_ago)
    with study.storage.engine.begin() as connection:
        connection.execute(text("UPDATE trials SET datetime_start = :began"), {"began": str(began)})
    study.close()
    (listed,) = nnscratch("search", "list", "--storage", "s.db", "--json").records
    assert listed["status"] == "cut short"
    assert "cut short" in nnscratch("search", "list", "--storage", "s.db").out
    shown = nnscratch("search", "show", "rates", "--storage", "s.db").out
    assert shown.startswith("rates: cut short, 1 cut short")
    assert "nnscratch search resume rates" in shown


def test_worker_joins_a_running_search(nnscratch: Nnscratch, space: Path, tmp_path: Path) -> None:
    from nncore.search.storage import storage_url
    from nncore.search.study import SearchStudy

    url = storage_url(tmp_path / "s.db")
    study = SearchStudy.create(url, "", SearchSpec.from_file(space))
    study.set_status("running")
    ran = nnscratch("search", "worker", "--study", "rates", "--storage", "s.db", "--json")
    assert ran.status == 0, ran.err
    assert [record["event"] for record in ran.records] == ["trial", "trial", "finished"]
    assert [record.state for record in study.records()] == ["completed"] * 2
    study.close()


def test_all_problems_of_the_file_are_told(nnscratch: Nnscratch, tmp_path: Path) -> None:
    (tmp_path / "SPACE.json").write_text(
        json.dumps({"stratgy": "tpe", "space": {"optimizer.learning_rat": [1, 2]}, "seeds": 0})
    )
    ran = nnscratch("search", "run", "SPACE.json", "--storage", "s.db")
    assert ran.status == 1
    first, *faults = ran.err.splitlines()
    assert "3 faults" in first
    assert len(faults) == 3
    for words in ("Did you mean strategy?", "Did you mean optimizer.learning_rate?", "seeds"):
        assert sum(words in fault for fault in faults) == 1
    assert not (tmp_path / "s.db").exists()


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("run",), 2, "either SPACE.json or --preset"),
        (("run", "--preset", "learning-rat"), 2, "Did you mean learning-rate?"),
        (("run", "--preset", "epochs", "--data", "nowhere"), 1, "nowhere"),
        (("show", "nothing"), 1, "does not exist"),
        (("export", "x", "--to", "xml"), 2, "csv, curves, json"),
        (("list", "--storage", "postgresql://u:secret@127.0.0.1:1/x"), 1, "cannot be used"),
    ],
)
def test_refused_with_a_reason(
    nnscratch: Nnscratch, arguments: tuple[str, ...], status: int, words: str
) -> None:
    ran = nnscratch("search", *arguments)
    assert ran.status == status
    assert words in " ".join(ran.err.split())
    assert "secret" not in ran.err


def test_ready_made_searches_can_be_read_as_files(nnscratch: Nnscratch) -> None:
    trees = nnscratch("search", "presets", "--json").records
    assert len(trees) == len(SEARCH_PRESETS) == 9
    specs = [SearchSpec.from_dict(tree) for tree in trees]
    for spec in [it for it in specs if it.is_grid]:
        points = list(spec.space.points())
        assert all(point.config is not None for point in points)
        assert len(points) >= 3


def test_other_commands_and_the_core_do_not_load_optuna() -> None:
    program = (
        "import sys, nncore, nncore.cli.commands, nncore.search.spec, nncore.search.presets;"
        "print([name for name in ('optuna', 'sqlalchemy') if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert ran.stdout.strip() == "[]", ran.stderr
