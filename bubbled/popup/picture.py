"""The picture of a card: which file or icon it is. Pure: whether it is there, the screens find out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bubbled.template import parse
from bubbled.vocabulary import VARIABLES

if TYPE_CHECKING:
    from bubbled.popup.variable import Values

_ICON: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,99}")
"""Names of icons in a theme (Icon Naming Specification)."""

_LONGEST: Final = 1000
_LONGEST_PART: Final = 100


def picture(text: str, values: Values, home: str) -> str:
    """Give the absolute path or the name of an icon that a template names; empty when it names none.

    A column of an address book that stands alone is taken whole, because the user's own address book says
    where its pictures are. Everywhere else a value is one part of a path and can lead nowhere else: a caller
    chooses his name.
    """
    template = parse(text)
    if (alone := template.alone) is not None and alone.name not in VARIABLES:
        return _checked(values.of(alone), home)
    parts = [_part(values.of(each)) for each in template.placeholders]
    if not all(parts):
        return ""
    found = iter(parts)
    return _checked(template.fill(lambda _: next(found)), home)


def _part(value: str) -> str:
    return re.sub(r"[/\\\0]", "_", value).lstrip(".")[:_LONGEST_PART].strip()


def _checked(name: str, home: str) -> str:
    if name.startswith("~/") and home:
        name = home + name[1:]
    is_path = name.startswith("/") and name.isprintable() and len(name) <= _LONGEST
    return name if is_path or _ICON.fullmatch(name) else ""
