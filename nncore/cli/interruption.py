"""Ctrl+C as a wish that is fulfilled when it does no harm."""

from __future__ import annotations

import signal
from types import FrameType, TracebackType
from typing import Any, Self


class Interruption:
    """Notes Ctrl+C, or a request to end, while it is entered; a second Ctrl+C ends at once.

    An exception in the midst of a step would leave half-updated weights behind.

    Attributes:
        is_asked: Whether somebody asked to stop.
    """

    def __init__(self) -> None:
        self.is_asked = False
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Self:
        for number in (signal.SIGINT, signal.SIGTERM):
            self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _note(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        if self.is_asked:
            raise KeyboardInterrupt
        self.is_asked = True
