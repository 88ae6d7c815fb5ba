"""Where the files that ship with nnScratch lie: data sets, icons, help texts."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from nncore.errors import DataError


def resource_path(*parts: str) -> Path:
    """The path of a file or folder in `resources`, in a checkout or an installed wheel.

    Args:
        parts: Names below `resources`, as in `"datasets", "mnist"`.

    Raises:
        DataError: If it is not there, which means that the installation is incomplete.
    """
    path = Path(str(files("resources").joinpath(*parts)))
    if not path.exists():
        raise DataError(f"{path} is missing: the installation is incomplete. Reinstall nnScratch.")
    return path
