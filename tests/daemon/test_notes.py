from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from bubbled.control.note import Noted
from bubbled.daemon.call_log import CallLog
from bubbled.daemon.notes import MOST_UNSENT, Notes
from bubbled.error import ControlError
from bubbled.model import E164, CallId, CallState, Dealings, Extension, Outcome
from bubbled.note import LONGEST_TEXT
from bubbled.pbx.ami.error import ActionRefusedError, NotConnectedError
from bubbled.pbx.ami.framing import Message
from bubbled.pbx.ami.team_note import TeamNote
from tests.daemon.stand_in import JAN, PIET, a_call, answered, ended, started
from tests.daemon.test_call_log import JANSEN, LoggingBook
from tests.daemon.test_desk import Office, open_office, over, talking

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bubbled.error import PbxError
    from bubbled.model import Call, CallChange

CALL = a_call()
ALICE, BOB = Extension("101"), Extension("102")


class Team:
    """Alice's notes, and a PBX that passes them on, or does not."""

    def __init__(self, office: Office, folder: Path) -> None:
        self.office = office
        self.crm = LoggingBook()
        self.call_log = CallLog(folder / "call-log.sqlite", lambda: [self.crm], lambda: office.time)
        self.notes = Notes(office.desk, office.history, self.call_log, self._tell)
        self.notes.settings_changed(ALICE, shares=True)
        self.told: list[TeamNote] = []
        self.failure: PbxError | None = None
        self._news = asyncio.Condition()

    async def _tell(self, note: TeamNote) -> None:
        async with self._news:
            self._news.notify_all()
            if self.failure is not None:
                raise self.failure
            self.told.append(note)

    async def tried(self) -> None:
        """Wait until it is tried to tell something."""
        async with asyncio.timeout(10), self._news:
            await self._news.wait()

    async def hears(self, *texts: str) -> None:
        """Wait until exactly these have been told, then forget them."""
        async with asyncio.timeout(10), self._news:
            await self._news.wait_for(lambda: [note.text for note in self.told] == list(texts))
        self.told.clear()

    def happens(self, *changes: CallChange) -> None:
        self.office.happens(*changes)
        self.notes.calls_changed(changes)

    def had(self, *calls: Call) -> None:
        """Calls that are over, in which they talked."""
        for call in calls:
            self.happens(started(call), answered(talking(call)), ended(over(talking(call), Outcome.ANSWERED)))

    async def shows(self, text: str) -> None:
        """Wait until a popup has this line."""
        wall = self.office.wall
        await wall.until(lambda: any(text in card.lines for card in wall.up.values()))

    async def dealings(self, number: E164 = JAN) -> Dealings:
        return await self.office.history.dealings(number, before=CallId("now"), names={"102": "Bob"})


@asynccontextmanager
async def team_in(folder: Path) -> AsyncIterator[Team]:
    async with open_office(folder / "history.sqlite") as office:
        team = Team(office, folder)
        await team.call_log.start()
        running = asyncio.create_task(team.notes.run())
        try:
            yield team
        finally:
            running.cancel()
            await asyncio.wait([running])
            await team.call_log.aclose()


@pytest.fixture
async def team(tmp_path: Path) -> AsyncIterator[Team]:
    async with team_in(tmp_path) as team:
        yield team


# What the user notes.


async def test_a_note_is_kept_with_its_call(team: Team) -> None:
    team.had(CALL)
    assert await team.notes.take(CALL.id, "  One\r\ntwo\x1b ") == Noted(CALL.id, None, "One\ntwo")
    assert await team.notes.take(CALL.id, "Three") == Noted(CALL.id, None, "One\ntwo\nThree")
    past = await team.office.history.call(CALL.id)
    assert past is not None
    assert past.to_json()["note"] == "One\ntwo\nThree"
    assert (await team.dealings()).note == "One\ntwo\nThree"


async def test_a_note_is_about_who_was_on_the_line_when_it_was_begun(team: Team) -> None:
    team.had(CALL)
    await team.notes.take(CALL.id, "Wants a quote", PIET)
    assert (await team.dealings(PIET)).note == "Wants a quote"
    assert (await team.dealings()).note == ""


