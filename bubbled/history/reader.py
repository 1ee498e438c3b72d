"""What is asked of the file of the history, over a connection of its own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from bubbled.history.fault import translated
from bubbled.history.finder import Finder
from bubbled.history.row import (
    BEGIN_OF_TIME,
    COLUMNS,
    END_OF_TIME,
    TOLD_COLUMNS,
    from_microseconds,
    from_row,
    storable,
    to_microseconds,
    told_from_row,
)
from bubbled.history.searcher import Searcher
from bubbled.history.step_file import StepReader
from bubbled.model import Mute
from bubbled.pace import paced

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from datetime import datetime
    from pathlib import Path

    import aiosqlite

    from bubbled.history.note import ToldNote
    from bubbled.history.past_call import PastCall
    from bubbled.model import E164, CallId, Owner

MOST_COUNTED: Final = 1000
"""Calls with one number, of which it is told how many there were: with more of them nobody counts."""

SELECT: Final = f"SELECT {', '.join(COLUMNS)} FROM calls"  # noqa: S608 - our own column names
SELECT_MUTE: Final = "SELECT until, since FROM mute"
SELECT_TOLD: Final = f"SELECT {', '.join(TOLD_COLUMNS)} FROM told_notes"  # noqa: S608 - as above

# The calls that ended last, of which it is known how, and those with the notes that were taken last.
_DEALINGS: Final = (
    f"SELECT * FROM ({SELECT} WHERE e164 = :number AND ended_at <= :end"  # noqa: S608 - as above
    " AND (outcome IS NOT NULL OR answered_at IS NOT NULL)"
    " ORDER BY ended_at DESC, owner = 'me' DESC LIMIT :limit)"
    f" UNION ALL SELECT * FROM ({SELECT} WHERE noted_e164 = :number AND noted_at <= :noted"
    " ORDER BY noted_at DESC LIMIT :limit)"
)
_SPANS: Final = "SELECT started_at, ended_at FROM calls WHERE e164 = :number AND ended_at <= :end"
_OTHERS: Final = " AND id NOT IN (SELECT value FROM json_each(:ids))"

IDS_IN_ONE_QUESTION: Final = 500
"""SQLite's limit of values in one statement was 999 for long."""


class Reader:
    """Questions to an open file; any of them may raise `FileDamagedError` or `FileUnusableError`.

    Attributes:
        finder: further questions, which find calls.
        searcher: searches.
        steps: questions for stories.
    """

    def __init__(self, path: Path, connection: aiosqlite.Connection, has_index: Callable[[], bool]) -> None:
        self.finder = Finder(self._ask, self._read)
        self.searcher = Searcher(self._ask, self._read, has_index)
        self.steps = StepReader(path, connection)
        self._path = path
        self._connection = connection

    async def mute(self) -> Mute | None:
        """Read the mute state."""
        with translated(self._path):
            rows = list(await self._connection.execute_fetchall(SELECT_MUTE))
            return Mute(*map(_moment, rows[0])) if rows else None

    async def newest(
        self, limit: int, owner: Owner, since: datetime | None, until: datetime | None
    ) -> list[PastCall]:
        """Read the calls of an owner that began last, within a time, the newest first."""
        where = (
            "WHERE owner = ? AND started_at >= ? AND started_at < ? ORDER BY started_at DESC, id DESC LIMIT ?"
        )
        values = [storable(owner), _or(since, BEGIN_OF_TIME), _or(until, END_OF_TIME), limit]
        return await self._read(f"{SELECT} {where}", values)

    async def dealings(
        self, number: E164, end: datetime | None, noted: datetime | None, limit: int
    ) -> list[PastCall]:
        """Read the calls with a number that may tell the last contact or the last note.

        Args:
            number: as `Call.e164` has it.
            end: until when they ended.
            noted: until when the notes were taken.
            limit: how many of each sort, the latest of them; in no order, and one may come twice.
        """
        values = {
            "number": number,
            "end": _or(end, END_OF_TIME),
            "noted": _or(noted, END_OF_TIME),
            "limit": limit,
        }
        return await self._read(_DEALINGS, values)

    async def spans(
        self, number: E164, end: datetime | None, besides: Collection[CallId]
    ) -> list[tuple[int, int]]:
        """Read when the latest calls with a number, at most `MOST_COUNTED`, were, in microseconds since 1970.

        Args:
            number: as `Call.e164` has it.
            end: until when they ended.
            besides: calls that are left out.
        """
        question = f"{_SPANS}{_OTHERS if besides else ''} ORDER BY ended_at DESC LIMIT {MOST_COUNTED}"
        values: dict[str, object] = {"number": number, "end": _or(end, END_OF_TIME)}
        if besides:
            values["ids"] = json.dumps([storable(call_id) for call_id in besides])
        with translated(self._path):
            rows = await self._connection.execute_fetchall(question, values)
            return [(int(began), int(ended)) for began, ended in rows]

    async def told(self, number: E164) -> list[ToldNote]:
        """Read what colleagues noted of a number."""
        with translated(self._path):
            rows = await self._connection.execute_fetchall(f"{SELECT_TOLD} WHERE e164 = ?", [number])
            return [told_from_row(row) for row in rows]

    async def calls(self, call_ids: Sequence[CallId]) -> list[PastCall]:
        """Read calls by name, in no order."""
        with translated(self._path):
            return await calls_by_id(self._connection, call_ids)

    async def _read(self, question: str, values: Sequence[object] | dict[str, object]) -> list[PastCall]:
        with translated(self._path):
            return await paced(from_row, await self._connection.execute_fetchall(question, values))

    async def _ask(
        self, question: str, values: Sequence[object] | dict[str, object]
    ) -> Iterable[Sequence[Any]]:
        with translated(self._path):
            return await self._connection.execute_fetchall(question, values)


async def calls_by_id(connection: aiosqlite.Connection, call_ids: Sequence[CallId]) -> list[PastCall]:
    """Read calls by name, in no order.

    Raises:
        sqlite3.Error, ValueError: the file cannot be read.
    """
    calls: list[PastCall] = []
    for start in range(0, len(call_ids), IDS_IN_ONE_QUESTION):
        some = [storable(call_id) for call_id in call_ids[start : start + IDS_IN_ONE_QUESTION]]
        where = f"WHERE id IN ({', '.join('?' * len(some))})"
        calls += map(from_row, await connection.execute_fetchall(f"{SELECT} {where}", some))
    return calls


def _or(moment: datetime | None, instead: int) -> int:
    return instead if moment is None else to_microseconds(moment)


def _moment(count: int | None) -> datetime | None:
    return None if count is None else from_microseconds(count)
