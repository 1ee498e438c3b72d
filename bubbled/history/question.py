"""What a user types to find calls, as a question to their words (`words.words_of`). Pure.

A question is asked in three ways, which agree: of a text in memory, of a column in SQL, of an index of words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final, TypeAlias

import phonenumbers

from bubbled.history.words import beginning, digits_of, ending, plain_words
from bubbled.number import to_e164

if TYPE_CHECKING:
    from collections.abc import Iterator

SHORTEST_ENDING: Final = 4
"""Digits; fewer end a tenth or a hundredth of all numbers."""

_WHOLE_NUMBER = 7
_NUMBER_PIECE = re.compile(r"[+\d()./,\u00b7\u2010-\u2015-]*\d[+\d()./,\u00b7\u2010-\u2015-]*", re.ASCII)
_LINK = re.compile(r"\btel:", re.IGNORECASE)
_TRUNK_ZERO = re.compile(r"\(0\)")
_MOST_PIECES = 20


@dataclass(frozen=True, slots=True)
class Word:
    """A word that must be there, or (`is_whole` false) a word that begins so."""

    text: str
    is_whole: bool = False

    @property
    def needle(self) -> str:
        """How it stands in the words of a call."""
        return f" {self.text} " if self.is_whole else f" {self.text}"


@dataclass(frozen=True, slots=True)
class AllOf:
    """Several questions, each of which must hold."""

    parts: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Several questions, of which one must hold."""

    parts: tuple[Question, ...]


Question: TypeAlias = Word | AllOf | AnyOf

NOTHING_ASKED: Final = AllOf(())


def holds(question: Question, words: str) -> bool:
    """Whether the words of a call are what is asked for."""
    match question:
        case Word():
            return question.needle in words
        case AllOf(parts):
            return all(holds(part, words) for part in parts)
        case AnyOf(parts):
            return any(holds(part, words) for part in parts)


def for_index(question: Question, sign: str) -> str:
    """Write a question as FTS5 reads it (https://www.sqlite.org/fts5.html, section 3).

    Words hold nothing but letters, digits and the signs of `words`, so that none can be more than a word.

    Args:
        question: one that asks for something.
        sign: what stands before each word in the index.
    """
    match question:
        case Word(text, is_whole):
            return f'"{sign}{text}"' if is_whole else f'"{sign}{text}"*'
        case AllOf(parts):
            return f"({' AND '.join(for_index(part, sign) for part in parts)})"
        case AnyOf(parts):
            return f"({' OR '.join(for_index(part, sign) for part in parts)})"


def for_column(question: Question) -> tuple[str, dict[str, object]]:
    """Write a question as a condition in SQL on `search_rows.words`, with the values that are named in it."""
    needles: dict[str, object] = {}
    return _condition(question, needles), needles


def _condition(question: Question, needles: dict[str, object]) -> str:
    match question:
        case Word():
            name = f"needle{len(needles)}"
            needles[name] = question.needle
            return f"instr(search_rows.words, :{name})"
        case AllOf(parts):
            return f"({' AND '.join(_condition(part, needles) for part in parts) or '1'})"
        case AnyOf(parts):
            return f"({' OR '.join(_condition(part, needles) for part in parts) or '0'})"


def question_of(text: str, region: str) -> AllOf:
    """Read what was typed: every word must occur, as the beginning of one; a number in any notation.

    Args:
        text: whatever a person types, of which the first words count.
        region: where national notation belongs, as two letters (ISO 3166).
    """
    pieces = _LINK.sub(" ", text).split()[:_MOST_PIECES]
    parts: list[Question] = []
    for is_number, run in groupby(pieces, key=lambda piece: _NUMBER_PIECE.fullmatch(piece) is not None):
        if is_number:
            parts.append(_number_or_its_pieces(list(run), region))
        else:
            parts += (piece for piece in (_piece(each, region) for each in run) if piece.parts)
    return AllOf(tuple(parts))


def _number_or_its_pieces(run: list[str], region: str) -> Question:
    """`06 1234 5678` is one number or, in a note, three words."""
    if len(run) == 1:
        return AnyOf((*_number(run[0], region), _words(run[0])))
    pieces = (
        AnyOf((*_number(piece, region), _words(piece)))
        if len(digits_of(piece)) >= _WHOLE_NUMBER
        else _words(piece)
        for piece in run
    )
    return AnyOf((*_number(" ".join(run), region), AllOf(tuple(pieces))))


def _piece(piece: str, region: str) -> AllOf:
    """One word or several; one of digits, as in `Tel.0612345678`, may be a number."""
    return AllOf(
        tuple(
            AnyOf((*_number(word, region), Word(word))) if word.isascii() and word.isdigit() else Word(word)
            for word in plain_words(piece)
        )
    )


def _words(piece: str) -> AllOf:
    return AllOf(tuple(map(Word, plain_words(piece))))


def _number(text: str, region: str) -> list[Word]:
    """Give the words of which a number has one that begins, or ends, as a text says."""
    digits = digits_of(_TRUNK_ZERO.sub("", text))
    beginnings = dict.fromkeys(filter(None, _beginnings(text, digits, region)))
    words = [Word(*beginning(each)) for each in beginnings]
    if not _is_international(text, digits):
        words += (Word(ending(each)) for each in _endings(digits))
    return words


def _beginnings(text: str, digits: str, region: str) -> Iterator[str]:
    e164 = to_e164(text, region)
    if e164 is not None:
        yield digits_of(e164)
    yield digits
    if digits.startswith("00"):
        yield digits[2:]
    elif not _is_international(text, digits):
        yield from _national_beginnings(digits, region)


def _endings(digits: str) -> Iterator[str]:
    if len(digits) >= SHORTEST_ENDING:
        yield digits
    if digits.startswith("0") and len(digits) > _WHOLE_NUMBER:
        yield digits[1:]  # as it is dialled in a country whose numbers have a zero before them


def _is_international(text: str, digits: str) -> bool:
    return text.lstrip(" (").startswith("+") or digits.startswith("00")


def _national_beginnings(digits: str, region: str) -> Iterator[str]:
    """As a number at home begins: with the zero before it or, from four digits on, without."""
    country = phonenumbers.country_code_for_region(region.upper())
    trunk = phonenumbers.ndd_prefix_for_region(region.upper(), strip_non_digits=True)
    if not country:
        return
    if trunk and digits.startswith(trunk):
        yield f"{country}{digits.removeprefix(trunk)}"
    elif len(digits) >= SHORTEST_ENDING:
        yield f"{country}{digits}"
