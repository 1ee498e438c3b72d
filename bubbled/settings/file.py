"""The settings file as something that programs change: checked before, whole or not at all, with undo."""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bubbled.error import ConfigError
from bubbled.settings.loading import LARGEST_BYTES, checked, read_text
from bubbled.settings.rewriting import write_whole
from bubbled.settings.small_file import read_small_file
from bubbled.settings.undo import UndoSteps, digest_of, undo_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bubbled.settings.schema import Settings

_NEW_MODE: Final = 0o600
"""Of a file that was not there: it may hold secrets."""


@dataclass(frozen=True, slots=True)
class Written:
    """What the file holds.

    Attributes:
        digest: tells this content from any other: SHA-256 of the bytes, in hexadecimal.
    """

    text: str
    digest: str


class ChangedMeanwhileError(ConfigError):
    """Somebody else has saved since the text was read on which a change is built; nothing was saved now."""

    def __init__(self, path: Path, happened: str = "was changed meanwhile by somebody else") -> None:
        super().__init__(
            f"{path} {happened}, so nothing was saved; look at the settings again, and then change them."
        )


def check(path: Path, text: str) -> tuple[Settings, tuple[str, ...]]:
    """Settings as the file at `path` would give them if it held `text`, and the warnings about them.

    Raises:
        InvalidSettings: they cannot be used; it lists every mistake with key and line.
    """
    loaded = checked(path, text, _mode(path))
    return loaded.settings, loaded.warnings


class SettingsFile:
    """One settings file. Nothing here waits, but for the disk and for others who are just saving."""

    def __init__(self, path: Path, steps: Path | None = None) -> None:
        """Work on the file at `path`, a link to one perhaps; `steps` is the folder that keeps its past."""
        self.path = path
        self._steps = steps

    def read(self) -> Written:
        """Read what it holds, be that right or wrong.

        Raises:
            InvalidSettings: it cannot be read, or is no text.
        """
        text, content = read_text(self.path)
        return Written(text, digest_of(content))

    def save(self, text: str, expected: str | None) -> str:
        """Check a text, and put it into the file; what was there before is a step that can be undone.

        Args:
            text: all of what the file is to hold.
            expected: the digest of what it held when it was read; None: there must be none.

        Returns:
            The digest of what it holds now.

        Raises:
            InvalidSettings: the text cannot be used; the file is as it was.
            ChangedMeanwhileError: the file is not, or no longer, what was expected.
            ConfigError: it cannot be written, and is as it was.
        """
        check(self.path, text)
        content = text.encode()
        with self._changing() as steps:
            before = self._expected(expected)
            if before == content:
                return digest_of(content)
            self._exchange(steps, before, content)
        return digest_of(content)

    def undo(self, expected: str) -> str:
        """Put back what the file held before bubbled changed it last, right or wrong.

        Returns:
            The digest of what it holds now.

        Raises:
            ChangedMeanwhileError: the file is no longer what was expected.
            ConfigError: there is nothing to undo, or the file cannot be written.
        """
        with self._changing() as steps:
            self._expected(expected)
            step = steps.latest(expected)
            if step is None:
                raise ConfigError(
                    "There is no change of bubbled to undo: what the file holds was written by hand."
                )
            content = step.read_bytes()
            write_whole(self._real(), content, _mode(self.path))
            step.unlink()
        return digest_of(content)

    def undo_count(self) -> int:
        """How many changes can be undone, one after another."""
        try:
            content, _ = read_small_file(self.path, LARGEST_BYTES)
            return self._undo_steps().count(digest_of(content))
        except (OSError, ConfigError):
            return 0

    def _undo_steps(self) -> UndoSteps:
        return UndoSteps(self._steps or undo_folder(), self._real())

    def _real(self) -> Path:
        """Where a link leads; itself where it leads nowhere, about which `resolve` would complain."""
        return Path(os.path.realpath(self.path))

    @contextmanager
    def _changing(self) -> Iterator[UndoSteps]:
        steps = self._undo_steps()
        try:
            with steps.held():
                yield steps
        except OSError as error:
            raise ConfigError(
                f"{self.path} cannot be written and is as it was: {error.strerror}; make room, or mend the "
                "rights of its folder and of the one that keeps what can be undone"
            ) from None

    def _expected(self, expected: str | None) -> bytes | None:
        """What the file holds, which has to be what was expected."""
        try:
            content, _ = read_small_file(self.path, LARGEST_BYTES)
        except FileNotFoundError:
            content = None
        if (None if content is None else digest_of(content)) != expected:
            raise ChangedMeanwhileError(self.path, *_what_happened(content, expected))
        return content

    def _exchange(self, steps: UndoSteps, before: bytes | None, content: bytes) -> None:
        real = self._real()
        if before is None:
            real.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                write_whole(real, content, _NEW_MODE, is_new=True)
            except FileExistsError:
                raise ChangedMeanwhileError(self.path, *_what_happened(b"", None)) from None
            return
        step = steps.keep(before, digest_of(content))
        try:
            write_whole(real, content, _mode(real))
        except BaseException:
            step.unlink(missing_ok=True)
            raise


def _mode(path: Path) -> int:
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return _NEW_MODE


def _what_happened(content: bytes | None, expected: str | None) -> tuple[str, ...]:
    if content is None:
        return ("is gone",)
    return ("exists already",) if expected is None else ()
