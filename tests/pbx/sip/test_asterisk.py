"""A real Asterisk, the newest and the oldest, over each transport."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bubbled.pbx.reconnect import Patience
from bubbled.pbx.sip.access import TimeLimits, Transport
from bubbled.pbx.sip.referrer import accepts_refer
from bubbled.pbx.state import Down, Refused
from bubbled.pbx.tls import tls_context
from tests.lab.installation import OLDEST
from tests.lab.plugin import EVERY_ASTERISK
from tests.lab.stage import CALLER, OTHER_CALLER, Stage
from tests.pbx.sip.following import access, following
from tests.pbx.sip.relay import cable, relay

if TYPE_CHECKING:
    from bubbled.pbx.sip.access import SipAccess
    from tests.lab.pbx import Asterisk

pytestmark = EVERY_ASTERISK
EVERY_TRANSPORT = pytest.mark.parametrize("transport", Transport)
NAME = "Café Müller 東京"


@EVERY_TRANSPORT
async def test_an_answered_call_with_its_name(stage: Stage, transport: Transport) -> None:
    async with following(access(stage.pbx, transport)) as alice:
        await alice.is_up()
        outer = await stage.inbound(name=NAME)
        inner = await stage.alice.rings()
        call = (await alice.hears("started ringing")).call
        assert (call.number, call.e164, call.name, call.internal) == (CALLER, CALLER, NAME, False)
        await inner.answer()
        await alice.hears("answered talking")
        await outer.is_up()
        await outer.hang_up()
        ended = await alice.hears("ended answered")
        assert (ended.call.id, ended.call.name) == (call.id, NAME)


@EVERY_TRANSPORT
async def test_a_caller_who_gives_up_is_missed(stage: Stage, transport: Transport) -> None:
    async with following(access(stage.pbx, transport)) as alice:
        await alice.is_up()
        outer = await stage.inbound()
        await stage.alice.rings()
        await alice.hears("started ringing")
        await outer.hang_up()
        await alice.hears("ended missed")


async def test_the_strongest_digest_that_is_offered_is_used(
    asterisk: Asterisk, asterisk_version: int
) -> None:
    """Carol's account offers two, but an old Asterisk knows only one."""
    async with following(access(asterisk, user="103")) as carol:
        await carol.is_up()
        assert carol.source.session is not None
        assert carol.source.session.agent.challenge is not None
        expected = "MD5" if asterisk_version == OLDEST else "SHA-256"
        assert carol.source.session.agent.challenge.algorithm == expected


async def test_a_withheld_number(stage: Stage) -> None:
    async with following(access(stage.pbx)) as alice:
        await alice.is_up()
        outer = await stage.inbound(caller='"Anonymous" <sip:anonymous@anonymous.invalid>')
        await stage.alice.rings()
        call = (await alice.hears("started ringing")).call
        assert (call.number, call.name) == (None, None)
        await outer.hang_up()


async def test_a_colleague(stage: Stage) -> None:
    async with following(access(stage.pbx)) as alice:
        await alice.is_up()
        bobs = await stage.bob.call("101")
        await stage.alice.rings()
        call = (await alice.hears("started ringing")).call
        assert (call.number, call.name, call.internal) == ("102", "Bob", True)
        await bobs.hang_up()


async def test_a_call_by_a_queue(stage: Stage) -> None:
    async with following(access(stage.pbx)) as alice:
        await alice.is_up()
        outer = await stage.inbound("500")
        inner = await stage.alice.rings()
        assert (await alice.hears("started ringing")).call.number == CALLER
        await inner.answer()
        await alice.hears("answered talking")
        await outer.is_up()
        await outer.hang_up()
        await alice.hears("ended answered")


async def test_a_call_that_rings_already_when_we_come(stage: Stage) -> None:
    outer = await stage.inbound()
    await stage.alice.rings()
    async with following(access(stage.pbx)) as alice:
        assert (await alice.hears("started ringing")).call.number == CALLER
        await outer.hang_up()
        await alice.hears("ended missed")


