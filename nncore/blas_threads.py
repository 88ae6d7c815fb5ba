"""How many threads the matrix products may use, for this process."""

from __future__ import annotations

from threadpoolctl import ThreadpoolController


def set_blas_threads(count: int) -> None:
    """Let numpy's matrix products use this many threads from now on.

    One is the right number for small networks: two gain nothing below about 500 units, and slow
    training down up to 60 times when another process holds a core.

    Args:
        count: Threads, at least 1.
    """
    ThreadpoolController().limit(limits=count, user_api="blas")
