from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest

from bubbled.control.client import Client
from bubbled.daemon.call_log import MOST_ENDED, CallLog
from bubbled.daemon.port import DaemonPort
from bubbled.error import ControlError
from bubbled.model import CallId, CallState, Contact, Outcome
from tests.daemon.stand_in import JAN, PIET, Book, a_call, answered, ended, started, updated
from tests.daemon.test_port import rewrite
from tests.directory.call_log.office import Clock, MemoryWriter
from tests.directory.fakes.base import Person, Trouble
from tests.directory.fakes.hubspot import HubSpot

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from bubbled.daemon.daemon import Daemon
    from bubbled.directory.call_log.record import CallRecord
    from bubbled.model import Call
    from bubbled.pbx.demo import DemoPbx

    Run = Callable[[Path], AbstractAsyncContextManager[Daemon]]

CALL = a_call()
JANSEN = Contact(directory="CRM", name="Jan Jansen", id="1")


class LoggingBook(Book):
    """A directory in which calls are written."""

    def __init__(self, name: str = "CRM") -> None:
        super().__init__({}, name=name)
        self.call_writer = MemoryWriter(after_s=60.0)


class Desk:
    """A call log with a clock, a CRM, and another directory that writes nothing."""

    def __init__(self, path: Path) -> None:
        self.clock = Clock()
        self.crm = LoggingBook()
        self.directories: list[Book] = [self.crm, Book({})]
        self.path = path
        self.log = self._log()

    def _log(self) -> CallLog:
        log = CallLog(self.path, lambda: self.directories, self.clock)
        log.settings_changed(["CRM"], "Alice", {"102": "Bob"})
        return log

    async def restart(self) -> None:
        await self.log.aclose()
        self.log = self._log()
        await self.log.start()

    def talk(self, call: Call = CALL) -> None:
        self.log.changed(started(call), self.clock())
        self.clock.pass_s(8)
        self.log.changed(answered(replace(call, state=CallState.TALKING)), self.clock())

    def hang_up(self, call: Call = CALL, outcome: Outcome = Outcome.ANSWERED) -> None:
        self.clock.pass_s(62)
        self.log.changed(ended(replace(call, state=CallState.ENDED, outcome=outcome)), self.clock())

    async def written(self) -> list[CallRecord]:
        """What is in the CRM when the time for notes is over."""
        self.clock.pass_s(60)
        await self.log._courier.deliver()
        return self.crm.call_writer.stored


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    desk = Desk(tmp_path / "call-log.sqlite")
    yield desk
    await desk.log.aclose()


async def test_a_call_is_written_with_who_it_was_and_how_long_they_talked(desk: Desk) -> None:
    desk.talk()
    desk.log.found(CALL.id, JAN, JANSEN)
    desk.hang_up()
    (record,) = await desk.written()
    assert (record.contact_id, record.duration_s, record.colleague) == ("1", 62, "Alice")
    assert record.number == JAN


async def test_who_it_was_may_turn_out_after_the_call(desk: Desk) -> None:
    desk.talk()
    desk.hang_up()
    desk.log.found(CALL.id, JAN, JANSEN)
    desk.log.chosen(CALL.id, replace(JANSEN, id="2", name="Piet"))
    desk.log.found(CALL.id, JAN, JANSEN)  # a late answer does not undo what the user chose
    (record,) = await desk.written()
    assert (record.contact_id, record.contact_name) == ("2", "Piet")


async def test_a_call_is_not_written_when_it_turns_out_to_be_with_somebody_else(desk: Desk) -> None:
    desk.talk()
    desk.log.found(CALL.id, JAN, JANSEN)
    desk.hang_up()
    desk.log.chosen(CALL.id, Contact(directory="Customers", name="Piet"))
    assert await desk.written() == []


async def test_after_a_transfer_it_is_whoever_was_on_the_line_last(desk: Desk) -> None:
    desk.talk()
    desk.log.found(CALL.id, JAN, JANSEN)
    moved = a_call(number=PIET, state=CallState.TALKING)
    desk.log.changed(updated(moved), desk.clock())
    desk.hang_up(moved)
    assert await desk.written() == []
    desk.log.found(CALL.id, PIET, replace(JANSEN, id="2"))
    assert [record.contact_id for record in await desk.written()] == ["2"]


async def test_to_whom_it_was_handed_on_is_told_by_name(desk: Desk) -> None:
    desk.talk()
    desk.log.found(CALL.id, JAN, JANSEN)
    desk.hang_up(replace(CALL, transferred_to="102"), Outcome.TRANSFERRED)
    assert [record.handed_to for record in await desk.written()] == ["Bob"]


async def test_a_call_that_bubbled_joined_in_the_middle_has_a_length(desk: Desk) -> None:
    talking = replace(CALL, state=CallState.TALKING)
    desk.log.changed(started(talking), desk.clock())
    desk.log.found(CALL.id, JAN, JANSEN)
    desk.hang_up()
    assert [record.duration_s for record in await desk.written()] == [62]


