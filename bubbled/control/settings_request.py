"""What a request wants changed in the settings: a client may send anything; this gives what can be used."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from bubbled.control.request import RefusedError
from bubbled.control.settings import NewOrder, NewTables, NewText, NewValues

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bubbled.control.settings import SettingsChange
    from bubbled.settings.position import KeyPath

BODY_LIMIT_BYTES: Final = 1024 * 1024
"""Room for a whole file of 256 KiB, in which JSON may write a character of two bytes in six."""

_MOST_CHANGES: Final = 500
_MOST_TABLES: Final = 10_000
_MOST_STEPS: Final = 8
_LONGEST_KEY: Final = 1000
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


def settings_change(body: dict[str, Any]) -> SettingsChange:
    """What is to be changed.

    Raises:
        RefusedError: it is not said so that it could be understood.
    """
    match body:
        case {"text": str(text)}:
            return NewText(None if body.get("digest") is None else digest(body), text)
        case {"changes": [*changes]} if 0 < len(changes) <= _MOST_CHANGES:
            return _new_values(digest(body), changes)
        case {"order": {"key": str(key), "order": [*order]}} if len(order) <= _MOST_TABLES and _are_whole(
            order
        ):
            return NewOrder(digest(body), key, tuple(order))
        case {"replace": {"key": str(key), "tables": dict(tables)}}:
            return NewTables(digest(body), key, tables)
        case {"replace": {"key": str(key), "tables": [*tables]}} if _are_tables(tables):
            return NewTables(digest(body), key, tables)
        case _:
            raise RefusedError(
                400,
                "A change of settings must hold their digest, and one of changes, text, order and replace.",
            )


def digest(body: dict[str, Any]) -> str:
    """Of the file that the client has seen."""
    digest = body.get("digest")
    if not isinstance(digest, str) or not _DIGEST.fullmatch(digest):
        raise RefusedError(400, "digest must be that of the settings as they were told.")
    return digest


def _new_values(digest: str, changes: Sequence[Any]) -> NewValues:
    values: dict[KeyPath, Any] = {}
    absent: list[KeyPath] = []
    for change in changes:
        match change:
            case {"path": [*path], "absent": True} if _is_path(path):
                absent.append(tuple(path))
            case {"path": [*path], "value": value} if _is_path(path):
                values[tuple(path)] = value
            case _:
                raise RefusedError(400, "Each change must hold a path, and a value or absent: true.")
    return NewValues(digest, values, tuple(absent))


def _is_path(path: Sequence[Any]) -> bool:
    return (
        0 < len(path) <= _MOST_STEPS
        and isinstance(path[0], str)
        and all((type(step) is int and step >= 0) or _is_key(step) for step in path)
    )


def _is_key(step: Any) -> bool:
    return isinstance(step, str) and len(step) <= _LONGEST_KEY


def _are_whole(order: Sequence[Any]) -> bool:
    return all(type(index) is int for index in order)


def _are_tables(tables: Sequence[Any]) -> bool:
    return len(tables) <= _MOST_TABLES and all(isinstance(table, dict) for table in tables)
