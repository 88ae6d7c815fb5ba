"""The measured process of `benchmarks.memory`: one epoch of a workload, from loading the data."""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path

from benchmarks.workloads import WORKLOADS
from nncore.data import load_dataset
from nncore.trainer import Trainer


def peak() -> float:
    """The most memory this process has held [MB].

    Linux counts a parent's peak into the child's `ru_maxrss`, so its own account is read there.
    """
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text(encoding="ascii").splitlines()
        line = next(line for line in lines if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024 / 1e6
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def main() -> None:
    """Print both peaks as one line of JSON."""
    imports = peak()
    trainer = Trainer(WORKLOADS[sys.argv[1]].config, load_dataset("mnist"))
    for _ in trainer.run():
        pass
    print(json.dumps({"imports": imports, "peak": peak()}))


if __name__ == "__main__":
    main()
