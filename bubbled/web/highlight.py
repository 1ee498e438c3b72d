"""Which pieces of a text are what was searched for, for the eye. Pure.

The search itself decides which calls are found (`bubbled.history.question`); here is said where one sees why.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final, TypeAlias

from bubbled.history.words import digits_of, plain_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Pieces: TypeAlias = "Sequence[tuple[str, bool]]"
"""A text in its order, each piece with whether it was searched for."""

_MOST_WORDS: Final = 20
_NUMBER: Final = re.compile(r"\+?[(\d][\d\s()./\u00b7\u2010-\u2015-]*", re.ASCII)
_SHORTEST_WITHIN: Final = 3
"""Digits that are shown within a number, too; fewer only at its beginning."""


class Highlight:
    """Shows what was searched for in names, notes and numbers."""

    def __init__(self, searched: str) -> None:
        words = sorted(set(plain_words(searched)[:_MOST_WORDS]), key=len, reverse=True)
        self._words = re.compile(rf"(?<![^\W_])(?:{'|'.join(words)})") if words else None
        self._numbers = [_notations(found) for found in _NUMBER.findall(searched)[:_MOST_WORDS]]

    def text(self, text: str) -> Pieces:
        """Take a name or a note apart: words count from their beginning, whatever their accents."""
        if self._words is None:
            return [(text, False)] if text else []
        plain, places = _plain(text)
        spans = (found.span() for found in self._words.finditer(plain))
        return list(_cut(text, ((places[begin], places[end - 1] + 1) for begin, end in spans)))

    def number(self, number: str) -> Pieces:
        """Take a number apart, whatever its notation and that of the search."""
        places = [place for place, sign in enumerate(number) if sign.isascii() and sign.isdigit()]
        digits = "".join(number[place] for place in places)
        spans = (span for notations in self._numbers if (span := _found(notations, digits)))
        return list(_cut(number, sorted((places[begin], places[end - 1] + 1) for begin, end in spans)))


def _notations(searched: str) -> list[str]:
    """Give the digits of a number, and what is left of them in another notation."""
    digits = digits_of(searched)
    return list(filter(None, dict.fromkeys([digits, digits.removeprefix("00"), digits.removeprefix("0")])))


def _found(notations: Iterable[str], digits: str) -> tuple[int, int] | None:
    for wanted in notations:
        begin = digits.find(wanted)
        if begin == 0 or (begin > 0 and len(wanted) >= _SHORTEST_WITHIN):
            return begin, begin + len(wanted)
    return None


def _plain(text: str) -> tuple[str, Sequence[int]]:
    """Give a text in small letters without accents, and for each of its signs where it stood."""
    if text.isascii():
        return text.lower(), range(len(text))
    signs: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        plain = "".join(plain_words(sign)) or ("" if unicodedata.combining(sign) else " ")
        signs.append(plain)
        places += [place] * len(plain)
    return "".join(signs), places


def _cut(text: str, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[str, bool]]:
    done = 0
    for begin, end in spans:
        if begin < done:  # two things that were searched for lie over each other
            continue
        if begin > done:
            yield text[done:begin], False
        yield text[begin:end], True
        done = end
    if done < len(text):
        yield text[done:], False
