"""The index of the words of calls in the file of the history: kept with each saving, made in small steps.

A file of many calls from before there was an index gets it in the background, the newest calls first. A
damaged index is made anew so. The index is FTS5's (https://www.sqlite.org/fts5.html) without the texts, which
stand in `search_rows` beside it; an SQLite without FTS5 reads through those instead.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Final, NamedTuple

from bubbled.history.question import Word, for_index
from bubbled.history.reader import IDS_IN_ONE_QUESTION
from bubbled.history.row import COLUMNS, from_row, storable, to_microseconds
from bubbled.history.shelf import CALLS_IN_A_SECOND, SIGNED_WORDS, first_place, sign
from bubbled.history.words import SCHEME, words_of
from bubbled.pace import paced

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    import aiosqlite

    from bubbled.history.past_call import PastCall

_CALLS_IN_A_STEP: Final = 200

TABLE: Final = "search_words"
"""What an error of SQLite names when it finds the index damaged."""

_HAS_FTS5: Final = "SELECT count(*) FROM pragma_module_list WHERE name = 'fts5'"
_MAKE: Final = (
    "CREATE VIRTUAL TABLE search_words USING fts5"
    " (words, content = '', detail = none, columnsize = 0, tokenize = 'ascii')"
)
# Of this connection alone: with another SQLite, without FTS5, nobody could write to the tables any more.
_KEEP: Final = (
    f"""CREATE TEMP TRIGGER words_come AFTER INSERT ON search_rows BEGIN
            INSERT INTO search_words (rowid, words) VALUES (new.place, {SIGNED_WORDS.format("new")});
        END""",  # noqa: S608 - our own text
    f"""CREATE TEMP TRIGGER words_go AFTER DELETE ON search_rows BEGIN
            INSERT INTO search_words (search_words, rowid, words)
            VALUES ('delete', old.place, {SIGNED_WORDS.format("old")});
        END""",  # noqa: S608 - as above
)
_REWRITE: Final = (
    "INSERT INTO search_words (search_words) VALUES ('delete-all')",
    f"""INSERT INTO search_words (rowid, words)
            SELECT place, {SIGNED_WORDS.format("search_rows")} FROM search_rows""",  # noqa: S608 - our own text
)
_LET_GO: Final = ("DROP TRIGGER IF EXISTS words_come", "DROP TRIGGER IF EXISTS words_go")
# In this world no second has more calls than places; should one have, they are kept but not found.
_PUT: Final = (
    "INSERT OR IGNORE INTO search_rows (place, id, words)"
    " SELECT coalesce(max(place) + 1, ?), ?, ? FROM search_rows WHERE place >= ? AND place < ?"
)
_OUTERMOST: Final = (
    "SELECT place, words FROM search_rows WHERE place IN"
    " ((SELECT min(place) FROM search_rows), (SELECT max(place) FROM search_rows))"
)
_IS_INDEXED: Final = "SELECT rowid FROM search_words WHERE search_words MATCH ? AND rowid = ?"
_STATE: Final = "SELECT scheme, indexed, through FROM search_state"
_PROBE: Final = "SELECT rowid FROM search_words WHERE search_words MATCH 'none'"
_NEXT: Final = f"SELECT rowid, {', '.join(COLUMNS)} FROM calls WHERE rowid <= ? ORDER BY rowid DESC LIMIT ?"  # noqa: S608 - our own column names


class _Line(NamedTuple):
    """What stands in `search_rows` of a call, `first` being the first place of its second."""

    id: str
    first: int
    words: str


class Index:
    """The index of an open file, over the connection that writes; its owner holds the transactions.

    Attributes:
        has_fts5: whether there is one; without, the words are read through.
        is_behind: whether there are calls whose words are not there yet.
        reaches_back_to: when the oldest of those began whose words were added last; None: none were.
    """

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self.has_fts5 = False
        self.is_behind = False
        self.reaches_back_to: datetime | None = None
        self._connection = connection

    @classmethod
    async def open(cls, connection: aiosqlite.Connection, *, may_use_fts5: bool = True) -> Index:
        """Take up the index, or begin one, which takes no time.

        Args:
            connection: the one that writes, without a transaction.
            may_use_fts5: false: as where SQLite has none.
        """
        index = cls(connection)
        ((has_fts5,),) = await connection.execute_fetchall(_HAS_FTS5)
        await index._take_up(has_fts5=bool(has_fts5) and may_use_fts5)
        return index

    def gap(self, since: datetime | None) -> str | None:
        """Why calls may not be found, in one line for the user; None: all that the file holds are.

        Args:
            since: when the calls began that are looked for; None: ever.
        """
        oldest = self.reaches_back_to
        if not self.is_behind or (since and oldest and since >= oldest):
            return None
        which = "All calls" if oldest is None else f"Calls of before {oldest.astimezone():%Y-%m-%d %H:%M}"
        return f"{which} are just being indexed and are not found yet; search again in a minute."

    async def _take_up(self, *, has_fts5: bool) -> None:
        """Go on where the last run ended; with other words, or another SQLite, begin afresh."""
        self.has_fts5 = has_fts5
        for scheme, indexed, through in await self._connection.execute_fetchall(_STATE):
            if (scheme, bool(indexed)) == (SCHEME, has_fts5) and await self._is_there():
                self.is_behind = through is not None
                return
        await self.begin_afresh()

    async def _is_there(self) -> bool:
        try:
            await self._execute(_KEEP if self.has_fts5 else ())
            await self._connection.execute_fetchall(_PROBE if self.has_fts5 else _STATE)
        except sqlite3.DatabaseError:
            # It is damaged, or somebody has taken it away, or one of the tables that it is made of.
            return False
        return True

    async def begin_afresh(self) -> None:
        """Throw away what there is; `go_on` makes it anew."""
        await self._connection.execute("DELETE FROM search_state")
        await self._execute((*_LET_GO, "DELETE FROM search_rows"))
        if self.has_fts5:
            await self._make()
        await self._connection.execute(
            "INSERT INTO search_state SELECT 1, ?, ?, max(rowid) FROM calls", [SCHEME, self.has_fts5]
        )
        ((_, _, through),) = await self._connection.execute_fetchall(_STATE)
        self.is_behind, self.reaches_back_to = through is not None, None

    async def _make(self) -> None:
        try:
            await self._execute(("DROP TABLE IF EXISTS search_words", _MAKE, *_KEEP))
        except sqlite3.DatabaseError:  # so damaged that it cannot even be thrown away
            self.has_fts5 = False

    async def go_on(self) -> None:
        """Put the next calls into the index that are not in it yet."""
        ((_, _, through),) = await self._connection.execute_fetchall(_STATE)
        rows = list(await self._connection.execute_fetchall(_NEXT, [through, _CALLS_IN_A_STEP]))
        calls = await paced(lambda row: from_row(row[1:]), rows)
        await self.put(calls)
        is_over = len(rows) < _CALLS_IN_A_STEP
        await self._connection.execute(
            "UPDATE search_state SET through = ?", [None if is_over else rows[-1][0] - 1]
        )
        self.is_behind = not is_over
        self.reaches_back_to = calls[-1].started_at if calls else None

    async def put(self, calls: Sequence[PastCall]) -> None:
        """Have calls found by the words that they have now."""
        known = await self._known([storable(past.call.id) for past in calls])
        new = [line for line in await paced(_line, calls) if known.get(line.id) != (line.first, line.words)]
        await self._connection.executemany(
            "DELETE FROM search_rows WHERE id = ?", [[line.id] for line in new]
        )
        values = [
            (line.first, line.id, line.words, line.first, line.first + CALLS_IN_A_SECOND) for line in new
        ]
        await self._connection.executemany(_PUT, values)

    async def rewrite(self) -> None:
        """Write the index anew (3 s for a million calls), so that no word stays that no call has any more.

        What is deleted leaves traces, which `optimize` removes with some versions of SQLite only.
        """
        if self.has_fts5:
            await self._execute(_REWRITE)

    async def check(self) -> bool:
        """Look through the index, and tell whether it is sound; of most damage SQLite itself tells."""
        if not self.has_fts5:
            return True
        await self._connection.execute("INSERT INTO search_words (search_words) VALUES ('integrity-check')")
        # An index whose first record is damaged looks like an empty one.
        return all([await self._holds(*row) for row in await self._connection.execute_fetchall(_OUTERMOST)])

    async def _holds(self, place: int, words: str) -> bool:
        question = for_index(Word(words.split(maxsplit=1)[0], is_whole=True), sign(place))
        return bool(await self._connection.execute_fetchall(_IS_INDEXED, [question, place]))

    async def _known(self, ids: Sequence[str]) -> dict[str, tuple[int, str]]:
        known: dict[str, tuple[int, str]] = {}
        for start in range(0, len(ids), IDS_IN_ONE_QUESTION):
            some = ids[start : start + IDS_IN_ONE_QUESTION]
            question = f"SELECT id, place, words FROM search_rows WHERE id IN ({', '.join('?' * len(some))})"  # noqa: S608 - only question marks
            for call_id, place, words in await self._connection.execute_fetchall(question, some):
                known[call_id] = place - place % CALLS_IN_A_SECOND, words
        return known

    async def _execute(self, statements: Iterable[str]) -> None:
        for statement in statements:
            await self._connection.execute(statement)


def _line(past: PastCall) -> _Line:
    return _Line(storable(past.call.id), first_place(to_microseconds(past.started_at)), words_of(past))
