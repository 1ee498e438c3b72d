"""Searches the file of the history, shelf by shelf, over the connection that reads.

Between two shelves others may ask, such as a popup for the last contact.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bubbled.history.narrowing import FEW_CALLS, MOST_WORDS, KnownWord, narrowed, words_in
from bubbled.history.question import for_column, for_index
from bubbled.history.row import BEGIN_OF_TIME, COLUMNS, END_OF_TIME, storable, to_microseconds
from bubbled.history.shelf import END, end_of_second, first_place, sign, start_of_shelf

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
    from typing import Any

    from bubbled.history.past_call import PastCall
    from bubbled.history.question import AllOf, Word
    from bubbled.history.wanted import Place, Wanted

    Ask = Callable[[str, Sequence[object] | dict[str, object]], Awaitable[Iterable[Sequence[Any]]]]
    Read = Callable[[str, dict[str, object]], Awaitable[list[PastCall]]]

_CALLS: Final = ", ".join(f"calls.{column}" for column in COLUMNS)
# CROSS JOIN, because SQLite keeps to its order (https://www.sqlite.org/optoverview.html, section 8.2).
_BY_INDEX: Final = (
    f"SELECT {_CALLS} FROM search_words CROSS JOIN search_rows ON search_rows.place = search_words.rowid"  # noqa: S608 - our own column names
    " CROSS JOIN calls ON calls.id = search_rows.id WHERE search_words MATCH :question"
    " AND search_words.rowid >= :low AND search_words.rowid < :high AND {condition}"
    " ORDER BY search_words.rowid DESC LIMIT :limit"
)
_BY_COLUMN: Final = (
    f"SELECT {_CALLS} FROM search_rows CROSS JOIN calls ON calls.id = search_rows.id"  # noqa: S608 - as above
    " WHERE place >= :low AND place < :high AND {condition} ORDER BY place DESC LIMIT :limit"
)
_GLANCE: Final = 4000
"""Calls whose words are read before the index gathers many: what most calls have is among them."""

_GLANCE_ENDS: Final = (
    "SELECT min(place) FROM (SELECT place FROM search_rows WHERE place < ? ORDER BY place DESC LIMIT ?)"
)
# The words of the index (https://www.sqlite.org/fts5.html, section 8).
KNOW_WORDS: Final = (
    "CREATE VIRTUAL TABLE temp.known_words USING fts5vocab(main, search_words, row)",
    "CREATE VIRTUAL TABLE temp.known_places USING fts5vocab(main, search_words, instance)",
)
_BEGUN: Final = (
    "SELECT * FROM (SELECT {number}, substr(term, :start), doc FROM temp.known_words"
    " WHERE term >= :sign || :word{number} AND term < :sign || :word{number} || :last LIMIT :words)"
)
_WHOLE: Final = (
    "SELECT {number}, substr(term, :start), count(*) FROM (SELECT term FROM temp.known_places"
    " WHERE term = :sign || :word{number} LIMIT :calls) GROUP BY term"
)
_LAST_LETTER: Final = "\U0010ffff"
_NEWEST_PLACE: Final = "SELECT max(place) FROM search_rows WHERE place < ?"
_OF_OWNER: Final = (
    f"SELECT {_CALLS} FROM calls WHERE owner = :owner AND started_at >= :since AND started_at <= :until"  # noqa: S608 - as above
    " AND (started_at < :until OR id < :id) ORDER BY started_at DESC, id DESC LIMIT :limit"
)


class Searcher:
    """Searches of an open file; each may raise `FileDamagedError` or `FileUnusableError`.

    Args:
        ask: gives rows.
        read: gives the calls of rows.
        has_index: tells whether there is an index; without, the words are read through, which is slower.
    """

    def __init__(self, ask: Ask, read: Read, has_index: Callable[[], bool]) -> None:
        self._ask = ask
        self._read = read
        self._has_index = has_index

    async def found(self, wanted: Wanted, limit: int, before: Place | None) -> list[PastCall]:
        """Read the calls that are wanted from a place on, at least the newest `limit`, in no order."""
        if wanted.is_simple:
            return await self._of_owner(wanted, limit, before)
        low = 0 if wanted.since is None else first_place(to_microseconds(wanted.since))
        ends = [] if wanted.until is None else [to_microseconds(wanted.until)]
        ends += [] if before is None else [before.at]
        found: list[PastCall] = []
        high = END
        if ends:
            high = first_place(min(ends))
            found = await self._second(wanted.question, high)
        more = await self._shelves(wanted.question, low, high, limit)
        if len(more) >= limit:
            found += await self._second(wanted.question, first_place(to_microseconds(more[-1].started_at)))
        return [past for past in (*found, *more) if wanted.covers(past)]

    async def _second(self, question: AllOf, first: int) -> list[PastCall]:
        """Read all calls of a second, because within it places do not tell what comes before what."""
        return await self._between(question, first, end_of_second(first), -1)

    async def _of_owner(self, wanted: Wanted, limit: int, before: Place | None) -> list[PastCall]:
        """Of these there is an index of their own, in which no call is ever missing."""
        end = END_OF_TIME if wanted.until is None else to_microseconds(wanted.until)
        is_first = before is None or before.at >= end
        values: dict[str, object] = {
            "owner": storable(wanted.owner or ""),
            "since": BEGIN_OF_TIME if wanted.since is None else to_microseconds(wanted.since),
            "until": end if before is None or is_first else before.at,
            "id": "" if before is None or is_first else storable(before.call_id),
            "limit": limit,
        }
        return await self._read(_OF_OWNER, values)

    async def _shelves(self, question: AllOf, low: int, high: int, limit: int) -> list[PastCall]:
        found: list[PastCall] = []
        place = await self._newest_before(high)
        while place >= low and len(found) < limit:
            shelf = start_of_shelf(place)
            found += await self._between(question, max(low, shelf), min(high, place + 1), limit - len(found))
            place = await self._newest_before(shelf)
        return found

    async def _newest_before(self, place: int) -> int:
        ((newest,),) = await self._ask(_NEWEST_PLACE, [place])
        return -1 if newest is None else int(newest)

    async def _between(self, question: AllOf, low: int, high: int, limit: int) -> list[PastCall]:
        """Read the calls on one shelf between two places, the newest first; -1: however many they are."""
        values: dict[str, object] = {"low": low, "high": high, "limit": limit}
        if not (self._has_index() and question.parts):
            return await self._by_column(question, values)
        asked = narrowed(question, await self._known(question, sign(low)))
        if asked is None:
            return []
        if asked.is_wide:
            ((end,),) = await self._ask(_GLANCE_ENDS, [high, _GLANCE])
            found = await self._by_column(question, values | {"low": max(low, end or low)})
            if len(found) == limit:
                return found
        condition, needles = for_column(asked.read)
        values["question"] = for_index(asked.indexed, sign(low))
        return await self._read(_BY_INDEX.format(condition=condition), values | needles)

    async def _by_column(self, question: AllOf, values: dict[str, object]) -> list[PastCall]:
        condition, needles = for_column(question)
        return await self._read(_BY_COLUMN.format(condition=condition), values | needles)

    async def _known(self, question: AllOf, shelf: str) -> Mapping[Word, Sequence[KnownWord]]:
        """Read which words of a shelf are those that a question asks for."""
        words = list(dict.fromkeys(words_in(question)))
        asked = ((_WHOLE if word.is_whole else _BEGUN).format(number=i) for i, word in enumerate(words))
        values: dict[str, object] = {f"word{number}": word.text for number, word in enumerate(words)}
        values |= {"sign": shelf, "start": len(shelf) + 1, "last": _LAST_LETTER}
        values |= {"words": MOST_WORDS + 1, "calls": FEW_CALLS + 1}
        known: dict[Word, list[KnownWord]] = {word: [] for word in words}
        for number, text, calls in await self._ask(" UNION ALL ".join(asked), values):
            known[words[number]].append(KnownWord(text, calls))
        return known
