"""Data sets: images with labels, their splits, and the preparation of single digits."""

from __future__ import annotations

import difflib
from pathlib import Path

from nncore.data.dataset import Dataset, Split
from nncore.data.sources import SOURCES, Source, idx_folder
from nncore.errors import DataError

__all__ = ["SOURCES", "Dataset", "Source", "Split", "load_dataset"]


MOST_SHOWN = 200
"""How much of a name is repeated in a message [characters]."""


def load_dataset(name_or_path: str | Path) -> Dataset:
    """Load a data set that ships with nnScratch, or one from a folder.

    Args:
        name_or_path: A name in `SOURCES` ("mnist"), or the path of a folder with four IDX files.

    Raises:
        DataError: If there is no such set, or its files cannot be used; the message names the file,
            the fault and what to do.
    """
    name = str(name_or_path)
    source = SOURCES.get(name)
    if source is not None:
        return source.load()
    known = (
        f"Known names: {', '.join(SOURCES)}; otherwise give the path of a folder with IDX files."
    )
    if not name.strip():
        raise DataError(f"No data set is named. {known}")
    shown = name if len(name) <= MOST_SHOWN else f"{name[:MOST_SHOWN]}…"
    try:
        path = Path(name_or_path).expanduser()
        if path.is_dir():
            return idx_folder.load(path)
        is_file = path.exists()
    except (OSError, RuntimeError) as error:  # RuntimeError: "~name" of an unknown user.
        reason = (getattr(error, "strerror", None) or str(error)).rstrip(".")
        raise DataError(f"{shown} cannot be read: {reason}. Check the path.") from None
    if is_file:
        raise DataError(f"{path} is not a folder. Name the folder that holds the four IDX files.")
    near = difflib.get_close_matches(name.lower(), SOURCES, n=1, cutoff=0.5)
    hint = f' Did you mean "{near[0]}"?' if near else ""
    raise DataError(f'There is no data set and no folder called "{shown}".{hint} {known}')
