from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from bubbled.control.status import ConnectionState
from bubbled.daemon.switchboard import Followed, PbxAccess, Switchboard
from bubbled.model import ME, CallId, Device
from bubbled.pbx.ami.access import Access, Address
from bubbled.pbx.ami.login import Credentials
from bubbled.pbx.ami.originator import Originator
from bubbled.pbx.reconnect import Patience
from bubbled.pbx.sip.access import SipAccess, Transport
from bubbled.pbx.sip.digest import Account
from bubbled.pbx.sip.referrer import Referrer
from bubbled.story.circumstance import Heard
from tests.pbx.ami.scripted_pbx import Peer, ScriptedPbx
from tests.pbx.ami.story import on_the_wire, ringing
from tests.pbx.sip.notifier import CHALLENGE, SECRET, Notifier, early
from tests.pbx.sip.peer import UdpPbx
from tests.pbx.sip.test_referrer import Proxy

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from bubbled.control.status import Connection
    from bubbled.model import CallChange

AT_ONCE = Patience(first_s=0, longest_s=0, refused_s=0)


class Office:
    """A PBX that speaks AMI and SIP, and a switchboard on it."""

    def __init__(self, manager: ScriptedPbx, sip: UdpPbx) -> None:
        self.manager, self.sip = manager, sip
        self.changes: asyncio.Queue[CallChange] = asyncio.Queue()
        self.states: asyncio.Queue[Connection] = asyncio.Queue()
        self.found: asyncio.Queue[bool] = asyncio.Queue()
        self.board: Switchboard

    def access(self, *, ami: bool = True, sip: bool = True, secret: str = SECRET) -> PbxAccess:
        return PbxAccess(
            ami=Access(
                address=Address("127.0.0.1", self.manager.port),
                credentials=Credentials("cti", "x"),
                patience=AT_ONCE,
            )
            if ami
            else None,
            sip=SipAccess(
                host="127.0.0.1",
                port=self.sip.port,
                transport=Transport.UDP,
                domain="pbx",
                account=Account("101", secret, "101"),
                extension="101",
                patience=AT_ONCE,
            )
            if sip
            else None,
        )

    @asynccontextmanager
    async def followed(self, access: PbxAccess) -> AsyncIterator[Switchboard]:
        device = Device("PJSIP/101")
        self.board = Switchboard(
            access,
            Followed(owner_of=lambda each: ME if each == device else None, device=device, region="NL"),
            on_changes=self._hear,
            on_click=self._hear,
            on_connection=self.states.put_nowait,
            on_can_dial=lambda: self.found.put_nowait(self.board.can_dial),
            now=lambda: datetime.now(UTC),
        )
        running = asyncio.create_task(self.board.run())
        yield self.board
        running.cancel()
        await asyncio.wait([running])

    def _hear(self, changes: Sequence[CallChange]) -> None:
        for change in changes:
            self.changes.put_nowait(change)

    async def hears(self) -> str:
        async with asyncio.timeout(10):
            change = await self.changes.get()
        return f"{change.kind} {change.call.number}"

    async def tells_whether_one_can_dial(self, *, is_so: bool) -> None:
        async with asyncio.timeout(10):
            while await self.found.get() is not is_so:
                pass

    async def becomes(self, state: ConnectionState) -> Connection:
        async with asyncio.timeout(10):
            while (connection := await self.states.get()).state is not state:
                pass
        return connection

    async def lets_in(self) -> Peer:
        peer = await self.manager.accept()
        await peer.let_in()
        asked = await peer.asked("Status")
        peer.answer(asked, EventList="start")
        peer.say({"Event": "StatusComplete", "ActionID": asked["ActionID"], "EventList": "Complete"})
        return peer

    async def subscribed(self) -> None:
        """Wait until the SIP source has its answer to the first NOTIFY on the way."""
        async with asyncio.timeout(10):
            while not (await self.sip.taken.get()).startswith(b"SIP/2.0 200"):
                pass


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    transport, sip = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: UdpPbx(Notifier(CHALLENGE)), local_addr=("127.0.0.1", 0)
    )
    async with ScriptedPbx.listening() as manager:
        yield Office(manager, sip)
    transport.close()


async def test_by_sip_alone(office: Office) -> None:
    async with office.followed(office.access(ami=False)) as board:
        connection = await office.becomes(ConnectionState.CONNECTED)
        assert (connection.host, board.is_cut_off) == (f"127.0.0.1:{office.sip.port} (UDP)", False)
        office.sip.sends(office.sip.notifier.notify(early()))
        assert await office.hears() == "started +31612345678"
        assert isinstance(board.originator, Referrer)


async def test_a_call_that_both_tell_is_told_once(office: Office) -> None:
    async with office.followed(office.access()) as board:
        peer = await office.lets_in()
        await office.subscribed()
        assert isinstance(board.originator, Originator)
        for each in ringing("+31612345678"):
            peer.writer.write(on_the_wire(each))
        assert await office.hears() == "started +31612345678"
        office.sip.sends(office.sip.notifier.notify(early()))
        office.sip.sends(office.sip.notifier.notify(early("+31687654321")))
        assert await office.hears() == "started +31687654321"


