from __future__ import annotations

import random
import sqlite3
from contextlib import asynccontextmanager, closing
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bubbled.history.note import Note
from bubbled.history.past_call import PastCall
from bubbled.history.question import question_of
from bubbled.history.store import History
from bubbled.history.unsaved import Entry
from bubbled.history.wanted import Place, Wanted
from bubbled.model import (
    E164,
    ME,
    CallId,
    CallState,
    Contact,
    Direction,
    Extension,
    LastContact,
    Outcome,
    Owner,
)
from tests.history.sample import JAN, NINE, NUMBER, answered, ended, minutes, record_whole, ringing, started

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

BOB = Owner("102")
OTHER = E164("+31201234567")
OUT = Direction.OUTBOUND
NAMES = (
    None,
    "Jan Jansen",
    "José Peña",
    "JANSEN & Zn.",
    "Müller-Lüdenscheid",
    '"; DROP TABLE',
    "张 伟",
    "O'Brien*",
)
COMPANIES = (None, "Acme", "Jansen Bouw B.V.", "Bakkerij 't Hoekje")
NUMBERS = ("+31612345678", "+31201234567", "+4915123456789", "+3161234", None)
NOTES = (
    None,
    None,
    None,
    "Call back 06-1234 5678 on Monday",
    "24 boxes\nJansen\x1b[2J",
    "AND OR NOT NEAR(x) ^a *",
)
TEXTS = (
    "", "jan", "JANSEN", "jose", "pen", "0612345678", "06 1234", "+31 6 12", "5678", "1234", "24", "jan acme",
    "mull", "zn", '"', "AND", "drop table", "near(", "张", "0049151", "b.v", "hoekje jan", "x OR jan",
    "3161234", "612345", "qqq", "jan 06", "31", "*", "brien",
)  # fmt: skip


@asynccontextmanager
async def opened(path: Path) -> AsyncIterator[History]:
    history = await History.open(path, now=lambda: NINE)
    try:
        yield history
    finally:
        await history.aclose()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.sqlite"


def at_random(chance: random.Random, call_id: str) -> PastCall:
    """A call of anybody, at one of few moments, so that many begin at once or in the same second."""
    at = (
        NINE
        - timedelta(days=chance.choice((0, 0, 1, 47, 48, 400)))
        + timedelta(microseconds=chance.choice((0, 1, 500_000, 1_000_000, 1_000_001, 7_000_000)))
    )
    number = chance.choice(NUMBERS)
    e164 = E164(number) if number and len(number) > 9 else None
    note, name, company = chance.choice(NOTES), chance.choice(NAMES), chance.choice(COMPANIES)
    outcome = chance.choice((Outcome.ANSWERED, Outcome.MISSED, Outcome.NO_ANSWER))
    return PastCall(
        call=ringing(
            call_id,
            owner=chance.choice((ME, ME, BOB)),
            direction=chance.choice(tuple(Direction)),
            state=CallState.ENDED,
            number=number,
            e164=e164,
            name=chance.choice(NAMES),
            outcome=outcome,
        ),
        started_at=at,
        ended_at=at + timedelta(minutes=1),
        contact=Contact(directory="CRM", name=name, company=company) if name or company else None,
        note=None if note is None else Note(note, at, e164),
    )


def named(call_id: str, name: str, at: datetime) -> PastCall:
    """A call by somebody of whom nothing but the name is known."""
    call = ringing(call_id, number=None, e164=None, name=name, state=CallState.ENDED)
    return PastCall(call=call, started_at=at, ended_at=at)


def keep(history: History, past: PastCall) -> None:
    """Have the history remember a whole call."""
    history._add(past.call.id, Entry(past=past))


async def indexed(history: History) -> None:
    """Wait until all is saved and searched."""
    assert await history.settled()
    while (await history.catalogue.search(Wanted(), 1)).gap:
        assert await history.settled()


def naive(calls: Sequence[PastCall], wanted: Wanted) -> list[str]:
    fitting = sorted(filter(wanted.fits, calls), key=Place.of, reverse=True)
    return [past.call.id for past in fitting]


