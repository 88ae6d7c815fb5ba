"""Python's search for garbage, in the window's thread and between two of its events only."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

_INTERVAL = 100
"""How often to look whether a search is due [ms]."""
_DUE_AFTER = 700, 10, 10
"""Objects made since the last search of the youngest; searches of the younger ones since the last
one of the middle and of the old: what Python itself goes by."""
SETTLING = 50
"""How many times, at the start, what there is is set aside: it is the program itself, of 100,000
objects, and to look through them takes up to 60 ms."""


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
        self._settling = SETTLING
        # Not `gc.disable`, which others use for a while (see `search_engine`), and this respects.
        gc.set_threshold(0)
        self._timer = QTimer(self)
        self._timer.setInterval(_INTERVAL)
        self._timer.timeout.connect(self.search)
        self._timer.start()

    @Slot()
    def search(self) -> None:
        """Search, if that is due and nobody has asked the collector to rest."""
        if not gc.isenabled():
            return
        if self._settling:
            self._settling -= 1
            gc.freeze()
            return
        for generation in (2, 1, 0):
            if gc.get_count()[generation] > _DUE_AFTER[generation]:
                gc.collect(generation)
                return

    def close(self) -> None:
        """Leave it to Python again."""
        self._timer.stop()
        gc.set_threshold(*self._thresholds)
