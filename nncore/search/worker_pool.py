"""The worker processes of a search on this machine."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nncore
from nncore.data import Dataset
from nncore.search.shared_images import share_images
from nncore.search.study import SearchStudy
from nncore.search.worker import worker_name
from nncore.search.worker_process import FAILED, Orders

_THREAD_VARIABLES = (
    "OPENBLAS_NUM_THREADS",
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)
_PATIENCE = 10.0


class WorkerPool:
    """Starts worker processes, notices when one dies, and ends them all.

    Attributes:
        deaths: How many have died.
        message: What the last one that failed had to say.
    """

    def __init__(self, study: SearchStudy, dataset: Dataset, weights: Path | None) -> None:
        """Put the training images where the workers can map them.

        Args:
            study: The study that they work on.
            dataset: Its data set; the test images are not passed on.
            weights: Where the best networks go.

        Raises:
            FileWriteError: If there is no room for the images.
        """
        self.deaths = 0
        self.message = ""
        self._study = study
        self._weights = str(weights.resolve()) if weights is not None else ""
        self._folder = tempfile.TemporaryDirectory(prefix="nnscratch-search-")
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._logs: dict[str, Path] = {}
        self._started = 0
        share_images(dataset, Path(self._folder.name))

    @property
    def alive(self) -> int:
        """How many have been started and not been found ended by `reap`."""
        return len(self._processes)

    @property
    def process_ids(self) -> tuple[int, ...]:
        """The process ids of those that work."""
        return tuple(it.pid for it in self._processes.values() if it.poll() is None)

    def start(self) -> None:
        """Start one worker."""
        # Before numpy is loaded: one thread each, for as many workers as cores.
        environment = os.environ | dict.fromkeys(_THREAD_VARIABLES, "1")
        root = str(Path(nncore.__file__).parents[1])
        paths = [root, environment.get("PYTHONPATH", "")]
        environment["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
        self._started += 1
        path = Path(self._folder.name, f"worker-{self._started}.log")
        with path.open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "nncore.search.worker_process"],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=log,
                env=environment,
                # Ctrl+C in the terminal is for the search, which stops its workers in peace.
                start_new_session=True,
            )
        name = worker_name(process.pid)
        self._processes[name], self._logs[name] = process, path
        orders = Orders(self._study.url, self._study.name, name, self._folder.name, self._weights)
        assert process.stdin is not None
        try:
            process.stdin.write(orders.line())
            process.stdin.flush()
        except BrokenPipeError:
            # It died at once; `reap` will find it.
            return

    def reap(self) -> list[str]:
        """Bury the workers that have ended.

        Returns:
            The names of those that died before their work was done.
        """
        died: list[str] = []
        for name, process in list(self._processes.items()):
            status = process.poll()
            if status is None:
                continue
            if status:
                died.append(name)
                self.deaths += 1
                self.message = self._last_words(name, status)
            self._forget(name)
        return died

    def stop(self) -> list[str]:
        """Let every worker give its trial back and end; who does not in time is killed.

        Returns:
            The names of those that died before they had given their trial back.
        """
        for process in self._processes.values():
            self._close_pipe(process)
        deadline = time.monotonic() + _PATIENCE
        for process in self._processes.values():
            try:
                process.wait(max(deadline - time.monotonic(), 0.01))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        return self.reap()

    def close(self) -> None:
        """End all workers and remove the shared images."""
        self.stop()
        self._folder.cleanup()

    def _forget(self, name: str) -> None:
        self._close_pipe(self._processes.pop(name))
        self._logs.pop(name).unlink(missing_ok=True)

    @staticmethod
    def _close_pipe(process: subprocess.Popen[bytes]) -> None:
        if process.stdin is not None:
            try:
                process.stdin.close()
            except BrokenPipeError:
                # The worker is gone already, and what it was told with it.
                return

    def _last_words(self, name: str, status: int) -> str:
        lines = self._logs[name].read_text(errors="replace").strip().splitlines()
        if status == FAILED and lines:
            return lines[-1]
        how = f"was ended by signal {-status}" if status < 0 else f"ended with status {status}"
        return f"A worker {how}{': ' + lines[-1] if lines else ''}."
