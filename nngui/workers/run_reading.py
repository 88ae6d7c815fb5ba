"""Reads what the window opens: a model, or a checkpoint with the data of its run."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from nncore.checkpoint import Checkpoint, is_checkpoint, read_checkpoint, read_checkpoint_header
from nncore.data import Dataset, load_dataset
from nncore.errors import DataError
from nncore.model_file import Model, load_model


def read_model_or_run(path: Path, known: Dataset | None) -> Model | Checkpoint:
    """Read a file by what it says that it is; see `read_run` and `load_model`."""
    return read_run(path, known) if is_checkpoint(path) else load_model(path)


def read_run(path: Path, known: Dataset | None) -> Checkpoint:
    """Read a checkpoint, and its run's data if they are not those that are loaded.

    Args:
        path: The file.
        known: What is loaded. If the run was trained on just these, it goes on with them, even if
            their folder has another name by now.

    Raises:
        ModelFileError: If the file cannot be read, is damaged, or is no checkpoint.
        DataError: If the run's data cannot be had.
    """
    config, place = read_checkpoint_header(path)
    if known is not None and known.fingerprint == place.fingerprint:
        checkpoint = read_checkpoint(path, known)
        here = config.replace("data.name", known.name)
        return dataclasses.replace(checkpoint, config=here)
    try:
        dataset = load_dataset(config.data.name)
    except DataError as error:
        raise DataError(
            f"{path} belongs to a run on {config.data.name}, which cannot be loaded: {error} "
            "If the data are elsewhere now, choose them under Data, then try again."
        ) from None
    return read_checkpoint(path, dataset)
