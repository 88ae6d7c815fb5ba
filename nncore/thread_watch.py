"""Several threads for the matrix products, as long as they pay."""

from __future__ import annotations

from collections.abc import Callable

from nncore.blas_threads import set_blas_threads

_LOOK = 0.1
"""How long to measure before judging, by the speed with one thread [s]."""
_LEAST_GAIN = 1.05
"""Several threads must be this many times as fast as one to be kept."""
_FIRST_PAUSE = 2.0
_LONGEST_PAUSE = 120.0
"""How long one thread works on before several are tried again: doubled each time they don't
pay, from the first to the longest [s]."""


class ThreadWatch:
    """Measures one thread, tries several, and goes back to one where they don't pay.

    Two threads train networks of 512 units and more 1.6 to 1.9 times as fast, and up to 60 times as
    slow while another process holds one of the cores: OpenBLAS's threads wait for each other in
    every product. So the steps are counted against the clock all the time.

    Attributes:
        threads: In use now.
    """

    def __init__(self, wanted: int, set_threads: Callable[[int], None] = set_blas_threads) -> None:
        """Begin with one thread.

        Args:
            wanted: The most threads to use; with 1 there is nothing to watch.
            set_threads: Puts a number of threads into effect.
        """
        self.threads = 1
        self._wanted = wanted
        self._set_threads = set_threads
        self._alone = 0.0
        self._pause = self._until_next = 0.0
        self._steps = 0
        self._seconds = 0.0
        set_threads(1)

    @property
    def most_steps(self) -> int | None:
        """How many steps to take before the next `note`, at least 1; None for any number.

        Few, so that a collapse is over soon.
        """
        if self._wanted == 1:
            return None
        return max(1, int(_LOOK / 4 / self._alone)) if self._alone else 1

    def note(self, steps: int, seconds: float) -> None:
        """Take note of what some steps took, and choose for the next ones.

        Args:
            steps: Steps that were taken since the last call.
            seconds: How long they took [s].
        """
        if self._wanted == 1 or not steps:
            return
        self._steps += steps
        self._seconds += seconds
        self._until_next -= seconds
        if self._seconds < _LOOK:
            return
        each = self._seconds / self._steps
        self._steps, self._seconds = 0, 0.0
        if self.threads == 1:
            self._alone = each
            if self._until_next <= 0:
                self._use(self._wanted)
        elif each * _LEAST_GAIN > self._alone:
            self._pause = min(max(2 * self._pause, _FIRST_PAUSE), _LONGEST_PAUSE)
            self._until_next = self._pause
            self._use(1)
        else:
            self._pause = 0.0

    def close(self) -> None:
        """Go back to one thread, for what comes after the run."""
        self._use(1)

    def _use(self, threads: int) -> None:
        self.threads = threads
        self._set_threads(threads)