async def all_pages(history: History, wanted: Wanted, limit: int) -> list[str]:
    found: list[str] = []
    place = None
    while True:
        page = await history.catalogue.search(wanted, limit, place)
        assert len(page.calls) <= limit
        found += [past.call.id for past in page.calls]
        place = page.older
        if place is None:
            return found
        assert len(page.calls) == limit


def wanted_at_random(chance: random.Random) -> Wanted:
    day = timedelta(days=1)
    return Wanted(
        text=question_of(chance.choice(TEXTS), "NL"),
        owner=chance.choice((None, ME, BOB)),
        since=chance.choice((None, None, NINE - day, NINE - 47 * day + timedelta(microseconds=2))),
        until=chance.choice((None, None, NINE, NINE + timedelta(microseconds=1), NINE - day)),
        direction=chance.choice((None, None, *Direction)),
        missed=chance.random() < 0.2,
        noted=chance.random() < 0.2,
    )


@pytest.mark.parametrize("seed", range(8))
async def test_a_search_finds_what_reading_every_call_would_find(path: Path, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    calls: list[PastCall] = []
    async with opened(path) as history:
        for round_ in range(4):
            more = [at_random(chance, f"{round_}-{chance.random():.9f}") for _ in range(25)]
            for past in more:
                keep(history, past)
            calls += more
            for _ in range(12):
                wanted = wanted_at_random(chance)
                assert await all_pages(history, wanted, chance.choice((1, 2, 7, 1000))) == naive(
                    calls, wanted
                )
            assert await history.settled()
    async with opened(path) as history:
        for _ in range(30):
            wanted = wanted_at_random(chance)
            assert await all_pages(history, wanted, chance.choice((1, 3, 50))) == naive(calls, wanted)


async def test_a_beginning_that_very_many_words_have_finds_what_reading_every_call_would_find(
    path: Path,
) -> None:
    calls = [named(f"{index}", f"j{index:03} smith", minutes(index)) for index in range(100)]
    calls += [named(f"x{index}", f"acme{index} zorn", minutes(index)) for index in range(100)]
    calls += [named("both", "jacobs zorn rare", minutes(7)), named("other", "acme rare", minutes(7))]
    async with opened(path) as history:
        for past in calls:
            keep(history, past)
        assert await history.settled()
    async with opened(path) as history:
        await indexed(history)
        for text in (
            "j",
            "j rare",
            "j zorn",
            "j a",
            "a r",
            "rare",
            "j acme",
            "j0 s",
            "j rare zorn",
            "j xylo",
        ):
            wanted = Wanted(text=question_of(text, "NL"))
            assert await all_pages(history, wanted, 7) == naive(calls, wanted)


async def to_call_back(history: History) -> list[tuple[str, int]]:
    waiting = await history.catalogue.to_call_back(minutes(0))
    return [(each.missed.call.id, each.times) for each in waiting]


async def test_whom_to_call_back_is_known_at_once_and_when_it_is_saved(path: Path) -> None:
    async with opened(path) as history:
        record_whole(history, ringing("too old"), minutes(-10), Outcome.MISSED)
        record_whole(history, ringing("a"), minutes(10), Outcome.MISSED)
        record_whole(history, ringing("b"), minutes(20), Outcome.MISSED)
        record_whole(
            history, ringing("bobs", owner=BOB, e164=OTHER, number=OTHER), minutes(30), Outcome.MISSED
        )
        record_whole(history, ringing("inside", e164=None, number="103"), minutes(40), Outcome.MISSED)
        for _ in range(2):
            assert await to_call_back(history) == [("inside", 1), ("b", 2)]
            assert await history.settled()
        history.record(started(ringing("now", owner=BOB)), minutes(50))
        assert await to_call_back(history) == [("inside", 1), ("b", 2)]
        history.record(answered(ringing("now", owner=BOB)), minutes(51))
        for _ in range(2):
            assert await to_call_back(history) == [("inside", 1)]
            assert await history.settled()
        history.record(ended(ringing("now", owner=BOB)), minutes(52))
        record_whole(history, ringing("back", e164=None, number="103", direction=OUT), minutes(53))
        for _ in range(2):
            assert await to_call_back(history) == []
            assert await history.settled()


async def test_of_a_number_all_is_told_that_is_remembered(path: Path) -> None:
    async with opened(path) as history:
        for number in range(30):
            owner = BOB if number % 2 else ME
            record_whole(history, ringing(f"{number:02}", owner=owner), minutes(10 * number))
        history.contact(CallId("03"), JAN)
        history.contact(CallId("05"), Contact(directory="Google", id="x", name="Secret", transient=True))
        history.note(CallId("04"), "Wants 20", minutes(400), NUMBER)
        history.note(CallId("06"), "About another", minutes(401), OTHER)
        history.told(NUMBER, Extension("102"), "Paid", minutes(500))
        history.record(started(ringing("now")), minutes(600))
        for _ in range(2):
            known = await history.catalogue.acquaintance(NUMBER, {"102": "Bob"})
            assert known is not None
            assert [past.call.id for past in known.latest] == ["now", *(f"{n:02}" for n in range(29, 10, -1))]
            assert known.contact == JAN
            assert [(each.text, each.teller) for each in known.notes] == [("Paid", "102"), ("Wants 20", None)]
            assert known.dealings.last == LastContact(
                minutes(290), Direction.INBOUND, Outcome.ANSWERED, "Bob"
            )
            assert (known.dealings.calls, known.dealings.note, known.dealings.noted_by) == (30, "Paid", "Bob")
            assert await history.settled()


async def test_of_an_extension_all_is_told_too(path: Path) -> None:
    inside: dict[str, Any] = {"number": "103", "e164": None, "internal": True}
    async with opened(path) as history:
        record_whole(history, ringing("1", **inside), minutes(0))
        record_whole(history, ringing("2", name="Room 103", number="104", e164=None), minutes(5))
        record_whole(history, ringing("3", direction=OUT, **inside), minutes(10))
        history.note(CallId("1"), "Lunch", minutes(3), None)
        for _ in range(2):
            known = await history.catalogue.acquaintance("103", {})
            assert known is not None
            assert [past.call.id for past in known.latest] == ["3", "1"]
            assert [each.text for each in known.notes] == ["Lunch"]
            assert (known.dealings.calls, known.dealings.note) == (2, "Lunch")
            assert known.dealings.last == LastContact(minutes(10), OUT, Outcome.ANSWERED)
            assert await history.settled()


async def test_of_a_number_that_nobody_had_on_the_line_nothing_is_known(path: Path) -> None:
    async with opened(path) as history:
        record_whole(history, ringing("1"), minutes(0))
        for number in (OTHER, "103", "", "anonymous", '"; --', "+"):
            assert await history.catalogue.acquaintance(number, {}) is None


async def test_a_note_of_a_colleague_alone_is_something_known(path: Path) -> None:
    async with opened(path) as history:
        history.told(OTHER, Extension("102"), "Paid", minutes(5))
        known = await history.catalogue.acquaintance(OTHER, {})
        assert known is not None
        assert (known.latest, known.contact, known.dealings.last) == ([], None, None)


async def test_without_a_file_what_is_in_memory_is_searched_and_the_gap_is_told(path: Path) -> None:
    path.mkdir()  # noqa: ASYNC240 - nothing else runs
    (path.parent / "history.sqlite.lock").mkdir()  # so that no file can be claimed
    async with opened(path) as history:
        record_whole(history, ringing("1", name="Piet"), minutes(0))
        found = await history.catalogue.search(Wanted(text=question_of("piet", "NL")), 10)
        assert [past.call.id for past in found.calls] == ["1"]
        assert found.gap == history.trouble
        assert found.gap


async def test_what_a_call_was_before_its_last_change_does_not_find_it(path: Path) -> None:
    async with opened(path) as history:
        record_whole(history, ringing("1"), minutes(0))
        history.contact(CallId("1"), JAN)
        assert await history.settled()
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")  # so that the change is not saved yet
            history.contact(CallId("1"), Contact(directory="CRM", name="Piet"))
            for text, expected in (("jansen", []), ("piet", ["1"])):
                found = await history.catalogue.search(Wanted(text=question_of(text, "NL")), 10)
                assert [past.call.id for past in found.calls] == expected
            other.execute("ROLLBACK")
