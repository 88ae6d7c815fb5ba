"""A worker in a process of its own: `python -m nncore.search.worker_process`, told by a pipe.

The first line of its standard input says what to do (nothing stands on the command line, where
others could read a password). The pipe's end means stop: it comes when the search closes it, and
also when the search's own process has died, so that no worker is left over.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from pathlib import Path
from typing import Any, NamedTuple

from nncore.blas_threads import set_blas_threads
from nncore.errors import NNError
from nncore.search.shared_images import map_images
from nncore.search.study import SearchStudy
from nncore.search.worker import Worker

FAILED = 3
"""Exit status when the worker says in its last line what went wrong."""


class Orders(NamedTuple):
    """What a worker is told.

    Attributes:
        storage: The storage's URL.
        study: The study's name.
        name: The worker's name.
        images: The folder that `share_images` wrote.
        weights: Where the best networks go; empty for nowhere.
    """

    storage: str
    study: str
    name: str
    images: str
    weights: str

    def line(self) -> bytes:
        """As it is told."""
        return json.dumps(self._asdict()).encode() + b"\n"


def main() -> int:
    """Work until nothing is left or the pipe is closed."""
    told: dict[str, Any] = json.loads(sys.stdin.buffer.readline())
    orders = Orders(**told)
    set_blas_threads(1)
    try:
        worker = Worker(
            SearchStudy.open(orders.storage, orders.study),
            map_images(Path(orders.images)),
            name=orders.name,
            weights=Path(orders.weights) if orders.weights else None,
            recovers=False,
        )

        def listen() -> None:
            # Not through sys.stdin: Python could not close it while a thread reads from it.
            while os.read(0, 64):
                continue
            worker.must_stop.set()

        threading.Thread(target=listen, name="pipe", daemon=True).start()
        worker.run()
        worker.study.close()
    except NNError as error:
        sys.stderr.write(f"{' '.join(str(error).split())}\n")
        return FAILED
    return 0


if __name__ == "__main__":
    status = main()
    sys.stderr.flush()
    sys.exit(status)
