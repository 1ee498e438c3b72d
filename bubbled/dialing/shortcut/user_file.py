"""Settings of the user's own in which a shortcut stands: read whole, and changed only as they were read."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from bubbled.dialing import text_file
from bubbled.dialing.shortcut.port import ShortcutError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def read(path: Path) -> str | None:
    """Give what a file says, with its line ends; None when there is none. Other bytes become surrogates.

    Raises:
        ShortcutError: it cannot be read as a text.
    """
    with _refused(path):
        try:
            return text_file.read(path)
        except FileNotFoundError:
            return None


def replace(path: Path, before: str | None, after: str | None) -> None:
    """Let a file say `after` instead of `before`; None: there is no such file.

    Nobody ever reads half of it. Its mode stays; of a symbolic link, the file behind it is replaced.

    Raises:
        ShortcutError: it says something else by now, is read-only or cannot be written; then it stays so.
    """
    if read(path) != before:
        raise ShortcutError(f"{path} was changed meanwhile, so it stays as it is; try again.")
    with _refused(path):
        if after is None:
            text_file.remove(path)
        else:
            with text_file.staged(path, after) as put:
                put()


@contextmanager
def _refused(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ShortcutError(
            f"{path} cannot be changed ({error.strerror}), so it stays as it is; mend that, then try again."
        ) from error
