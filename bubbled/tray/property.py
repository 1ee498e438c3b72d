"""Entries of the menu in the words of com.canonical.dbusmenu, and what changed between two menus. Pure.

The interface is described in the source of libdbusmenu (libdbusmenu-glib/dbus-menu.xml).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from bubbled.tray.menu import Entry

Value = str | bool | int
"""Of a property: `s`, `b` or `i` on the bus."""


@dataclass(frozen=True, slots=True)
class Changed:
    """An entry that stayed, with other properties.

    Attributes:
        values: those that are new or have another value.
        gone: the names of those that have their usual value again.
    """

    number: int
    values: Mapping[str, Value]
    gone: Sequence[str]


def properties(entry: Entry, names: Collection[str] = ()) -> dict[str, Value]:
    """Give the properties of an entry that are not as usual; of these only the named, if any are named."""
    found = _properties(entry)
    return {name: value for name, value in found.items() if name in names} if names else found


def _properties(entry: Entry) -> dict[str, Value]:
    if entry.entries:
        label: dict[str, Value] = {"label": literal(entry.label)} if entry.label else {}
        return label | {"children-display": "submenu"}
    if not entry.label:
        return {"type": "separator"}
    found: dict[str, Value] = {"label": literal(entry.label)}
    if not entry.is_enabled:
        found["enabled"] = False
    if entry.mark is not None:
        found |= {"toggle-type": entry.mark.value, "toggle-state": int(entry.is_marked)}
    return found


def literal(label: str) -> str:
    """Write a label so that it is shown as it is: one underscore would mark a key to press."""
    return label.replace("_", "__")


def difference(old: Entry, new: Entry) -> Sequence[Changed] | None:
    """Tell which entries look different; None when they are not the same entries in the same order."""
    before, after = tuple(old.all()), tuple(new.all())
    if _shape(old) != _shape(new):
        return None
    pairs = zip(before, after, strict=True)
    return [_change(was, now) for was, now in pairs if properties(was) != properties(now)]


def _shape(entry: Entry) -> tuple[object, ...]:
    return entry.number, tuple(map(_shape, entry.entries))


def _change(was: Entry, now: Entry) -> Changed:
    old, new = properties(was), properties(now)
    values = {name: value for name, value in new.items() if old.get(name) != value}
    return Changed(now.number, values, [name for name in old if name not in new])
