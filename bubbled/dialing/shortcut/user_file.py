"""Files of the user's own: read whole, and replaced at once."""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bubbled.dialing.shortcut.port import ShortcutError
from bubbled.settings.small_file import read_small_file

if TYPE_CHECKING:
    from collections.abc import Iterator

_LARGEST_BYTES: Final = 1_048_576
_NEW_MODE: Final = 0o644


def read(path: Path) -> str | None:
    """Give what a file says, with its line ends; None when there is none. Other bytes become surrogates.

    Raises:
        ShortcutError: it cannot be read as a text.
    """
    with _refused(path):
        try:
            raw, _ = read_small_file(path, _LARGEST_BYTES)
        except FileNotFoundError:
            return None
    if b"\0" in raw:
        raise ShortcutError(f"{path} is no text, so it stays as it is; mend it or move it away.")
    return raw.decode("utf-8", "surrogateescape")


def replace(path: Path, before: str | None, after: str | None) -> None:
    """Let a file say `after` instead of `before`; None: there is no such file.

    Nobody ever reads half of it. Its mode stays; of a symbolic link, the file behind it is replaced.

    Raises:
        ShortcutError: it says something else by now, or cannot be written; then it stays as it is.
    """
    if read(path) != before:
        raise ShortcutError(f"{path} was changed meanwhile, so it stays as it is; try again.")
    with _refused(path):
        if after is None:
            path.unlink(missing_ok=True)
        else:
            _put(Path(os.path.realpath(path)), after)


def _put(target: Path, text: str) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else _NEW_MODE
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode("utf-8", "surrogateescape"))
            file.flush()
            os.fchmod(descriptor, mode)
            os.fsync(descriptor)
        Path(name).replace(target)
    finally:
        Path(name).unlink(missing_ok=True)


@contextmanager
def _refused(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ShortcutError(
            f"{path} cannot be changed ({error.strerror}), so it stays as it is; mend that, then try again."
        ) from error
