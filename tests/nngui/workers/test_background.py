"""Work runs elsewhere, reports here, and only the newest of it."""

from __future__ import annotations

import logging
import threading

import pytest
from PySide6.QtCore import QObject, QThread, Slot

from nncore.errors import DataError
from nngui.workers.background import BackgroundTask


@pytest.fixture
def task():
    task = BackgroundTask()
    yield task
    assert task.close()


class Receiver(QObject):
    def __init__(self):
        super().__init__()
        self.threads = []
        self.results = []

    @Slot(object)
    def take(self, result):
        self.threads.append(QThread.currentThread())
        self.results.append(result)


def test_work_runs_in_another_thread_and_reports_in_this_one(qtbot, task):
    receiver = Receiver()
    task.succeeded.connect(receiver.take)
    with qtbot.waitSignal(task.succeeded):
        task.start(threading.get_ident)
    assert receiver.results[0] != threading.get_ident()
    assert receiver.threads == [QThread.currentThread()]
    assert not task.running


def test_result_of_a_generator_is_what_it_returns(qtbot, task):
    def work():
        yield
        yield
        return "done"

    with qtbot.waitSignal(task.succeeded) as caught:
        task.start(work)
    assert caught.args == ["done"]


def test_failure_is_reported_with_its_error(qtbot, task):
    def work():
        raise DataError("the file is damaged")

    with qtbot.waitSignal(task.failed) as caught:
        task.start(work)
    assert str(caught.args[0]) == "the file is damaged"
    assert not task.running


def test_unexpected_failure_is_logged_and_the_thread_goes_on(qtbot, task, caplog):
    with caplog.at_level(logging.ERROR), qtbot.waitSignal(task.failed):
        task.start(lambda: 1 / 0)
    assert "ZeroDivisionError" in caplog.text
    with qtbot.waitSignal(task.succeeded) as caught:
        task.start(lambda: 5)
    assert caught.args == [5]


def test_newer_work_stops_older_at_its_next_yield_and_silences_it(qtbot, task):
    started, go_on, ended = threading.Event(), threading.Event(), threading.Event()

    def older():
        try:
            started.set()
            assert go_on.wait(5)
            yield
            pytest.fail("went on after it was replaced")
        finally:
            ended.set()

    reported = []
    task.succeeded.connect(reported.append)
    task.start(older)
    assert started.wait(5)
    task.start(lambda: "newer")
    with qtbot.waitSignal(task.succeeded):
        go_on.set()
    assert reported == ["newer"]
    assert ended.is_set()


def test_cancelled_work_that_can_not_be_stopped_does_not_report(qtbot, task):
    started, go_on = threading.Event(), threading.Event()

    def work():
        started.set()
        assert go_on.wait(5)
        return "too late"

    task.start(work)
    assert started.wait(5)
    task.cancel()
    assert not task.running
    with qtbot.assertNotEmitted(task.succeeded, wait=50):
        go_on.set()


def test_result_on_its_way_is_dropped_when_the_work_is_cancelled(qtbot, task):
    task.start(lambda: "too late")
    assert task._pool.waitForDone(5000)
    task.cancel()
    with qtbot.assertNotEmitted(task.succeeded, wait=50):
        pass


def test_close_waits_for_the_thread_and_starts_nothing_more(qtbot):
    task = BackgroundTask()
    started, ended = threading.Event(), threading.Event()

    def endless():
        try:
            while True:
                started.set()
                yield
        finally:
            ended.set()

    task.start(endless)
    assert started.wait(5)
    assert task.close()
    assert ended.is_set()
    task.start(lambda: 1)
    assert not task.running


def test_deleting_the_owner_stops_the_work(qtbot):
    owner = QObject()
    task = BackgroundTask(owner)
    started, ended = threading.Event(), threading.Event()

    def endless():
        try:
            while True:
                started.set()
                yield
        finally:
            ended.set()

    task.start(endless)
    assert started.wait(5)
    with qtbot.waitSignal(owner.destroyed):
        owner.deleteLater()
    assert ended.wait(5)
