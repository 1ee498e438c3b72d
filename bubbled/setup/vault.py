"""Keeping secrets that were typed: in the keyring of the desktop, or in files that only the user can read."""

from __future__ import annotations

import os
import re
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bubbled.error import ConfigError
from bubbled.thread import FreeThreads

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SERVICE: Final = "bubbled"

_KEYRING_LIMIT_S: Final = 60.0
"""Time for the user to type the password that unlocks it."""


class Vault:
    """Keeps secrets, and gives back what was there before when setup fails half-way.

    Attributes:
        folder: of the files.
    """

    def __init__(self, folder: Path, *, may_use_keyring: bool = True) -> None:
        self.folder = folder
        self._may_use_keyring = may_use_keyring
        self._ways_back: list[Callable[[], None]] = []

    def place(self, label: str, present: object) -> dict[str, str]:
        """Where a secret would be kept, as the settings write it; where it is now, if it can be put there.

        Args:
            label: what it is of, in a word: `ami`.
            present: what the settings say of it now.
        """
        match present:
            case {"file": str(path)}:
                return {"file": path}
            case {"keyring": str(service), "user": str(user)} if self._may_use_keyring:
                return {"keyring": service, "user": user}
            case _ if self._may_use_keyring and has_keyring():
                return {"keyring": SERVICE, "user": label}
            case _:
                return {"file": _short(self._free(label))}

    def keep(self, label: str, place: Mapping[str, str], secret: str) -> dict[str, str]:
        """Put a secret there, or into a file where the keyring does not take it; gives where it is.

        Raises:
            ConfigError: it cannot be kept.
        """
        if "keyring" in place:
            if self._in_keyring(place["keyring"], place["user"], secret):
                return dict(place)
            place = {"file": _short(self._free(label))}
        self._in_file(Path(place["file"]).expanduser(), secret)
        return dict(place)

    def give_back(self) -> None:
        """Undo what was kept, the last first."""
        while self._ways_back:
            with suppress(Exception):  # the others are to be undone, too
                self._ways_back.pop()()

    def _free(self, label: str) -> Path:
        """A file that does not exist: what is there may be somebody else's."""
        name = re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-") or "the"
        numbers = ("", *(f"-{number}" for number in range(2, 1000)))
        return next(
            path for number in numbers if not os.path.lexists(path := self.folder / f"{name}-secret{number}")
        )

    def _in_file(self, path: Path, secret: str) -> None:
        try:
            before = path.read_bytes() if path.exists() else None
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _put(path.resolve(), f"{secret}\n".encode())
        except OSError as error:
            raise ConfigError(
                f"The secret cannot be kept in {path}: {error.strerror}; make room, or mend the rights"
            ) from None
        self._ways_back.append(path.unlink if before is None else lambda: _put(path.resolve(), before))

    def _in_keyring(self, service: str, user: str, secret: str) -> bool:
        try:
            before = _asked(lambda keyring: keyring.get_password(service, user))
            _asked(lambda keyring: keyring.set_password(service, user, secret))
            kept = _asked(lambda keyring: keyring.get_password(service, user))
        except Exception:  # noqa: BLE001 - each desktop's keyring raises errors of its own
            return False
        if kept != secret:
            return False

        def undo() -> None:
            if before is None:
                _asked(lambda keyring: keyring.delete_password(service, user))
            else:
                _asked(lambda keyring: keyring.set_password(service, user, before))

        self._ways_back.append(undo)
        return True


def in_words(place: Mapping[str, Any]) -> str:
    """Say where a secret is kept."""
    if "keyring" in place:
        return f"the keyring of your desktop ({place['keyring']}, {place['user']})"
    return f"{place['file']}, which only you can read"


def free(path: Path, word: str, *, also_itself: bool = False) -> Path:
    """Give a name beside `path`, or that itself, that no file has yet."""
    words = (word, *(f"{word}-{number}" for number in range(2, 1000)))
    names = [path.name] * also_itself + [f"{path.stem}.{each}{path.suffix}" for each in words]
    return next(each for name in names if not os.path.lexists(each := path.with_name(name)))


def has_keyring() -> bool:
    """Whether there is a keyring that answers, as far as that shows without putting anything into it."""
    try:
        return bool(_asked(lambda keyring: float(keyring.get_keyring().priority) >= 1 and _answers(keyring)))
    except Exception:  # noqa: BLE001 - as above; and the extra may not be installed
        return False


def _answers(keyring: Any) -> bool:
    keyring.get_password(SERVICE, "setup")
    return True


def _asked(question: Callable[[Any], Any]) -> Any:
    """What the keyring answers, from a thread for which nobody waits longer than the user may need."""

    def ask() -> Any:
        import keyring  # noqa: PLC0415 - an optional extra, and slow to load

        return question(keyring)

    return FreeThreads().submit(ask).result(_KEYRING_LIMIT_S)


def _put(path: Path, content: bytes) -> None:
    """Write a file of the user alone, whole or not at all."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # its mode is 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _short(path: Path) -> str:
    """A path as the settings best hold it: below the home folder, whoever's that is."""
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)
