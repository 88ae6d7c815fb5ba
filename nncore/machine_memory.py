"""How much memory there is on this computer."""

from __future__ import annotations

import ctypes
import functools
import os
import sys
from pathlib import Path

UNKNOWN = 8 * 2**30
"""What is assumed where nobody tells [bytes]."""

_CONTAINER_LIMITS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)
"""Where Linux tells a container how much of the computer it may have."""


@functools.cache
def machine_memory() -> int:
    """All the memory that this program could have if nothing else ran [bytes].

    The same at each call, unlike what is free at the moment.
    """
    limits = [_installed(), *(_limit_in(path) for path in _CONTAINER_LIMITS)]
    return min((limit for limit in limits if limit > 0), default=UNKNOWN)


def _installed() -> int:
    """The computer's memory [bytes]; 0 where it is not told."""
    if sys.platform == "win32":
        status = _MemoryStatus(size=ctypes.sizeof(_MemoryStatus))
        is_told = ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status))
        return int(status.physical) if is_told else 0
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        return 0


def _limit_in(path: Path) -> int:
    """The number in a file [bytes]; 0 if there is none ("max")."""
    try:
        return int(path.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return 0


class _MemoryStatus(ctypes.Structure):
    """MEMORYSTATUSEX of Windows."""

    _fields_ = (
        ("size", ctypes.c_uint32),
        ("load", ctypes.c_uint32),
        ("physical", ctypes.c_uint64),
        ("others", ctypes.c_uint64 * 6),
    )
