"""The words by which a call is found: of names, company, note and number, and marks of what it is. Pure.

They stand in one text, each between blanks: ` jan jansen acme №31612345678 …87654321613 ← »6d65 `. So the
same question can be put to a text in memory, to a column of a table, and to an index of words.

Nearly all numbers begin as all others do, with country and kind, and to gather all words with such a
beginning takes long. So the first few digits of a number are words of their own, which are there or not.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from bubbled.history.row import storable
from bubbled.model import Direction, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bubbled.history.past_call import PastCall
    from bubbled.model import Call, Owner

SCHEME: Final = 1
"""Which words calls get; to be counted up when that changes: then all calls are read again."""

INBOUND: Final = "←"
OUTBOUND: Final = "→"
MISSED: Final = "∅"
NOTED: Final = "¶"
# Signs, because no word of a text has any; not ASCII, because an index takes that apart.
_NUMBER = "№"
_BEGINNING = "⊢"
_ENDING = "…"
_OWNER = "»"
_FIRST_DIGITS = range(1, 6)

_NO_DIGITS = re.compile(r"[^0-9]+")
_WORD = re.compile(r"[^\W_]+")
_LONGEST_WORD = 40
_LONGEST_TEXT = 8000  # twice what all notes of a call may have
# Letters with a stroke, which Unicode does not take apart as it does with accents.
_STROKES = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "\u0131": "i", "æ": "ae", "œ": "oe"}
)


def words_of(past: PastCall) -> str:
    """Give all words of a call in one text."""
    found = dict.fromkeys(word for text in _texts(past) if text for word in plain_words(storable(text)))
    found |= dict.fromkeys(_number_words(past.call))
    found |= dict.fromkeys(_marks(past))
    return f" {' '.join(found)} "


@lru_cache(maxsize=2048)
def plain_words(text: str) -> tuple[str, ...]:
    """Take a text apart into words, in small letters without accents: `José-Maria` gives `jose`, `maria`."""
    return tuple(word[:_LONGEST_WORD] for word in _WORD.findall(_folded(text[:_LONGEST_TEXT])))


def digits_of(text: str) -> str:
    """Give the digits of a number, as they are dialled."""
    return _NO_DIGITS.sub("", text if text.isascii() else unicodedata.normalize("NFKD", text))


def beginning(digits: str) -> tuple[str, bool]:
    """Give the word of each number that begins with these digits, and whether it is a whole word."""
    if len(digits) in _FIRST_DIGITS:
        return _BEGINNING + digits, True
    return _NUMBER + digits, False


def ending(digits: str) -> str:
    """Give the beginning of a word of each number that ends with these digits: only beginnings are found."""
    return _ENDING + digits[::-1]


def owner_mark(owner: Owner) -> str:
    """Give the word of all calls of an owner; whatever he is called, it is one word."""
    return _OWNER + storable(owner).encode().hex()


def _texts(past: PastCall) -> Iterable[str | None]:
    contact, note = past.contact, past.note
    yield past.call.name
    if past.call.e164 is None:
        yield past.call.number  # which may be an address
    if contact is not None:
        yield contact.name
        yield contact.company
    if note is not None:
        yield note.text


def _number_words(call: Call) -> Iterator[str]:
    digits = digits_of(call.e164 or call.number or "")[:_LONGEST_WORD]
    if digits:
        yield _NUMBER + digits
        yield from (_BEGINNING + digits[:length] for length in _FIRST_DIGITS if length <= len(digits))
        yield ending(digits)


def _marks(past: PastCall) -> Iterator[str]:
    yield INBOUND if past.call.direction is Direction.INBOUND else OUTBOUND
    yield owner_mark(past.call.owner)
    if past.call.outcome is Outcome.MISSED:
        yield MISSED
    if past.note is not None:
        yield NOTED


def _folded(text: str) -> str:
    if text.isascii():
        return text.lower()
    return _bare(_bare(text).casefold()).translate(_STROKES)


def _bare(text: str) -> str:
    """Without accents and other marks, and with wide, round and joined signs made plain."""
    return "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))