@pytest.mark.parametrize("number", ['x"><y', "1&2;<b>", "%0D%0AEvil: 1"])
async def test_a_caller_whose_number_is_hostile_rings_all_the_same(stage: Stage, number: str) -> None:
    """Asterisk writes the number into its document as it came."""
    async with following(access(stage.pbx)) as alice:
        await alice.is_up()
        outer = await stage.inbound(caller=f'"<b>&amp;" <sip:{_quoted(number)}@{stage.outside.ip}>')
        await stage.alice.rings()
        call = (await alice.hears("started ringing")).call
        assert "\n" not in (call.number or "") + (call.name or "")
        await outer.hang_up()
        await alice.hears("ended missed")


def _quoted(number: str) -> str:
    return "".join(sign if sign.isalnum() or sign == "%" else f"%{ord(sign):02X}" for sign in number)


async def test_a_second_call_where_the_pbx_tells_of_it(stage: Stage) -> None:
    """Carol's account has notify_early_inuse_ringing, and so she follows Alice better than Alice does."""
    async with following(access(stage.pbx)) as alice, following(access(stage.pbx, user="103")) as carol:
        for each in (alice, carol):
            await each.is_up()
        outer, _ = await stage.conversation()
        for each in (alice, carol):
            await each.hears("started ringing")
            await each.hears("answered talking")
        second = await stage.inbound(number=OTHER_CALLER)
        assert (await carol.hears("started ringing")).call.number == OTHER_CALLER
        await second.hang_up()
        await carol.hears("ended missed")
        await outer.hang_up()
        for each in (alice, carol):
            await each.hears("ended answered")


@EVERY_TRANSPORT
async def test_asterisk_is_known_not_to_take_wishes_for_calls(
    asterisk: Asterisk, transport: Transport
) -> None:
    async with following(access(asterisk, transport)) as alice:
        await alice.is_up()
        assert alice.source.session is not None
        assert await accepts_refer(alice.source.session, extension="101") is False


async def test_an_own_call(stage: Stage) -> None:
    async with following(access(stage.pbx)) as alice:
        await alice.is_up()
        own = await stage.alice.call("0301234567")
        await stage.outside.rings()
        assert (await alice.hears("started dialling")).call.number is None
        await own.hang_up()
        assert (await alice.hears("ended ended")).call.outcome is None


# What goes wrong.


async def _is_followed_through(stage: Stage, asked: SipAccess) -> None:
    """Whether a call is told from its ringing to its end, once."""
    async with following(asked) as alice:
        await alice.is_up()
        outer = await stage.inbound(name=NAME)
        inner = await stage.alice.rings()
        started = (await alice.hears("started ringing")).call
        assert started.name == NAME
        await inner.answer()
        await alice.hears("answered talking")
        await outer.is_up()
        await outer.hang_up()
        assert (await alice.hears("ended answered")).call.id == started.id


@pytest.mark.parametrize("lost", range(1, 13))
async def test_every_datagram_may_be_lost_once(stage: Stage, lost: int) -> None:
    asked = access(stage.pbx)
    async with relay((asked.host, asked.port), loses=lost) as network:
        host, port = network.address
        await _is_followed_through(stage, replace(asked, host=host, port=port))
        assert network.passed >= lost


@pytest.mark.parametrize(
    ("transport", "cut_at"),
    [
        *((Transport.TCP, piece) for piece in range(1, 11)),
        *((Transport.TLS, piece) for piece in range(1, 14)),
    ],
)
async def test_a_connection_may_be_cut_anywhere(stage: Stage, transport: Transport, cut_at: int) -> None:
    """A stream loses nothing while it stands: what a lost datagram is to UDP, its end is to TCP and TLS."""
    asked = access(stage.pbx, transport)
    async with cable((asked.host, asked.port), cut_at=cut_at) as network:
        await _is_followed_through(stage, replace(asked, port=network.address[1]))
        assert network.passed >= cut_at


