from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from bubbled.history import index
from bubbled.history.note import Note
from bubbled.history.past_call import seen
from bubbled.history.question import question_of
from bubbled.history.row import COLUMNS, to_row
from bubbled.history.schema import migrations
from bubbled.history.store import History
from bubbled.history.wanted import Wanted
from bubbled.history.words import SCHEME
from bubbled.model import E164, ME, CallId, Contact
from tests.history.index_check import agrees, rows, vocabulary
from tests.history.sample import JAN, NINE, NUMBER, ended, files_in, minutes, record_whole, ringing

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

OTHERS = E164("+31201234567")
OTHER: dict[str, Any] = {"number": "0201234567", "e164": OTHERS}
BEFORE_THE_INDEX = 2
_BLOCKS = "SELECT block FROM search_words_data WHERE id > 10 ORDER BY id"  # 1 and 10 are counters


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.sqlite"


async def opened(path: Path) -> History:
    return await History.open(path, now=lambda: NINE, retry_s=0.01)


def make_old(path: Path, count: int) -> None:
    """Make the file of a bubbled of before there was an index, with so many calls, one a minute."""
    with closing(sqlite3.connect(path)) as connection:
        for sql in migrations()[:BEFORE_THE_INDEX]:
            connection.executescript(sql)
        calls = (
            replace(
                seen(ended(ringing(f"old-{number}", name=f"Caller{number}")), minutes(number)), contact=JAN
            )
            for number in range(count)
        )
        marks = ", ".join("?" * len(COLUMNS))
        connection.executemany(
            f"INSERT INTO calls ({', '.join(COLUMNS)}) VALUES ({marks})",  # noqa: S608 - our own column names
            map(to_row, calls),
        )
        connection.execute(f"PRAGMA user_version = {BEFORE_THE_INDEX}")
        connection.commit()


