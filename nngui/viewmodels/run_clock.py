"""RunClock: the time that a run has trained, its pauses left out."""

from __future__ import annotations

import time


class RunClock:
    """Stands still at first."""

    def __init__(self) -> None:
        self._before = 0.0
        self._since: float | None = None

    @property
    def is_running(self) -> bool:
        """Whether time is counted now."""
        return self._since is not None

    @property
    def seconds(self) -> float:
        """The time counted [s]."""
        return self._before + (time.monotonic() - self._since if self._since is not None else 0.0)

    def reset(self, seconds: float = 0.0) -> None:
        """Stand still at so much [s]."""
        self._before, self._since = seconds, None

    def start(self) -> None:
        """Count from now on."""
        self._before, self._since = self.seconds, time.monotonic()

    def pause(self) -> None:
        """Count no more until the next start."""
        self.reset(self.seconds)
