from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from bubbled.control.status import Connection, ConnectionState
from bubbled.daemon import line as line_module
from bubbled.daemon.line import AmiLine
from bubbled.model import ME, CallChange, Device, Owner
from bubbled.pbx.ami.access import Access, Address
from bubbled.pbx.ami.login import Credentials
from bubbled.pbx.reconnect import Patience
from tests.pbx.ami.scripted_pbx import Peer, ScriptedPbx
from tests.pbx.ami.story import ALICE, ringing, snapshot

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

AT_ONCE = Patience(first_s=0, longest_s=0, refused_s=0)


class Listener:
    """Whoever is told of calls and of the connection."""

    def __init__(self) -> None:
        self.changes: asyncio.Queue[CallChange] = asyncio.Queue()
        self.states: asyncio.Queue[Connection] = asyncio.Queue()
        self.breaks = False

    def take(self, changes: Sequence[CallChange]) -> None:
        if self.breaks:
            self.breaks = False
            raise RuntimeError("a defect of ours")
        for change in changes:
            self.changes.put_nowait(change)

    async def hears(self, state: ConnectionState) -> Connection:
        """Wait for a state of the connection."""
        async with asyncio.timeout(10):
            while (connection := await self.states.get()).state is not state:
                pass
        return connection

    async def change(self) -> str:
        """The next change of a call, in words."""
        async with asyncio.timeout(10):
            change = await self.changes.get()
        return f"{change.kind.value} {change.call.number}"


@pytest.fixture
async def pbx() -> AsyncIterator[ScriptedPbx]:
    async with ScriptedPbx.listening() as pbx:
        yield pbx


def access(pbx: ScriptedPbx, *, patience: Patience = AT_ONCE) -> Access:
    credentials = Credentials("bubbled", "s3cret")
    return Access(address=Address("127.0.0.1", pbx.port), credentials=credentials, patience=patience)


def mine(device: Device) -> Owner | None:
    return ME if device == "PJSIP/101" else None


@asynccontextmanager
async def following(
    at: Access, listener: Listener, owner_of: Callable[[Device], Owner | None] = mine
) -> AsyncIterator[AmiLine]:
    line = AmiLine(
        at,
        owner_of=owner_of,
        region="NL",
        on_changes=listener.take,
        on_click=listener.take,
        on_connection=listener.states.put_nowait,
        now=lambda: datetime.now(UTC),
    )
    task = asyncio.create_task(line.run())
    try:
        yield line
    finally:
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled(), task.exception()


async def let_in(pbx: ScriptedPbx, *in_progress: dict[str, str]) -> Peer:
    """Let the daemon log in and list the calls in progress."""
    peer = await pbx.accept()
    await peer.let_in()
    asked = await peer.asked("Status")
    own = {"ActionID": asked["ActionID"]}
    peer.answer(asked, EventList="start")
    peer.say(*({"Event": "Status"} | own | row for row in in_progress))
    peer.say({"Event": "StatusComplete", "EventList": "Complete"} | own)
    return peer


async def test_calls_are_followed_from_the_login_on(pbx: ScriptedPbx) -> None:
    listener = Listener()
    async with following(access(pbx), listener) as line:
        peer = await let_in(pbx)
        connected = await listener.hears(ConnectionState.CONNECTED)
        assert (connected.host, connected.detail) == (f"127.0.0.1:{pbx.port}", None)
        peer.say(*ringing())
        assert await listener.change() == "started +31612345678"
        assert line.may_resync is True


async def test_a_call_that_ended_during_a_loss_ends_on_return(pbx: ScriptedPbx) -> None:
    listener = Listener()
    async with following(access(pbx), listener):
        peer = await let_in(pbx)
        peer.say(*ringing())
        await listener.change()
        await peer.hang_up()
        lost = await listener.hears(ConnectionState.WAITING)
        assert "closed by the PBX" in str(lost.detail)
        await let_in(pbx)
        assert await listener.change() == "ended +31612345678"


async def test_why_there_is_no_connection_is_told_until_there_is_one(pbx: ScriptedPbx) -> None:
    listener = Listener()
    async with following(access(pbx), listener) as line:
        await (await pbx.accept()).hang_up()
        await listener.hears(ConnectionState.WAITING)
        peer = await pbx.accept()
        assert line.connection.state is ConnectionState.WAITING
        await peer.hang_up()
        await let_in(pbx)
        await listener.hears(ConnectionState.CONNECTED)


async def test_refused_credentials_wait_until_others_come(pbx: ScriptedPbx) -> None:
    listener = Listener()
    async with following(access(pbx, patience=Patience()), listener) as line:
        peer = await pbx.accept()
        peer.greet()
        peer.answer(await peer.asked("Challenge"), Challenge="1")
        peer.answer(await peer.asked("Login"), Response="Error", Message="Authentication failed")
        refused = await listener.hears(ConnectionState.REFUSED)
        assert "s3cret" not in str(refused.detail)
        line.connect_with(access(pbx))
        assert (line.connection.state, line.connection.detail) == (ConnectionState.CONNECTING, None)
        await let_in(pbx)
        await listener.hears(ConnectionState.CONNECTED)


async def test_a_call_goes_on_over_another_access(pbx: ScriptedPbx) -> None:
    listener = Listener()
    async with following(access(pbx), listener) as line, ScriptedPbx.listening() as other:
        peer = await let_in(pbx)
        peer.say(*ringing())
        await listener.change()
        line.connect_with(access(other))
        again = await let_in(other, snapshot(ALICE, "Ringing", own="101", line="+31612345678"))
        again.say(*ringing("+31687654321")[-1:])
        assert (await listener.change()).startswith("updated")
        assert await peer.silence() == b""


async def test_devices_that_are_left_lose_their_calls(pbx: ScriptedPbx) -> None:
    listener = Listener()
    async with following(access(pbx), listener) as line:
        peer = await let_in(pbx)
        peer.say(*ringing())
        await listener.change()
        line.follow(lambda _device: None, "NL")
        assert (await listener.change()).startswith("ended")


async def test_a_defect_of_ours_is_logged_and_it_begins_anew(
    pbx: ScriptedPbx, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line_module, "_PAUSE_AFTER_DEFECT_S", 0)
    listener = Listener()
    with capture_logs() as logs:
        async with following(access(pbx), listener):
            peer = await let_in(pbx)
            listener.breaks = True
            peer.say(*ringing())
            told = await listener.hears(ConnectionState.WAITING)
            assert "defect" in str(told.detail)
            await let_in(pbx)
            assert (await listener.change()).startswith("ended")
    assert [entry["log_level"] for entry in logs if "defect" in entry["event"]] == ["error"]
