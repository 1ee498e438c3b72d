"""Calls that the user makes by bubbled, on a real Asterisk: what the phones ring, show and are told."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import pytest

from bubbled.control.client import Client
from tests.lab.plugin import EVERY_ASTERISK
from tests.lab.stage import DESTINATION, DESTINATION_E164, OTHER_CALLER
from tests.system.gate import Gate

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.lab.pbx import Asterisk
    from tests.lab.sip.call import Call
    from tests.lab.stage import Stage
    from tests.system.bubbled import Bubbled, Home, Json

DIAL = """
[dial]
context = "internal"
ring_s = 8
"""
MOBILE = "Local/0687654321@internal"


@pytest.fixture
async def daemon(asterisk: Asterisk, home: Home, start: Callable[..., Bubbled]) -> Bubbled:
    """A daemon that may dial for Alice, without a desktop."""
    home.configure(asterisk.ami, more=DIAL)
    return await (await start().ready()).is_connected()


async def dialled(daemon: Bubbled, *arguments: str) -> Json:
    """Run `bubbled dial`, which must succeed."""
    status, said = await daemon.ask("dial", "--json", *arguments)
    assert status == 0, said
    answer: Json = json.loads(said)
    return answer


async def waited(daemon: Bubbled, *arguments: str) -> asyncio.Task[tuple[int, str]]:
    """Run `bubbled dial --wait` beside the test."""
    return asyncio.create_task(daemon.ask("dial", "--wait", *arguments))


async def lifted(stage: Stage) -> Call:
    own = await stage.alice.rings()
    await own.answer()
    return own


@EVERY_ASTERISK
async def test_the_own_phone_rings_and_then_the_destination(daemon: Bubbled, stage: Stage) -> None:
    ending = await waited(daemon, DESTINATION)
    own = await stage.alice.rings()
    assert own.number == DESTINATION
    ringing = await daemon.call(state="ringing", direction="outbound", e164=DESTINATION_E164)
    assert ringing["via"]["kind"] == "click_to_call"
    await own.answer()
    outer = await stage.outside.rings()
    assert (outer.dialled, outer.number) == (DESTINATION_E164, "+31201000000")
    await daemon.call(id=ringing["id"], state="dialling")
    await outer.answer()
    await daemon.call(id=ringing["id"], state="talking")
    await outer.hang_up()
    await daemon.call(id=ringing["id"], outcome="answered", number=DESTINATION)
    status, said = await ending
    assert status == 0
    assert said.splitlines() == [
        "PJSIP/101 is about to ring.",
        "PJSIP/101 rings.",
        "Calling 030 123 4567.",
        "Talking with 030 123 4567.",
        "The call has ended.",
    ]
    (only,) = await daemon.calls(bool)
    assert only["id"] == ringing["id"]
    assert DESTINATION not in daemon.log()


async def test_a_colleague_sees_who_calls(daemon: Bubbled, stage: Stage) -> None:
    await dialled(daemon, "102")
    own = await stage.alice.rings()
    assert own.number == "102"
    await own.answer()
    bobs = await stage.bob.rings()
    assert (bobs.number, bobs.name) == ("101", "Alice")
    await bobs.answer()
    call = await daemon.call(state="talking", internal=True, number="102")
    await bobs.hang_up()
    await daemon.call(id=call["id"], outcome="answered")


async def test_an_own_phone_that_nobody_picks_up(
    asterisk: Asterisk, home: Home, start: Callable[..., Bubbled], stage: Stage
) -> None:
    home.configure(asterisk.ami, more=DIAL.replace("8", "5"))
    daemon = await (await start().ready()).is_connected()
    ending = await waited(daemon, DESTINATION)
    own = await stage.alice.rings()
    await own.is_over(within_s=10)
    await daemon.call(outcome="own_phone_no_answer", number=DESTINATION)
    status, said = await ending
    assert status == 1
    assert said.splitlines()[-1] == "Your phone was not picked up."


async def test_an_own_phone_that_declines(daemon: Bubbled, stage: Stage) -> None:
    ending = await waited(daemon, DESTINATION)
    own = await stage.alice.rings()
    await daemon.call(state="ringing")
    own.reject()
    await daemon.call(outcome="own_phone_rejected")
    status, said = await ending
    assert (status, said.splitlines()[-1]) == (1, "Your phone declined.")


async def _decline(call: Call) -> None:
    call.reject()


async def test_an_own_phone_that_declines_without_ringing(daemon: Bubbled, stage: Stage) -> None:
    stage.alice.on_ring = _decline
    status, said = await daemon.ask("dial", "--wait", DESTINATION)
    assert (status, said.splitlines()[-1]) == (1, "Your phone declined.")
    assert await daemon.calls(lambda _: True) == []


async def test_an_own_phone_that_is_not_registered(daemon: Bubbled, stage: Stage) -> None:
    await stage.alice.register(expires_s=0)
    status, said = await daemon.ask("dial", "--wait", DESTINATION)
    assert status == 1
    assert "PJSIP/101 is not registered with the PBX" in said.splitlines()[-1]
    assert await daemon.calls(lambda _: True) == []
    assert "not registered" in (await daemon.ask("device"))[1]


async def test_a_destination_that_is_busy(daemon: Bubbled, stage: Stage) -> None:
    ending = await waited(daemon, DESTINATION)
    own = await lifted(stage)
    outer = await stage.outside.rings()
    outer.reject()
    await own.is_over()
    await daemon.call(outcome="busy")
    assert (await ending)[0] == 1


async def test_a_destination_that_does_not_answer(daemon: Bubbled, stage: Stage) -> None:
    await dialled(daemon, DESTINATION)
    own = await lifted(stage)
    outer = await stage.outside.rings()
    await daemon.call(state="dialling")
    await own.hang_up()
    await outer.is_over()
    await daemon.call(outcome="no_answer")


async def test_a_number_that_the_pbx_does_not_take(
    asterisk: Asterisk, home: Home, start: Callable[..., Bubbled], stage: Stage
) -> None:
    home.configure(asterisk.ami, more='[dial]\ncontext = "followme"\n')
    daemon = await (await start().ready()).is_connected()
    status, said = await daemon.ask("dial", DESTINATION)
    assert status == 1
    assert "the PBX does not take this number" in said
    assert not stage.alice.calls


async def test_the_same_number_again_is_the_same_call(daemon: Bubbled, stage: Stage) -> None:
    client = Client(daemon.home.control)
    wish = {"source": "typed", "text": DESTINATION}
    first, second = await asyncio.gather(
        *(asyncio.to_thread(client.post, "/v1/dial", wish, timeout_s=10) for _ in range(2))
    )
    own = await stage.alice.rings()
    third = await dialled(daemon, "+31 30 123 45 67")
    assert first["call"] == second["call"] == third["call"]
    assert len(stage.alice.calls) == 1
    await own.hang_up()
    await daemon.calls(lambda calls: [call["state"] for call in calls] == ["ended"])


async def test_another_number_is_another_call(daemon: Bubbled, stage: Stage) -> None:
    first = await dialled(daemon, DESTINATION)
    second = await dialled(daemon, OTHER_CALLER)
    assert first["call"] != second["call"]
    calls = [await stage.alice.rings(), await stage.alice.rings()]
    assert {call.number for call in calls} == {DESTINATION, "0687654321"}
    for call in calls:
        await call.hang_up()


@pytest.mark.parametrize("account", ["deaf", "blind"])
async def test_an_account_that_may_not_dial(
    asterisk: Asterisk, home: Home, start: Callable[..., Bubbled], account: str
) -> None:
    await asterisk.admit(
        f"[{account}]\nsecret = x\nread = call\nwrite = {'call' if account == 'deaf' else ''}"
    )
    home.configure(asterisk.ami, account=(account, "x"), more=DIAL)
    daemon = await (await start().ready()).is_connected()
    status, said = await daemon.ask("dial", DESTINATION)
    assert status == 1
    assert "write = originate" in said
    _, told = await daemon.ask("doctor", "--config", str(home.settings))
    assert "may not Originate" in told


async def test_a_pbx_that_is_away(asterisk: Asterisk, home: Home, start: Callable[..., Bubbled]) -> None:
    async with Gate.to(asterisk.ami) as gate:
        home.configure(gate.address, more=DIAL)
        daemon = await (await start().ready()).is_connected()
    await daemon.status(lambda it: it["pbx"]["state"] == "waiting")
    status, said = await daemon.ask("dial", DESTINATION)
    assert status == 1
    assert "there is no connection to the PBX" in said


async def test_a_network_that_swallows_the_wish(
    asterisk: Asterisk, home: Home, start: Callable[..., Bubbled], stage: Stage
) -> None:
    async with Gate.to(asterisk.ami) as gate:
        home.configure(gate.address, more=DIAL)
        daemon = await (await start().ready()).is_connected()
        gate.swallow()
        status, said = await daemon.ask("dial", DESTINATION)
        assert status == 1
        assert "It is not known whether 030 123 4567 was called" in said
        await daemon.status(lambda it: it["pbx"]["state"] == "connected")
        assert not stage.alice.calls
        await daemon.stop()


async def test_a_mobile_of_the_user(
    asterisk: Asterisk, home: Home, start: Callable[..., Bubbled], stage: Stage
) -> None:
    home.configure(asterisk.ami, more=f'{DIAL}[dial.names]\n"PJSIP/101" = "Desk"\n"{MOBILE}" = "Mobile"\n')
    daemon = await (await start().ready()).is_connected()
    assert (await daemon.ask("device", "mobile"))[0] == 0
    answer = await dialled(daemon, DESTINATION)
    assert answer["phone"] == f"Mobile ({MOBILE})"
    mobile = await stage.outside.rings()
    assert mobile.dialled == OTHER_CALLER
    ringing = await daemon.call(state="ringing", number=DESTINATION, device=MOBILE)
    assert ringing["id"] == answer["call"]
    await mobile.answer()
    outer = await stage.outside.rings()
    assert outer.dialled == DESTINATION_E164
    await daemon.call(id=ringing["id"], state="dialling")
    await outer.answer()
    await daemon.call(id=ringing["id"], state="talking", number=DESTINATION)
    await mobile.hang_up()
    await outer.is_over()
    await daemon.call(id=ringing["id"], outcome="answered")
    assert len(await daemon.calls(bool)) == 1


async def test_another_phone_rings_where_the_first_is_not_registered(
    asterisk: Asterisk, home: Home, start: Callable[..., Bubbled], stage: Stage
) -> None:
    phones = 'skip_unregistered = true\n[dial.names]\n"PJSIP/103" = "Soft phone"\n'
    home.configure(asterisk.ami, more=DIAL + phones)
    daemon = await (await start().ready()).is_connected()
    await stage.alice.register(expires_s=0)
    await dialled(daemon, DESTINATION)
    own = await stage.carol.rings()
    await daemon.call(state="ringing", device="PJSIP/103", number=DESTINATION)
    await own.hang_up()
    await stage.alice.register()
    await daemon.calls(lambda calls: calls[-1]["state"] == "ended")
    await dialled(daemon, "--device", "soft phone", OTHER_CALLER)
    await (await stage.carol.rings()).hang_up()
    await dialled(daemon, "0301234568")
    await (await stage.alice.rings()).hang_up()


async def _lift(call: Call) -> None:
    await call.answer()


async def test_a_phone_is_told_to_lift_by_itself(
    asterisk: Asterisk, home: Home, start: Callable[..., Bubbled], stage: Stage
) -> None:
    home.configure(asterisk.ami, more=f'{DIAL}auto_answer = "Alert-Info: info=alert-autoanswer"\n')
    daemon = await (await start().ready()).is_connected()
    stage.alice.on_ring = _lift
    await dialled(daemon, DESTINATION)
    own = await stage.alice.rings()
    assert own.header("alert-info") == "info=alert-autoanswer"
    outer = await stage.outside.rings()
    await outer.hang_up()
    await own.is_over()


async def test_the_prefix_of_an_outside_line_is_dialled_but_not_shown(
    asterisk: Asterisk, home: Home, start: Callable[..., Bubbled], stage: Stage
) -> None:
    home.configure(
        asterisk.ami,
        more=f'{DIAL}outside_prefix = "00"\nformat = "international"\ninternational_prefix = ""\n',
    )
    daemon = await (await start().ready()).is_connected()
    await dialled(daemon, DESTINATION)
    own = await stage.alice.rings()
    assert own.number == "31301234567"
    call = await daemon.call(state="ringing", e164=DESTINATION_E164)
    await own.answer()
    outer = await stage.outside.rings()
    assert outer.dialled == DESTINATION_E164
    await daemon.call(id=call["id"], state="dialling", e164=DESTINATION_E164)
    await outer.hang_up()
    await own.is_over()


async def test_the_pbx_restarts_while_the_own_phone_rings(daemon: Bubbled, stage: Stage) -> None:
    await dialled(daemon, DESTINATION)
    await stage.alice.rings()
    call = await daemon.call(state="ringing")
    await stage.restart_pbx()
    await daemon.call(id=call["id"], state="ended")
    await daemon.is_connected()
    await dialled(daemon, DESTINATION)
    await (await stage.alice.rings()).hang_up()


@pytest.mark.parametrize("text", ["hello", "", "112\r\nAction: Logoff", "*21*0687654321#", "999"])
async def test_what_may_not_be_dialled_is_not(daemon: Bubbled, stage: Stage, text: str) -> None:
    status, said = await daemon.ask("dial", "--url", text)
    assert status == 1, said
    assert said.count("\n") == 1
    assert not stage.alice.calls
    assert (await daemon.status())["pbx"]["state"] == "connected"
