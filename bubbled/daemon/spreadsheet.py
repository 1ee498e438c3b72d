"""Calls as a table for a spreadsheet: CSV (RFC 4180), UTF-8 with a mark, by which Excel knows it. Pure.

A spreadsheet runs what begins like a formula, and names, numbers and notes come from strangers. So a cell
that begins with one of its signs gets an apostrophe before it, but for a whole phone number: `+31 6 12345678`
holds nothing but digits and blanks, of which no formula can be made, and has to stay readable.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from bubbled.model import ME
from bubbled.number import international

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime, tzinfo

    from bubbled.history.past_call import PastCall
    from bubbled.model import E164

HEADINGS: Final = (
    "started",
    "answered",
    "ended",
    "seconds_talked",
    "colleague",
    "direction",
    "number",
    "name",
    "company",
    "caller_id_name",
    "outcome",
    "via",
    "note",
    "directory",
    "call",
)
MARK: Final = "\ufeff"

_HARMLESS = re.compile(r"(?:[A-Za-z0-9][A-Za-z0-9 .,]*)?")
_LINE_BREAK = re.compile(r"\s*[\r\n\v\f\x85\u2028\u2029]+\s*")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_FORMULA_SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20"  # in Japanese, wide ones too
_FORMULA = re.compile(rf"\s*[{_FORMULA_SIGNS}]")
# Where lists are separated by semicolons, as in the Netherlands, a cell ends at each of them.
_FORMULA_WITHIN = re.compile(rf";(?=\s*[{_FORMULA_SIGNS}])")
_PHONE_NUMBER = re.compile(r"\+[0-9]+(?: [0-9]+)*")


def heading() -> bytes:
    """Give the beginning of the file: the mark and the names of the columns."""
    return (MARK + _written(HEADINGS)).encode()


def line(past: PastCall, names: Mapping[str, str], zone: tzinfo | None) -> str:
    """Give the line of a call, with its end.

    Args:
        past: the call.
        names: colleagues by extension; who is not among them is named by extension.
        zone: of the moments; None: that of the computer.
    """
    return _written(_row(past, names, zone))


def cell(text: str | None) -> str:
    """Make any text a cell: on one line, without what does not print, and never a formula."""
    if text is None or _HARMLESS.fullmatch(text):
        return text or ""
    plain = _UNPRINTABLE.sub(" ", _LINE_BREAK.sub(" / ", text.strip())).strip()
    if _PHONE_NUMBER.fullmatch(plain):
        return plain
    guarded = f"'{plain}" if _FORMULA.match(plain) else plain
    return _FORMULA_WITHIN.sub(";'", guarded)


def _row(past: PastCall, names: Mapping[str, str], zone: tzinfo | None) -> list[str]:
    call, contact = past.call, past.contact
    talked = past.ended_at - past.answered_at if past.ended_at and past.answered_at else None
    return [
        _moment(past.started_at, zone),
        _moment(past.answered_at, zone),
        _moment(past.ended_at, zone),
        "" if talked is None else f"{talked.total_seconds():.0f}",
        cell(colleague(past, names)),
        call.direction.value,
        cell(_printed(call.e164) if call.e164 else call.number),
        cell(contact.name if contact else None),
        cell(contact.company if contact else None),
        cell(call.name),
        (call.outcome or call.state).value,
        cell(call.via.name or call.via.kind.value if call.via else None),
        cell(past.note.text if past.note else None),
        cell(contact.directory if contact else None),
        cell(call.id),
    ]


@lru_cache(maxsize=4096)
def _printed(number: E164) -> str:
    return international(number)


def colleague(past: PastCall, names: Mapping[str, str]) -> str | None:
    """Say which colleague had a call, by name or extension; None: it was the user."""
    return None if past.call.owner == ME else names.get(past.call.owner, past.call.owner)


def _moment(at: datetime | None, zone: tzinfo | None) -> str:
    """As spreadsheets read it: by the clock on the wall, without a zone."""
    return "" if at is None else f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S}"


def _written(cells: Iterable[str]) -> str:
    # All in quotes: a reader that looks for other separators must not take one within a cell for such.
    return ",".join('"{}"'.format(each.replace('"', '""')) for each in cells) + "\r\n"
