"""The folder that a training writes its results into."""

from __future__ import annotations

import tempfile
from pathlib import Path

from nncore.atomic import write_atomically
from nncore.errors import FileWriteError
from nncore.history import History
from nncore.model_file import Model, save_model

CHECKPOINT = "checkpoint.safetensors"
MODEL, CONFIG, HISTORY = "model.safetensors", "config.json", "history.csv"
_DEFAULT = "nnscratch-run"


def choose_folder(asked: Path | None, overwrite: bool, resumed: Path | None = None) -> Path:
    """Find the folder, and refuse before hours of training what would fail after them.

    Args:
        asked: What the person named; without it a new folder in the current one is numbered.
        overwrite: Whether earlier results in it may be replaced.
        resumed: The checkpoint of the run that goes on; it may lie in the folder.

    Returns:
        A folder that exists and can be written to.

    Raises:
        FileWriteError: If there are results already, or it cannot be written to.
    """
    folder = asked if asked is not None else _numbered(Path(_DEFAULT))
    resumed = resumed.resolve() if resumed is not None else None
    results = [folder / name for name in (MODEL, CONFIG, HISTORY, CHECKPOINT)]
    earlier = [path.name for path in results if path.exists() and path.resolve() != resumed]
    if earlier and not overwrite:
        raise FileWriteError(
            f"{folder} already holds {earlier[0]} of an earlier run. "
            "Choose another folder, or add --overwrite to replace it."
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise FileWriteError(
            f"{folder} cannot be written to: {error.strerror}. Choose another folder with --output."
        ) from None
    return folder


def write_run(folder: Path, model: Model, history: History) -> dict[str, str]:
    """Write the three files, each as a whole or not at all.

    Returns:
        Their absolute paths by what they hold: "model", "config", "history".

    Raises:
        FileWriteError: If one cannot be written. The network is not lost even so: it is put where
            temporary files go, and the message says where.
    """
    try:
        # The model last: where it is, the others are.
        write_atomically(folder / CONFIG, model.config.to_json().encode())
        write_atomically(folder / HISTORY, history.to_csv().encode())
        save_model(folder / MODEL, model)
    except FileWriteError as error:
        shelter = Path(tempfile.mkdtemp(prefix="nnscratch-")) / MODEL
        save_model(shelter, model)
        raise FileWriteError(f"{error} The trained model is in {shelter} instead.") from None
    names = {"model": MODEL, "config": CONFIG, "history": HISTORY}
    return {what: str((folder / name).resolve()) for what, name in names.items()}


def drop_if_empty(folder: Path) -> None:
    """Take a folder away again that was made for nothing."""
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def _numbered(folder: Path) -> Path:
    number, free = 1, folder
    while free.exists():
        number += 1
        free = folder.with_name(f"{folder.name}-{number}")
    return free
