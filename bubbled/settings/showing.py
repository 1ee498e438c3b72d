"""Settings without their secrets, for forms; and what forms send back, with the secrets in it again. Pure."""

from __future__ import annotations

from datetime import date, time
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from bubbled.error import ConfigError
from bubbled.settings.change import is_there, value_at
from bubbled.settings.mistake import dotted
from bubbled.settings.privacy import Fate, Fates, passwords

if TYPE_CHECKING:
    from bubbled.settings.position import KeyPath

_LONGEST_PLACE: Final = 200


def shown(document: dict[str, Any]) -> dict[str, Any]:
    """A document as JSON, with a mark in the place of each secret.

    A mark is `{"set": true, "where": "env BUBBLED_SECRET", "at": ["pbx", "secret"]}`: where the secret is
    kept, never the secret itself, and where in the document it stands. Whoever saves a setting with the mark
    in it, or with `{"kept": true}`, leaves the secret as it is; see `kept`.
    """
    shown = _shown(document, (), Fate.OPEN, Fates())
    assert isinstance(shown, dict)  # noqa: S101 - a dict is shown as one
    return shown


def kept(value: Any, path: KeyPath, document: dict[str, Any]) -> Any:
    """A value that a form sends for `path`, with what the document holds in the place of marks.

    `{"kept": true}` means what stands at the same place; a mark of `shown` what stood where it says, so that
    tables can be sent in another order.

    Raises:
        ConfigError: nothing stands there, or it belongs to a key of another name.
    """
    try:
        return _kept(value, path, document)
    except RecursionError:
        raise ConfigError(f"{dotted(path)} is nested too deeply to be a setting.") from None


def _kept(value: Any, path: KeyPath, document: dict[str, Any]) -> Any:
    match value:
        case {"kept": True} | {"set": True}:
            return _original(value.get("at", list(path)), path, document)
        case dict():
            return {key: _kept(each, (*path, key), document) for key, each in value.items()}
        case list():
            return [_kept(each, (*path, index), document) for index, each in enumerate(value)]
        case _:
            return value


def _original(at: Any, path: KeyPath, document: dict[str, Any]) -> Any:
    if not isinstance(at, list) or not all(type(step) in {str, int} for step in at):
        raise ConfigError(f"{dotted(path)} is to be kept, but not what; look at the settings again.")
    original = value_at(document, tuple(at))
    # A secret must not turn up under a key that is shown.
    if not is_there(original) or _names(tuple(at)) != _names(path):
        raise ConfigError(f"{dotted(path)} cannot be kept: it is not set; look at the settings again.")
    return original


def _names(path: KeyPath) -> list[str]:
    return [step for step in path if isinstance(step, str)]


def _shown(value: Any, path: KeyPath, fate: Fate, fates: Fates) -> Any:
    match value:
        case dict() if fate is not Fate.SECRET:
            return {
                key: _shown(each, (*path, key), fates.inside(fate, (key,)), fates)
                for key, each in value.items()
            }
        case list() if fate.is_shown:
            return [_shown(each, (*path, index), fate, fates) for index, each in enumerate(value)]
        case _ if not fate.is_shown:
            return _mark(_where(value, fate), path)
        case _:
            return _open(value, path)


def _open(value: Any, path: KeyPath) -> Any:
    match value:
        case str() if any(passwords(value)):
            kind = "an address" if "://" in value else "an argument"
            return _mark(f"{kind} with a password", path)
        case date() | time():
            return value.isoformat()
        case float() if not isfinite(value):
            return str(value)
        case _:
            return value


def _mark(where: str, path: KeyPath) -> dict[str, Any]:
    return {"set": True, "where": where, "at": list(path)}


def _where(value: Any, fate: Fate) -> str:
    match value:
        case str() if fate is Fate.SECRET:
            return "in the settings"
        case {"keyring": str(service), "user": str(user)}:
            where = f"keyring {service} ({user})"
        case {"env": str(name)}:
            where = f"env {name}"
        case {"file": str(name)}:
            where = f"file {name}"
        case {"credential": str(name)}:
            where = f"credential {name}"
        case {"command": [str(program), *_]}:
            where = f"command {program}"
        case _:
            where = "unknown"
    return where[:_LONGEST_PLACE]
