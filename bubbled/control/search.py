"""A search of the history: what is wanted and what is found, in a query and in JSON. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from bubbled.control.calls import MOST_CALLS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bubbled.control.status import JsonObject

LONGEST_TEXT: Final = 200
"""Characters of what is searched for; more would be no words to remember a call by."""
DIRECTIONS: Final = ("", "inbound", "outbound")
ME: Final = "me"
ALL: Final = "all"

_LONGEST_PLACE: Final = 500
# No zone moves these to where Python knows no time.
_FIRST_DAY, _LAST_DAY = date(1970, 1, 2), date(9000, 1, 1)
_COUNT = re.compile(r"[1-9][0-9]{0,3}", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_TRUTHS: Final = {"": False, "0": False, "1": True}


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Which calls are wanted.

    Attributes:
        text: beginnings of words of name, company, note, or of a number, in any notation; each must occur. A
            number is found by its first digits or, from four on, its last ones, too. Empty: all calls.
        whose: `ME`, `ALL`, or the extension of a colleague.
        since: the first day, where the daemon is.
        until: the last day, itself included.
        direction: `inbound`, `outbound`; empty: both.
        missed: only those that were missed.
        noted: only those with a note.
        limit: how many at most, from 1 to `MOST_CALLS`.
        before: where the list goes on, as `Found.older` said; empty: at its beginning.
    """

    text: str = ""
    whose: str = ME
    since: date | None = None
    until: date | None = None
    direction: str = ""
    missed: bool = False
    noted: bool = False
    limit: int = 50
    before: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search finds.

    Attributes:
        calls: the newest first, each as in `calls --json`, with `owner` ("me" or an extension) and
            `colleague` (his name or extension; null for me).
        older: where the list goes on; None: that was all.
        gap: why some calls may be missing, in one line for the user; None: none are.
    """

    calls: tuple[JsonObject, ...]
    older: str | None
    gap: str | None = None


def search_from_query(query: Mapping[str, str]) -> Search:
    """Read what is wanted; what is not said is as in `Search()`.

    Raises:
        ValueError: something cannot be so; the text is for the user.
    """
    since, until = _day(query, "since"), _day(query, "until")
    if since and until and since > until:
        raise ValueError("since must not be after until.")
    return Search(
        text=_text(query, "text", LONGEST_TEXT),
        whose=_text(query, "whose", LONGEST_TEXT) or ME,
        since=since,
        until=until,
        direction=_direction(query),
        missed=_truth(query, "missed"),
        noted=_truth(query, "noted"),
        limit=_limit(query),
        before=_text(query, "before", _LONGEST_PLACE),
    )


def search_query(wanted: Search) -> dict[str, str]:
    """Write what is wanted as `search_from_query` reads it."""
    query = {
        "text": wanted.text,
        "whose": wanted.whose,
        "since": "" if wanted.since is None else wanted.since.isoformat(),
        "until": "" if wanted.until is None else wanted.until.isoformat(),
        "direction": wanted.direction,
        "missed": "1" if wanted.missed else "",
        "noted": "1" if wanted.noted else "",
        "limit": str(wanted.limit),
        "before": wanted.before,
    }
    return {key: value for key, value in query.items() if value}


def found_json(found: Found) -> JsonObject:
    """Give the answer of `GET /v1/history`."""
    return {"calls": list(found.calls), "older": found.older, "gap": found.gap}


def found_from_json(answer: Any) -> Found:
    """Read the answer of `GET /v1/history`.

    Raises:
        KeyError, TypeError: it is none.
    """
    return Found(tuple(answer["calls"]), answer["older"], answer.get("gap"))


def _text(query: Mapping[str, str], key: str, longest: int) -> str:
    text = query.get(key, "").strip()
    if len(text) > longest:
        raise ValueError(f"{key} must have at most {longest} characters.")
    return text


def _day(query: Mapping[str, str], key: str) -> date | None:
    text = query.get(key, "")
    if not text:
        return None
    try:
        day = date.fromisoformat(text if _DAY.fullmatch(text) else "")
    except ValueError:
        raise ValueError(f"{key} must be a day, as in 2026-11-20.") from None
    if not _FIRST_DAY <= day <= _LAST_DAY:
        raise ValueError(f"{key} must be a day between {_FIRST_DAY} and {_LAST_DAY}.")
    return day


def _direction(query: Mapping[str, str]) -> str:
    direction = query.get("direction", "")
    if direction not in DIRECTIONS:
        raise ValueError("direction must be inbound or outbound, or left out.")
    return direction


def _truth(query: Mapping[str, str], key: str) -> bool:
    text = query.get(key, "")
    if text not in _TRUTHS:
        raise ValueError(f"{key} must be 1, or left out.")
    return _TRUTHS[text]


def _limit(query: Mapping[str, str]) -> int:
    text = query.get("limit", "")
    if not text:
        return Search().limit
    if not _COUNT.fullmatch(text) or int(text) > MOST_CALLS:
        raise ValueError(f"limit must be a number from 1 to {MOST_CALLS}.")
    return int(text)
