"""Settings: what the window remembers between sessions, in one JSON file."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from PySide6.QtCore import QObject, Signal

from nncore.atomic import write_atomically
from nncore.config import RunConfig
from nncore.errors import NNError

RECENT_FILES = 10
THEMES = ("system", "light", "dark")
_MAX_BYTES = 4_000_000

_log = logging.getLogger(__name__)


class Settings(QObject):
    """Remembered values; a file that cannot be read or written never stops the program.

    Args:
        path: The JSON file; it is written by `save`.
        parent: Owner.
    """

    recentChanged = Signal()

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._values = _read(path)

    @property
    def theme(self) -> str:
        """One of `THEMES`."""
        theme = self._values.get("theme")
        return theme if theme in THEMES else "system"

    @theme.setter
    def theme(self, theme: str) -> None:
        self._values["theme"] = theme

    @property
    def config(self) -> RunConfig | None:
        """The last configuration, None if there is none that can be used."""
        tree = self._values.get("config")
        if not isinstance(tree, dict):
            return None
        try:
            return RunConfig.from_dict(cast(dict[str, Any], tree))
        except NNError as error:
            _log.warning("the remembered configuration is left out: %s", error)
            return None

    @config.setter
    def config(self, config: RunConfig) -> None:
        self._values["config"] = config.to_dict()

    @property
    def recent_files(self) -> list[Path]:
        """Model files opened or saved, newest first."""
        names = self._values.get("recent_files")
        if not isinstance(names, list):
            return []
        return [Path(name) for name in cast(list[Any], names) if isinstance(name, str)]

    def add_recent(self, path: Path) -> None:
        """Put a model file at the top of the recent files."""
        path = path.absolute()
        others = [other for other in self.recent_files if other != path]
        self._set_recent([path, *others][:RECENT_FILES])

    def forget_recent(self, path: Path) -> None:
        """Take a model file from the recent files."""
        self._set_recent([other for other in self.recent_files if other != path])

    def clear_recent(self) -> None:
        """Forget all recent files."""
        self._set_recent([])

    def text(self, name: str) -> str:
        """A remembered text such as a window's geometry, "" if there is none."""
        value = self._values.get(name)
        return value if isinstance(value, str) else ""

    def set_text(self, name: str, value: str) -> None:
        """Remember a text."""
        self._values[name] = value

    def save(self) -> None:
        """Write the file; a failure is logged, for nobody should be kept from leaving by it."""
        self.saving()()

    def saving(self) -> Callable[[], None]:
        """What writes the values of this moment, in any thread."""
        path, data = self._path, json.dumps(self._values, indent=1).encode()

        def save() -> None:
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                write_atomically(path, data)
            except (NNError, OSError) as error:
                _log.warning("settings were not saved: %s", error)

        return save

    def _set_recent(self, paths: list[Path]) -> None:
        self._values["recent_files"] = [str(path) for path in paths]
        self.recentChanged.emit()


def _read(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise ValueError("too large")
        values = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        _log.warning("settings were not read: %s", error)
        return {}
    return cast(dict[str, Any], values) if isinstance(values, dict) else {}
