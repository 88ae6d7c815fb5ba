"""Numbers in words, the same everywhere in the window."""

from __future__ import annotations


def duration(seconds: float) -> str:
    """A time span: "0.8 s", "12 s", "3 min 05 s", "2 h 07 min".

    Args:
        seconds: Its length [s].
    """
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600:,} h {whole % 3600 // 60:02d} min"
