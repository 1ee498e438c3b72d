"""Whom the user chose for a number that several contacts have, kept in a small file beside the history."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING, Final, TypeAlias

import structlog

from bubbled.settings.small_file import read_small_file

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from bubbled.model import Contact

MOST_CHOICES: Final = 2000
"""Numbers; of more, the one whose choice is the oldest is forgotten."""

_LARGEST_BYTES = 1_000_000
_MARK_LENGTH = 32  # hexadecimal digits: 128 bits
_LONGEST_NUMBER = 40

_log = structlog.get_logger()

Mark: TypeAlias = tuple[str, str, str]
"""The directory's name, and two digests of the contact: of all of it, and of what seldom changes."""


class Choices:
    """Remembers one contact for each number; no contact can be read from what is kept.

    The file can be read by its owner alone and is replaced as a whole. When it cannot be written, a choice
    holds until bubbled ends.
    """

    def __init__(self, path: Path) -> None:
        """Read the choices at `path`; whatever is wrong with the file, there are none then."""
        self._path = path
        self._by_number = _read(path)
        self._is_saved = True

    def remember(self, number: str, contact: Contact) -> bool:
        """Put this contact first from now on; tell whether that could be kept on disk."""
        self._by_number.pop(number, None)
        self._by_number[number] = _mark(contact)
        while len(self._by_number) > MOST_CHOICES:
            del self._by_number[next(iter(self._by_number))]
        return self._save()

    def in_order(self, number: str, matches: tuple[Contact, ...]) -> tuple[Contact, ...]:
        """The matches of one directory, the chosen one first if it is among them."""
        mark = self._by_number.get(number)
        chosen = None if mark is None else _find(mark, matches)
        return matches if chosen is None else (chosen, *(each for each in matches if each is not chosen))

    def heard(self, number: str, directory: str, matches: Collection[Contact]) -> None:
        """Take note of all that a directory has for a number now; a choice that is gone is forgotten."""
        mark = self._by_number.get(number)
        if mark is not None and mark[0] == directory and _find(mark, matches) is None:
            self.forget(number)

    def forget(self, number: str) -> bool:
        """Forget the choice for a number; tell whether the file is without it."""
        known = self._by_number.pop(number, None) is not None
        return self._save() if known or not self._is_saved else True

    def _save(self) -> bool:
        try:
            _write(self._path, self._by_number)
        except OSError as error:
            _log.warning("whom the user chose cannot be kept on disk", reason=error.strerror)
            self._is_saved = False
        else:
            self._is_saved = True
        return self._is_saved


def _mark(contact: Contact) -> Mark:
    if contact.id is not None:
        exact = loose = _digest("id", contact.id)
    else:
        loose = _digest("name", contact.name, contact.company)
        exact = _digest("all", contact.name, contact.company, contact.url, *map(str, contact.fields))
    return contact.directory, exact, loose


def _digest(*parts: str | None) -> str:
    return sha256(json.dumps(parts).encode()).hexdigest()[:_MARK_LENGTH]


def _find(mark: Mark, matches: Collection[Contact]) -> Contact | None:
    """The contact that was chosen; one whose details changed, if it is the only one of that name."""
    marked = [(each, _mark(each)) for each in matches]
    if (same := next((each for each, its in marked if its == mark), None)) is not None:
        return same
    alike = [each for each, its in marked if (its[0], its[2]) == (mark[0], mark[2])]
    return alike[0] if len(alike) == 1 else None


def _read(path: Path) -> dict[str, Mark]:
    try:
        content, _ = read_small_file(path, _LARGEST_BYTES)
        kept = json.loads(content)
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(kept, dict):
        return {}
    choices = {number: (*mark,) for number, mark in kept.items() if _is_mark(number, mark)}
    return dict(list(choices.items())[-MOST_CHOICES:])


def _is_mark(number: str, mark: object) -> bool:
    return (
        len(number) <= _LONGEST_NUMBER
        and isinstance(mark, list)
        and [isinstance(part, str) for part in mark] == [True, True, True]
    )


def _write(path: Path, choices: dict[str, Mark]) -> None:
    # Not waiting for the disk: a power cut may cost the choices, while a phone that rings must not wait.
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        descriptor = os.open(
            beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600
        )
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            os.fchmod(descriptor, 0o600)
            json.dump(choices, file, indent=0)
        beside.replace(path)
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
