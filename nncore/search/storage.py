"""Where studies are kept: a SQLite file, or a PostgreSQL server that several machines share."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import platformdirs
import sqlalchemy
import sqlalchemy.event
from optuna.exceptions import OptunaError, StorageInternalError
from optuna.storages import RDBStorage
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from nncore.errors import SearchError

_FILE = "searches.sqlite3"
# Long enough for a dozen workers that write at the same time.
_LOCK_SECONDS = 60.0
_SQLITE = "sqlite:///"


def default_storage() -> str:
    """The URL of the file in the person's data folder."""
    folder = Path(platformdirs.user_data_dir("nnscratch", appauthor=False))
    return f"{_SQLITE}{folder / _FILE}"


def storage_url(text: str | Path | None) -> str:
    """A storage's URL: as it is, or made from a file's path; None is the default."""
    if text is None:
        return default_storage()
    if "://" not in str(text):
        return f"{_SQLITE}{Path(text).expanduser().resolve()}"
    scheme, rest = str(text).split("://", 1)
    if scheme in ("postgresql", "postgres"):
        scheme = "postgresql+psycopg"
    return f"{scheme}://{rest}"


def shown_url(url: str) -> str:
    """A URL that may be shown: without its password; a file as its path."""
    if url.startswith(_SQLITE):
        return url.removeprefix(_SQLITE)
    try:
        return sqlalchemy.make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return url.split("://", 1)[0] + "://..."


def storage_folder(url: str) -> Path | None:
    """The folder of a storage that is a file."""
    return Path(url.removeprefix(_SQLITE)).parent if url.startswith(_SQLITE) else None


def open_storage(url: str, *, create: bool = False) -> RDBStorage:
    """Open a storage.

    Args:
        url: What `storage_url` gives.
        create: Whether to make the file or the tables if there are none. Only one process may at a
            time, so workers don't.

    Raises:
        SearchError: If it cannot be opened; the message hides the password and says what to do.
    """
    if url.startswith(_SQLITE):
        _check_file(Path(url.removeprefix(_SQLITE)), create)
    options: dict[str, Any] = {"pool_pre_ping": True}
    if url.startswith(_SQLITE):
        options = {"connect_args": {"timeout": _LOCK_SECONDS}}
    try:
        storage = RDBStorage(url, options, skip_table_creation=not create)
    except ImportError:
        raise SearchError(
            f"{shown_url(url)} needs a library that is not installed. For PostgreSQL: "
            'pip install "nnscratch[postgres]"'
        ) from None
    except (SQLAlchemyError, StorageInternalError, RuntimeError) as error:
        raise SearchError(_reason(url, error)) from None
    if url.startswith(_SQLITE):
        with closed_on_failure(storage):
            _write_ahead(storage)
    return storage


def close_storage(storage: RDBStorage) -> None:
    """Let go of a storage's connections."""
    storage.remove_session()
    storage.engine.dispose()


@contextmanager
def closed_on_failure(storage: RDBStorage) -> Generator[RDBStorage, None, None]:
    """A storage that stays open, unless what is first done with it fails."""
    try:
        yield storage
    except BaseException:
        close_storage(storage)
        raise


def load_database() -> None:
    """Load the libraries that the first storage needs, which takes half a second."""
    RDBStorage(f"{_SQLITE}:memory:").engine.dispose()


def _check_file(path: Path, create: bool) -> None:
    if create:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SearchError(
                f"{path.parent} cannot be made: {error.strerror}. Choose another --storage."
            ) from None
    elif not path.exists():
        raise SearchError(f"{path} does not exist: no search has been kept there.")


@contextmanager
def failures_told(study: str) -> Generator[None, None, None]:
    """Make a sentence of a storage that fails while it is used: a full disk, a server that is gone.

    Args:
        study: The study's name.

    Raises:
        SearchError: If it fails.
    """
    try:
        yield
    except (SQLAlchemyError, OptunaError) as error:
        raise SearchError(
            f"The storage of {study} failed: {_cause(error)}. What was finished is kept; what was "
            "under way will be tried again when the search goes on."
        ) from error


def settle(storage: RDBStorage) -> None:
    """Wait until what was written survives a power cut, too; a server sees to that by itself.

    Raises:
        SQLAlchemyError: If the disk is full.
    """
    if storage.engine.dialect.name == "sqlite":
        with storage.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)")


def _write_ahead(storage: RDBStorage) -> None:
    """Let readers and a writer work at the same time, and no commit wait for the disk.

    What is committed is safe from the death of any process; `settle` makes it safe from a power
    cut. A trial has a dozen commits, and a busy disk takes some 0.1 s to answer each.
    """
    sqlalchemy.event.listen(storage.engine, "connect", _without_waiting)
    # Connections that were opened before know nothing of this.
    storage.engine.dispose()
    try:
        with storage.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise SearchError(_reason(str(storage.url), error)) from None


def _without_waiting(connection: sqlite3.Connection, _: object) -> None:
    connection.execute("PRAGMA synchronous=NORMAL")


def _reason(url: str, error: Exception) -> str:
    return (
        f"The storage {shown_url(url)} cannot be used: {_cause(error)}. "
        "Check that it exists, that the server runs and that writing to it is allowed."
    )


def _cause(error: Exception) -> str:
    """The first line of what the database itself said."""
    cause = error.__cause__ or error
    lines = str(getattr(cause, "orig", None) or cause).strip().splitlines()
    return lines[0] if lines else type(cause).__name__
