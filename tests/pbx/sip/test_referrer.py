"""Calls that the user's phone is asked to make, against a PBX that hands such wishes on."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bubbled.model import Failure
from bubbled.pbx.sip.referrer import NeedsAmiError, PhoneLink, Referrer, accepts_refer
from bubbled.pbx.state import Up
from tests.lab.sip.message import Message, tag_of
from tests.pbx.sip.notifier import CHALLENGE, CONFIRMED, IDLE, Notifier
from tests.pbx.sip.peer import UdpPbx, follower
from tests.pbx.sip.wish import CLICK

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from bubbled.model import CallChange
    from bubbled.pbx.sip.session import Session
    from tests.pbx.sip.peer import Follower


class Proxy(Notifier):
    """Hands REFER on to a phone that takes it, or answers with a status of the test's choice.

    Attributes:
        takes_nobody: whether a REFER that names nobody is taken, too, against RFC 3515.
    """

    takes_nobody = False

    def __init__(self, *challenges: str) -> None:
        super().__init__(*challenges)
        self.wishes: list[Message] = []
        self.status: tuple[int, str] = (202, "Accepted")

    def _answer(self, request: Message) -> list[bytes]:
        if request.method != "REFER" or not request.get("authorization"):
            return super()._answer(request)
        to = f"{request.get('to')};tag=phone"
        if self.status[0] < 300 and not request.get("refer-to") and not self.takes_nobody:
            return [request.reply(400, "Bad Request", to=to).encode()]
        if request.get("refer-to"):
            self.wishes.append(request)
        if self.overtakes:
            return [self.progress("SIP/2.0 100 Trying"), request.reply(*self.status, to=to).encode()]
        return [request.reply(*self.status, to=to).encode()]

    def progress(self, start: str, *, state: str = "active") -> bytes:
        """How the phone gets on, in the dialog of the latest wish."""
        wish = self.wishes[-1]
        headers = (
            ("via", f"SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK{start[8:11]}"),
            ("from", f"{wish.get('to')};tag=phone"),
            ("to", wish.get("from")),
            ("call-id", wish.get("call-id")),
            ("cseq", f"{start[8:11]} NOTIFY"),
            ("event", "refer"),
            ("subscription-state", state),
            ("content-type", "message/sipfrag"),
        )
        return Message("NOTIFY sip:x SIP/2.0", headers, f"{start}\r\n".encode()).encode()


class Desk:
    """A referrer, and what it tells."""

    def __init__(self, it: Follower, pbx: UdpPbx, proxy: Proxy) -> None:
        self.follower, self.pbx, self.proxy = it, pbx, proxy
        self.clicks: asyncio.Queue[str] = asyncio.Queue()
        self.found: list[bool | None] = []
        self.referrer = Referrer(self._session, "101", it.source._tracker, self._hear, self._find)

    async def _session(self) -> Session | None:
        return self.follower.source.session

    def _find(self) -> None:
        self.found.append(self.referrer.accepts)

    def _hear(self, changes: Sequence[CallChange]) -> None:
        for change in changes:
            call = change.call
            self.clicks.put_nowait(
                f"{change.kind} {call.number} {call.failure or call.outcome or call.state}"
            )


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    proxy = Proxy(CHALLENGE)
    transport, pbx = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: UdpPbx(proxy), local_addr=("127.0.0.1", 0)
    )
    async with follower(pbx.port) as it:
        await it.becomes(Up)
        yield Desk(it, pbx, proxy)
    transport.close()


async def test_the_phone_is_asked_once_and_its_call_is_followed_to_its_end(desk: Desk) -> None:
    assert await desk.referrer.dial(CLICK) is None
    assert await desk.clicks.get() == "started 0201234567 dialling"
    (wish,) = desk.proxy.wishes
    assert wish.get("refer-to") == "<sip:0201234567@pbx>"
    assert (wish.get("referred-by"), tag_of(wish.get("to"))) == ("<sip:101@pbx>", None)
    desk.pbx.sends(desk.proxy.notify(CONFIRMED))
    assert await desk.follower.told.get() == "updated 0201234567"
    desk.pbx.sends(desk.proxy.progress("SIP/2.0 180 Ringing"))
    desk.pbx.sends(desk.proxy.progress("SIP/2.0 200 OK"))
    assert await desk.clicks.get() == "answered 0201234567 talking"
    desk.pbx.sends(desk.proxy.notify(IDLE))
    assert await desk.follower.told.get() == "ended 0201234567"


async def test_what_the_phone_tells_may_overtake_its_answer_and_nothing_is_kept_when_it_ends(
    desk: Desk,
) -> None:
    desk.proxy.overtakes = True
    assert await desk.referrer.dial(CLICK) is None
    session = desk.follower.source.session
    assert session is not None
    assert len(session.agent.serving) == 2
    desk.pbx.sends(desk.proxy.progress("SIP/2.0 200 OK", state="terminated;reason=noresource"))
    while 200 not in desk.proxy.replies:
        await desk.pbx.taken.get()
    assert [desk.proxy.replies[cseq].start for cseq in (100, 200)] == ["SIP/2.0 200 OK"] * 2
    assert len(session.agent.serving) == 1


async def test_a_destination_that_is_busy(desk: Desk) -> None:
    await desk.referrer.dial(CLICK)
    desk.pbx.sends(desk.proxy.progress("SIP/2.0 486 Busy Here"))
    assert [await desk.clicks.get() for _ in range(2)][1] == "ended 0201234567 busy"


@pytest.mark.parametrize("status", [501, 405, 403, 481])
async def test_where_nobody_takes_such_wishes_nothing_begins_and_it_says_what_is_needed(
    desk: Desk, status: int
) -> None:
    desk.proxy.status = (status, "No")
    with pytest.raises(NeedsAmiError, match="needs AMI"):
        await desk.referrer.dial(CLICK)
    assert desk.clicks.empty()
    assert desk.proxy.wishes == []


async def test_whether_such_wishes_are_taken_is_found_out_without_a_call(desk: Desk) -> None:
    session = desk.follower.source.session
    assert session is not None
    assert await accepts_refer(session, extension="101")
    assert desk.proxy.wishes == []


@pytest.mark.parametrize(
    ("status", "accepts"),
    [(501, False), (405, False), (403, False), (480, None), (404, None), (503, None), (200, None)],
)
async def test_whoever_knows_no_such_wishes_is_told_from_a_phone_that_is_away(
    desk: Desk, status: int, *, accepts: bool | None
) -> None:
    desk.proxy.status = (status, "No")
    desk.proxy.takes_nobody = True
    session = desk.follower.source.session
    assert session is not None
    assert await accepts_refer(session, extension="101") is accepts


async def test_what_was_found_out_is_told_once_and_stays_known_until_it_is_known_better(desk: Desk) -> None:
    desk.proxy.status = (501, "Not Implemented")
    for _ in range(2):
        await desk.referrer.find_out()
    desk.proxy.status = (480, "Temporarily Unavailable")
    await desk.referrer.find_out()
    assert desk.found == [False]
    desk.proxy.status = (202, "Accepted")
    assert await desk.referrer.dial(CLICK) is None
    assert desk.found == [False, True]


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        (480, Failure.PHONE_UNREGISTERED),
        (403, Failure.NOT_PERMITTED),
        (404, Failure.PHONE_UNKNOWN),
        (500, Failure.PBX_REFUSED),
    ],
)
async def test_a_wish_that_is_refused_is_told(desk: Desk, status: int, failure: Failure) -> None:
    await desk.referrer.dial(CLICK)
    desk.proxy.progress("SIP/2.0 603 Decline")
    desk.follower.source._tracker.give_up(CLICK.id)
    desk.proxy.status = (status, "No")
    assert await desk.referrer.dial(CLICK) is failure
    heard = [desk.clicks.get_nowait() for _ in range(desk.clicks.qsize())]
    assert heard[-1] == f"ended 0201234567 {failure}"


async def _nobody() -> None:
    return None


async def test_a_phone_is_asked_itself_where_the_settings_say_where_it_is(desk: Desk) -> None:
    phone = Proxy(CHALLENGE)
    transport, at_phone = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: UdpPbx(phone), local_addr=("127.0.0.1", 0)
    )
    link, access = PhoneLink(), replace(desk.follower.source._access, phone=("127.0.0.1", at_phone.port))
    referrer = Referrer(lambda: link.exchange(access), "101", desk.follower.source._tracker, desk._hear)
    assert await referrer.dial(CLICK) is None
    assert [wish.get("refer-to") for wish in phone.wishes] == ["<sip:0201234567@pbx>"]
    assert desk.proxy.wishes == []
    at_phone.sends(phone.progress("SIP/2.0 200 OK"))
    assert [await desk.clicks.get() for _ in range(2)][1] == "answered 0201234567 talking"
    same = await link.exchange(access)
    other = await link.exchange(replace(access, phone=("127.0.0.1", 9)))
    assert same is not other
    await link.aclose()
    transport.close()


async def test_without_a_connection_nobody_is_asked() -> None:
    async with follower(9) as it:
        told: list[CallChange] = []
        referrer = Referrer(_nobody, "101", it.source._tracker, told.extend)
        assert await referrer.dial(CLICK) is Failure.NOT_CONNECTED
        assert [change.call.failure for change in told] == [None, Failure.NOT_CONNECTED]


async def test_of_its_phones_sip_tells_nothing(desk: Desk) -> None:
    assert await desk.referrer.device_state(CLICK.device) is None
