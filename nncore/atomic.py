"""Writes files so that a crash, a full disk or a killed process leaves the old one whole.

The new content goes to a temporary file in the same folder, is flushed to the disk, and only then
takes the old one's place in one step.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
from collections.abc import Callable, Generator, Mapping
from pathlib import Path
from typing import BinaryIO

from nncore.errors import FileWriteError

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)


def write_atomically(path: Path, data: bytes | Callable[[BinaryIO], object]) -> None:
    """Write a file as a whole or not at all.

    A link is followed: the file it points to is replaced.

    Args:
        path: The file; one that exists is replaced and keeps its permissions.
        data: Its content, or what writes the content into the open file that it is given.

    Raises:
        FileWriteError: If it cannot be written; the message names the file and what to do, and the
            old file is unchanged.
    """
    path = Path(path)
    with _explained(path):
        target = _resolved(path)
        _check_replaceable(path, target)
        part = _beside(target)
        try:
            _write(part, data)
            if target.exists():
                shutil.copymode(target, part)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
        _sync_folder(target.parent)


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it, unless it is there.

    Raises:
        FileWriteError: If it cannot be made; the message names it and what to do.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise FileWriteError(
            f"The folder {folder} cannot be made: a file is in its place. Move that away."
        ) from error
    except OSError as error:
        raise FileWriteError(
            f"The folder {folder} cannot be made: {_reason(folder, error)}"
        ) from error


def write_folder_atomically(path: Path, files: Mapping[str, bytes]) -> None:
    """Write a folder of files as a whole or not at all.

    Args:
        path: The folder. One that exists is replaced only if nothing is lost by it: if it holds no
            other files than those that are written.
        files: The content of each file by its name.

    Raises:
        FileWriteError: If it cannot be written, or something else is in the folder; what was there
            is unchanged.
    """
    path = Path(path)
    with _explained(path):
        target = _resolved(path)
        _check_folder_replaceable(path, target, files)
        part, old = _beside(target), _beside(target)
        try:
            part.mkdir()
            for name, data in files.items():
                _write(part / name, data)
            _sync_folder(part)
            if target.exists():
                target.rename(old)
            try:
                part.rename(target)
            except OSError:
                if old.exists():
                    old.rename(target)
                raise
        finally:
            shutil.rmtree(part, ignore_errors=True)
        _sync_folder(target.parent)
        shutil.rmtree(old, ignore_errors=True)


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except (ValueError, RuntimeError) as error:  # A null character; a loop of links.
        raise FileWriteError(f"{str(path)!r} is not a usable name: {error}.") from error


def _beside(target: Path) -> Path:
    """A name in the same folder that nobody else uses; short, for names have a longest length."""
    return target.parent / f".{target.name[:40]}.{secrets.token_hex(4)}.part"


def _write(path: Path, data: bytes | Callable[[BinaryIO], object]) -> None:
    with path.open("xb") as file:
        if callable(data):
            data(file)
        else:
            file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Make a rename last through a power cut, where the system knows such a thing."""
    if os.name != "posix":
        return
    # Some network and FUSE file systems refuse to sync a folder; the file itself is safe by then.
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _check_replaceable(path: Path, target: Path) -> None:
    if target.is_dir():
        raise FileWriteError(f"{path} is a folder. Choose a file name in it.")
    if target.exists():
        if not target.is_file():
            raise FileWriteError(f"{path} is not a regular file. Choose another name.")
        _check_not_read_only(path, target)


def _check_not_read_only(path: Path, target: Path) -> None:
    # Replacing needs no permission on the file itself, so that its lock has to be looked at here.
    if not target.stat().st_mode & 0o222:
        raise FileWriteError(
            f"{path} is read-only and was left as it is. "
            "Choose another name or allow writing to it."
        )


def _check_folder_replaceable(path: Path, target: Path, files: Mapping[str, bytes]) -> None:
    if not target.exists():
        return
    if not target.is_dir():
        raise FileWriteError(f"{path} is a file. Choose another name for the folder.")
    _check_not_read_only(path, target)
    others = sorted({entry.name for entry in target.iterdir()} - set(files))
    if others:
        raise FileWriteError(
            f"{path} already holds {others[0]}"
            f"{f' and {len(others) - 1} more' if len(others) > 1 else ''}, and was left as it is. "
            "Choose a new folder."
        )


@contextlib.contextmanager
def _explained(path: Path) -> Generator[None, None, None]:
    """Turn what the operating system says into a sentence that helps."""
    try:
        yield
    except OSError as error:
        raise FileWriteError(f"{path} was not written: {_reason(path, error)}") from error


def _reason(path: Path, error: OSError) -> str:
    folder = path.parent
    if error.errno in _FULL:
        return "there is no room left. Free some space or choose another folder."
    if error.errno in _FORBIDDEN:
        return f"writing to {folder} is not allowed, or the file is in use. Choose another folder."
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return f"the folder {folder} does not exist. Create it or choose another one."
    if error.errno == errno.ENAMETOOLONG:
        return "the name is too long. Choose a shorter one."
    return f"{error.strerror or error}. Try again or choose another folder."
