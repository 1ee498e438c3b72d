"""Reads values out of JSON that should have a certain shape. Pure."""

from __future__ import annotations

import json
from typing import Any


def an_object(line: bytes) -> dict[str, Any]:
    """Read a line that holds an object.

    Raises:
        ValueError: it does not; so do all others here.
    """
    try:
        body = json.loads(line)
    except RecursionError as error:
        raise ValueError("the line is nested too deeply") from error
    return as_object(body)


def as_object(value: object) -> dict[str, Any]:
    """Take a value for an object."""
    if not isinstance(value, dict):
        raise ValueError(f"{value!r:.40} is not an object")  # noqa: TRY004 - one kind of error for what has no shape
    return value


def as_text(value: object) -> str:
    """Take a value for a text."""
    if not isinstance(value, str):
        raise ValueError(f"{value!r:.40} is not a text")  # noqa: TRY004 - as above
    return value


def as_whole(value: object) -> int:
    """Take a value for a whole number."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"{value!r:.40} is not a whole number")  # noqa: TRY004 - as above
    return value


def text(body: dict[str, Any], key: str, usual: str | None = None) -> str:
    """Give a text of an object; without it the usual one, where there is one."""
    return as_text(body.get(key, usual))


def items(body: dict[str, Any], key: str) -> list[Any]:
    """Give a list of an object; without it an empty one."""
    value = body.get(key, [])
    if not isinstance(value, list):
        raise ValueError(f"{key} is not a list")  # noqa: TRY004 - as above
    return value
