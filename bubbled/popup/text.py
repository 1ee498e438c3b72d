"""Text that strangers chose, made fit for display. Pure."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST: Final = 120
"""A longer text is cut: what is left still fills two lines of a popup."""

_JOINERS: Final = "\u200c\u200d"
"""Zero-width (non-)joiners, without which emoji families and Persian words fall apart."""

_NEVER_SHOWN: Final = frozenset({"Cc", "Cf", "Cs", "Cn"})
"""Unicode categories that draw nothing themselves but steer, hide or break what stands beside them:
controls, formats (directional overrides among them, UAX #9), lone surrogates, unassigned code points."""

_BLANK: Final = dict.fromkeys(map(ord, "\u115f\u1160\u2800\u3164\uffa0"), " ")
"""Letters and signs that are drawn as nothing: a name of them would leave a popup without one."""

_MOST_MARKS: Final = 4
"""Accents on one letter, more than any language writes; dozens would cover the lines above and below."""


def one_line(text: str | None, limit: int = LONGEST) -> str:
    """Make a text from outside harmless: one line, at most `limit` characters, nothing invisible in it.

    White space is folded; markup stays as it is, because only a screen knows what is markup to it.
    """
    # Cut first: a megabyte costs no more than a line. Four times the limit leaves room for what is dropped.
    folded = " ".join((text or "")[: 4 * limit].translate(_BLANK).split())
    # Of most texts nothing has to be looked at letter by letter, which would be half of the work for a card.
    line = folded if folded.isascii() and folded.isprintable() else _looked_through(folded)
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _looked_through(folded: str) -> str:
    line = " ".join("".join(_drawable(folded)).split())
    is_blank = all(c in _JOINERS or unicodedata.category(c)[0] in "MZ" for c in line)
    return "" if is_blank else line


def _drawable(text: str) -> Iterator[str]:
    marks = 0
    for char in text:
        category = unicodedata.category(char)
        marks = marks + 1 if category[0] == "M" else 0
        if (char in _JOINERS or category not in _NEVER_SHOWN) and marks <= _MOST_MARKS:
            yield char


def visible(text: str) -> str:
    """Replace what a terminal could obey by what it can only draw: escape becomes ␛, an override �."""
    return "".join(map(_drawn, text))


def _drawn(char: str) -> str:
    code = ord(char)
    if code < 0x20:  # noqa: PLR2004 - the C0 controls, which Unicode draws as U+2400 and following
        return chr(0x2400 + code)
    if char == "\x7f":
        return "␡"
    if char in _JOINERS or unicodedata.category(char) not in _NEVER_SHOWN:
        return char
    return "\ufffd"
