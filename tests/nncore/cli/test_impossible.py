"""What cannot work is refused before the training, with its reason and a remedy."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nncore import config_rules
from tests.impossible import IMPOSSIBLE, Impossible
from tests.nncore.cli.conftest import Nnscratch, Ran


@pytest.fixture(autouse=True)
def _sixteen_gigabytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config_rules, "machine_memory", lambda: 16 * 10**9)


@pytest.fixture(params=IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def case(request: pytest.FixtureRequest) -> Impossible:
    return request.param


def check(ran: Ran, case: Impossible, folder: Path) -> None:
    assert ran.status in (1, 2)
    assert ran.out == ""
    # Wrong usage is told in a box with lines of its own.
    told = " ".join(ran.err.replace("│", " ").split())
    for words in (case.path, case.reason, case.remedy):
        assert words in told
    assert not (folder / "out").exists()


def test_options_that_cannot_work_are_refused(
    nnscratch: Nnscratch, data: Path, tmp_path: Path, case: Impossible
) -> None:
    options = [word for setting in case.settings for word in ("--set", setting)]
    ran = nnscratch("train", "--data", data, *options, "--output", "out")
    check(ran, case, tmp_path)


def test_a_file_that_cannot_work_is_refused(
    nnscratch: Nnscratch, data: Path, tmp_path: Path, case: Impossible
) -> None:
    (tmp_path / "mine.json").write_text(json.dumps(case.tree))
    ran = nnscratch("train", "mine.json", "--data", data, "--output", "out")
    check(ran, case, tmp_path)
