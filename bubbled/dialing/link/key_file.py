"""The lines of .desktop files and mimeapps.list (Desktop Entry Specification 1.5, section 3). Pure.

Where a file breaks the rules, it is read as GLib reads it: groups with the same name are one, and of entries
with the same key the last counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_GROUP: Final = re.compile(r"\[([^\[\]]+)\]")
_ENTRY: Final = re.compile(r"([^=\s][^=]*?)\s*=\s*(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Line:
    """One line, without what ends it.

    Attributes:
        group: in which it stands; that of a heading is its own. None before the first.
        key: None for headings, comments, blank lines and nonsense.
    """

    group: str | None
    key: str | None = None
    value: str = ""


def lines(raw: Iterable[str]) -> list[Line]:
    """Understand each line."""
    found: list[Line] = []
    group: str | None = None
    for line in raw:
        text = line.strip()
        if heading := _GROUP.fullmatch(text):
            group = heading[1]
        entry = None if text.startswith("#") else _ENTRY.fullmatch(text)
        found.append(Line(group, entry[1], entry[2]) if entry and not heading else Line(group))
    return found


def entries(text: str, group: str) -> dict[str, str]:
    """Give the entries of a group as they are written."""
    return {line.key: line.value for line in lines(text.split("\n")) if line.group == group and line.key}


def items(value: str) -> tuple[str, ...]:
    """Give what a list holds: `one;two;`."""
    return tuple(item for part in value.split(";") if (item := part.strip()))
