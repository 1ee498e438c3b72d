"""Where the history lies: folder, rights, one daemon's claim, and files set aside. Blocking, but brief."""

from __future__ import annotations

import fcntl
import mmap
import os
from typing import TYPE_CHECKING

from bubbled.history.fault import FileDamagedError, FileRefusedError, translated

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path

_STAMP = "%Y%m%dT%H%M%SZ"
_SIDES = ("", "-wal", "-shm")  # https://www.sqlite.org/tempfiles.html


class Claim:
    """The right to use one history, held by one daemon at a time; the kernel ends it with the process.

    A lock file of its own, because closing any other handle on the database drops SQLite's locks
    (https://www.sqlite.org/howtocorrupt.html, section 2.2).
    """

    def __init__(self, path: Path) -> None:
        """Claim the history, in a folder that is made when missing.

        Raises:
            FileRefusedError: another process holds it.
            FileUnusableError: the folder or the lock file cannot be made.
        """
        with translated(path):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            flags = os.O_CREAT | os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW
            self._handle = os.open(path.with_name(f"{path.name}.lock"), flags, 0o600)
            try:
                self._lock(path)
            except BaseException:
                os.close(self._handle)
                raise

    def release(self) -> None:
        """Let another process have it. The lock file stays: to remove it could split a claim in two."""
        os.close(self._handle)

    def _lock(self, path: Path) -> None:
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FileRefusedError(
                f"Another bubbled uses the call history in {path}: this one keeps its calls in memory only;"
                " stop one of the two."
            ) from None


def prepare(path: Path) -> None:
    """See to it that the file exists, is ours to write and nobody else's to read.

    Raises:
        FileDamagedError: a folder stands in its place.
        FileUnusableError: it cannot be made, or is neither file nor folder.
    """
    with translated(path):
        if path.is_dir():
            raise FileDamagedError(path, "it is a folder")
        if path.exists():
            _make_ours(path)
        else:
            os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))


def _make_ours(path: Path) -> None:
    if not path.is_file():
        raise OSError("it is not a file")
    path.chmod(0o600)


def set_aside(path: Path, now: datetime) -> Path:
    """Rename a damaged file, with what SQLite keeps beside it, and give its new path.

    Raises:
        FileUnusableError: it cannot be renamed.
    """
    aside = _free_name(path, now)
    with translated(path):
        for side in _SIDES:
            beside = path.with_name(path.name + side)
            if beside.exists():
                beside.rename(aside.with_name(aside.name + side))
    return aside


def files_set_aside(path: Path) -> list[Path]:
    """Find what was set aside, oldest first; the parts that lie beside a damaged file count by themselves."""
    prefix = f"{path.name}.damaged-"
    return sorted(file for file in path.parent.iterdir() if file.name.startswith(prefix))


def remove_aged(path: Path, before: datetime) -> None:
    """Remove what was set aside before a moment."""
    limit = f"{path.name}.damaged-{before.strftime(_STAMP)}"
    for aside in files_set_aside(path):
        if aside.name < limit and aside.is_file():
            aside.unlink()


def remove_holding(path: Path, texts: Iterable[str]) -> None:
    """Remove what was set aside and holds one of the texts: of a damaged file no part can be erased alone."""
    needles = [text.encode() for text in texts]
    for aside in files_set_aside(path):
        if aside.is_file() and _holds(aside, needles):
            aside.unlink()


def _holds(file: Path, needles: list[bytes]) -> bool:
    if file.stat().st_size == 0:  # mmap refuses to map nothing
        return False
    with file.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return any(content.find(needle) >= 0 for needle in needles)


def _free_name(path: Path, now: datetime) -> Path:
    stem = f"{path.name}.damaged-{now.strftime(_STAMP)}"
    name, count = stem, 1
    while path.with_name(name).exists():
        count += 1
        name = f"{stem}-{count}"
    return path.with_name(name)