async def test_two_notes_at_once_are_both_kept(team: Team) -> None:
    team.had(CALL)
    await asyncio.gather(*(team.notes.take(CALL.id, text) for text in ("One", "Two")))
    assert (await team.dealings()).note == "One\nTwo"


async def test_without_a_call_it_is_that_with_the_customer(team: Team) -> None:
    asked = a_call("asked", number=None, internal=True)
    rings = a_call("rings", number=PIET)
    team.had(a_call("before"))
    team.happens(started(CALL), answered(talking(CALL)))
    team.happens(ended(replace(a_call("x"), state=CallState.ENDED, outcome=Outcome.MISSED)))
    held = replace(CALL, state=CallState.HELD)
    team.happens(answered(held), started(asked), answered(talking(asked)), started(rings))
    noted = await team.notes.take(None, "He holds")
    assert noted is not None
    assert noted.call_id == CALL.id


async def test_after_the_call_it_is_that_in_which_the_user_talked_last(team: Team) -> None:
    team.had(a_call("before"), CALL)
    missed = a_call("missed", number=PIET)
    team.happens(started(missed), ended(over(missed, Outcome.MISSED)))
    noted = await team.notes.take(None, "That one")
    assert noted is not None
    assert noted.call_id == CALL.id


async def test_where_nobody_talked_it_is_the_latest(team: Team) -> None:
    assert await team.notes.take(None, "Nothing") is None
    missed = a_call("missed", number=PIET)
    team.happens(started(missed), ended(over(missed, Outcome.MISSED)))
    noted = await team.notes.take(None, "Call back")
    assert noted is not None
    assert noted.call_id == "missed"
    assert await team.notes.take(CallId("unknown"), "Nobody") is None


@pytest.mark.parametrize("text", ["", " \r\n ", "\x1b", "x" * (LONGEST_TEXT + 1)])
async def test_what_is_no_note_is_refused(team: Team, text: str) -> None:
    team.had(CALL)
    with pytest.raises(ControlError, match="at most 2000 characters"):
        await team.notes.take(CALL.id, text)
    assert (await team.dealings()).note == ""


async def test_the_notes_of_a_call_have_an_end(team: Team) -> None:
    team.had(CALL)
    await team.notes.take(CALL.id, "x" * LONGEST_TEXT)
    with pytest.raises(ControlError, match="4000 characters"):
        await team.notes.take(CALL.id, "y" * LONGEST_TEXT)
    assert (await team.dealings()).note == "x" * LONGEST_TEXT


async def test_a_note_on_a_withheld_number_is_its_calls_alone(team: Team) -> None:
    withheld = a_call("withheld", number=None)
    team.had(withheld)
    await team.notes.take(withheld.id, "It was Jan")
    again = await team.office.history.dealings(None, before=withheld.id, names={})
    assert again.note == "It was Jan"
    assert team.told == []


async def test_while_the_disk_cannot_be_written_a_note_waits_and_that_is_said(tmp_path: Path) -> None:
    (tmp_path / "history.sqlite").mkdir()
    (tmp_path / "history.sqlite.lock").mkdir()  # where the file would be claimed
    async with team_in(tmp_path) as team:
        team.had(CALL)
        noted = await team.notes.take(CALL.id, "One")
        assert noted is not None
        assert noted.note == "One"
        assert noted.remark is not None
        assert "cannot be used" in noted.remark
        assert (await team.dealings()).note == "One"


async def test_the_crm_is_told_too_and_what_it_does_not_take_is_said(team: Team) -> None:
    team.call_log.settings_changed(["CRM"], "Alice", {})
    team.call_log.changed(started(CALL), team.office.time)
    team.happens(started(CALL), answered(talking(CALL)))
    noted = await team.notes.take(CALL.id, "One")
    assert noted is not None
    assert noted.remark is not None
    assert "if it turns out" in noted.remark
    team.call_log.found(CALL.id, JAN, JANSEN)
    assert await team.notes.take(CALL.id, "Two") == Noted(CALL.id, "CRM", "One\nTwo")
    team.had(a_call("old"))
    late = await team.notes.take(CallId("old"), "Late")
    assert late is not None
    assert late.remark is not None
    assert "too long ago" in late.remark


