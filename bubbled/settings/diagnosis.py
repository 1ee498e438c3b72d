"""All mistakes of a settings file at once, each with its key and line; needed only when there is one."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from bubbled.settings.mistake import Mistake, dotted
from bubbled.settings.position import line_of, locate
from bubbled.settings.schema import Settings, keys_at
from bubbled.settings.suggestion import nearest
from bubbled.settings.wording import path_of, place_of, slip, wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic_core import ErrorDetails

    from bubbled.settings.position import KeyPath

# Told of defaults whose ground is wrong itself; and what `_repeated_names` tells better.
_SAID_OTHERWISE = {"default_factory_not_called", "repeated_name"}


# Nobody mends more at once; finding what was meant by a hundred thousand odd keys would take minutes.
_MOST = 500


def find_mistakes(document: dict[str, Any], text: str) -> tuple[Mistake, ...]:
    """Everything that is wrong with `document`, by line, up to some 500; `text` is its TOML.

    Raises:
        RecursionError: values are nested as deep as Python's stack.
    """
    lines = locate(text)
    mended = deepcopy(document)
    slips = _mend(mended)
    found = [
        *((path, slip(path)) for path in slips),
        *((place_of(error), wording(error)) for error in _errors(mended)),
        *((path, "is taken by an earlier directory; each needs its own") for path in _repeated_names(mended)),
    ]
    mistakes = (_mistake(_as_written(path, slips), words, lines) for path, words in found)
    return tuple(sorted(mistakes, key=lambda mistake: mistake.line or 0))


def _mistake(path: KeyPath, words: str, lines: Mapping[KeyPath, int]) -> Mistake:
    return Mistake(dotted(path), line_of(path, lines), words)


def _errors(document: dict[str, Any]) -> list[ErrorDetails]:
    try:
        Settings.model_validate(document)
    except ValidationError as refused:
        errors = refused.errors(include_url=False)
        return [error for error in errors if error["type"] not in _SAID_OTHERWISE][:_MOST]
    return []


def _mend(document: dict[str, Any]) -> dict[KeyPath, str]:
    """Rename slips of the pen in `document`, so that one in a section's name hides nothing within it.

    Returns:
        The keys as they were written, by the paths that they were given.
    """
    slips: dict[KeyPath, str] = {}
    while renamed := _mend_once(document):
        slips |= renamed
    return slips


def _mend_once(document: dict[str, Any]) -> dict[KeyPath, str]:
    renamed: dict[KeyPath, str] = {}
    for error in _errors(document):
        *above, written = path_of(error)
        known = keys_at(above)
        if error["type"] != "extra_forbidden" or written in known:
            continue
        table = _table_at(document, above)
        meant = nearest(str(written), known.keys() - table.keys())
        if meant is not None:
            table[meant] = table.pop(written)
            renamed[*above, meant] = str(written)
    return renamed


def _table_at(document: Any, path: list[str | int]) -> Any:
    for step in path:
        document = document[step]
    return document


def _as_written(path: KeyPath, slips: dict[KeyPath, str]) -> KeyPath:
    return tuple(slips.get(path[: depth + 1], step) for depth, step in enumerate(path))


def _repeated_names(document: dict[str, Any]) -> Iterator[KeyPath]:
    """Where a directory takes a name again. Pydantic would say so only once nothing else is wrong."""
    seen = set()
    directories = document.get("directory")
    for index, directory in enumerate(directories if isinstance(directories, list) else []):
        name = directory.get("name") if isinstance(directory, dict) else None
        if isinstance(name, str):
            if name in seen:
                yield ("directory", index, "name")
            seen.add(name)
