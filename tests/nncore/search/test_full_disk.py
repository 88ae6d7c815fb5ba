"""A storage that fails in the midst of a search, as on a full disk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy

from nncore.errors import SearchError
from nncore.search.queue import TrialQueue
from nncore.search.session import SearchSession
from nncore.search.study import SearchStudy
from nncore.search.worker import Worker
from tests.nncore.search.searching import CONFIG, DATASET, SWEEP, make_study

TREE = SWEEP | {
    "config": CONFIG | {"training": {"epochs": 30, "batch_size": 32}},
    "space": {"optimizer.learning_rate": {"low": 0.01, "high": 0.1, "count": 8}},
}


def test_search_ends_with_the_reason_keeps_what_is_finished_and_goes_on(folder: Path) -> None:
    study = make_study(folder, TREE)

    def allow_few_pages(connection: Any, _: object) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages + 4}")

    study.storage.engine.dispose()
    sqlalchemy.event.listen(study.storage.engine, "connect", allow_few_pages)
    with pytest.raises(SearchError, match=r"database or disk is full\. What was finished is kept"):
        Worker(study, DATASET, name="full").run()
    study.close()

    study = SearchStudy.open(study.url, study.name)
    finished = {it.number: it for it in study.records() if it.state == "completed"}
    assert 0 < len(finished) < 8
    TrialQueue(study, "watcher").recover(gone=["full"])
    assert Worker(study, DATASET).run() == "done"
    records = {it.number: it for it in study.records()}
    assert all(records[number] == record for number, record in finished.items())
    assert sum(it.state == "completed" for it in records.values()) == 8
    assert "running" not in {it.state for it in records.values()}
    study.close()


def test_session_tells_in_a_sentence_that_nothing_can_be_written(folder: Path) -> None:
    study = make_study(folder, TREE)
    session = SearchSession(study, DATASET, workers=1)

    def only_read(connection: Any, _: object) -> None:
        connection.execute("PRAGMA query_only = ON")

    study.set_status("stopped")
    study.storage.engine.dispose()
    sqlalchemy.event.listen(study.storage.engine, "connect", only_read)
    for command in (session.start, session.pause):
        with pytest.raises(SearchError, match="What was finished is kept"):
            command()
    assert session.process_ids == ()
    study.close()
