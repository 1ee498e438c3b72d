"""Text files of the user's that other programs read and change too: read whole, and replaced at once.

Whoever uses it says in its own error what an OSError means for the user; `strerror` has the reason.
"""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bubbled.settings.small_file import read_small_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LARGEST_BYTES: Final = 1_048_576
"""Of a file as desktops keep it; a hundred times what is usual."""

_NEW_MODE: Final = 0o644


def read(path: Path) -> str:
    """Give what a file says, with its line ends; bytes that are no UTF-8 become lone surrogates.

    Raises:
        FileNotFoundError: there is none.
        OSError: it cannot be read, or is no text.
    """
    raw, _ = read_small_file(path, LARGEST_BYTES)
    if b"\0" in raw:
        raise OSError(errno.EINVAL, "it is no text")
    return raw.decode("utf-8", "surrogateescape")


@contextmanager
def staged(path: Path, text: str) -> Iterator[Callable[[], object]]:
    """Write the new content of a file beside it, and give what puts it into its place.

    Nobody ever reads half of it. The mode stays, and where the file is a symbolic link, the one behind it is
    meant. What was not put into its place by the end is gone.

    Raises:
        OSError: it cannot be written, or is read-only; the file is as it was.
    """
    target = Path(os.path.realpath(path))
    mode = _mode(target)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    stage = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode("utf-8", "surrogateescape"))
            file.flush()
            os.fchmod(descriptor, mode)
            os.fsync(descriptor)
        yield partial(stage.replace, target)
    finally:
        stage.unlink(missing_ok=True)


def remove(path: Path) -> None:
    """Take a file away, if there is one; of a symbolic link, the link alone.

    Raises:
        OSError: it cannot be taken away, or is read-only.
    """
    _mode(Path(os.path.realpath(path)))
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