async def test_a_wrong_password_is_refused_and_not_tried_again_soon(asterisk: Asterisk) -> None:
    async with following(access(asterisk, secret="wrong")) as alice:
        state = await alice.is_down()
        assert isinstance(state, Refused)
        assert "refuses the password of '101'" in str(state.reason)
        assert state.retry_in_s >= 100


async def test_an_extension_without_a_hint_is_told(asterisk: Asterisk) -> None:
    async with following(access(asterisk, follows="900")) as alice:
        state = await alice.is_down()
        assert isinstance(state, Down)
        assert "exten => 900,hint,PJSIP/900" in str(state.reason)


async def test_an_authority_that_is_not_trusted_is_told(asterisk: Asterisk) -> None:
    stranger = replace(access(asterisk, Transport.TLS), tls=tls_context())
    async with following(stranger) as alice:
        assert "not to be trusted" in str((await alice.is_down()).reason)


@EVERY_TRANSPORT
async def test_a_restart_of_the_pbx(stage: Stage, transport: Transport) -> None:
    async with following(access(stage.pbx, transport, expires_s=8)) as alice:
        await alice.is_up()
        await stage.restart_pbx()
        if transport is not Transport.UDP:
            await alice.is_up()
        outer = await stage.inbound()
        await stage.alice.rings()
        assert (await alice.hears("started ringing")).call.number == CALLER
        await outer.hang_up()
        await alice.hears("ended missed")


async def test_a_pbx_that_drops_what_comes_while_it_starts_is_followed_soon_after(
    asterisk: Asterisk,
) -> None:
    """Whoever is back the sooner asks into the void: Asterisk takes connections before it listens."""
    asked = access(asterisk, Transport.TCP)
    limits = TimeLimits(stream_answer_s=1)
    eager = replace(asked, limits=limits, patience=Patience(first_s=0.02, longest_s=0.02))
    async with following(eager) as alice:
        await alice.is_up()
        await asterisk.restart()
        await alice.is_up()


@pytest.mark.parametrize("keeps_database", [True, False])
@EVERY_TRANSPORT
async def test_a_pbx_that_was_killed(
    asterisk: Asterisk, transport: Transport, *, keeps_database: bool
) -> None:
    async with following(access(asterisk, transport, expires_s=8)) as alice:
        await alice.is_up()
        await asterisk.kill()
        if not keeps_database:
            asterisk.forget()
        await asterisk.start()
        if transport is not Transport.UDP:
            await alice.is_up()
        async with Stage(asterisk) as stage:
            outer = await stage.inbound()
            await stage.alice.rings(within_s=20)
            assert (await alice.hears("started ringing")).call.number == CALLER
            await outer.hang_up()
            await alice.hears("ended missed")


@EVERY_TRANSPORT
async def test_a_pbx_that_hangs_is_told_and_followed_again(asterisk: Asterisk, transport: Transport) -> None:
    asked = access(asterisk, transport)
    limits = replace(asked.limits, connect_s=2, answer_s=2, expires_s=8, datagram_expires_s=8)
    async with following(replace(asked, limits=limits)) as alice:
        await alice.is_up()
        with asterisk.frozen():
            assert "does not answer" in str((await alice.is_down()).reason)
        await alice.is_up()


async def test_a_password_that_is_changed_meanwhile(asterisk: Asterisk) -> None:
    async with following(access(asterisk, Transport.TCP, refused_s=0.2)) as alice:
        await alice.is_up()
        asterisk.rewrite("pjsip.conf", "password = secret101", "password = another")
        await asterisk.restart()
        while not isinstance(await alice.is_down(), Refused):
            pass
        asterisk.rewrite("pjsip.conf", "password = another", "password = secret101")
        await asterisk.restart()
        await alice.is_up()
