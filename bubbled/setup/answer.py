"""The user's answers, by the keys that they are about."""

from __future__ import annotations

from collections.abc import Mapping
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


_PLACE: Final = frozenset({"credential", "env", "file", "keyring", "user", "command"})


def is_place(value: object) -> bool:
    """Whether it says where a secret is kept, as in the settings."""
    return isinstance(value, Mapping) and bool(value) and set(value) <= _PLACE


def places_in(document: Mapping[str, Any], prefix: str = "") -> dict[str, Mapping[str, Any]]:
    """Give where the secrets are kept that a file of answers does not hold itself, by their keys."""
    places: dict[str, Mapping[str, Any]] = {}
    for name, value in document.items():
        key = f"{prefix}{name}"
        match value:
            case dict() if is_place(value):
                places[key] = value
            case dict():
                places |= places_in(value, f"{key}.")
            case [*_, dict() as last]:
                places |= places_in(last, f"{key}.")
            case _:
                pass
    return places


def flattened(document: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """Give the answers in a file that is written as settings are; of several directories the last counts."""
    answers: dict[str, str] = {}
    for name, value in document.items():
        key = f"{prefix}{name}"
        match value:
            case dict() if is_place(value):
                pass
            case dict():
                answers |= flattened(value, f"{key}.")
            case [*_, dict() as last]:
                answers |= flattened(last, f"{key}.")
            case bool():
                answers[key] = YES if value else NO
            case list():
                answers[key] = ", ".join(map(str, value))
            case _:
                answers[key] = str(value)
    return answers
