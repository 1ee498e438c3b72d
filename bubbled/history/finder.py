"""What is asked of the file of the history besides searches: talks, notes, and calls with a number."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from bubbled.history.row import COLUMNS, from_microseconds, storable, to_microseconds

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence
    from datetime import datetime
    from typing import Any

    from bubbled.history.past_call import PastCall
    from bubbled.model import E164

    Ask = Callable[[str, dict[str, object]], Awaitable[Iterable[Sequence[Any]]]]
    Read = Callable[[str, dict[str, object]], Awaitable[list[PastCall]]]

_SELECT: Final = f"SELECT {', '.join(f'calls.{column}' for column in COLUMNS)} FROM calls"  # noqa: S608 - our own column names

# When the last call of each number ended in which somebody talked.
_TALKED: Final = "(answered_at IS NOT NULL OR outcome IN ('answered', 'answered_elsewhere'))"
_TALKS: Final = (
    "SELECT value, (SELECT ended_at FROM calls WHERE e164 = value AND ended_at >= :since"  # noqa: S608 - our own text
    f" AND {_TALKED} ORDER BY ended_at DESC LIMIT 1) FROM json_each(:numbers)"
)
_TALKS_INSIDE: Final = (
    "SELECT number, max(ended_at) FROM calls WHERE owner = 'me' AND started_at >= :since"  # noqa: S608 - as above
    f" AND e164 IS NULL AND {_TALKED} AND number IN (SELECT value FROM json_each(:numbers)) GROUP BY number"
)
_GOING_ON: Final = f"{_SELECT} WHERE ended_at IS NULL"
_LATEST: Final = (
    f"SELECT * FROM ({_SELECT} WHERE e164 = :number AND ended_at IS NOT NULL"  # noqa: S608 - as above
    " ORDER BY ended_at DESC LIMIT :limit)"
    f" UNION ALL {_SELECT} WHERE e164 = :number AND ended_at IS NULL"
)
_NOTED: Final = f"{_SELECT} WHERE noted_e164 = :number ORDER BY noted_at DESC LIMIT :limit"
_NAMED: Final = (
    f"{_SELECT} WHERE e164 = :number AND coalesce("
    "json_extract(contact, '$.name'), json_extract(contact, '$.company')) IS NOT NULL"
    " ORDER BY ended_at DESC LIMIT :limit"
)


class Finder:
    """Questions to an open file; any of them may raise `FileDamagedError` or `FileUnusableError`.

    Args:
        ask: gives rows.
        read: gives the calls of rows.
    """

    def __init__(self, ask: Ask, read: Read) -> None:
        self._ask = ask
        self._read = read

    async def talks(self, numbers: Iterable[str], since: datetime) -> list[tuple[str, datetime]]:
        """Read when the last call with each number ended in which somebody talked, if after a moment.

        Args:
            numbers: as `Call.e164` has them, or as the PBX writes those that no country has; of these the
                talks of the user alone count.
            since: the moment, aware.
        """
        known, start = sorted(map(storable, numbers)), to_microseconds(since)
        talks: list[tuple[str, datetime]] = []
        for question, is_meant in ((_TALKS, True), (_TALKS_INSIDE, False)):
            some = [number for number in known if number.startswith("+") is is_meant]
            rows = await self._ask(question, {"numbers": json.dumps(some), "since": start}) if some else ()
            talks += [(number, from_microseconds(end)) for number, end in rows if end is not None]
        return talks

    async def going_on(self) -> list[PastCall]:
        """Read the calls that have not ended."""
        return await self._read(_GOING_ON, {})

    async def latest(self, number: E164, limit: int) -> list[PastCall]:
        """Read the calls with a number that ended last, and those that go on."""
        return await self._read(_LATEST, {"number": number, "limit": limit})

    async def noted(self, number: E164, limit: int) -> list[PastCall]:
        """Read the calls with the last notes on a number."""
        return await self._read(_NOTED, {"number": number, "limit": limit})

    async def named(self, number: E164, limit: int) -> list[PastCall]:
        """Read the last calls with a number of which it is known whose it is."""
        return await self._read(_NAMED, {"number": number, "limit": limit})