async def test_only_contacts_that_the_preset_has_a_place_for_are_taken(desk: Desk) -> None:
    desk.crm.call_writer.kinds = ("contact",)
    desk.talk()
    desk.log.found(CALL.id, JAN, replace(JANSEN, fields=(("record", "deal"),)))
    desk.hang_up()
    assert await desk.written() == []
    desk.log.found(CALL.id, JAN, replace(JANSEN, fields=(("record", "contact"),)))
    assert [record.kind for record in await desk.written()] == ["contact"]


async def test_notes_of_before_and_after_the_end_go_along(desk: Desk) -> None:
    desk.talk()
    assert await desk.log.note(CALL.id, "One") is None
    desk.log.found(CALL.id, JAN, JANSEN)
    desk.hang_up()
    assert await desk.log.note(CALL.id, "Two") == "CRM"
    assert [record.note for record in await desk.written()] == ["One\nTwo"]


async def test_a_note_after_a_restart_finds_its_call(desk: Desk) -> None:
    desk.talk()
    desk.log.found(CALL.id, JAN, JANSEN)
    desk.hang_up()
    await desk.log.note(CALL.id, "One")
    await desk.restart()
    assert await desk.log.note(CALL.id, "Two") == "CRM"
    assert [record.note for record in await desk.written()] == ["One\nTwo"]


async def test_a_note_that_would_not_be_written_is_refused(desk: Desk) -> None:
    with pytest.raises(ControlError, match="too long ago"):
        await desk.log.note(CallId("nobody"), "Hello")
    desk.talk()
    desk.hang_up()
    with pytest.raises(ControlError, match="nobody with a record"):
        await desk.log.note(CALL.id, "Hello")
    desk.log.found(CALL.id, JAN, JANSEN)
    await desk.written()
    with pytest.raises(ControlError, match="add the note there"):
        await desk.log.note(CALL.id, "Hello")


async def test_notes_have_an_end(desk: Desk) -> None:
    desk.talk()
    await desk.log.note(CALL.id, "x" * 3000)
    with pytest.raises(ControlError, match="4000 characters"):
        await desk.log.note(CALL.id, "x" * 3000)


async def test_calls_are_to_be_written_where_the_settings_name_a_directory_that_can(desk: Desk) -> None:
    assert desk.log.is_wanted
    for wished in ([], ["Customers"], ["Gone"]):
        desk.log.settings_changed(wished, "Alice", {})
        assert not desk.log.is_wanted


async def test_a_number_is_forgotten_before_it_is_written(desk: Desk) -> None:
    desk.talk()
    desk.log.found(CALL.id, JAN, JANSEN)
    desk.hang_up()
    assert await desk.log.forget(JAN) == 1
    desk.log.found(CALL.id, JAN, JANSEN)
    assert await desk.written() == []


async def test_of_calls_that_are_over_only_the_latest_are_remembered(desk: Desk) -> None:
    for serial in range(MOST_ENDED + 5):
        call = a_call(str(serial))
        desk.talk(call)
        desk.hang_up(call)
    assert len(desk.log._conversations) == MOST_ENDED


async def test_a_preset_that_cannot_write_is_told(desk: Desk) -> None:
    desk.log.settings_changed(["Customers"], "Alice", {})
    (state,) = desk.log.states()
    assert (state.directory, state.waiting) == ("Customers", 0)
    assert "no [log_call]" in (state.reason or "")


# The whole of it: a daemon, the demo PBX, and a fake HubSpot.

CRM = """
[[directory]]
name = "HubSpot"
kind = "rest"
preset = "hubspot"
variables = {{ portal = "123", base_url = "{url}", app_url = "{url}" }}
secrets = {{ key = "{key}" }}
timeout_s = 10
log_calls = true
log_after_s = {after_s}
"""
SANNE = Person("101", "Sanne de Vries", mobile="+31 6 12345678")


@dataclass
class Storing(HubSpot):
    """Tells when it has a call."""

    stored: asyncio.Event = field(default_factory=asyncio.Event)

    def keep(self, record: dict[str, Any]) -> None:
        self.stored.set()
        super().keep(record)


@pytest.fixture
async def hubspot() -> AsyncIterator[Storing]:
    fake = Storing(people=[SANNE])
    async with fake.serve():
        yield fake


@pytest.fixture
def logging_settings(settings_file: Path, hubspot: Storing) -> Path:
    text = settings_file.read_text()
    crm = CRM.format(url=hubspot.url, key=hubspot.token, after_s=0)
    settings_file.write_text(text[: text.index("[[directory]]")] + crm)
    return settings_file


def the_time_for_notes_is_over(daemon: Daemon) -> None:
    ledger = daemon.call_log._courier.ledger
    (entry,) = ledger.entries
    ledger.put(replace(entry, delivery=replace(entry.delivery, due_at=entry.delivery.since)))


