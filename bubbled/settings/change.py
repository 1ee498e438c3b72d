"""Giving one place of a TOML text another value, with as little else changed as can be. Pure."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any, Final

from bubbled.error import ConfigError
from bubbled.settings.insertion import with_element, with_keys
from bubbled.settings.literal import pair_text, value_text
from bubbled.settings.mistake import dotted
from bubbled.settings.outline import line_start, outlined
from bubbled.settings.removal import without

if TYPE_CHECKING:
    from bubbled.settings.position import KeyPath

_NOTHING: Final = object()


def with_value(text: str, path: KeyPath, value: Any) -> str:
    """Put a value at `path`, where another may be; tables and lists in it are changed where they differ.

    Raises:
        ConfigError: there is no such place.
    """
    present = value_at(tomllib.loads(text), path)
    if same(present, value):
        return text
    match present, value:
        case dict(), dict():
            return _with_table(text, path, present, value)
        case list(), list() if value and all(isinstance(each, dict) for each in (*present, *value)):
            return _with_list(text, path, present, value)
        case list(), list() if (entries := _with_entries(text, path, present, value)) is not None:
            return entries
        case _ if present is _NOTHING:
            return _with_new(text, path, value)
        case _:
            return _with_other(text, path, value)


def value_at(document: Any, path: KeyPath) -> Any:
    """What stands at `path`; `is_there` tells whether anything does."""
    for step in path:
        try:
            document = document[step]
        except (KeyError, IndexError, TypeError):
            return _NOTHING
    return document


def is_there(value: Any) -> bool:
    """Whether `value_at` found something."""
    return value is not _NOTHING


def same(one: Any, other: Any) -> bool:
    """Whether two values are written alike: unlike in Python, 1 is neither 1.0 nor true."""
    match one, other:
        case dict(), dict():
            return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
        case list(), list():
            return len(one) == len(other) and all(map(same, one, other))
        case _:
            return type(one) is type(other) and bool(one == other)


def _with_table(text: str, path: KeyPath, present: dict[str, Any], value: dict[str, Any]) -> str:
    for key in present.keys() - value.keys():
        text = without(text, (*path, key))
    for key in value.keys() & present.keys():
        text = with_value(text, (*path, key), value[key])
    new = {key: each for key, each in value.items() if key not in present}
    return with_keys(text, path, new) if new or not is_there(value_at(tomllib.loads(text), path)) else text


def _with_list(text: str, path: KeyPath, present: list[Any], value: list[Any]) -> str:
    for index, each in enumerate(value[: len(present)]):
        text = with_value(text, (*path, index), each)
    for each in value[len(present) :]:
        text = with_element(text, path, each)
    for index in range(len(present) - 1, len(value) - 1, -1):
        text = without(text, (*path, index))
    return text


def _with_entries(text: str, path: KeyPath, present: list[Any], value: list[Any]) -> str | None:
    """Entry by entry, which keeps the comments on others; None where that is not how they differ."""
    if len(present) == len(value) and value:
        return _with_list(text, path, present, value)
    rest = iter(value)
    left = next(rest, _NOTHING)
    gone = []
    for index, entry in enumerate(present):
        if same(entry, left):
            left = next(rest, _NOTHING)
        else:
            gone.append(index)
    kept = len(present) - len(gone)
    if not kept or path not in outlined(text).elements:
        return None
    for index in reversed(gone):
        text = without(text, (*path, index))
    for each in value[kept:]:
        text = with_element(text, path, each)
    return text


def _with_new(text: str, path: KeyPath, value: Any) -> str:
    *above, last = path
    around = value_at(tomllib.loads(text), tuple(above))
    if isinstance(last, int):
        length = 0 if around is _NOTHING else len(around) if isinstance(around, list) else None
        if last != length:
            raise _nowhere(path)
        return with_element(text, tuple(above), value)
    if is_there(around) and not isinstance(around, dict):
        raise _nowhere(path)
    return with_keys(text, tuple(above), {last: value})


def _with_other(text: str, path: KeyPath, value: Any) -> str:
    """In the place of a value of another kind, or of one that has no parts."""
    outline = outlined(text)
    if path not in outline.values:
        return _with_new(without(text, path), path, value)
    start, end = outline.values[path]
    indent = text[line_start(text, start) : start]
    is_alone = isinstance(path[-1], str) and not any(
        body.start < start < body.end for body in outline.braces.values()
    )
    new = pair_text("", value).partition(" = ")[2] if is_alone and "=" in indent else value_text(value)
    return text[:start] + new + text[end:]


def _nowhere(path: KeyPath) -> ConfigError:
    return ConfigError(
        f"There is no place for {dotted(path)} in the settings as they are now; look at them again."
    )
