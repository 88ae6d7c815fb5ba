"""What a search needs is loaded before somebody waits for it, and does not cost time again."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import gc, sys
from nngui.workers.search_engine import load_search_engine
load_search_engine()
before = set(sys.modules)
assert gc.isenabled()
assert {"optuna", "alembic", "sqlalchemy"} <= before
# Every module and function that was loaded, and what there was before.
assert gc.get_freeze_count() > len(gc.get_objects())
from nncore.search.importance import importances
from nncore.search.presets import SEARCH_PRESETS
from nncore.search.storage import storage_url
from nncore.search.study import SearchStudy, study_names
url = storage_url(sys.argv[1])
study = SearchStudy.create(url, "one", SEARCH_PRESETS["default"].spec)
assert study_names(url) == ("one",)
assert importances(study.spec, study.records()) == {}
late = {name for name in set(sys.modules) - before if not name.startswith("nncore")}
assert not {name for name in late if not name.startswith(("numpy.random", "_cython"))}, late
"""


def test_first_search_finds_all_of_its_libraries_loaded(tmp_path):
    arguments = [sys.executable, "-c", SCRIPT, str(tmp_path / "searches.sqlite3")]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
