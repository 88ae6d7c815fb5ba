"""Which of OpenBLAS's kernels numpy's matrix products use; this module must not load numpy.

OpenBLAS picks its kernels by the processor's name when numpy loads it, and takes old ones for a
processor it doesn't know yet: those for AVX2 on an AMD EPYC of family 26 (OpenBLAS 0.3.31), where
the ones for AVX-512 are 1.4 to 1.9 times as fast from W2 to W5 (benchmarks/workloads.py).
"""

from __future__ import annotations

import os
import sys
from collections.abc import MutableMapping
from pathlib import Path

VARIABLE = "OPENBLAS_CORETYPE"
"""Where OpenBLAS looks for a choice made by somebody else."""

_KERNELS = "SkylakeX"
_NEEDED = frozenset({"avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"})
_VENDOR = "AuthenticAMD"


def choose_kernels() -> None:
    """Let OpenBLAS use AVX-512 where the processor has it and OpenBLAS might not know.

    It does nothing if numpy has been loaded, for then OpenBLAS has chosen; if the person has chosen
    already; or where the system doesn't tell what the processor can (anything but Linux).
    """
    if "numpy" not in sys.modules:
        set_kernels(os.environ, Path("/proc/cpuinfo"))


def set_kernels(environment: MutableMapping[str, str], cpuinfo: Path) -> None:
    """Write the choice into an environment.

    Intel's processors are left alone: OpenBLAS knows them, and has better kernels for some.

    Args:
        environment: Variables of the process; one that is set is left as it is.
        cpuinfo: Where Linux tells of the processor; may be missing.
    """
    try:
        words = cpuinfo.read_text(encoding="ascii", errors="replace").partition("\n\n")[0].split()
    except OSError:
        return
    if _VENDOR in words and set(words) >= _NEEDED:
        environment.setdefault(VARIABLE, _KERNELS)