async def test_a_popup_that_is_up_shows_what_is_noted_at_once(team: Team) -> None:
    withheld = a_call("withheld", number=None)
    for call in (CALL, withheld):
        team.happens(started(call))
        await team.notes.take(call.id, "Wants 20")
        await team.shows("Note: Wants 20")
        team.happens(ended(over(call, Outcome.ANSWERED_ELSEWHERE)))


# What the colleagues are told, and tell.


async def test_colleagues_are_told_what_is_noted_of_a_number_outside(team: Team) -> None:
    team.had(CALL)
    await team.notes.take(CALL.id, "One")
    await team.notes.take(CALL.id, "Two")
    await team.hears("One", "One\nTwo")
    inside = a_call("inside", number=None, internal=True)
    team.had(inside)
    await team.notes.take(inside.id, "Lunch")
    team.notes.settings_changed(ALICE, shares=False)
    await team.notes.take(CALL.id, "Private")
    team.notes.settings_changed(ALICE, shares=True)
    await team.notes.take(CALL.id, "Again")
    await team.hears("One\nTwo\nPrivate\nAgain")


async def test_they_are_told_again_when_the_call_goes_on_to_them(team: Team) -> None:
    for number, outcome in enumerate((Outcome.TRANSFERRED, Outcome.ANSWERED, Outcome.PARKED)):
        call = a_call(str(number))
        team.happens(started(call), answered(talking(call)))
        await team.notes.take(call.id, f"Note {number}")
        await team.hears(f"Note {number}")
        team.happens(ended(over(call, outcome)))
        if outcome is not Outcome.ANSWERED:
            await team.hears(f"Note {number}")
    assert team.told == []


async def test_without_a_connection_they_are_told_on_the_next_one(team: Team) -> None:
    team.failure = NotConnectedError("UserEvent")
    team.had(CALL, a_call("2", number=PIET))
    async with asyncio.TaskGroup() as group:
        group.create_task(team.tried())
        group.create_task(team.notes.take(CALL.id, "One"))
    await team.notes.take(CALL.id, "Two")
    await team.notes.take(CallId("2"), "Piet")
    assert team.told == []
    team.failure = None
    team.notes.connected()
    await team.hears("One\nTwo", "Piet")


async def test_of_no_more_than_so_many_numbers_the_notes_wait(team: Team) -> None:
    team.failure = NotConnectedError("UserEvent")
    for index in range(MOST_UNSENT + 1):
        call = a_call(str(index), number=E164(f"+316{10_000_000 + index}"))
        team.had(call)
        await team.notes.take(call.id, str(index))
    team.failure = None
    team.notes.connected()
    await team.hears(*map(str, range(1, MOST_UNSENT + 1)))


async def test_a_lacking_right_is_told_once_and_the_note_is_kept(team: Team) -> None:
    team.had(CALL)
    team.failure = ActionRefusedError("UserEvent", Message({"Message": "Permission denied"}))
    with capture_logs() as logs:
        for text in ("One", "Two"):
            async with asyncio.TaskGroup() as group:
                group.create_task(team.tried())
                group.create_task(team.notes.take(CALL.id, text))
    assert [entry["missing_right"] for entry in logs if entry["log_level"] == "warning"] == ["write=user"]
    assert (await team.dealings()).note == "One\nTwo"


async def test_what_a_colleague_noted_is_shown_on_the_call_that_goes_on(team: Team) -> None:
    team.happens(started(CALL))
    await team.office.wall.shows("06 12345678")
    with capture_logs() as logs:
        team.notes.heard(TeamNote(JAN, BOB, "Wants Piet"))
        team.notes.heard(TeamNote(PIET, BOB, "Somebody else"))
    assert logs == []
    assert await team.dealings() == Dealings(note="Wants Piet", noted_by="Bob")
    await team.shows("Note by Bob: Wants Piet")


async def test_ones_own_voice_is_not_heard(team: Team) -> None:
    team.notes.heard(TeamNote(JAN, ALICE, "Echo"))
    assert (await team.dealings()).note == ""
    team.notes.settings_changed(ALICE, shares=False)
    team.notes.heard(TeamNote(JAN, BOB, "Uncalled for"))
    assert (await team.dealings()).note == ""
