"""Kept searches, read without running them: listed, looked at, their importances, their networks.

Everything here runs in a thread: Optuna and its database take a second to load, and a disk may be
slow.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nncore.data import Dataset, load_dataset
from nncore.errors import NNError, SearchError
from nncore.search.records import TrialRecord
from nncore.search.spec import SearchSpec

if TYPE_CHECKING:
    from nncore.search.study import SearchStudy


@dataclass(frozen=True)
class OpenedStudy:
    """A study as it was when it was opened.

    Attributes:
        name: Its name in the storage.
        spec: What is searched, and how.
        records: Its trials.
        total: How many there will be, None when only the time says.
        report: What the test images said, as a sentence; empty before they are read.
        seconds: How long it has been running [s].
        points: How many points a sweep or a grid has; None for other strategies.
        is_running: Whether workers of another program are at it.
    """

    name: str
    spec: SearchSpec
    records: tuple[TrialRecord, ...]
    total: int | None
    report: str
    seconds: float = 0.0
    points: int | None = None
    is_running: bool = False


@dataclass(frozen=True)
class Importance:
    """Which hyperparameters matter.

    Attributes:
        shares: The share of each, the largest first; empty when nothing can be said.
        completed: The completed trials from which that follows.
        method: What the method is called.
        least: Completed trials below which nothing is said.
    """

    shares: dict[str, float]
    completed: int
    method: str
    least: int


def open_study(storage: str | None, name: str, spec: SearchSpec | None = None) -> SearchStudy:
    """Open a study that is kept, or make a new one.

    Args:
        storage: A file or a URL; None for the person's data folder.
        name: The study's name.
        spec: What a new one searches; None to open one that exists.

    Raises:
        SearchError: If the storage cannot be used, or the name is taken or unknown.
    """
    from nncore.search.storage import storage_url
    from nncore.search.study import SearchStudy

    url = storage_url(storage)
    return SearchStudy.open(url, name) if spec is None else SearchStudy.create(url, name, spec)


def kept_studies(storage: str | None) -> tuple[str, ...]:
    """The names of the studies that are kept, the newest first; none if there is no storage yet."""
    from nncore.search.storage import storage_folder, storage_url
    from nncore.search.study import study_names

    url = storage_url(storage)
    folder = storage_folder(url)
    if folder is not None and not any(folder.glob("*.sqlite3")):
        return ()
    return tuple(reversed(study_names(url)))


def look_at_study(storage: str | None, name: str) -> OpenedStudy:
    """Read a study without running it.

    Raises:
        SearchError: If it cannot be read.
    """
    study = open_study(storage, name)
    try:
        return facts_of(study)
    finally:
        study.close()


def facts_of(study: SearchStudy) -> OpenedStudy:
    """A study as it stands now."""
    from nncore.search.final_test import report_from
    from nncore.search.queue import TrialQueue

    reports = (study.test or {}).get("reports", [])
    sentence = report_from(reports[-1]).sentence() if reports else ""
    return OpenedStudy(
        name=study.name,
        spec=study.spec,
        records=study.records(),
        total=study.total,
        report=sentence,
        seconds=study.clock.spent,
        points=len(study.points) if study.spec.is_grid else None,
        is_running=TrialQueue(study, "").is_attended(time.time()),
    )


def importance_of(spec: SearchSpec, records: Sequence[TrialRecord]) -> Importance:
    """Work out which hyperparameters of a study matter.

    Args:
        spec: The search.
        records: Its trials, as they are known here already.
    """
    from nncore.search.importance import LEAST_TRIALS, METHOD, completed_of, importances

    count = len(completed_of(records))
    return Importance(importances(spec, records), count, METHOD, LEAST_TRIALS)


def network_file(
    storage: str | None,
    name: str,
    record: TrialRecord,
    dataset: Dataset | None,
    tell: Callable[[str], None],
) -> Generator[None, None, Path]:
    """The model file of a completed trial's first network, which is trained again if none is kept.

    Training again with the same seed gives the same network.

    Args:
        storage: Where the study is.
        name: The study's name.
        record: The trial, completed.
        dataset: The study's data set if that is loaded already.
        tell: Told in words how far it is.

    Returns:
        The file's path.

    Raises:
        NNError: If it cannot be trained or written.
    """
    kept = next((Path(path) for path in record.weights if Path(path).exists()), None)
    if kept is not None:
        return kept
    if record.config is None or record.state != "completed":
        raise SearchError(f"Trial {record.number} was not completed, so it has no network.")
    from nncore.search.session import weights_folder
    from nncore.search.shared_images import without_test
    from nncore.search.trial_run import TrialRun
    from nncore.search.weights import network_path, save_networks

    study = open_study(storage, name)
    try:
        folder = weights_folder(study)
        if folder is None:
            raise SearchError("A study on a server has no folder for networks on this machine.")
        folder /= "opened"
        path = network_path(folder, record.number, record.config.training.seed)
        if path.exists():
            return path
        if dataset is None or dataset.name != record.config.data.name:
            dataset = load_dataset(record.config.data.name)
        objective = study.spec.settings.objective
        run = TrialRun(record.config, without_test(dataset), objective, 1, lambda *_: False)
        epochs, done = record.config.training.epochs, 0
        for has_epoch in run:
            done += has_epoch
            tell(f"Training trial {record.number} again: epoch {done:,} of {epochs:,}…")
            yield
        if run.outcome != "completed":
            raise SearchError(f"Training trial {record.number} again did not succeed: {run.reason}")
        try:
            return save_networks(study, dataset, run, record.number, folder)[0]
        except OSError as error:
            raise NNError(f"The network of trial {record.number} was not kept: {error}") from None
    finally:
        study.close()
