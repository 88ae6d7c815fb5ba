from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

import pytest

from nncore.atomic import make_folder, write_atomically, write_folder_atomically
from nncore.errors import FileWriteError


def fails_with(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the disk refuse the flush, which is where a full one is noticed at last."""

    def refuse(_: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refuse)


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_file_is_written_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    write_atomically(path, b"one")
    assert path.read_bytes() == b"one"
    write_atomically(path, lambda file: file.write(b"two"))
    assert path.read_bytes() == b"two"
    assert names(tmp_path) == ["a.txt"]


@pytest.mark.skipif(os.name != "posix", reason="permission bits are POSIX")
def test_new_file_has_the_usual_permissions_and_an_old_one_keeps_its_own(tmp_path: Path) -> None:
    usual = tmp_path / "usual"
    usual.touch()
    path = tmp_path / "a"
    write_atomically(path, b"")
    assert path.stat().st_mode == usual.stat().st_mode
    path.chmod(0o600)
    write_atomically(path, b"secret")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.skipif(os.name != "posix", reason="making links needs rights on Windows")
def test_link_is_followed(tmp_path: Path) -> None:
    real = tmp_path / "real"
    real.write_bytes(b"old")
    link = tmp_path / "link"
    link.symlink_to(real)
    write_atomically(link, b"new")
    assert link.is_symlink()
    assert real.read_bytes() == b"new"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "no room left"),
        (errno.EACCES, "not allowed"),
        (errno.EROFS, "not allowed"),
        (errno.EIO, os.strerror(errno.EIO)),
    ],
)
def test_failure_keeps_the_old_file_and_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    fails_with(number, monkeypatch)
    with pytest.raises(FileWriteError, match=words) as caught:
        write_atomically(path, b"new")
    assert str(path) in str(caught.value)
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["a"]


def test_writer_that_fails_keeps_the_old_file_and_its_own_error(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")

    def fail(file: BinaryIO) -> None:
        file.write(b"half")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_atomically(path, fail)
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["a"]


@pytest.mark.skipif(sys.platform != "linux", reason="limits the size of files")
def test_disk_that_is_really_full_keeps_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    program = (
        "import resource, signal, sys; from pathlib import Path;"
        "from nncore.atomic import write_atomically;"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000));"
        "write_atomically(Path(sys.argv[1]), bytes(20_000))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=False
    )
    assert "FileWriteError" in run.stderr
    assert "no room left" in run.stderr
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["a"]


def test_read_only_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    path.chmod(0o444)
    with pytest.raises(FileWriteError, match="read-only"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    path.chmod(0o644)


def test_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileWriteError, match="does not exist") as caught:
        write_atomically(tmp_path / "no" / "a", b"")
    assert str(tmp_path / "no") in str(caught.value)


@pytest.mark.parametrize("name", [".", "x" * 300, "nul\0l"])
def test_unusable_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileWriteError):
        write_atomically(tmp_path / name, b"")
    assert names(tmp_path) == []


def test_longest_name_the_system_allows_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / ("x" * 255)
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new"


def test_folder_is_written_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / "out"
    write_folder_atomically(path, {"a": b"1", "b": b"2"})
    assert names(path) == ["a", "b"]
    write_folder_atomically(path, {"a": b"3", "b": b"4", "c": b"5"})
    assert (path / "a").read_bytes() == b"3"
    assert names(path) == ["a", "b", "c"]
    assert names(tmp_path) == ["out"]


def test_folder_with_anything_else_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_bytes(b"years of work")
    (tmp_path / "a").write_bytes(b"old")
    with pytest.raises(FileWriteError, match=r"thesis\.txt"):
        write_folder_atomically(tmp_path, {"a": b"new"})
    assert (tmp_path / "a").read_bytes() == b"old"
    assert names(tmp_path) == ["a", "thesis.txt"]


def test_folder_that_fails_keeps_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "out"
    write_folder_atomically(path, {"a": b"old"})
    fails_with(errno.ENOSPC, monkeypatch)
    with pytest.raises(FileWriteError, match="no room left"):
        write_folder_atomically(path, {"a": b"new"})
    assert (path / "a").read_bytes() == b"old"
    assert names(tmp_path) == ["out"]


def test_folder_whose_last_step_fails_is_put_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "out"
    write_folder_atomically(path, {"a": b"old"})
    rename = Path.rename

    def refuse_the_new(self: Path, target: Path) -> Path:
        if target == path and (self / "a").read_bytes() == b"new":
            raise PermissionError(errno.EACCES, "in use")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse_the_new)
    with pytest.raises(FileWriteError, match="not allowed"):
        write_folder_atomically(path, {"a": b"new"})
    assert (path / "a").read_bytes() == b"old"
    assert names(tmp_path) == ["out"]


def test_file_in_place_of_folder_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    with pytest.raises(FileWriteError, match="is a file"):
        write_folder_atomically(path, {"a": b"new"})


def test_folder_is_made_with_those_above_it_once_and_again(tmp_path):
    folder = tmp_path / "one" / "two"
    make_folder(folder)
    make_folder(folder)
    assert folder.is_dir()


def test_file_in_a_folders_place_is_told_and_stays(tmp_path):
    (tmp_path / "one").write_text("mine")
    for folder in (tmp_path / "one", tmp_path / "one" / "two"):
        with pytest.raises(FileWriteError, match="a file is in its place"):
            make_folder(folder)
    assert (tmp_path / "one").read_text() == "mine"
