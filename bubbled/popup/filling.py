"""Filling templates in: lines of a card, and texts for whatever a button does. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bubbled.popup.text import LONGEST, one_line
from bubbled.template import parse

if TYPE_CHECKING:
    from collections.abc import Callable

    from bubbled.popup.variable import Values
    from bubbled.template import Template

_EMPTY_BRACKETS: Final = re.compile(r"\(\s*\)|\[\s*\]")
_LOOSE: Final = " \t:;,-–·|/"  # noqa: RUF001 - the dash that people type between two parts of a line
_DOUBLED: Final = re.compile(r"(?<=\s)([·|/–-])(?:\s+[·|/–-])+(?=\s)")  # noqa: RUF001 - as above


def line(text: str, values: Values, limit: int = LONGEST) -> str:
    """Fill a template in as one line for the eye; empty when all its variables are, and it has some.

    The punctuation that empty variables leave behind goes: "Customers: " becomes "Customers".
    """
    template = parse(text)
    filled = [values.of(each) for each in template.placeholders]
    if filled and not any(filled):
        return ""
    found = iter(filled)
    whole = template.fill(lambda _: next(found))
    return one_line(whole if all(filled) else tidy(whole), limit)


def fill(template: Template, values: Values, escape: Callable[[str], str] = str) -> str:
    """Fill a template in for another language, each value escaped for it; the template itself is trusted."""
    return template.fill(lambda placeholder: escape(values.of(placeholder)))


def tidy(whole: str) -> str:
    """Remove the punctuation that stands at the ends, within empty brackets, or twice between two parts."""
    return _DOUBLED.sub(r"\1", _EMPTY_BRACKETS.sub("", whole)).strip(_LOOSE)
