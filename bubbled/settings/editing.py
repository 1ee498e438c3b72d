"""Changing single settings in the text of the file; all else stays as its user wrote it, comments too. Pure.

What is changed is cut out of the text, and what is new written between; `tomllib` then has to read exactly
what was wanted, or nothing is changed at all.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from copy import deepcopy
from typing import TYPE_CHECKING, Any, Final

from bubbled.error import ConfigError
from bubbled.settings.change import is_there, same, value_at, with_value
from bubbled.settings.outline import outlined
from bubbled.settings.removal import stays_empty, without
from bubbled.settings.syntax import endless_key

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bubbled.settings.outline import Outline
    from bubbled.settings.position import KeyPath


class Absent:
    """In the place of a value: takes the key out, so that its default counts."""


ABSENT: Final = Absent()

Changes = Mapping["KeyPath", Any]
"""New values by the way to each; plain Python, or `ABSENT`."""

_BOM: Final = "\ufeff"
_LEFT_ALONE: Final = (
    "Your settings are written in a way in which this cannot be changed by itself; they stay as they are. "
    "Change it in the file by hand."
)
_MOST_TABLES: Final = 200
"""Of a list that is written anew: each is found a place by reading the whole text again."""


def edited(text: str, changes: Changes) -> str:
    """Give settings other values, or take them out.

    Sections that are missing are made; an index as high as a list is long makes one more element. All paths
    mean the settings as they are before, so elements are taken out last.

    Args:
        text: TOML, in any layout that a person may have given it.
        changes: what is to be different; the rest stays, to the character.

    Raises:
        ConfigError: there is no such place, or the text is written in a way in which that cannot be done.
    """
    taken_out = [path for path, value in changes.items() if isinstance(value, Absent)]

    def change(body: str, document: dict[str, Any]) -> str:
        for path, value in changes.items():
            if not isinstance(value, Absent):
                body = with_value(body, path, value)
                _put(document, path, value)
        for path in sorted(taken_out, key=_by_index, reverse=True):
            if is_there(value_at(document, path)):
                body, before = without(body, path), body
                _take_out(document, path, before)
        return body

    return _changed(text, change)


def reordered(text: str, key: str, order: Sequence[int]) -> str:
    """Put the tables of a list into another order, each with the comments that stand above it.

    Args:
        text: TOML.
        key: of a list at the top of it.
        order: which table, counted from 0, comes first, second and so on: each of them once.

    Raises:
        ConfigError: that is no order of these tables, or they cannot be moved by themselves.
    """

    def change(body: str, document: dict[str, Any]) -> str:
        tables = document.get(key, [])
        if not isinstance(tables, list) or sorted(order) != list(range(len(tables))):
            raise ConfigError("These are not the settings as they are now; look at them again.")
        document[key] = [tables[index] for index in order]
        return _moved(body, key, order)

    return _changed(text, change)


def replaced(text: str, key: str, tables: Sequence[Mapping[str, Any]] | Mapping[str, Any]) -> str:
    """Write a whole list of tables, or a section, anew; what stays the same in it keeps its comments.

    Raises:
        ConfigError: as with `edited`; or they are more than anybody has.
    """
    if isinstance(tables, Mapping):
        return edited(text, {(key,): dict(tables)})
    old = value_at(_parsed(text.removeprefix(_BOM)), (key,))
    old = old if isinstance(old, list) else []
    if max(len(old), len(tables)) > _MOST_TABLES:
        raise ConfigError(
            f"More than {_MOST_TABLES} of {key} cannot be changed here; change them in the file by hand."
        )
    if not tables:
        return edited(edited(text, {(key,): ABSENT}), {(key,): []})
    origins = _origins(old, tables)
    changes: dict[KeyPath, Any] = {}
    order: list[int] = []
    length = len(old)
    for origin, table in zip(origins, tables, strict=True):
        place = length if origin is None else origin
        length += origin is None
        order.append(place)
        changes[key, place] = dict(table)
    gone = sorted(set(range(len(old))) - set(order))
    text = edited(text, {**changes, **{(key, place): ABSENT for place in gone}})
    return reordered(text, key, [place - sum(each < place for each in gone) for place in order])


def _changed(text: str, change: Callable[[str, dict[str, Any]], str]) -> str:
    """The text after a change, which has to say what the document does that was changed in the same way."""
    body = text.removeprefix(_BOM)
    has_cr = "\r\n" in body and body.count("\r\n") == body.count("\n")
    plain = body.replace("\r\n", "\n") if has_cr else body
    wanted = deepcopy(_parsed(plain))
    try:
        result = change(plain, wanted)
        is_right = same(tomllib.loads(result), wanted)
    except (ValueError, LookupError, AssertionError, RecursionError, TypeError):
        raise ConfigError(_LEFT_ALONE) from None
    if not is_right:
        raise ConfigError(_LEFT_ALONE)
    return text[: len(text) - len(body)] + (result.replace("\n", "\r\n") if has_cr else result)


def _parsed(text: str) -> dict[str, Any]:
    try:
        if endless_key(text) is None:
            return tomllib.loads(text)
    except (ValueError, RecursionError):
        pass
    raise ConfigError(
        "The settings cannot be read as they are now; mend the file first. `bubbled doctor` tells where."
    )


def _by_index(path: KeyPath) -> tuple[tuple[bool, int, str], ...]:
    return tuple((isinstance(step, int), step if isinstance(step, int) else 0, str(step)) for step in path)


def _put(document: Any, path: KeyPath, value: Any) -> None:
    *above, last = path
    for step, following in zip(above, path[1:], strict=True):
        if isinstance(step, int):
            if step == len(document):
                document.append({})
            document = document[step]
        else:
            document = document.setdefault(step, [] if isinstance(following, int) else {})
    if isinstance(last, int) and last == len(document):
        document.append(value)
    else:
        document[last] = value


def _take_out(document: Any, path: KeyPath, before: str) -> None:
    """Take a value out, and tables around it that nothing else has written."""
    *above, last = path
    del value_at(document, tuple(above))[last]
    if above and not value_at(document, tuple(above)) and not stays_empty(before, tuple(above)):
        _take_out(document, tuple(above), before)


def _moved(text: str, key: str, order: Sequence[int]) -> str:
    outline = outlined(text)
    spans = outline.elements.get((key,)) or [_whole(outline, (key, index)) for index in range(len(order))]
    moved = [text[slice(*spans[index])] for index in order]
    for (start, end), piece in sorted(zip(spans, moved, strict=True), reverse=True):
        text = text[:start] + piece + text[end:]
    return text


def _whole(outline: Outline, path: KeyPath) -> tuple[int, int]:
    """A table with its comments and the tables in it, which have to stand right behind it."""
    below = outline.below(path)
    if below != list(range(below[0], below[0] + len(below))):
        raise ValueError("scattered")
    return outline.block(below[0])[0], outline.block(below[-1])[1]


def _origins(old: Sequence[Any], new: Sequence[Mapping[str, Any]]) -> list[int | None]:
    """For each new table the old one that it was: the same, else one of the same name, else none."""
    free = dict(enumerate(old))
    origins: list[int | None] = [None] * len(new)
    for alike in (same, _share_name):
        for at, table in enumerate(new):
            if origins[at] is None:
                origin = next((index for index, each in free.items() if alike(each, dict(table))), None)
                if origin is not None:
                    origins[at] = origin
                    del free[origin]
    return origins


def _share_name(one: Any, other: Any) -> bool:
    names = [each.get("name", each.get("label")) if isinstance(each, dict) else None for each in (one, other)]
    return names[0] is not None and bool(names[0] == names[1])
