"""How many threads the matrix products may use, for this process."""

from __future__ import annotations

from functools import lru_cache

from threadpoolctl import ThreadpoolController


def set_blas_threads(count: int) -> None:
    """Let numpy's matrix products use this many threads from now on.

    Args:
        count: Threads, at least 1.
    """
    _controller().limit(limits=count, user_api="blas")


@lru_cache(maxsize=1)
def _controller() -> ThreadpoolController:
    """Looking for the libraries takes milliseconds."""
    return ThreadpoolController()
