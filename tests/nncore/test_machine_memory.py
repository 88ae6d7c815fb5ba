from __future__ import annotations

import os

import pytest

from nncore import machine_memory


@pytest.fixture(autouse=True)
def _asked_anew():
    machine_memory.machine_memory.cache_clear()
    yield
    machine_memory.machine_memory.cache_clear()


def test_a_computer_that_runs_this_has_memory():
    assert 2**28 < machine_memory.machine_memory() < 2**48


@pytest.mark.skipif(not hasattr(os, "sysconf"), reason="Windows tells its memory otherwise")
def test_it_is_no_more_than_what_is_installed_or_what_a_container_may_have(monkeypatch, tmp_path):
    sizes = {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": 1_000_000}
    monkeypatch.setattr(os, "sysconf", sizes.__getitem__)
    limit = tmp_path / "memory.max"
    for text, expected in (("max\n", 4_096_000_000), ("1000000000\n", 1_000_000_000)):
        limit.write_text(text)
        monkeypatch.setattr(machine_memory, "_CONTAINER_LIMITS", (limit, tmp_path / "missing"))
        machine_memory.machine_memory.cache_clear()
        assert machine_memory.machine_memory() == expected


def test_where_nothing_is_told_something_usual_is_assumed(monkeypatch, tmp_path):
    monkeypatch.setattr(machine_memory, "_installed", lambda: 0)
    monkeypatch.setattr(machine_memory, "_CONTAINER_LIMITS", (tmp_path / "missing",))
    assert machine_memory.machine_memory() == machine_memory.UNKNOWN
