"""What the window says about a search."""

from __future__ import annotations

import pytest

from nncore.search.spec import SearchSpec
from nncore.search.storage import storage_url
from nncore.search.study import SearchStudy
from nngui.viewmodels.search_session import SearchModel
from nngui.viewmodels.search_words import progress_text
from nngui.workers.search_studies import look_at_study
from tests.nngui.made_searches import TREE


@pytest.mark.parametrize("status", ["running", "stopped"])
def test_search_of_another_program_is_not_called_stopped(qtbot, tmp_path, status):
    path = str(tmp_path / "searches.sqlite3")
    study = SearchStudy.create(storage_url(path), "one", SearchSpec.from_dict(TREE))
    study.set_status("running")
    study.set_status(status)
    study.close()
    model = SearchModel(path)
    model._on_looked(look_at_study(path, "one"))
    first = "Running elsewhere when it was opened" if status == "running" else "Stopped"
    assert progress_text(model).startswith(f"{first}: 0 of 4 trials")
    model.close()
