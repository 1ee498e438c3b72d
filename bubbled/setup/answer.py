"""The user's answers, by the keys that they are about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

Answers = Mapping[str, str]
"""By the dotted key of the settings, as texts: yes and no, lists with commas; `directory` means the new one.

Keys that begin with `try.` are of use to setup alone, and come into no file.
"""

WAY: Final = "pbx.kind"
HOST: Final = "pbx.host"
PORT: Final = "pbx.port"
TLS: Final = "pbx.tls"
TRANSPORT: Final = "pbx.transport"
CA_FILE: Final = "pbx.ca_file"
USERNAME: Final = "pbx.username"
SECRET: Final = "pbx.secret"  # noqa: S105 - the name of a key
EXTENSION: Final = "me.extension"
DEVICES: Final = "me.devices"
REGION: Final = "me.region"
KIND: Final = "directory.kind"
NAME: Final = "directory.name"
PATH: Final = "directory.path"
PRESET: Final = "directory.preset"
TRUST: Final = "try.certificate"
PRIVACY: Final = "try.privacy"
NUMBER: Final = "try.number"

YES: Final = "yes"
NO: Final = "no"
NONE: Final = "none"
PLAIN: Final = "plain"
OTHER: Final = "other"


_ASKED: Final = frozenset(
    {
        WAY,
        HOST,
        PORT,
        TLS,
        TRANSPORT,
        CA_FILE,
        USERNAME,
        SECRET,
        EXTENSION,
        DEVICES,
        REGION,
        TRUST,
        PRIVACY,
        NUMBER,
    }
)
_PLACE: Final = frozenset({"credential", "env", "file", "keyring", "user", "command"})


@dataclass(slots=True)
class Given:
    """What came before the questions, from a file that is written as settings are.

    Attributes:
        answers: to what is asked.
        places: where secrets are kept that nobody need type, by their keys in the answers.
        more: all else, by section and name; under `("directory", "")` what the new directory has besides.
    """

    answers: dict[str, str] = field(default_factory=dict)
    places: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    more: dict[tuple[str, str], Any] = field(default_factory=dict)


def given(document: Mapping[str, Any]) -> Given:
    """Sort what a file says into answers and all else; of several directories the last counts."""
    found = Given()
    for section, table in document.items():
        match section, table:
            case "directory", [*_, dict() as last] | (dict() as last):
                _directory(found, last)
            case _, dict():
                for name, value in table.items():
                    _sort(found, section, name, value)
            case _:
                found.more[section, ""] = table
    return found


def _directory(found: Given, table: Mapping[str, Any]) -> None:
    rest: dict[str, Any] = {}
    for name, value in table.items():
        if name in {"variables", "secrets"} and isinstance(value, dict):
            for inner, text in value.items():
                _sort(found, "directory", f"{name}.{inner}", text)
        elif isinstance(value, str) or is_place(value):
            _sort(found, "directory", name, value)
        else:
            rest[name] = value
    if rest:
        found.more["directory", ""] = rest


def _sort(found: Given, section: str, name: str, value: Any) -> None:
    key = f"{section}.{name}"
    match value:
        case dict() if is_place(value):
            found.places[key] = value
        case _ if section != "directory" and key not in _ASKED:
            found.more[section, name] = value
        case bool():
            found.answers[key] = YES if value else NO
        case list():
            found.answers[key] = ", ".join(map(str, value))
        case _:
            found.answers[key] = str(value)


def is_place(value: object) -> bool:
    """Whether it says where a secret is kept, as in the settings."""
    return isinstance(value, Mapping) and bool(value) and set(value) <= _PLACE
