"""Data sets: images with labels, their splits, and the preparation of single digits."""

from __future__ import annotations

import difflib
from pathlib import Path

from nncore.data.dataset import Dataset, Split
from nncore.data.sources import SOURCES, Source, idx_folder
from nncore.errors import DataError

__all__ = ["SOURCES", "Dataset", "Source", "Split", "load_dataset"]


def load_dataset(name_or_path: str | Path) -> Dataset:
    """Load a data set that ships with nnScratch, or one from a folder.

    Args:
        name_or_path: A name in `SOURCES` ("mnist"), or the path of a folder with four IDX files.

    Raises:
        DataError: If there is no such set, or its files cannot be used; the message names the file,
            the fault and what to do.
    """
    source = SOURCES.get(str(name_or_path))
    if source is not None:
        return source.load()
    try:
        path = Path(name_or_path).expanduser()
        if path.is_dir():
            return idx_folder.load(path)
        is_file = path.exists()
    except (OSError, RuntimeError) as error:  # RuntimeError: "~name" of an unknown user.
        raise DataError(f"{name_or_path} cannot be read: {error}. Check the path.") from None
    if is_file:
        raise DataError(f"{path} is not a folder. Name the folder that holds the four IDX files.")
    near = difflib.get_close_matches(str(name_or_path).lower(), SOURCES, n=1, cutoff=0.5)
    hint = f' Did you mean "{near[0]}"?' if near else ""
    raise DataError(
        f'There is no data set and no folder called "{name_or_path}".{hint} '
        f"Known names: {', '.join(SOURCES)}; otherwise give the path of a folder with IDX files."
    )
