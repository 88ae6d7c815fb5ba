"""Child processes to measure in, each with its own number of threads, fixed before numpy loads."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

KERNELS = "OPENBLAS_CORETYPE"
"""Binds OpenBLAS to kernels of somebody's choice. Where a machine has it set, to get the same
rounding everywhere, numpy would be measured with a hand tied (AVX2 in place of AVX-512 costs W5
40 % of its speed), and PyTorch and JAX, which have products of their own, would not."""

POOLS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def run(module: str, *arguments: str, threads: int = 1) -> Any:
    """Run a module of this package in a child process; its last line of output is JSON.

    With one thread the child is also held on one core where the system allows it: XLA has no other
    way to be told.

    Args:
        module: Its full name.
        *arguments: Of its command line.
        threads: How many threads each library may use.
    """
    environment = os.environ | dict.fromkeys(POOLS, str(threads))
    environment.pop(KERNELS, None)
    command = [sys.executable, "-m", module, *arguments]
    with _one_core() if threads == 1 else _all_cores():
        child = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    output, _ = child.communicate()
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, command)
    return json.loads(output.splitlines()[-1])


@contextmanager
def _all_cores() -> Iterator[None]:
    yield


@contextmanager
def _one_core() -> Iterator[None]:
    """A child started meanwhile inherits the one core; this process gets its own back."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(cores)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)
