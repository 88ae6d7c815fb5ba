"""RecoverySlot: a file that holds a run under way, and the lock that says whose it is."""

from __future__ import annotations

import contextlib
import logging
import secrets
import threading
import time
from pathlib import Path

from PySide6.QtCore import QLockFile

from nncore.atomic import make_folder
from nncore.checkpoint import Checkpoint

LEFT_OVER = 5
"""How many runs that were cut short are kept; one of Wide takes 13 MB."""
_SUFFIX = ".safetensors"
_WRITTEN_SECONDS = 10.0
"""After so long a lock has surely been filled in by whoever made it [s]."""

_log = logging.getLogger(__name__)


class RecoverySlot:
    """Where one window keeps one run; what it does may be done in any thread.

    The lock is a file beside it that names the process. A process that was killed leaves it there,
    and it counts for nothing then: so a window finds the runs that were cut short, and never takes
    one that goes on in another window.

    Args:
        path: The checkpoint; it need not exist yet.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._mutex = threading.Lock()
        self._step = -1
        self._is_removed = False
        self._lock = QLockFile(str(path.with_suffix(".lock")))
        # However long it takes: only a process that is gone gives its lock up.
        self._lock.setStaleLockTime(0)

    @classmethod
    def new(cls, folder: Path) -> RecoverySlot:
        """One that nobody has, in a folder that need not exist yet."""
        return cls(folder / (secrets.token_hex(8) + _SUFFIX))

    def claim(self) -> bool:
        """Lock it; False if another window has it."""
        if self._lock.isLocked() or self._lock.tryLock(0):
            return True
        if self._is_nobodys() and self._lock.tryLock(0):
            return True
        # On a full disk no lock can be written, and that is when its run is needed most.
        return self._lock.error() is not QLockFile.LockError.LockFailedError

    def _is_nobodys(self) -> bool:
        """Take a lock away that names no process, as a power cut may leave it."""
        path = Path(self._lock.fileName())
        with contextlib.suppress(OSError):
            if not path.read_bytes() and time.time() - path.stat().st_mtime > _WRITTEN_SECONDS:
                path.unlink()
                return True
        return False

    def write(self, checkpoint: Checkpoint) -> None:
        """Put a run in place of an earlier state of it; nothing happens after `remove`.

        Raises:
            NNError: If it cannot be written; the earlier state is whole.
        """
        with self._mutex:
            if self._is_removed or checkpoint.step < self._step:
                return
            make_folder(self.path.parent)
            self.claim()
            checkpoint.write(self.path)
            self._step = checkpoint.step

    def remove(self) -> None:
        """Take the file away, for its run is kept elsewhere or not wanted."""
        with self._mutex:
            self._is_removed = True
            try:
                self.path.unlink(missing_ok=True)
            except OSError as error:
                _log.warning("a run that is over could not be taken away: %s", error)
            self._lock.unlock()

    def sweep(self) -> None:
        """Take away what a process that was killed while writing has left half done."""
        for part in self.path.parent.glob(f".{self.path.name}.*.part"):
            with contextlib.suppress(OSError):
                part.unlink()

    def release(self) -> None:
        """Leave the file to whoever finds it."""
        self._lock.unlock()


def left_over(folder: Path) -> list[RecoverySlot]:
    """Claim the runs that were cut short, newest first; the oldest of too many are taken away."""
    names = {path.name for path in folder.glob(f"*{_SUFFIX}")}
    names |= {path.stem + _SUFFIX for path in folder.glob("*.lock")}
    names |= {path.name[1:].rsplit(".", 2)[0] for path in folder.glob(".*.part")}
    claimed = [slot for slot in (RecoverySlot(folder / name) for name in names) if slot.claim()]
    whole: list[tuple[float, RecoverySlot]] = []
    for slot in claimed:
        slot.sweep()
        if slot.path.exists():
            whole.append((slot.path.stat().st_mtime, slot))
        else:
            slot.remove()
    newest_first = [slot for _, slot in sorted(whole, key=lambda pair: pair[0], reverse=True)]
    for slot in newest_first[LEFT_OVER:]:
        slot.remove()
    return newest_first[:LEFT_OVER]
