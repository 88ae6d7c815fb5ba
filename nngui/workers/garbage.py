"""Python's search for garbage, in the window's thread and between two of its events only."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

_INTERVAL = 100
"""How often to look whether a search is due [ms]."""
_DUE_AFTER = 700, 10, 10
"""Objects made since the last search of the youngest; searches of the younger ones since the last
one of the middle and of the old: what Python itself goes by."""


class GarbageSearch(QObject):
    """Finds what is garbage but refers to itself, in place of Python, while it lives.

    Python searches in whatever thread makes the 700th object, and in the midst of anything. Parts
    of a closed plot then died in the thread that trained, with their timers and their share of Qt's
    caches, or while another plot was being painted: a segmentation fault in its `paintEvent`.

    Args:
        parent: Owner.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thresholds = gc.get_threshold()
        self._has_started = False
        # Not `gc.disable`, which others use for a while (see `search_engine`), and this respects.
        gc.set_threshold(0)
        self._timer = QTimer(self)
        self._timer.setInterval(_INTERVAL)
        self._timer.timeout.connect(self.search)
        self._timer.start()

    @Slot()
    def search(self) -> None:
        """Search, if that is due and nobody has asked the collector to rest."""
        young, middle, old = (
            count > most for count, most in zip(gc.get_count(), _DUE_AFTER, strict=True)
        )
        if not gc.isenabled():
            return
        if old and not self._has_started:
            # What is there by now is the program itself: to look through all of it takes 60 ms.
            self._has_started = True
            gc.freeze()
        if old or middle or young:
            gc.collect(2 if old else 1 if middle else 0)

    def close(self) -> None:
        """Leave it to Python again."""
        self._timer.stop()
        gc.set_threshold(*self._thresholds)
