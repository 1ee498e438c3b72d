"""Erase one number from the table of calls, in whatever notation it stands there.

The calls with it go. Other calls stay, without what they tell of it: who transferred, and contacts that have
it among their fields.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import phonenumbers

from bubbled.model import Direction
from bubbled.wire import contact_from_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    import aiosqlite

    from bubbled.model import Call, Contact

_NOT_DIGITS = re.compile(r"\D+")
_LOOKS_LIKE_A_NUMBER = re.compile(r"[+\d][\d\s()./-]*")
_SHORTEST_NEEDLE = 6  # digits; fewer stand by chance in years, postcodes and longer numbers
_TELLING = ("name", "dialled", "via_name", "transferred_from", "transferred_to", "answered_by")


@dataclass(frozen=True, slots=True)
class Spellings:
    """One number in the ways it may be written.

    Attributes:
        texts: as it was seen.
        digits: the same without signs.
        tails: the digits with which every notation of it ends; only where the country is known.
    """

    texts: frozenset[str]
    digits: frozenset[str]
    tails: tuple[str, ...]

    @classmethod
    def of(cls, texts: Iterable[str]) -> Spellings:
        """Gather the spellings of one number from the texts by which it is known."""
        known = frozenset(texts)
        tails = {tail for text in known if (tail := _national(text))}
        return cls(known, frozenset(filter(None, map(_dialled, known))), tuple(sorted(tails)))

    def has(self, text: str | None) -> bool:
        """Whether a text is literally one of these."""
        return text in self.texts

    def fit(self, text: str | None) -> bool:
        """Whether a text is this number in some notation."""
        digits = _dialled(text or "")
        return text in self.texts or digits in self.digits or digits.endswith(self.tails)

    def name(self, call: Call) -> bool:
        """Whether a call is with this number."""
        if call.direction is Direction.OUTBOUND and self.fit(call.dialled):
            return True
        return self.fit(call.number) if call.e164 is None else self.has(call.e164)

    def occur_in(self, contact: Contact) -> bool:
        """Whether a contact has this number in a field."""
        needles = [needle for needle in {*self.digits, *self.tails} if len(needle) >= _SHORTEST_NEEDLE]
        texts = [contact.name, contact.company, contact.url, *(value for _, value in contact.fields)]
        return any(needle in _digits(text) for text in texts if text for needle in needles)

    def occur_in_json(self, contact: str | None) -> bool:
        """The same of a contact as it is stored."""
        return contact is not None and self.occur_in(contact_from_json(json.loads(contact)))


async def erase(connection: aiosqlite.Connection, number: str) -> tuple[int, Spellings]:
    """Erase a number, given as E.164 or as the PBX wrote it, within the transaction that is open.

    Returns:
        How many calls went, and how the number was written.
    """
    spellings = await _spellings(connection, number)
    await _teach(connection, spellings)
    deleted = await connection.execute(
        "DELETE FROM calls WHERE is_literally(e164) OR (e164 IS NULL AND is_it(number))"
        " OR (direction = 'outbound' AND is_it(dialled))"
    )
    for column in _TELLING:
        await connection.execute(
            f"UPDATE calls SET {column} = NULL WHERE is_it({column})"  # noqa: S608 - the names stand above
        )
    await connection.execute("UPDATE calls SET contact = NULL WHERE contact_has_it(contact)")
    return deleted.rowcount, spellings


async def _spellings(connection: aiosqlite.Connection, number: str) -> Spellings:
    """Ask the calls how else the number was written; E.164 is not mistaken for that of another country."""
    await _teach(connection, Spellings.of([number]))
    rows = await connection.execute_fetchall(
        "SELECT DISTINCT number, e164 FROM calls"
        " WHERE e164 = ?1 OR ((e164 IS NULL OR ?1 NOT LIKE '+%') AND is_it(number))",
        [number],
    )
    return Spellings.of({number} | {text for row in rows for text in row if text and _dialled(text)})


async def _teach(connection: aiosqlite.Connection, spellings: Spellings) -> None:
    """Give SQL the three questions of `Spellings`."""
    await connection.create_function("is_literally", 1, spellings.has)
    await connection.create_function("is_it", 1, spellings.fit)
    await connection.create_function("contact_has_it", 1, spellings.occur_in_json)


def _national(text: str) -> str | None:
    try:
        return str(phonenumbers.parse(text, None).national_number)
    except phonenumbers.NumberParseException:
        return None


def _dialled(text: str) -> str:
    """Give the digits of a text that is a number; a stranger's text that merely has digits is none."""
    return _digits(text) if _LOOKS_LIKE_A_NUMBER.fullmatch(text) else ""


def _digits(text: str) -> str:
    return _NOT_DIGITS.sub("", text)
