from __future__ import annotations

import random
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

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
    CallState,
    Contact,
    Direction,
    Outcome,
    Owner,
)
from tests.history.sample import NINE, ringing

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

BOB = Owner("102")
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
