"""What a storage that is a file keeps, and when."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from optuna.trial import TrialState

from nncore.errors import SearchError
from nncore.search.queue import Claim, TrialQueue
from nncore.search.spec import SearchSpec
from nncore.search.storage import storage_url
from nncore.search.study import SearchStudy
from tests.nncore.search.searching import SWEEP, make_study

OPEN_FILES = Path("/proc/self/fd")


def test_finished_trial_is_in_the_file_itself_without_its_log(folder: Path) -> None:
    study = make_study(folder, SWEEP)
    queue = TrialQueue(study, "anyone")
    claim = queue.claim()
    assert isinstance(claim, Claim)
    assert queue.finish(claim, TrialState.COMPLETE, 0.5, {"outcome": "completed"})
    # A power cut may take the write-ahead log away, which is not waited for; not the file.
    shutil.copy(folder / "searches.sqlite3", folder / "after.sqlite3")
    after = SearchStudy.open(storage_url(folder / "after.sqlite3"), study.name)
    assert [record.value for record in after.records()] == [0.5]
    after.close()
    study.close()


def test_commits_do_not_wait_for_the_disk_in_any_connection(folder: Path) -> None:
    study = make_study(folder, SWEEP)
    engine = study.storage.engine
    with engine.connect() as one, engine.connect() as other:
        for connection in (one, other):
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 1
    study.close()


@pytest.mark.skipif(not OPEN_FILES.is_dir(), reason="only Linux tells which files are open")
@pytest.mark.parametrize("name", ["study", "stody"])
def test_refusal_leaves_nothing_open(folder: Path, name: str) -> None:
    make_study(folder, SWEEP).close()
    url = storage_url(folder / "searches.sqlite3")
    with pytest.raises(SearchError, match=r"already|Did you mean study"):
        SearchStudy.create(
            url, name, SearchSpec.from_dict(SWEEP)
        ) if name == "study" else SearchStudy.open(url, name)
    assert not [it for it in OPEN_FILES.iterdir() if folder in Path(os.path.realpath(it)).parents]
