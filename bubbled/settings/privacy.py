"""Which settings nobody but the daemon may read, by their keys. Pure.

Only what the schema knows as harmless is open; what it does not know, or what sounds like a secret, is not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum, auto
from functools import cache
from typing import TYPE_CHECKING, Final, get_origin

from bubbled.settings.schema import Settings, models_in
from bubbled.settings.secret_source import PLACES, FileSecret
from bubbled.settings.suggestion import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pydantic.fields import FieldInfo

    from bubbled.settings.value import Section

_SOUNDS_SECRET: Final = re.compile(
    r"secret|pass|pwd|passphrase|token|key|auth|cred|bearer|cookie|session|\bpin\b|^pw$|psk|private|signature",
    re.IGNORECASE,
)
_SHORTEST_GUESS: Final = 5
"""Letters; a shorter word could be meant for too many."""

_ASSIGNED: Final = re.compile(r"(?<![\w-])(?P<name>[\w-]++)[\"']?[ \t]*[=:](?!/)[ \t]*")

_MOST_GUESSES: Final = 300
"""Unknown keys of one text that are compared with all known ones, which takes a while each."""

_PASSWORD: Final = re.compile(
    r"(?<=://)[^\s\"'/?#@:]*:(?P<password>[^\s\"'/]{1,200})@"
    r"|(?<![\w+.-])(?!https?:)[a-z][\w+.-]*://[^\s\"'/?#@:]*:(?P<any>[^\s\"']{1,200})@"
    r"|[?&](?:[\w-]{0,30}token|api[_-]?key|(?:client[_-]?)?secret|pass(?:word|wd)?|pwd|auth|sig(?:nature)?)="
    r"(?P<parameter>[^&\s\"'$#]+)"
    r"|(?<![\w-])--?(?:[\w-]{0,30}token|api[_-]?key|(?:client[_-]?)?secret|pass(?:word|wd|phrase)?|pwd)="
    r"(?P<option>[^\s\"'$]+)"
    r"|(?<![\w-])authorization:[ \t]*(?:basic|bearer|token)[ \t]+(?P<header>[^\s\"'$]+)",
    re.IGNORECASE,
)


class Fate(Enum):
    """What becomes of a value that others ask for."""

    OPEN = auto()
    """It is shown; so are the keys in it that are known as harmless."""
    NAMED = auto()
    """A table whose keys the user has chosen; they are shown, unless one sounds like a secret."""
    SECRET = auto()
    """A secret, or the table that says where it is kept."""
    SECRETS = auto()
    """A table of secrets whose names somebody has chosen."""
    UNKNOWN = auto()
    """Not a setting: perhaps a secret in the wrong place."""

    @property
    def is_shown(self) -> bool:
        """Whether a text here is for others to read."""
        return self in {Fate.OPEN, Fate.NAMED}


class Fates:
    """Tells the fate of keys; one for each text or document, since it remembers what it has guessed."""

    def __init__(self) -> None:
        """Begin with nothing guessed."""
        self._guessed: dict[str, Fate] = {}

    def inside(self, fate: Fate, keys: Iterable[str]) -> Fate:
        """The fate of what stands by `keys`, one in another, in a table of this fate."""
        for key in keys:
            fate = self._step(fate, key)
        return fate

    def _step(self, fate: Fate, key: str) -> Fate:
        match fate:
            case Fate.OPEN:
                return known().get(key) or self._guess(key)
            case Fate.NAMED:
                return Fate.UNKNOWN if _SOUNDS_SECRET.search(key) else Fate.OPEN
            case Fate.SECRETS:
                return Fate.SECRET
            case Fate.SECRET:
                return Fate.OPEN if key in PLACES else Fate.UNKNOWN
            case Fate.UNKNOWN:
                return Fate.UNKNOWN

    def _guess(self, key: str) -> Fate:
        """That of the key which the user may have meant."""
        if _SOUNDS_SECRET.search(key) or (key not in self._guessed and len(self._guessed) >= _MOST_GUESSES):
            return Fate.UNKNOWN
        if key not in self._guessed:
            meant = nearest(key, known()) if len(key) >= _SHORTEST_GUESS else None
            self._guessed[key] = known()[meant] if meant else Fate.UNKNOWN
        return self._guessed[key]


def passwords(text: str) -> Iterator[tuple[int, int]]:
    """Where passwords stand in the addresses, and in the arguments of programs, in a text."""
    for found in _PASSWORD.finditer(text):
        yield found.span(found.lastgroup or 0)


def after_secret_key(text: str) -> int | None:
    """Where on a line that may not be as it seems the value of a secret would begin; None: nowhere."""
    for found in _ASSIGNED.finditer(text):
        if _SOUNDS_SECRET.search(found["name"]) or not known().get(found["name"], Fate.OPEN).is_shown:
            return found.end()
    return None


@cache
def known() -> Mapping[str, Fate]:
    """The fate of each key of the schema; no name stands for a secret here and for something else there."""
    fates: dict[str, Fate] = {}
    for key, fate in _fates(Settings):
        fates[key] = max(fate, fates.get(key, fate), key=lambda each: each.value)
    return fates


def _fates(model: type[Section]) -> Iterator[tuple[str, Fate]]:
    for name, field in model.model_fields.items():
        fate = _fate(field)
        yield field.alias or name, fate
        if fate.is_shown:
            for inner in models_in(field.annotation):
                yield from _fates(inner)


def _fate(field: FieldInfo) -> Fate:
    is_mapping = get_origin(field.annotation) is Mapping
    if FileSecret in models_in(field.annotation):
        return Fate.SECRETS if is_mapping else Fate.SECRET
    return Fate.NAMED if is_mapping else Fate.OPEN