async def until_it_waits(daemon: Daemon) -> None:
    """Wait until the call is over and it is known who it was."""
    ledger, changed = daemon.call_log._courier.ledger, asyncio.Event()
    usual = ledger.on_change

    def on_change() -> None:
        usual()
        changed.set()

    ledger.on_change = on_change
    async with asyncio.timeout(20):
        while not ledger.entries:
            await changed.wait()
            changed.clear()


async def until_logged(hubspot: Storing) -> None:
    async with asyncio.timeout(20):
        await hubspot.stored.wait()


async def test_a_call_at_the_pbx_ends_up_in_the_crm_once(
    logging_settings: Path, run: Run, pbx: DemoPbx, hubspot: Storing
) -> None:
    async with run(logging_settings) as daemon:
        await pbx.wait_for_client()
        await pbx.play("answered", speed=50.0)
        await until_logged(hubspot)
        (call,) = hubspot.logged
        client = Client(logging_settings.with_name("control.sock"))
        status = await asyncio.to_thread(client.get, "/v1/status")
        checks = await asyncio.to_thread(client.get, "/v1/doctor")
        assert daemon.is_up
    assert call["associations"][0]["to"]["id"] == "101"
    assert call["properties"]["hs_call_direction"] == "INBOUND"
    assert call["properties"]["hs_call_status"] == "COMPLETED"
    assert [each["directory"] for each in status["call_log"]] == ["HubSpot"]
    assert "Call log HubSpot" in [check["name"] for check in checks["checks"]]
    async with run(logging_settings):
        await pbx.wait_for_client()
        await pbx.play("missed", speed=50.0)  # from another number
    assert len(hubspot.logged) == 1


async def test_a_call_that_is_in_doubt_at_the_end_of_the_daemon_is_not_written_again(
    logging_settings: Path, run: Run, pbx: DemoPbx, hubspot: Storing
) -> None:
    hubspot.trouble = Trouble.STORED_UNANSWERED
    async with run(logging_settings):
        await pbx.wait_for_client()
        await pbx.play("answered", speed=50.0)
        await until_logged(hubspot)
    hubspot.trouble = None
    async with run(logging_settings) as daemon:
        await pbx.wait_for_client()
        (state,) = daemon.call_log.states()
        assert state.waiting == 1
    assert len(hubspot.logged) == 1


async def test_a_note_by_the_control_api_goes_into_the_crm(
    logging_settings: Path, run: Run, pbx: DemoPbx, hubspot: Storing
) -> None:
    rewrite(logging_settings, lambda text: text.replace("log_after_s = 0", "log_after_s = 3600"))
    async with run(logging_settings) as daemon:
        await pbx.wait_for_client()
        await pbx.play("answered", speed=50.0)
        await until_it_waits(daemon)
        client = Client(logging_settings.with_name("control.sock"))
        noted = await asyncio.to_thread(client.post, "/v1/calls/latest/note", {"text": "<b>20</b> more"})
        assert (noted["directory"], noted["note"]) == ("HubSpot", "<b>20</b> more")
        the_time_for_notes_is_over(daemon)
        await until_logged(hubspot)
    assert hubspot.logged[0]["properties"]["hs_call_body"].startswith("&lt;b&gt;20&lt;/b&gt; more<br>")


async def test_writing_calls_can_be_switched_on_and_off_while_bubbled_runs(
    logging_settings: Path, run: Run, pbx: DemoPbx, hubspot: Storing
) -> None:
    rewrite(logging_settings, lambda text: text.replace("log_calls = true", "log_calls = false"))
    async with run(logging_settings) as daemon:
        await pbx.wait_for_client()
        assert daemon.call_log.states() == ()
        rewrite(logging_settings, lambda text: text.replace("log_calls = false", "log_calls = true"))
        await daemon.reload()
        assert [state.directory for state in daemon.call_log.states()] == ["HubSpot"]
        await pbx.play("answered", speed=50.0)
        await until_logged(hubspot)
        rewrite(logging_settings, lambda text: text.replace("log_calls = true", "log_calls = false"))
        await daemon.reload()
        assert daemon.call_log.writer_of("HubSpot") is None
    assert len(hubspot.logged) == 1


async def test_a_forgotten_number_is_not_written_any_more(
    logging_settings: Path, run: Run, pbx: DemoPbx, hubspot: Storing
) -> None:
    rewrite(logging_settings, lambda text: text.replace("log_after_s = 0", "log_after_s = 3600"))
    async with run(logging_settings) as daemon:
        await pbx.wait_for_client()
        await pbx.play("answered", speed=50.0)
        await until_it_waits(daemon)
        await DaemonPort(daemon).forget("06 12345678")
        assert daemon.call_log._courier.ledger.entries == ()
        assert (await DaemonPort(daemon).status()).call_log[0].waiting == 0
    assert hubspot.logged == []
