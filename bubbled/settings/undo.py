"""What the settings file held before bubbled changed it, step by step, kept where only the user can look."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bubbled.error import ConfigError
from bubbled.settings.rewriting import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MOST_STEPS: Final = 50
"""Of a file; older ones are forgotten."""

_STEP: Final = re.compile(r"(\d{8})-([0-9a-f]{64})\.toml")


def undo_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Where steps are kept (XDG Base Directory Specification 0.8).

    Raises:
        ConfigError: the user has no home folder.
    """
    given = Path(environment.get("XDG_STATE_HOME", ""))
    return (given if given.is_absolute() else _home() / ".local/state") / "bubbled" / "settings-undo"


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError:
        raise ConfigError(
            "You have no home folder, so nothing was saved: what was there before could not be kept; "
            "set HOME, or XDG_STATE_HOME"
        ) from None


def digest_of(content: bytes) -> str:
    """By which one content of the file is told from another: SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


class UndoSteps:
    """The steps of one file.

    A step counts only as long as the file is as bubbled has left it: if somebody else has changed it since,
    going back would lose what he wrote. All methods may raise OSError.
    """

    def __init__(self, folder: Path, path: Path) -> None:
        """Keep the steps of the file at `path`, which is no link, below `folder`."""
        self._folder = folder / digest_of(os.fsencode(path))[:16]

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep others of this user, the daemon and commands, from changing the file as well."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self._folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def keep(self, before: bytes, after: str) -> Path:
        """Remember what the file held, and the digest of what it is going to hold; gives the step."""
        steps = self._steps()
        number = int(steps[-1].name[:8]) + 1 if steps else 1
        step = self._folder / f"{number:08}-{after}.toml"
        write_whole(step, before, 0o600)
        for old in steps[: max(len(steps) + 1 - MOST_STEPS, 0)]:
            old.unlink(missing_ok=True)
        return step

    def latest(self, digest: str) -> Path | None:
        """The step that led to what the file holds now; None where bubbled has not written that."""
        steps = self._steps()
        return steps[-1] if steps and _led_to(steps[-1]) == digest else None

    def count(self, digest: str) -> int:
        """How many times in a row one can go back."""
        number = 0
        for step in reversed(self._steps()):
            if _led_to(step) != digest:
                break
            number, digest = number + 1, digest_of(step.read_bytes())
        return number

    def _steps(self) -> list[Path]:
        if not self._folder.is_dir():
            return []
        return sorted(each for each in self._folder.iterdir() if _STEP.fullmatch(each.name))


def _led_to(step: Path) -> str:
    return step.stem.partition("-")[2]
