"""Erase one number from the table of calls, in whatever notation it stands there.

The calls with it go, with their notes and stories, and so do notes of colleagues on it. Other calls stay,
without what they tell of it: who transferred, contacts that have it among their fields, their story if it
names the number, and the number itself where a note names it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import phonenumbers

from bubbled.history.step_file import erase_steps
from bubbled.model import Direction
from bubbled.wire import contact_from_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    import aiosqlite

    from bubbled.model import Call, CallId, Contact

_NOT_DIGITS = bytes(set(range(256)) - set(b"0123456789"))
_LOOKS_LIKE_A_NUMBER = re.compile(r"[+\d][\d\s()./-]*")
_NUMBERS_IN_A_TEXT = re.compile(r"[+\d](?:[\d ()./-]*\d)?")
_STRUCK = "…"
_SHORTEST_NEEDLE = 6  # digits; fewer stand by chance in years, postcodes and longer numbers
_TELLING = ("name", "dialled", "via_name", "transferred_from", "transferred_to", "answered_by")
_TELLING_CALLS = f"SELECT id FROM calls WHERE are_told(contact, {', '.join(_TELLING)}) OR names_it(note)"  # noqa: S608 - our columns
_ERASE_STORIES = f"DELETE FROM call_steps WHERE call_id IN ({_TELLING_CALLS})"  # noqa: S608 - as above
_SILENCE = (
    "UPDATE calls SET contact = CASE WHEN contact_has_it(contact) THEN NULL ELSE contact END,"  # noqa: S608 - as above
    " note = without_it(note), "
    + ", ".join(f"{column} = CASE WHEN is_it({column}) THEN NULL ELSE {column} END" for column in _TELLING)
    + " WHERE id = ?"
)


@dataclass(frozen=True, slots=True)
class Spellings:
    """One number in the ways it may be written.

    Attributes:
        texts: as it was seen.
        digits: the same without signs.
        tails: the digits with which every notation of it ends; only where the country is known.
        needles: digits that, within a text, are unmistakably this number.
    """

    texts: frozenset[str]
    digits: frozenset[str]
    tails: tuple[str, ...]
    needles: frozenset[str]

    @classmethod
    def of(cls, texts: Iterable[str]) -> Spellings:
        """Gather the spellings of one number from the texts by which it is known."""
        known = frozenset(texts)
        digits = frozenset(filter(None, map(_dialled, known)))
        tails = frozenset(filter(None, map(_national, known)))
        needles = frozenset(needle for needle in digits | tails if len(needle) >= _SHORTEST_NEEDLE)
        return cls(known, digits, tuple(sorted(tails)), needles)

    def fit(self, text: str | None) -> bool:
        """Whether a text is this number in some notation."""
        digits = _dialled(text or "")
        return text in self.texts or digits in self.digits or digits.endswith(self.tails)

    def name(self, call: Call) -> bool:
        """Whether a call is with this number."""
        if call.direction is Direction.OUTBOUND and self.fit(call.dialled):
            return True
        return self.fit(call.number) if call.e164 is None else call.e164 in self.texts

    def occur_in(self, contact: Contact) -> bool:
        """Whether a contact has this number in a field."""
        texts = [contact.name, contact.company, contact.url, *(value for _, value in contact.fields)]
        return any(self._occur(_digits(text)) for text in texts if text)

    def occur_in_json(self, contact: str | None) -> bool:
        """The same of a contact as it is stored."""
        if contact is None or not self._occur(_digits(contact)):  # most are ruled out unread
            return False
        return self.occur_in(contact_from_json(json.loads(contact)))

    def are_named(self, text: str | None) -> bool:
        """Whether a text of several words names this number."""
        return text is not None and self._occur(_digits(text)) and self.struck_from(text) != text

    def struck_from(self, text: str) -> str:
        """A text without this number, wherever and however it stands in it."""
        return _NUMBERS_IN_A_TEXT.sub(lambda found: _STRUCK if self._is_meant(found[0]) else found[0], text)

    def _is_meant(self, text: str) -> bool:
        return len(_digits(text)) >= _SHORTEST_NEEDLE and (self.fit(text) or self._occur(_digits(text)))

    def _occur(self, digits: str) -> bool:
        return any(needle in digits for needle in self.needles)

    @property
    def traces(self) -> frozenset[str]:
        """Texts that are this number wherever they stand in a file: as it was seen, or as it is searched."""
        return self.texts | self.needles | {needle[::-1] for needle in self.needles}

    def are_told(self, contact: str | None, *texts: str | None) -> bool:
        """Whether a stored contact has this number, or one of some texts is it."""
        return any(text is not None and self.fit(text) for text in texts) or self.occur_in_json(contact)


class Erased(NamedTuple):
    """What was erased.

    Attributes:
        calls: how many calls went.
        spellings: how the number was written.
        changed: the other calls, which told of it.
    """

    calls: int
    spellings: Spellings
    changed: list[CallId]


async def erase(connection: aiosqlite.Connection, number: str) -> Erased:
    """Erase a number, given as E.164 or as the PBX wrote it, within the transaction that is open."""
    spellings = await _spellings(connection, number)
    await _teach(connection, spellings)
    texts = sorted(spellings.texts)
    await connection.execute(_ERASE_STORIES)
    await erase_steps(connection, spellings)
    deleted = await connection.execute(
        f"DELETE FROM calls WHERE e164 IN ({', '.join('?' * len(texts))})"  # noqa: S608 - only question marks
        " OR (e164 IS NULL AND is_it(number)) OR (direction = 'outbound' AND is_it(dialled))",
        texts,
    )
    telling = list(await connection.execute_fetchall(_TELLING_CALLS))
    noted = await connection.execute_fetchall("SELECT id FROM calls WHERE is_it(noted_e164)")
    await connection.executemany(_SILENCE, telling)
    await connection.executemany(
        "UPDATE calls SET note = NULL, noted_at = NULL, noted_e164 = NULL WHERE id = ?", noted
    )
    await connection.execute("DELETE FROM told_notes WHERE is_it(e164)")
    await connection.execute("UPDATE told_notes SET note = without_it(note) WHERE names_it(note)")
    return Erased(deleted.rowcount, spellings, [call_id for (call_id,) in (*telling, *noted)])


async def _spellings(connection: aiosqlite.Connection, number: str) -> Spellings:
    """Ask the calls how else the number was written; E.164 is not mistaken for that of another country."""
    await _teach(connection, Spellings.of([number]))
    rows = await connection.execute_fetchall(
        "SELECT DISTINCT number, e164 FROM calls"
        " WHERE e164 = :number OR ((e164 IS NULL OR :number NOT LIKE '+%') AND is_it(number))",
        {"number": number},
    )
    return Spellings.of({number} | {text for row in rows for text in row if text and _dialled(text)})


async def _teach(connection: aiosqlite.Connection, spellings: Spellings) -> None:
    """Give SQL the questions of `Spellings`."""
    await connection.create_function("is_it", 1, spellings.fit)
    await connection.create_function("contact_has_it", 1, spellings.occur_in_json)
    await connection.create_function("are_told", -1, spellings.are_told)
    await connection.create_function("names_it", 1, spellings.are_named)
    await connection.create_function("without_it", 1, lambda text: text and spellings.struck_from(text))


def _national(text: str) -> str | None:
    try:
        digits = str(phonenumbers.parse(text, None).national_number)
    except phonenumbers.NumberParseException:
        return None
    # The numbers of many others, too, end with few digits: `+3112` is read as 12 in the Netherlands.
    return digits if len(digits) >= _SHORTEST_NEEDLE else None


def _dialled(text: str) -> str:
    """Give the digits of a text that is a number; a stranger's text that merely has digits is none."""
    return _digits(text) if _LOOKS_LIKE_A_NUMBER.fullmatch(text) else ""


def _digits(text: str) -> str:
    return text.encode("ascii", "ignore").translate(None, _NOT_DIGITS).decode("ascii")
