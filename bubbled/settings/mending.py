"""Reading on past slips of the pen: one in a section's name must not hide the mistakes within the section."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bubbled.settings.schema import keys_at
from bubbled.settings.suggestion import nearest
from bubbled.settings.wording import errors_in, path_of, table_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bubbled.settings.position import KeyPath


@dataclass(frozen=True, slots=True)
class Slip:
    """A key that plainly stands for another.

    Attributes:
        above: the table around it, as mended before.
        moved: the paths that its values were given, each with the last steps of where they were before.
    """

    above: KeyPath
    written: str
    meant: str
    moved: tuple[tuple[KeyPath, KeyPath], ...]


@dataclass(frozen=True, slots=True)
class Mended:
    """A document with its slips of the pen put right, what they were, and where values were before."""

    document: dict[str, Any]
    slips: tuple[Slip, ...]
    origins: Mapping[KeyPath, tuple[KeyPath, KeyPath]]

    def as_written(self, path: KeyPath) -> KeyPath:
        """Where in the file stands what is at `path` in the mended document."""
        for depth in range(len(path), 0, -1):
            if path[:depth] in self.origins:
                above, steps = self.origins[path[:depth]]
                return (*self.as_written(above), *steps, *path[depth:])
        return path


def mend(document: dict[str, Any]) -> Mended:
    """`document` with each unknown key renamed to the known one that it stands for, where there is room."""
    mended = deepcopy(document)
    slips: list[Slip] = []
    while found := list(_mend_once(mended)):
        slips += found
    origins = {to: (slip.above, steps) for slip in slips for to, steps in slip.moved}
    return Mended(mended, tuple(slips), origins)


def _mend_once(document: dict[str, Any]) -> Iterator[Slip]:
    for error in errors_in(document):
        *above, written = path_of(error)
        known = keys_at(table_of(error))
        if error["type"] != "extra_forbidden" or written in known:
            continue
        table = _table_at(document, above)
        meant = nearest(str(written), [key for key in known if _has_room(table.get(key), table[written])])
        if meant is not None:
            yield Slip(tuple(above), str(written), meant, tuple(_move(table, str(written), meant, above)))


def _table_at(document: Any, path: list[str | int]) -> Any:
    for step in path:
        document = document[step]
    return document


def _has_room(there: object, value: object) -> bool:
    """Whether `value` can be put where `there` is: where nothing is, or as more of the same."""
    match there, value:
        case None, _:
            return True
        case list(), list():
            return True
        case dict(), dict():
            return there.keys().isdisjoint(value)
        case _:
            return False


def _move(
    table: dict[str, Any], written: str, meant: str, above: list[str | int]
) -> Iterator[tuple[KeyPath, KeyPath]]:
    value = table.pop(written)
    there = table.setdefault(meant, value)
    if there is value:
        yield (*above, meant), (written,)
    elif isinstance(there, list):
        for index, element in enumerate(value):
            yield (*above, meant, len(there)), (written, index)
            there.append(element)
    else:
        for key in value:
            yield (*above, meant, key), (written, key)
        there.update(value)
