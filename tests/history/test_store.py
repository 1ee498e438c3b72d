from __future__ import annotations

import json
import random
import sqlite3
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bubbled.error import HistoryError
from bubbled.history.note import Note
from bubbled.history.store import History
from bubbled.model import (
    E164,
    CallId,
    CallState,
    Contact,
    Dealings,
    Direction,
    Extension,
    LastContact,
    Mute,
    Outcome,
    Owner,
    Via,
    ViaKind,
)
from tests.history.sample import (
    JAN,
    NINE,
    NUMBER,
    answered,
    ended,
    files_in,
    minutes,
    record_whole,
    ringing,
    started,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime
    from pathlib import Path

ASKING = CallId("asking")
BOB = Owner("102")
BOBS = Extension("102")
OTHER = E164("+31201000101")


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[History]:
    history = await History.open(folder / "history.sqlite", now=lambda: NINE)
    try:
        yield history
    finally:
        await history.aclose()


async def test_what_is_recorded_is_seen_at_once_and_after_a_restart(tmp_path: Path) -> None:
    call = ringing(
        name="Jan",
        via=Via(ViaKind.QUEUE, "support"),
        transferred_from="103",
        answered_by="104",
        transferred_to="105",
    )
    async with opened(tmp_path) as history:
        history.record(started(call), NINE)
        history.record(answered(call), minutes(1))
        history.contact(call.id, JAN)
        history.verdict(call.id, "shown")
        history.record(ended(call), minutes(3))
        at_once = await history.call(call.id)
        assert await history.settled()
        assert await history.call(call.id) == at_once
    async with opened(tmp_path) as history:
        past = await history.call(call.id)
        assert past == at_once
        assert past is not None
        assert past.call == replace(call, state=CallState.ENDED, outcome=Outcome.ANSWERED)
        assert (past.started_at, past.answered_at, past.ended_at) == (NINE, minutes(1), minutes(3))
        assert (past.contact, past.popup) == (JAN, "shown")
        assert history.trouble is None


async def test_every_step_may_be_saved_by_itself_and_recorded_twice(tmp_path: Path) -> None:
    async with opened(tmp_path) as together:
        record_whole(together, ringing(), NINE)
        expected = await together.call(CallId("1"))
    async with opened(tmp_path / "stepwise") as history:
        for change, at in (
            (started(ringing()), NINE),
            (answered(ringing()), minutes(1)),
            (ended(ringing()), minutes(3)),
        ):
            for _ in range(2):
                history.record(change, at)
                assert await history.settled()
        assert await history.calls(10) == [expected]


async def test_a_change_of_an_unknown_call_begins_it(tmp_path: Path) -> None:
    async with opened(tmp_path) as history:
        history.record(ended(ringing()), minutes(3))
        past = await history.latest()
        assert past is not None
        assert (past.started_at, past.ended_at) == (minutes(3), minutes(3))


async def test_calls_come_newest_last_stored_and_unsaved_alike(tmp_path: Path) -> None:
    async with opened(tmp_path) as history:
        for number in (3, 1):
            record_whole(history, ringing(str(number)), minutes(number))
        await history.settled()
        for number in (4, 2):
            record_whole(history, ringing(str(number)), minutes(number))
        for _ in range(2):
            assert [past.call.id for past in await history.calls(10)] == ["1", "2", "3", "4"]
            assert [past.call.id for past in await history.calls(2)] == ["3", "4"]
            latest = await history.latest()
            assert latest is not None
            assert latest.call.id == "4"
            await history.settled()
        assert await history.calls(0) == []


async def test_nothing_recorded_is_no_call(tmp_path: Path) -> None:
    async with opened(tmp_path) as history:
        assert (await history.calls(5), await history.latest(), await history.call(CallId("1"))) == (
            [],
            None,
            None,
        )


async def test_colleagues_have_their_own_calls_and_none_among_themselves(tmp_path: Path) -> None:
    async with opened(tmp_path) as history:
        record_whole(history, ringing("1", owner=BOB), NINE)
        record_whole(history, ringing("2", owner=BOB, internal=True, number="103", e164=None), NINE)
        record_whole(history, ringing("3", internal=True, number="103", e164=None), NINE)
        await history.settled()
        assert [past.call.id for past in await history.calls(5, BOB)] == ["1"]
        assert [past.call.id for past in await history.calls(5)] == ["3"]


async def test_a_contact_of_a_call_that_is_not_kept_is_not_kept(tmp_path: Path) -> None:
    async with opened(tmp_path) as history:
        history.contact(CallId("1"), JAN)
        assert await history.settled()
        assert await history.call(CallId("1")) is None


async def test_of_a_contact_that_may_not_be_kept_only_how_to_ask_again_is(tmp_path: Path) -> None:
    shop = replace(JAN, directory="Google", name="Phone shop", id="ChIJ1", transient=True)
    async with opened(tmp_path) as history:
        history.record(started(ringing("1")), NINE)
        history.contact(CallId("1"), shop)
        at_once = await history.call(CallId("1"))
        assert await history.settled()
        assert await history.call(CallId("1")) == at_once
        assert at_once is not None
        assert at_once.contact == Contact(directory="Google", id="ChIJ1", transient=True)
    kept = b"".join(files_in(tmp_path).values())
    assert b"ChIJ1" in kept
    assert not any(text.encode() in kept for text in ("Phone shop", "Acme", "Utrecht"))


async def test_what_was_with_a_number_is_known_before_and_after_it_is_saved(tmp_path: Path) -> None:
    async with opened(tmp_path) as history:
        record_whole(history, ringing("1"), minutes(0), Outcome.MISSED)
        record_whole(history, ringing("2", owner=BOB, direction=Direction.OUTBOUND), minutes(10))
        record_whole(history, ringing("other", number="0201000101", e164=OTHER), minutes(12))
        history.note(CallId("1"), "Wants 20 more", minutes(4), NUMBER)
        history.record(started(ringing(ASKING)), minutes(20))
        for _ in range(2):
            found = await history.dealings(NUMBER, before=ASKING, names={"102": "Bob"})
            last = LastContact(minutes(10), Direction.OUTBOUND, Outcome.ANSWERED, "Bob")
            assert found == Dealings(last=last, calls=2, note="Wants 20 more")
            earlier = await history.dealings(NUMBER, before=CallId("2"), names={})
            missed = LastContact(minutes(0), Direction.INBOUND, Outcome.MISSED)
            assert (earlier.last, earlier.calls) == (missed, 1)
            assert await history.dealings(E164("+31301234567"), before=ASKING, names={}) == Dealings()
            unrecorded = CallId("not recorded yet")
            assert await history.dealings(NUMBER, before=unrecorded, names={"102": "Bob"}) == found
            await history.settled()


async def test_a_call_is_counted_once_while_it_is_saved_in_parts(tmp_path: Path) -> None:
    async with opened(tmp_path) as history:
        for number in range(3):
            record_whole(history, ringing(str(number)), minutes(10 * number))
        await history.settled()
        for number in range(3):
            history.verdict(CallId(str(number)), "shown")
            record_whole(history, ringing(f"new {number}"), minutes(100 + 10 * number))
        found = await history.dealings(NUMBER, before=ASKING, names={})
        assert found.calls == 6


async def test_a_stored_contact_that_changed_since_does_not_hide_the_one_before(tmp_path: Path) -> None:
    async with opened(tmp_path) as history:
        record_whole(history, ringing("1"), minutes(0))
        history.record(started(ringing("2")), minutes(10))
        await history.settled()
        await history.close_dangling(minutes(11))
        history.record(answered(ringing("2")), minutes(12))
        found = await history.dealings(NUMBER, before=ASKING, names={})
        assert found.last is not None
        assert found.last.at == minutes(0)


async def test_a_note_is_kept_with_its_call_and_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    async with opened(tmp_path) as history:
        record_whole(history, ringing("1"), NINE)
        history.note(CallId("1"), "One", minutes(1), NUMBER)
        history.note(CallId("1"), "One\ntwo", minutes(2), NUMBER)
        history.note(CallId("unknown"), "Nowhere", minutes(2), NUMBER)
        assert await history.settled()
    async with opened(tmp_path) as history:
        past = await history.call(CallId("1"))
        assert past is not None
        assert past.note == Note("One\ntwo", minutes(2), NUMBER)
        history.verdict(CallId("1"), "shown")
        assert await history.settled()
        again = await history.call(CallId("1"))
        assert again is not None
        assert again.note == past.note
        assert await history.call(CallId("unknown")) is None


async def test_a_note_stays_with_its_number_when_the_call_goes_on_with_somebody_else(tmp_path: Path) -> None:
    asked = ringing("1", number="102", e164=None, internal=True)
    async with opened(tmp_path) as history:
        history.record(started(ringing("1")), NINE)
        history.note(CallId("1"), "Wants Bob", minutes(1), NUMBER)
        history.record(answered(asked), minutes(2))
        history.record(ended(asked, Outcome.TRANSFERRED), minutes(3))
        for _ in range(2):
            assert (await history.dealings(NUMBER, before=ASKING, names={})).note == "Wants Bob"
            await history.settled()
        await history.forget(NUMBER)
        past = await history.call(CallId("1"))
        assert past is not None
        assert past.note is None


async def test_of_a_call_without_a_number_its_own_note_is_known(tmp_path: Path) -> None:
    async with opened(tmp_path) as history:
        record_whole(history, ringing("1", number=None, e164=None), NINE)
        history.note(CallId("1"), "It was Jan", minutes(1), None)
        assert await history.dealings(None, before=CallId("1"), names={}) == Dealings(note="It was Jan")
        assert await history.dealings(None, before=ASKING, names={}) == Dealings()


async def test_what_a_colleague_noted_is_known_before_and_after_it_is_saved(tmp_path: Path) -> None:
    names = {"102": "Bob"}
    async with opened(tmp_path) as history:
        for text, at in (("First", 1.0), ("Wants Piet", 2.0)):
            history.told(NUMBER, BOBS, text, minutes(at))
        for _ in range(2):
            found = await history.dealings(NUMBER, before=ASKING, names=names)
            assert found == Dealings(note="Wants Piet", noted_by="Bob")
            assert (await history.dealings(OTHER, before=ASKING, names=names)).note == ""
            assert await history.settled()
        record_whole(history, ringing("mine"), minutes(3))
        history.note(CallId("mine"), "Piet called back", minutes(4), NUMBER)
        history.told(NUMBER, Extension("103"), "Older", minutes(0))
    async with opened(tmp_path) as history:
        found = await history.dealings(NUMBER, before=ASKING, names=names)
        assert (found.note, found.noted_by) == ("Piet called back", None)


async def test_of_too_many_notes_of_colleagues_the_oldest_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bubbled.history.file.MOST_TOLD", 3)
    numbers = [E164(f"+3120100000{digit}") for digit in range(5)]
    async with opened(tmp_path) as history:
        for at, number in enumerate(numbers):
            history.told(number, BOBS, "Forged", minutes(at))
            await history.settled()
        found = [(await history.dealings(number, before=ASKING, names={})).note for number in numbers]
        assert found == ["", "", "Forged", "Forged", "Forged"]


async def test_calls_of_a_time_are_found_stored_and_unsaved_alike(tmp_path: Path) -> None:
    async with opened(tmp_path) as history:
        for number in (1, 2, 3, 4):
            record_whole(history, ringing(str(number)), minutes(number))
        for _ in range(2):
            found = await history.calls(10, since=minutes(2), until=minutes(4))
            assert [past.call.id for past in found] == ["2", "3"]
            found = await history.calls(1, since=minutes(2), until=minutes(4))
            assert [past.call.id for past in found] == ["3"]
            await history.settled()


async def test_calls_of_which_no_popup_came_because_of_a_mute(tmp_path: Path) -> None:
    verdicts = ("muted", "muted until 14:00", "shown", "outbound popups are switched off", "muted")
    async with opened(tmp_path) as history:
        for number, verdict in enumerate(verdicts):
            record_whole(history, ringing(str(number)), minutes(number))
            history.verdict(CallId(str(number)), verdict)
        found = await history.calls_while_muted(minutes(0), minutes(4))
        assert [past.call.id for past in found] == ["0", "1"]


async def test_calls_that_a_crash_left_open_are_closed_until_they_live_again(tmp_path: Path) -> None:
    async with opened(tmp_path) as history:
        history.record(started(ringing("1")), NINE)
        history.record(started(ringing("2")), NINE)
        record_whole(history, ringing("3"), NINE)
    async with opened(tmp_path) as history:
        assert await history.close_dangling(minutes(5)) == 2
        history.record(answered(ringing("2")), minutes(6))
        one, two, three = await history.calls(5)
        assert (one.call.state, one.call.outcome, one.ended_at) == (CallState.ENDED, None, minutes(5))
        assert (two.call.state, two.ended_at) == (CallState.TALKING, None)
        assert (three.call.outcome, three.ended_at) == (Outcome.ANSWERED, minutes(3))


@pytest.mark.parametrize("since", [None, NINE])
@pytest.mark.parametrize("until", [None, minutes(30)])
async def test_mute_survives_a_restart(
    tmp_path: Path, until: datetime | None, since: datetime | None
) -> None:
    async with opened(tmp_path) as history:
        assert history.mute_state() is None
        history.mute(until, since)
        assert history.mute_state() == Mute(until, since)
    async with opened(tmp_path) as history:
        assert history.mute_state() == Mute(until, since)
        history.unmute()
    async with opened(tmp_path) as history:
        assert history.mute_state() is None


@pytest.mark.parametrize("until", [2**62, 253_402_300_799_000_000, "tomorrow"])
async def test_a_mute_until_no_moment_is_damage_and_keeps_nobody_from_starting(
    tmp_path: Path, until: object
) -> None:
    async with opened(tmp_path) as history:
        history.mute(None)
    with closing(sqlite3.connect(tmp_path / "history.sqlite")) as connection, connection:
        connection.execute("UPDATE mute SET until = ?", [until])

    async with opened(tmp_path) as history:
        assert history.mute_state() is None
        assert "set aside" in (history.trouble or "")


async def test_old_calls_are_pruned_and_running_ones_stay(tmp_path: Path) -> None:
    async with opened(tmp_path) as history:
        record_whole(history, ringing("1"), minutes(0))
        record_whole(history, ringing("2"), minutes(60))
        history.record(started(ringing("3")), minutes(0))
        history.told(NUMBER, BOBS, "Old", minutes(0))
        history.told(OTHER, BOBS, "New", minutes(60))
        assert await history.prune(minutes(30)) == 1
        assert [past.call.id for past in await history.calls(5)] == ["3", "2"]
        assert (await history.dealings(NUMBER, before=ASKING, names={})).note == ""
        assert (await history.dealings(OTHER, before=ASKING, names={})).note == "New"


async def test_a_forgotten_number_leaves_no_bytes_behind(tmp_path: Path) -> None:
    secret = Contact(directory="Customers", name="Vergeet Mij", fields=(("mobile", "06-12345678"),))
    other = ringing("other", number="0201000101", e164="+31201000101", transferred_from="0612345678")
    async with opened(tmp_path) as history:
        for number in range(200):
            record_whole(history, ringing(f"jan-{number}", name=f"Vergeet Mij {number}"), minutes(number))
            record_whole(history, ringing(f"eve-{number}", number="0301234567", e164="+31301234567"), NINE)
            history.contact(CallId(f"jan-{number}"), secret)
            if number % 20 == 0:
                await history.settled()
            history.note(CallId(f"jan-{number}"), f"Vergeet Mij wants {number}", NINE, NUMBER)
        record_whole(history, other, minutes(1))
        history.contact(other.id, secret)
        history.note(other.id, "Call Jan: 06-1234 5678, before five", minutes(2), OTHER)
        history.told(NUMBER, BOBS, "Vergeet Mij is angry", NINE)
        history.told(OTHER, BOBS, "He is +31 6 12345678", NINE)

        assert await history.forget(NUMBER) == 200

        assert not [
            name
            for name, content in files_in(tmp_path).items()
            for trace in (b"612345678", b"876543216", b"Vergeet Mij", b"vergeet", b"06-1234", b"6 12345678")
            if trace in content
        ]
        assert await history.dealings(NUMBER, before=ASKING, names={}) == Dealings()
        assert (await history.dealings(OTHER, before=ASKING, names={})).note == "Call Jan: …, before five"
        past = await history.call(other.id)
        assert past is not None
        assert (past.contact, past.call.transferred_from, past.call.number) == (None, None, "0201000101")
        assert len(await history.calls(1000)) == 201


async def test_rows_that_were_moved_within_the_file_leave_no_bytes_behind(tmp_path: Path) -> None:
    # With these lengths and moments, deleting the rows leaves a copy of one in a gap of a page.
    chance = random.Random(13)  # noqa: S311 - no secret
    async with opened(tmp_path) as history:
        for number in range(500):
            name = chance.choice(["Vergeet", "Eve"])
            e164 = NUMBER if name == "Vergeet" else E164("+31301234567")
            call = ringing(str(number), name=name * chance.randint(1, 300), number=e164, e164=e164)
            record_whole(history, call, minutes(chance.randint(0, 9999)))
            if chance.random() < 0.02:
                await history.settled()
        await history.forget(NUMBER)
        assert not [name for name, content in files_in(tmp_path).items() if b"Vergeet" in content]


@pytest.mark.parametrize("asked", ["0612345678", "06-12345678", NUMBER])
async def test_a_number_is_forgotten_in_whatever_notation_it_came(tmp_path: Path, asked: str) -> None:
    async with opened(tmp_path) as history:
        record_whole(history, ringing("national"), NINE)
        record_whole(history, ringing("international", number="0031612345678"), NINE)
        record_whole(history, ringing("unread", e164=None), NINE)
        record_whole(history, ringing("german", number="0049612345678", e164="+49612345678"), NINE)
        assert await history.forget(asked) == 3
        assert [past.call.id for past in await history.calls(5)] == ["german"]


async def test_hostile_text_is_text(tmp_path: Path) -> None:
    name = "Robert'); DROP TABLE calls;-- \x00 \udcff <b>&"
    async with opened(tmp_path) as history:
        record_whole(history, ringing(name=name, number="' OR 1=1 --", e164=None), NINE)
        assert await history.forget("' OR '1'='1") == 0
        past = await history.latest()
        assert past is not None
        assert past.call.name == name.replace("\udcff", "?")


async def test_past_calls_are_json(tmp_path: Path) -> None:
    async with opened(tmp_path) as history:
        record_whole(history, ringing(), NINE)
        history.contact(CallId("1"), JAN)
        (past,) = await history.calls(1)
        assert json.loads(json.dumps(past.to_json()))["contact"]["fields"] == {"city": "Utrecht"}


async def test_a_closed_history_says_so(tmp_path: Path) -> None:
    async with opened(tmp_path) as history:
        pass
    with pytest.raises(HistoryError, match="closed"):
        await history.prune(NINE)
