"""Files by which desktops know who opens links: read, and changed all together or not at all."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING

from bubbled.dialing import text_file
from bubbled.dialing.link.scheme import LinkError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


def content(path: Path) -> str:
    """Give what a file says, "" when it cannot be read. Bytes that are no UTF-8 become lone surrogates."""
    try:
        return text_file.read(path)
    except OSError:
        return ""


def content_to_change(path: Path) -> str:
    """Give what a file says, "" when there is none, so that it can be written again with something changed.

    Raises:
        LinkError: it cannot be read.
    """
    with _refused(path), suppress(FileNotFoundError):
        return text_file.read(path)
    return ""


def change(files: Mapping[Path, str]) -> None:
    """Give each file its new content, "" for none at all; where one cannot be written, all stay as they are.

    Each is replaced at once, so that nobody ever reads half of it; its mode stays, and where it is a symbolic
    link, the file behind it is meant.

    Raises:
        LinkError: one cannot be written, or is read-only.
    """
    with ExitStack() as stages:
        puts = []
        for path, text in files.items():
            with _refused(path):
                puts.append(stages.enter_context(text_file.staged(path, text)))
        for (path, text), put in zip(files.items(), puts, strict=True):
            with _refused(path):
                # What a symbolic link leads to was there for a reason, even empty.
                if text or path.is_symlink():
                    put()
                else:
                    text_file.remove(path)


@contextmanager
def _refused(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise LinkError(
            f"Cannot change {path} ({error.strerror}), so links open as before; "
            "mend that file or move it away, then try again."
        ) from error
