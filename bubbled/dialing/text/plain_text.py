"""Selected text with all that is not meant to be seen taken out, in which digits are digits. Pure."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LONGEST_ABOUT: Final = 40

# CSI and OSC sequences (ECMA-48, 5.4 and 8.3.89): colours and links that a terminal program wrote.
_ESCAPE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?)")
_LINE_BREAK = re.compile(r"[\x00-\x08\n-\x1f\x7f]+")

_FULL_WIDTH: Final = range(0xFF01, 0xFF5F)
_FULL_WIDTH_TO_ASCII: Final = 0xFEE0
_WRITTEN: Final[Mapping[str, str]] = {
    "\u2212": "-",  # minus
    "\u30fc": "-",  # the Japanese long vowel, which people write for a dash
    "\u2014": " - ",  # between words, and no hyphen within a number
    **dict.fromkeys("\u2219\u2027", "\u00b7"),  # other dots in the middle
    "Pd": "-",
    "Zs": " ",
    "Nl": " ",
    "No": " ",
    "Cf": "",
    "Mn": "",
    "Me": "",
    **dict.fromkeys(("Cc", "Cn", "Co", "Cs", "Zl", "Zp"), "\n"),
}
"""Characters, and Unicode categories of all others."""

_NEVER_SHOWN: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs"})
_MOST_MARKS: Final = 4
"""Accents on one letter, more than any language writes."""


def plain(text: str) -> str:
    r"""Write `text` with ASCII digits, dashes and spaces, and `\n` for whatever ends a line or is no text.

    Invisible characters and accents apart from their letters go; footnote signs such as `¹` are no digits.
    """
    text = _LINE_BREAK.sub("\n", _ESCAPE.sub(" ", text))
    if not text.isascii():
        text = "".join(c if c.isascii() else _plain(c) for c in text)
    return text.strip()


@lru_cache(maxsize=1024)
def _plain(char: str) -> str:
    if ord(char) in _FULL_WIDTH:
        return chr(ord(char) - _FULL_WIDTH_TO_ASCII)
    category = unicodedata.category(char)
    if category == "Nd":
        return str(unicodedata.decimal(char))
    return _WRITTEN.get(char, _WRITTEN.get(category, char))


def about(text: str) -> str:
    """Give the beginning of `text` as one harmless line of at most `LONGEST_ABOUT` characters."""
    # Cut first: a megabyte costs no more than a line.
    folded = " ".join(_ESCAPE.sub(" ", text[: 8 * LONGEST_ABOUT]).split())
    line = " ".join("".join(_drawable(folded)).split())
    return line if len(line) <= LONGEST_ABOUT else line[: LONGEST_ABOUT - 1].rstrip() + "…"


def _drawable(text: str) -> Iterator[str]:
    marks = 0
    for char in text:
        category = unicodedata.category(char)
        marks = marks + 1 if category[0] == "M" else 0
        if category not in _NEVER_SHOWN and marks <= _MOST_MARKS:
            yield char
