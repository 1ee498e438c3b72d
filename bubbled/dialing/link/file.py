"""Reading and changing files of the user's that other programs read and change too."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bubbled.dialing.link.scheme import LinkError
from bubbled.settings.small_file import read_small_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LARGEST_BYTES: Final = 1_048_576
"""Of a file as desktops keep it; a hundred times what is usual."""

_NEW_MODE: Final = 0o644


def content(path: Path) -> str:
    """Give what a file says, "" when it cannot be read. Bytes that are no UTF-8 become lone surrogates."""
    try:
        return _read(path)
    except OSError:
        return ""


def content_to_change(path: Path) -> str:
    """Give what a file says, "" when there is none, so that it can be written again with something changed.

    Raises:
        LinkError: it cannot be read.
    """
    with _refused(path), suppress(FileNotFoundError):
        return _read(path)
    return ""


def change(files: Mapping[Path, str]) -> None:
    """Give each file its new content, "" for none at all; where one cannot be written, all stay as they are.

    Each is replaced at once, so that nobody ever reads half of it; its mode stays, and where it is a symbolic
    link, the file behind it is meant.

    Raises:
        LinkError: one cannot be written, or is not to be.
    """
    with ExitStack() as stages:
        staged = [(path, stages.enter_context(_staged(path, text))) for path, text in files.items()]
        for path, stage in staged:
            with _refused(path):
                _put(path, stage)


@contextmanager
def _staged(path: Path, text: str) -> Iterator[Path]:
    """Write the new content beside the file, from where it can be put in its place at once."""
    target = Path(os.path.realpath(path))
    with _refused(path):
        mode = _mode(target)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    stage = Path(name)
    try:
        with _refused(path), os.fdopen(descriptor, "wb") as file:
            file.write(text.encode("utf-8", "surrogateescape"))
            file.flush()
            os.fchmod(descriptor, mode)
            os.fsync(descriptor)
        yield stage
    finally:
        stage.unlink(missing_ok=True)


def _put(path: Path, stage: Path) -> None:
    # What a symbolic link leads to was there for a reason, even empty.
    if stage.stat().st_size or path.is_symlink():
        stage.replace(os.path.realpath(path))
    else:
        path.unlink(missing_ok=True)


def _mode(target: Path) -> int:
    try:
        mode = stat.S_IMODE(target.stat().st_mode)
    except FileNotFoundError:
        return _NEW_MODE
    # Only a folder would keep us from replacing such a file, but its owner means it.
    if not mode & 0o222:
        raise PermissionError(errno.EACCES, "it is read-only")
    return mode


def _read(path: Path) -> str:
    raw, _ = read_small_file(path, LARGEST_BYTES)
    if b"\0" in raw:
        raise OSError(errno.EINVAL, "it is no text")
    return raw.decode("utf-8", "surrogateescape")


@contextmanager
def _refused(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise LinkError(
            f"Cannot change {path} ({error.strerror}), so links open as before; "
            "mend that file or move it away, then try again."
        ) from error
