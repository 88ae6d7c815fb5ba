"""Garbage is found in the window's thread alone: Qt's objects die where they live."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import ClassVar

import pytest

from nngui.workers import garbage
from nngui.workers.garbage import GarbageSearch


class Piece:
    """Garbage that only a search finds; tells which thread it died in."""

    graves: ClassVar[list[threading.Thread]] = []

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        self.graves.append(threading.current_thread())


def litter() -> None:
    for _ in range(20_000):
        Piece()


@pytest.fixture
def graves(monkeypatch) -> list[threading.Thread]:
    gc.collect()
    monkeypatch.setattr(Piece, "graves", [])
    return Piece.graves


@pytest.fixture
def search(qapp, monkeypatch) -> Iterator[GarbageSearch]:
    monkeypatch.setattr(garbage, "SETTLING", 0)
    search = GarbageSearch()
    yield search
    search.close()


def test_garbage_of_another_thread_dies_in_the_windows(qtbot, search, graves):
    thread = threading.Thread(target=litter)
    thread.start()
    thread.join()
    assert not graves
    qtbot.waitUntil(lambda: len(graves) == 20_000)
    assert set(graves) == {threading.main_thread()}


def test_nothing_is_searched_in_the_midst_of_an_event(search, graves):
    litter()
    assert not graves
    search.search()
    assert len(graves) == 20_000


def test_it_rests_while_somebody_has_asked_for_that(search, graves):
    litter()
    gc.disable()
    try:
        search.search()
        assert not graves
    finally:
        gc.enable()
    search.search()
    assert graves


def test_old_garbage_is_found_too(search, graves):
    kept = Piece()
    gc.collect()
    del kept
    for _ in range(200):
        objects = [[] for _ in range(800)]
        search.search()
        del objects
    assert len(graves) == 1


def test_what_there_is_at_the_start_is_left_out_of_all_searches(qapp, graves, monkeypatch):
    monkeypatch.setattr(garbage, "SETTLING", 2)
    search = GarbageSearch()
    try:
        for _ in range(2):
            litter()
            search.search()
        assert gc.get_freeze_count() > 40_000
        litter()
        search.search()
        assert len(graves) == 20_000
    finally:
        search.close()
        gc.unfreeze()
        gc.collect()


def test_python_goes_on_by_itself_afterwards(qapp, graves):
    before = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    try:
        search = GarbageSearch()
        search.close()
        litter()
        assert graves
    finally:
        gc.set_threshold(*before)


PROGRAM = """
import threading
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from nngui import app
from nngui.workers import garbage
from tests.nngui.workers.test_garbage import Piece, litter

def look():
    if Piece.graves:
        print([thread.name for thread in set(Piece.graves)])
        QApplication.quit()

def painted():
    global timer
    thread = threading.Thread(target=litter)
    thread.start()
    thread.join()
    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(10)

garbage.SETTLING = 0
app.main(["x"], painted)
"""


def test_the_program_finds_its_garbage_in_the_windows_thread():
    arguments = [sys.executable, "-c", PROGRAM]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True)
    assert "['MainThread']" in done.stdout
