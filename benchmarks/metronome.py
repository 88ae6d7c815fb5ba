"""Metronome: a 60 Hz timer in the window's thread that notes how late it is called."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QObject, Qt, QTimer, Slot

FRAME_MS = 17
"""The whole milliseconds nearest to a sixtieth of a second."""


class Metronome(QObject):
    """Ticks from `start` to `stop`; a new turn is due a frame after the last one came."""

    def __init__(self) -> None:
        super().__init__()
        self._late: list[float] = []
        self._clock = QElapsedTimer()
        self._due = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._tick)
        self._clock.start()

    def start(self) -> None:
        """Begin to tick."""
        self._due = self._clock.nsecsElapsed() / 1e6 + FRAME_MS
        self._timer.start(FRAME_MS)

    def stop(self) -> list[float]:
        """Tick no more; how late each tick since the start was [ms]."""
        self._timer.stop()
        late, self._late = self._late, []
        return late

    @Slot()
    def _tick(self) -> None:
        self._late.append(max(self._clock.nsecsElapsed() / 1e6 - self._due, 0.0))
        self.start()