async def test_one_way_that_works_is_a_connection_and_what_is_wrong_with_the_other_is_told(
    office: Office,
) -> None:
    office.sip.notifier.believes = False
    async with office.followed(office.access()) as board:
        await office.lets_in()
        while board.connection.detail is None or board.connection.state is not ConnectionState.CONNECTED:
            await office.states.get()
        assert "refuses the password of '101': calls pop up by AMI alone. " in board.connection.detail
        assert board.connection.host == f"127.0.0.1:{office.manager.port}"
        assert board.is_cut_off


async def test_what_is_wrong_with_ami_is_told_as_it_is_while_sip_works(office: Office) -> None:
    async with office.followed(office.access()) as board:
        peer = await office.lets_in()
        await office.subscribed()
        with capture_logs() as logs:
            peer.writer.transport.abort()
            while "calls pop up by SIP alone" not in (board.connection.detail or ""):
                await office.states.get()
        assert board.connection.state is ConnectionState.CONNECTED
        told = [entry["reason"] for entry in logs if entry["event"] == "not connected to the PBX"]
        assert "calls pop up by SIP alone until it is back" in told[0]


async def test_with_neither_way_no_calls_pop_up_and_so_it_is_told(office: Office) -> None:
    office.sip.notifier.believes = False
    async with office.followed(office.access()) as board:
        peer = await office.manager.accept()
        peer.greet()
        peer.answer(await peer.asked("Challenge"), Challenge="1")
        peer.answer(await peer.asked("Login"), Response="Error", Message="Authentication failed")
        await office.becomes(ConnectionState.REFUSED)
        assert "no calls pop up" in (board.connection.detail or "")


async def test_by_sip_alone_it_is_found_out_whether_the_user_can_call_and_anew_by_another_account(
    office: Office,
) -> None:
    office.sip.notifier = no_wishes = Proxy(CHALLENGE)
    no_wishes.status = (501, "Not Implemented")
    async with office.followed(office.access(ami=False)) as board:
        assert board.can_dial
        await office.tells_whether_one_can_dial(is_so=False)
        board.connect_with(office.access(ami=False))
        assert board.can_dial
        await office.tells_whether_one_can_dial(is_so=False)
        assert no_wishes.wishes == []
        board.connect_with(office.access())
        assert board.can_dial


async def test_where_there_is_ami_nobody_is_asked_whether_he_takes_calls_by_sip(office: Office) -> None:
    async with office.followed(office.access()) as board:
        await office.lets_in()
        await office.subscribed()
        office.sip.sends(office.sip.notifier.notify(early()))
        assert await office.hears() == "started +31612345678"
        assert [each.method for each in office.sip.notifier.asked] == ["SUBSCRIBE"]
        assert board.can_dial


async def test_another_kind_after_a_reload_ends_the_calls_whose_end_nobody_will_see(office: Office) -> None:
    async with office.followed(office.access(ami=False)) as board:
        await office.becomes(ConnectionState.CONNECTED)
        office.sip.sends(office.sip.notifier.notify(early()))
        assert await office.hears() == "started +31612345678"
        board.connect_with(office.access(sip=False))
        assert await office.hears() == "ended +31612345678"
        await office.lets_in()
        connection = await office.becomes(ConnectionState.CONNECTED)
        assert connection.host == f"127.0.0.1:{office.manager.port}"


async def test_another_account_after_a_reload_keeps_the_calls(office: Office) -> None:
    async with office.followed(office.access(ami=False, secret="wrong")) as board:
        await office.becomes(ConnectionState.REFUSED)
        board.connect_with(office.access(ami=False))
        await office.becomes(ConnectionState.CONNECTED)
        office.sip.sends(office.sip.notifier.notify(early()))
        assert await office.hears() == "started +31612345678"


def test_accesses_differ_by_what_another_connection_is_needed_for() -> None:
    account = Account("1", "secret", "1")
    one = SipAccess(
        host="h",
        port=1,
        transport=Transport.UDP,
        domain="h",
        account=account,
        extension="1",
        patience=AT_ONCE,
    )
    assert PbxAccess(sip=one).identity == PbxAccess(sip=one).identity
    assert PbxAccess(sip=one).identity != PbxAccess().identity


async def test_which_phones_rang_is_told_by_ami_alone(office: Office) -> None:
    async with office.followed(office.access(ami=False)) as board:
        assert (board.ways, board.take_heard(), board.rang(CallId("1"))) == ("sip", None, ())
        board.connect_with(office.access())
        assert (board.ways, board.take_heard(), board.rang(CallId("1"))) == ("ami, sip", Heard(), ())
        await office.manager.accept()