def change(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


async def found(history: History, text: str) -> list[str]:
    page = await history.catalogue.search(Wanted(text=question_of(text, "NL")), 1000)
    return [past.call.id for past in page.calls]


async def all_indexed(history: History) -> None:
    while (await history.catalogue.search(Wanted(), 1)).gap:
        await history.settled()
    assert await history.settled()


async def test_what_is_saved_is_indexed_with_it(path: Path) -> None:
    history = await opened(path)
    record_whole(history, ringing("1", name="Piet"), minutes(0))
    assert await history.settled()
    assert agrees(path)
    history.contact(CallId("1"), JAN)
    history.note(CallId("1"), "Wants 20", minutes(4), NUMBER)
    assert await history.settled()
    assert agrees(path)
    for text in ("piet", "jansen acme", "wants", "20 piet"):
        assert await found(history, text) == ["1"]
    await history.aclose()


async def test_a_file_of_before_there_was_an_index_is_indexed_the_newest_calls_first(path: Path) -> None:
    make_old(path, 1000)
    history = await opened(path)
    record_whole(history, ringing("new", name="Caller"), minutes(2000))
    seen_gaps = 0
    while gap := (page := await history.catalogue.search(Wanted(), 1000)).gap:
        assert "not found yet" in gap
        seen_gaps += 1
        assert [past.call.id for past in page.calls] == [
            "new",
            *(f"old-{number}" for number in range(999, 1000 - len(page.calls), -1)),
        ]
        await history.settled()
    assert seen_gaps > 1
    assert len(await found(history, "jan")) == 1000
    assert await found(history, "caller17") == [
        *(f"old-{number}" for number in range(179, 169, -1)),
        "old-17",
    ]
    await history.aclose()
    assert agrees(path)


async def test_the_calls_of_a_user_are_all_listed_before_they_are_indexed(path: Path) -> None:
    make_old(path, 1000)
    history = await opened(path)
    page = await history.catalogue.search(Wanted(owner=ME), 1000)
    assert (len(page.calls), page.gap) == (1000, None)
    await history.aclose()


async def test_a_search_among_calls_that_are_indexed_tells_of_no_gap(path: Path) -> None:
    make_old(path, 1000)
    history = await opened(path)
    await history.settled()
    lately = Wanted(missed=True, since=minutes(990))
    while (await history.catalogue.search(lately, 10)).gap:
        await history.settled()
    assert (await history.catalogue.search(replace(lately, since=minutes(1)), 10)).gap
    await history.aclose()


async def test_indexing_goes_on_where_it_was_stopped(path: Path) -> None:
    make_old(path, 1000)
    for _ in range(20):
        history = await opened(path)
        await history.settled()
        await history.settled()
        await history.aclose()
    assert rows(path, "SELECT through FROM search_state") == [(None,)]
    assert agrees(path)


async def test_a_number_can_be_forgotten_before_all_is_indexed(path: Path) -> None:
    make_old(path, 700)
    history = await opened(path)
    record_whole(history, ringing("other", **OTHER), minutes(2000))
    await history.settled()
    assert await history.forget(NUMBER) == 700
    await all_indexed(history)
    assert await found(history, "") == ["other"]
    await history.aclose()
    assert agrees(path)


async def test_calls_that_age_or_are_forgotten_leave_the_index_without_a_trace(path: Path) -> None:
    history = await opened(path)
    record_whole(history, ringing("aged", name="Zacharias", **OTHER), minutes(0))
    record_whole(history, ringing("forgotten", name="Xaviera"), minutes(100))
    record_whole(history, ringing("kept", name="Willem", **OTHER), minutes(200))
    assert await history.settled()
    assert await history.prune(minutes(50)) == 1
    assert not any("zacharias" in word for word in vocabulary(path))
    assert await history.forget(NUMBER) == 1
    await history.aclose()
    assert agrees(path)
    never_knew = path.with_name("other.sqlite")
    history = await opened(never_knew)
    record_whole(history, ringing("kept", name="Willem", **OTHER), minutes(200))
    assert await history.settled()
    await history.forget(NUMBER)
    await history.aclose()
    assert rows(path, _BLOCKS) == rows(never_knew, _BLOCKS)
    for name in (b"acharias", b"aviera", b"612345678", b"876543216"):
        assert not any(name in content for content in files_in(path.parent).values())


async def test_what_other_calls_told_of_a_forgotten_number_is_no_word_of_theirs_any_more(path: Path) -> None:
    history = await opened(path)
    record_whole(history, ringing("note", **OTHER), minutes(0))
    history.note(CallId("note"), "Call 0612345678 for Quirinus", minutes(1), NUMBER)
    record_whole(history, ringing("names", **OTHER), minutes(10))
    history.note(CallId("names"), "Call 0612345678 today", minutes(11), OTHERS)
    record_whole(history, ringing("contact", **OTHER), minutes(20))
    history.contact(
        CallId("contact"), Contact(directory="CRM", name="Petronella", fields=(("mobile", "06-12345678"),))
    )
    assert await history.settled()
    assert await found(history, "0612345678") == ["names", "note"]
    await history.forget(NUMBER)
    assert await found(history, "0612345678") == []
    assert await found(history, "today") == ["names"]
    await history.aclose()
    assert agrees(path)
    assert not any(each in word for word in vocabulary(path) for each in ("quirinus", "petronella", "06123"))


async def test_without_fts5_the_words_are_read_through(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_old(path, 450)
    monkeypatch.setattr(index, "_HAS_FTS5", "SELECT 0")
    history = await opened(path)
    record_whole(history, ringing("new", name="José"), minutes(2000))
    await all_indexed(history)
    assert await found(history, "jose") == ["new"]
    assert await found(history, "caller44 acme") == [
        "old-449",
        *(f"old-{n}" for n in range(448, 439, -1)),
        "old-44",
    ]
    assert await history.forget(NUMBER) == 451
    assert await found(history, "") == []
    await history.aclose()
    assert rows(path, "SELECT name FROM sqlite_master WHERE name LIKE 'search_words%'") == []


async def test_an_index_that_another_sqlite_could_not_keep_is_made_anew(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    history = await opened(path)
    record_whole(history, ringing("first", name="Piet"), minutes(0))
    await history.aclose()
    with monkeypatch.context() as without:
        without.setattr(index, "_HAS_FTS5", "SELECT 0")
        history = await opened(path)
        record_whole(history, ringing("second", name="Piet"), minutes(10))
        await history.aclose()
    history = await opened(path)
    await all_indexed(history)
    assert await found(history, "piet") == ["second", "first"]
    await history.aclose()
    assert agrees(path)


async def test_with_other_words_all_calls_are_read_again(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    history = await opened(path)
    record_whole(history, ringing("1", name="Piet"), minutes(0))
    await history.aclose()
    monkeypatch.setattr(index, "SCHEME", SCHEME + 1)
    change(path, "UPDATE search_rows SET words = ' other '")
    history = await opened(path)
    await all_indexed(history)
    assert await found(history, "piet") == ["1"]
    await history.aclose()
    assert agrees(path)


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE search_words_data SET block = x'00' WHERE id > 10",
        "UPDATE search_words_data SET block = zeroblob(length(block)) WHERE id > 10",
        "UPDATE search_words_data SET block = randomblob(length(block)) WHERE id > 10",
        "DELETE FROM search_words_data WHERE id > 10",
        "UPDATE search_words_data SET block = x'ff' WHERE id = 10",
    ],
)
@pytest.mark.parametrize("by", ["a search", "saving", "erasing"])
async def test_a_damaged_index_is_made_anew_and_costs_no_call(path: Path, harm: str, by: str) -> None:
    history = await opened(path)
    for number in range(30):
        record_whole(history, ringing(str(number), name=f"Piet{number}", **OTHER), minutes(number))
    await history.aclose()
    change(path, harm)
    history = await opened(path)
    await history.settled()
    if by == "a search":
        await found(history, "piet")
    elif by == "saving":
        history.note(CallId("3"), "Wants 20", minutes(40), None)
    else:
        await history.prune(minutes(3.5))
    await history.settled()
    await all_indexed(history)
    record_whole(history, ringing("30", name="Piet30", **OTHER), minutes(30))
    await history.settled()
    expected = [str(number) for number in range(30, -1 if by != "erasing" else 0, -1)]
    assert await found(history, "piet") == expected
    await history.aclose()
    assert agrees(path)
    assert not [name for name in files_in(path.parent) if "damaged" in name]


@pytest.mark.parametrize("harm", ["DROP TABLE search_words", "DROP TABLE search_words_data"])
async def test_an_index_that_somebody_took_away_is_done_without_or_made_anew(path: Path, harm: str) -> None:
    history = await opened(path)
    record_whole(history, ringing("1", name="Piet", **OTHER), minutes(0))
    await history.aclose()
    change(path, harm)
    for _ in range(2):
        history = await opened(path)
        await all_indexed(history)
        assert await found(history, "piet") == ["1"]
        assert history.trouble is None
        await history.aclose()


def keeps(texts: Iterable[str], path: Path) -> bool:
    return any(text.encode() in content for content in files_in(path.parent).values() for text in texts)


async def test_of_a_contact_that_may_not_be_kept_no_word_is(path: Path) -> None:
    history = await opened(path)
    record_whole(history, ringing("1"), minutes(0))
    history.contact(
        CallId("1"),
        Contact(directory="Google", name="Esmeralda", company="Notre Dame", id="x1", transient=True),
    )
    assert await found(history, "esmeralda") == []
    assert await history.settled()
    assert await found(history, "esmeralda") == []
    assert not keeps(("esmeralda", "Esmeralda", "notre"), path)
    await history.aclose()


async def test_a_note_on_a_call_is_found_in_the_second_in_which_it_is_taken(path: Path) -> None:
    history = await opened(path)
    record_whole(history, ringing("1"), minutes(0))
    await history.settled()
    history.note(CallId("1"), "Rückruf", minutes(1), NUMBER)
    assert await found(history, "ruckruf") == ["1"]
    assert Note("Rückruf", minutes(1), NUMBER) == (await history.calls(1))[0].note
    await history.aclose()
