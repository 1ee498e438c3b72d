"""Steps of stories in the file of the history: what is written and what is asked."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from bubbled.history.fault import translated
from bubbled.history.row import storable, to_microseconds
from bubbled.history.step_row import moment_of, steps_from_rows, text_of, text_tells

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from pathlib import Path

    import aiosqlite

    from bubbled.history.erasure import Spellings
    from bubbled.history.unsaved_steps import Written
    from bubbled.model import CallId
    from bubbled.story.step import Step

MOST_CALL_STEPS: Final = 200_000
"""Steps of calls that are kept, about 40 MB: of 1,000 calls a day for the time that stories are kept."""

MOST_EVENTS: Final = 100_000
"""Events that are kept, about 15 MB; a connection that comes and goes all the time does not make more."""

MOST_OF_A_CALL: Final = 1000
"""Steps that are read of one call."""

_ROWS_AT_ONCE: Final = 50  # about half a millisecond; more of them would keep a popup waiting

_SAVE_CALL_STEP: Final = "INSERT INTO call_steps (call_id, at, step) VALUES (?, ?, ?)"
_SAVE_EVENT: Final = "INSERT INTO events (kind, at, step) VALUES (?, ?, ?)"
_BOUND: Final = "DELETE FROM {table} WHERE id <= (SELECT MAX(id) FROM {table}) - ?"
_OF_CALL: Final = "SELECT at, step FROM call_steps WHERE call_id = ? ORDER BY at, id LIMIT ?"
_BETWEEN: Final = "SELECT at, step FROM events WHERE at >= ? AND at < ? ORDER BY at, id LIMIT ?"
_LATEST: Final = "SELECT at, step FROM events WHERE kind = ? AND at <= ? ORDER BY at DESC, id DESC LIMIT 1"
_NEXT: Final = "SELECT at, step FROM events WHERE kind = ? AND at > ? ORDER BY at, id LIMIT 1"


async def save_steps(connection: aiosqlite.Connection, steps: Sequence[Written]) -> None:
    """Add steps, within the transaction that is open; of too many the oldest go."""
    of_calls = [each for each in steps if each.call_id is not None]
    events = [each.step for each in steps if each.call_id is None]
    if of_calls:
        rows = [(storable(each.call_id or ""), moment_of(each.step), text_of(each.step)) for each in of_calls]
        await connection.executemany(_SAVE_CALL_STEP, rows)
        await connection.execute(_BOUND.format(table="call_steps"), [MOST_CALL_STEPS])
    if events:
        await connection.executemany(
            _SAVE_EVENT, [(step.kind, moment_of(step), text_of(step)) for step in events]
        )
        await connection.execute(_BOUND.format(table="events"), [MOST_EVENTS])


async def prune_steps(connection: aiosqlite.Connection, before: datetime) -> int:
    """Erase the steps of before a moment, within the transaction that is open; tell how many."""
    values = [to_microseconds(before)]
    of_calls = await connection.execute("DELETE FROM call_steps WHERE at < ?", values)
    events = await connection.execute("DELETE FROM events WHERE at < ?", values)
    return of_calls.rowcount + events.rowcount


async def erase_steps(connection: aiosqlite.Connection, spellings: Spellings) -> None:
    """Erase the whole story of every call of which a step tells a number, within the transaction."""
    await connection.create_function("tells_it", 1, lambda text: text_tells(text, spellings))
    await connection.execute(
        "DELETE FROM call_steps WHERE call_id IN (SELECT call_id FROM call_steps WHERE tells_it(step))"
    )


class StepReader:
    """Questions to the file; any of them may raise `FileDamagedError` or `FileUnusableError`."""

    def __init__(self, path: Path, connection: aiosqlite.Connection) -> None:
        self._path = path
        self._connection = connection

    async def of_call(self, call_id: CallId) -> list[Step]:
        """Read the story of a call, in order."""
        return await self._read(_OF_CALL, [storable(call_id), MOST_OF_A_CALL])

    async def between(self, since: datetime, until: datetime, limit: int) -> list[Step]:
        """Read what concerned all calls from a moment on and before another, in order."""
        return await self._read(_BETWEEN, [to_microseconds(since), to_microseconds(until), limit])

    async def latest(self, kinds: Iterable[str], at: datetime) -> list[Step]:
        """Read the latest event of each kind at a moment or before it."""
        return await self._one_of_each(_LATEST, kinds, at)

    async def next(self, kinds: Iterable[str], at: datetime) -> list[Step]:
        """Read the first event of each kind after a moment."""
        return await self._one_of_each(_NEXT, kinds, at)

    async def _one_of_each(self, question: str, kinds: Iterable[str], at: datetime) -> list[Step]:
        asked = [(kind, to_microseconds(at)) for kind in kinds]
        union = " UNION ALL ".join(f"SELECT * FROM ({question})" for _ in asked)  # noqa: S608 - our own questions
        return await self._read(union, [value for pair in asked for value in pair])

    async def _read(self, question: str, values: Sequence[object]) -> list[Step]:
        with translated(self._path):
            rows = [(row[0], row[1]) for row in await self._connection.execute_fetchall(question, values)]
            if len(rows) <= _ROWS_AT_ONCE:
                return steps_from_rows(rows)
            return await asyncio.to_thread(steps_from_rows, rows)
