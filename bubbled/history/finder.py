"""What is asked of the file of the history besides searches: talks, notes, and calls with a number."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from bubbled.history.row import COLUMNS, storable, to_microseconds

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from datetime import datetime

    from bubbled.history.past_call import PastCall
    from bubbled.model import E164

    Ask = Callable[[str, dict[str, object]], Awaitable[list[PastCall]]]

_SELECT: Final = f"SELECT {', '.join(f'calls.{column}' for column in COLUMNS)} FROM calls"  # noqa: S608 - our own column names

# The last call of each number in which somebody talked; those that go on have no end.
_TALKED: Final = "(answered_at IS NOT NULL OR outcome IN ('answered', 'answered_elsewhere'))"
_TALKS: Final = (
    f"{_SELECT} WHERE id IN (SELECT (SELECT id FROM calls WHERE e164 = wanted.value AND ended_at >= :since"  # noqa: S608 - as above
    f" AND {_TALKED} ORDER BY ended_at DESC LIMIT 1) FROM json_each(:numbers) AS wanted)"
    f" OR id IN (SELECT id FROM calls WHERE ended_at IS NULL AND {_TALKED})"
)
_TALKS_INSIDE: Final = (
    f"{_SELECT} WHERE owner = 'me' AND started_at >= :since AND e164 IS NULL AND {_TALKED}"  # noqa: S608 - as above
    " AND number IN (SELECT value FROM json_each(:numbers))"
)
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
    """Questions to an open file; any of them may raise `FileDamagedError` or `FileUnusableError`."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    async def talks(self, numbers: Sequence[str], inside: Sequence[str], since: datetime) -> list[PastCall]:
        """Read of each number the last call in which somebody talked, where it ended after a moment.

        Args:
            numbers: as `Call.e164` has them.
            inside: those that no country has, as the PBX writes them; talks of the user alone.
            since: the moment, aware.
        """
        start = to_microseconds(since)
        talks = await self._ask(_TALKS, {"numbers": json.dumps(numbers), "since": start}) if numbers else []
        if inside:
            extensions = json.dumps([storable(number) for number in inside])
            talks += await self._ask(_TALKS_INSIDE, {"numbers": extensions, "since": start})
        return talks

    async def latest(self, number: E164, limit: int) -> list[PastCall]:
        """Read the calls with a number that ended last, and those that go on."""
        return await self._ask(_LATEST, {"number": number, "limit": limit})

    async def noted(self, number: E164, limit: int) -> list[PastCall]:
        """Read the calls with the last notes on a number."""
        return await self._ask(_NOTED, {"number": number, "limit": limit})

    async def named(self, number: E164, limit: int) -> list[PastCall]:
        """Read the last calls with a number of which it is known whose it is."""
        return await self._ask(_NAMED, {"number": number, "limit": limit})
