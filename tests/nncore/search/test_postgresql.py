"""A study on a real PostgreSQL server: three workers join it as they would from other machines."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from nncore.search.queue import TrialQueue
from nncore.search.spec import SearchSpec
from nncore.search.storage import open_storage, shown_url, storage_url
from nncore.search.study import SearchStudy
from tests.idx_files import write_idx_folder
from tests.nncore.search.searching import CONFIG, DATASET, SWEEP

ROOT = Path(__file__).parents[3]
PROGRAMS = ("initdb", "pg_ctl")


def _find(program: str) -> str | None:
    """A program of PostgreSQL; Debian does not put them on the path."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    path = os.pathsep.join([os.environ.get("PATH", ""), *map(str, folders)])
    return shutil.which(program, path=path)


def _why_not() -> str:
    """Why no server can be started here; empty when one can."""
    missing = [program for program in PROGRAMS if _find(program) is None]
    if missing:
        return f"{', '.join(missing)} missing: apt-get install postgresql"
    if os.name != "posix":
        return "needs a POSIX system"
    if os.geteuid() == 0 and shutil.which("setpriv") is None:
        return "PostgreSQL refuses to run as root, and setpriv is missing"
    return ""


class Server(NamedTuple):
    """Starts and stops PostgreSQL; as an unprivileged user where the tests run as root."""

    folder: Path
    prefix: tuple[str, ...]

    def call(self, program: str, *arguments: str) -> None:
        found = _find(program)
        assert found is not None
        log = self.folder.parent / "calls.log"
        with log.open("ab") as file:
            command = [*self.prefix, found, *arguments]
            done = subprocess.run(command, stdout=file, stderr=file, cwd="/", timeout=60)
        assert done.returncode == 0, log.read_text()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of an empty database on loopback."""
    why_not = _why_not()
    if why_not:
        pytest.skip(why_not)
    # Not under pytest's folder: that one is closed to other users.
    base = Path(
        subprocess.check_output(["mktemp", "-d", "/tmp/nnscratch-pg-XXXXXX"], text=True)[:-1]
    )
    folder = base / "data"
    folder.mkdir()
    prefix: tuple[str, ...] = ()
    if os.geteuid() == 0:
        nobody = 65534
        base.chmod(0o755)
        os.chown(folder, nobody, nobody)
        identity = (f"--reuid={nobody}", f"--regid={nobody}", "--clear-groups")
        prefix = ("setpriv", *identity)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Server(folder, prefix)
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories="
    try:
        server.call("initdb", "-D", str(folder), "-A", "trust", "-U", "nnscratch", "--no-sync")
        log = str(folder / "log")
        server.call("pg_ctl", "-D", str(folder), "-o", options, "-l", log, "-w", "start")
        try:
            yield f"postgresql://nnscratch:secret@127.0.0.1:{port}/postgres"
        finally:
            server.call("pg_ctl", "-D", str(folder), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(base)


def start_worker(url: str, log: Path) -> subprocess.Popen[bytes]:
    """One worker as a person starts it on another machine."""
    command = [sys.executable, "-m", "nncore.cli", "search", "worker", "--study", "cluster"]
    with log.open("wb") as file:
        return subprocess.Popen(
            [*command, "--storage", url], cwd=ROOT, stdout=file, stderr=subprocess.STDOUT
        )


def test_password_is_not_shown(server: str) -> None:
    shown = shown_url(storage_url(server))
    assert "secret" not in shown
    assert "127.0.0.1" in shown


@pytest.mark.timeout(180)
def test_three_workers_finish_a_study_though_one_is_killed(server: str, tmp_path: Path) -> None:
    data = write_idx_folder(tmp_path / "data", DATASET)
    config = CONFIG | {
        "data": {"name": str(data)},
        "training": {"epochs": 150, "batch_size": 8},
    }
    tree: dict[str, Any] = SWEEP | {
        "config": config,
        "space": {"optimizer.learning_rate": {"low": 0.001, "high": 0.1, "count": 6}},
        "heartbeat": 0.5,
    }
    url = storage_url(server)
    study = SearchStudy.create(url, "cluster", SearchSpec.from_dict(tree))
    study.set_status("running")
    logs = [tmp_path / f"{number}.log" for number in range(3)]
    workers = [start_worker(server, log) for log in logs]
    try:
        _kill_one_at_work(study, workers[0])
        assert [worker.wait(120) for worker in workers[1:]] == [0, 0], logs[1].read_text()
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
    records = study.records()
    completed = [record for record in records if record.state == "completed"]
    assert len({record.params["optimizer.learning_rate"] for record in completed}) == 6
    assert len(completed) == 6
    assert [record.state for record in records].count("lost") == 1
    assert not any(record.state in ("running", "waiting") for record in records)
    assert TrialQueue(study, "late").claim() == "done"
    study.close()
    open_storage(url).engine.dispose()


def _kill_one_at_work(study: SearchStudy, worker: subprocess.Popen[bytes]) -> None:
    """Kill a worker while it has a trial."""
    deadline = time.monotonic() + 60
    mine = f":{worker.pid}:"
    while time.monotonic() < deadline:
        if any(mine in it.worker and it.state == "running" for it in study.records()):
            worker.kill()
            worker.wait()
            return
    raise AssertionError("The worker took up no trial.")
