"""Narrows a question to the words that a shelf has, so that the index answers it soon. Pure.

Of a whole word an index goes from one call to the next. All words with a beginning it gathers first, which
takes long where many calls have one, and is in vain where no call has the next word. So of a beginning the
words are asked for, if they are few; and where few calls have some of the words, the rest is looked for in
the texts of these calls.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Final, NamedTuple

from bubbled.history.question import NOTHING_ASKED, AllOf, AnyOf, Question, Word

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

MOST_WORDS: Final = 64
"""With one beginning that are asked for one by one."""

FEW_CALLS: Final = 500
"""Of which the texts are read rather than another word looked up."""


class KnownWord(NamedTuple):
    """A word of a shelf, without its sign.

    Attributes:
        text: the word.
        calls: how many of the shelf have it; of more than `FEW_CALLS` perhaps not all are counted.
    """

    text: str
    calls: int


class Narrowed(NamedTuple):
    """A question in two parts, both of which must hold.

    Attributes:
        indexed: what the index is to be asked; something at least.
        read: what is to be looked for in the words of the calls that it finds; perhaps nothing.
        is_wide: whether the index has many words to gather, which takes long.
    """

    indexed: AllOf
    read: AllOf
    is_wide: bool


class _Part(NamedTuple):
    """A question to a shelf: of how many calls it may hold, and whether many words are gathered for it."""

    question: Question
    most: float
    is_wide: bool


def words_in(question: Question) -> Iterator[Word]:
    """Give all words that a question asks for; one may come twice."""
    match question:
        case Word():
            yield question
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from words_in(part)


def narrowed(question: AllOf, known: Mapping[Word, Sequence[KnownWord]]) -> Narrowed | None:
    """Narrow a question to a shelf; None: it holds of no call there.

    Args:
        question: one that asks for something.
        known: for each of its words those of the shelf, at most one more than `MOST_WORDS`.
    """
    parts = [_part(part, known) for part in question.parts]
    if any(part.most == 0 for part in parts):
        return None
    narrow = [part for part in parts if not part.is_wide]
    if min((part.most for part in narrow), default=inf) > FEW_CALLS:
        return Narrowed(_all(parts), NOTHING_ASKED, is_wide=len(narrow) < len(parts))
    return Narrowed(_all(narrow), _all([part for part in parts if part.is_wide]), is_wide=False)


def _all(parts: Sequence[_Part]) -> AllOf:
    return AllOf(tuple(part.question for part in parts))


def _part(question: Question, known: Mapping[Word, Sequence[KnownWord]]) -> _Part:
    match question:
        case Word():
            return _word(question, known[question])
        case AllOf(asked):
            parts = [_part(part, known) for part in asked]
            most = min((part.most for part in parts), default=inf)
            return _Part(_all(parts), most, is_wide=any(part.is_wide for part in parts))
        case AnyOf(asked):
            parts = [part for part in (_part(part, known) for part in asked) if part.most]
            question = AnyOf(tuple(part.question for part in parts))
            return _Part(
                question, sum(part.most for part in parts), is_wide=any(part.is_wide for part in parts)
            )


def _word(word: Word, words: Sequence[KnownWord]) -> _Part:
    if len(words) > MOST_WORDS:
        return _Part(word, inf, is_wide=True)
    whole = AnyOf(tuple(Word(text, is_whole=True) for text, _ in words))
    return _Part(whole, sum(calls for _, calls in words), is_wide=False)
