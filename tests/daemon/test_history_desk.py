from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from bubbled.control.search import Search
from bubbled.daemon.history_desk import HistoryDesk, midnight
from bubbled.error import ControlError
from bubbled.history.store import History
from bubbled.model import CallId, Outcome, Owner
from tests.history.sample import JAN, NINE, NUMBER, minutes, record_whole, ringing

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture
async def history(tmp_path: Path) -> AsyncIterator[History]:
    history = await History.open(tmp_path / "history.sqlite", now=lambda: NINE)
    yield history
    await history.aclose()


@pytest.fixture
def desk(history: History) -> HistoryDesk:
    return HistoryDesk(history.catalogue, {"102": "Bob"}, "NL")


async def test_calls_are_told_with_whose_they_are(history: History, desk: HistoryDesk) -> None:
    record_whole(history, ringing("mine"), minutes(0))
    record_whole(history, ringing("bobs", owner=Owner("102")), minutes(10))
    record_whole(history, ringing("103s", owner=Owner("103")), minutes(20))
    found = await desk.search(Search(whose="all"))
    assert [(call["id"], call["owner"], call["colleague"]) for call in found.calls] == [
        ("103s", "103", "103"),
        ("bobs", "102", "Bob"),
        ("mine", "me", None),
    ]
    assert (found.older, found.gap) == (None, None)
    assert [call["id"] for call in (await desk.search(Search())).calls] == ["mine"]
    assert [call["id"] for call in (await desk.search(Search(whose="102"))).calls] == ["bobs"]


async def test_a_list_goes_on_where_the_page_before_ended(history: History, desk: HistoryDesk) -> None:
    for number in range(5):
        record_whole(history, ringing(str(number)), minutes(0))
    first = await desk.search(Search(text="06", limit=2))
    assert first.older
    second = await desk.search(Search(text="06", limit=2, before=first.older))
    assert second.older
    third = await desk.search(Search(text="06", limit=2, before=second.older))
    calls = (*first.calls, *second.calls, *third.calls)
    assert ([call["id"] for call in calls], third.older) == (["4", "3", "2", "1", "0"], None)


async def test_a_place_that_was_never_given_is_refused(desk: HistoryDesk) -> None:
    for before in ("x", "1", "99999999999999999999:1", "1:1" * 100 + ":"):
        if before.startswith("1:1"):
            assert (await desk.search(Search(before=before))).calls == ()
            continue
        with pytest.raises(ControlError, match="older"):
            await desk.search(Search(before=before))
        with pytest.raises(ControlError, match="older"):
            await desk.calls_csv(Search(before=before))


async def test_days_are_those_where_the_daemon_is(history: History, desk: HistoryDesk) -> None:
    today, yesterday = date(2026, 11, 20), date(2026, 11, 19)
    record_whole(history, ringing("first"), midnight(today))
    record_whole(history, ringing("before"), midnight(today).replace(microsecond=0) - (minutes(0.001) - NINE))
    for text in ("", "06"):
        wanted = Search(text=text, since=today, until=today)
        assert [call["id"] for call in (await desk.search(wanted)).calls] == ["first"]
        wanted = Search(text=text, since=yesterday, until=yesterday)
        assert [call["id"] for call in (await desk.search(wanted)).calls] == ["before"]


async def test_whom_to_call_back_is_told_with_how_often(history: History, desk: HistoryDesk) -> None:
    for number in range(3):
        record_whole(history, ringing(str(number)), minutes(number), Outcome.MISSED)
    (call,) = await desk.to_call_back(NOON)
    assert (call["id"], call["times"], call["owner"]) == ("2", 3, "me")
    assert await desk.to_call_back(NOON.replace(year=2027)) == []


async def test_a_person_is_known_in_any_notation_of_the_number(history: History, desk: HistoryDesk) -> None:
    record_whole(history, ringing("1", owner=Owner("102")), minutes(0))
    history.contact(CallId("1"), JAN)
    history.note(CallId("1"), "Wants 20", minutes(4), NUMBER)
    for number in ("06-12345678", "+31612345678", "0031 6 12345678"):
        person = await desk.person(number)
        assert person is not None
        assert (person.number, person.e164, person.formatted) == (number, NUMBER, "06 12345678")
        assert person.contact is not None
        assert person.contact["name"] == "Jan Jansen"
        assert person.last is not None
        assert (person.last["colleague"], person.last["outcome"]) == ("Bob", "answered")
        assert [(each.text, each.by, each.at) for each in person.notes] == [
            ("Wants 20", None, minutes(4).isoformat())
        ]
        assert [call["id"] for call in person.latest] == ["1"]
    assert await desk.person("0201234567") is None


async def test_a_table_holds_all_that_is_found_however_much(history: History, desk: HistoryDesk) -> None:
    for number in range(450):
        record_whole(history, ringing(str(number), name="José"), minutes(number))
    pieces = [piece async for piece in await desk.calls_csv(Search(text="jose", limit=1))]
    assert len(pieces) > 2
    rows = list(csv.DictReader(io.StringIO(b"".join(pieces).decode("utf-8-sig"), newline="")))
    assert [row["call"] for row in rows] == [str(number) for number in range(449, -1, -1)]
    nothing = b"".join([piece async for piece in await desk.calls_csv(Search(text="nobody"))])
    assert nothing.decode("utf-8-sig").count("\r\n") == 1
