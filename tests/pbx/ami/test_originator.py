"""Clicks on a PBX that says what the test tells it to; the real one is in tests/system."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from bubbled.model import ChangeKind, Device, Failure, Outcome
from bubbled.pbx.ami import originator
from bubbled.pbx.ami.access import Access, Address, TimeLimits
from bubbled.pbx.ami.login import Credentials
from bubbled.pbx.ami.source import AmiSource
from bubbled.pbx.reconnect import Patience
from tests.pbx.ami.story import event, owner_of, snapshot
from tests.pbx.ami.test_click_to_call import ID, a_click

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from bubbled.model import CallChange
    from bubbled.pbx.ami.originator import Originator
    from tests.pbx.ami.scripted_pbx import Peer, ScriptedPbx


class Desk:
    """A source that has logged in, with what it tells of clicks and of calls."""

    def __init__(self, port: int) -> None:
        self.clicks: asyncio.Queue[CallChange] = asyncio.Queue()
        self.calls: asyncio.Queue[CallChange] = asyncio.Queue()
        self.source = AmiSource(
            Access(
                address=Address("127.0.0.1", port),
                credentials=Credentials("bubbled", "s3cret"),
                limits=TimeLimits(action_s=5.0),
                patience=Patience(first_s=0, longest_s=0),
            ),
            owner_of("PJSIP/101"),
            on_changes=lambda changes: _put(self.calls, changes),
            on_click=lambda changes: _put(self.clicks, changes),
            on_state=lambda _state: None,
        )

    @property
    def originator(self) -> Originator:
        return self.source.originator

    async def click(self) -> CallChange:
        async with asyncio.timeout(10):
            return await self.clicks.get()

    async def call(self) -> CallChange:
        async with asyncio.timeout(10):
            return await self.calls.get()


def _put(queue: asyncio.Queue[CallChange], changes: Sequence[CallChange]) -> None:
    for change in changes:
        queue.put_nowait(change)


@asynccontextmanager
async def connected(pbx: ScriptedPbx) -> AsyncIterator[tuple[Desk, Peer]]:
    desk = Desk(pbx.port)
    running = asyncio.create_task(desk.source.run())
    try:
        yield desk, await let_in(pbx)
    finally:
        running.cancel()
        await asyncio.wait([running])


async def let_in(pbx: ScriptedPbx) -> Peer:
    peer = await pbx.accept()
    await peer.let_in()
    asked = await peer.asked("Status")
    peer.answer(asked, EventList="start")
    peer.say({"Event": "StatusComplete", "ActionID": asked["ActionID"], "EventList": "Complete"})
    peer.say(event("Newchannel", snapshot("PJSIP/999-00000099")))
    return peer


def response(asked: dict[str, str], answer: str, reason: str) -> dict[str, str]:
    return {
        "Event": "OriginateResponse",
        "ActionID": asked["ActionID"],
        "Response": answer,
        "Reason": reason,
        "Uniqueid": ID,
    }


async def test_a_phone_that_rings_makes_the_click_a_call(pbx: ScriptedPbx) -> None:
    async with connected(pbx) as (desk, peer):
        dialling = asyncio.create_task(desk.originator.dial(a_click()))
        asked = await peer.asked("Originate")
        assert (await desk.click()).kind is ChangeKind.STARTED
        peer.answer(asked, Message="Originate successfully queued")
        assert await dialling is None
        leg = snapshot("PJSIP/101-00000001", "Ringing", line="0301234567") | {"Uniqueid": ID, "Linkedid": ID}
        peer.say(event("Newchannel", leg))
        change = await desk.call()
        assert (change.kind, change.call.id, change.call.number) == (ChangeKind.STARTED, ID, "0301234567")
        peer.say(response(asked, "Failure", "3"), event("Hangup", leg, Cause="19"))
        assert (await desk.call()).call.outcome is Outcome.OWN_PHONE_NO_ANSWER
        assert desk.clicks.empty()


async def test_the_end_that_comes_with_the_answer_is_not_overheard(pbx: ScriptedPbx) -> None:
    """Both in one packet of the network, as an unregistered phone makes Asterisk send them."""
    async with connected(pbx) as (desk, peer):
        dialling = asyncio.create_task(desk.originator.dial(a_click()))
        asked = await peer.asked("Originate")
        accepted = {"Response": "Success", "ActionID": asked["ActionID"]}
        peer.say(accepted, response(asked, "Failure", "0"))
        state = await peer.asked("Getvar")
        assert state["Variable"] == "DEVICE_STATE(PJSIP/101)"
        peer.answer(state, Variable=state["Variable"], Value="UNAVAILABLE")
        assert await dialling is None
        assert (await desk.click()).kind is ChangeKind.STARTED
        ended = await desk.click()
        assert (ended.call.outcome, ended.call.failure) == (Outcome.FAILED, Failure.PHONE_UNREGISTERED)


@pytest.mark.parametrize(
    ("text", "failure"),
    [("Permission denied", Failure.NOT_PERMITTED), ("Originate failed", Failure.PBX_REFUSED)],
)
async def test_a_refusal_ends_the_click_with_its_reason(
    pbx: ScriptedPbx, text: str, failure: Failure
) -> None:
    async with connected(pbx) as (desk, peer):
        dialling = asyncio.create_task(desk.originator.dial(a_click()))
        asked = await peer.asked("Originate")
        peer.say({"Response": "Error", "ActionID": asked["ActionID"], "Message": text})
        assert await dialling is failure
        await desk.click()
        assert (await desk.click()).call.failure is failure


@pytest.mark.parametrize("answered", [False, True], ids=["before its answer", "after it"])
async def test_a_connection_that_is_lost_leaves_it_unknown_and_nothing_is_repeated(
    pbx: ScriptedPbx,
    answered: bool,  # noqa: FBT001 - pytest passes parameters by name
) -> None:
    async with connected(pbx) as (desk, peer):
        dialling = asyncio.create_task(desk.originator.dial(a_click()))
        asked = await peer.asked("Originate")
        if answered:
            peer.answer(asked)
            assert await dialling is None
        await peer.hang_up()
        await desk.click()
        assert (await desk.click()).call.failure is Failure.UNKNOWN
        assert await dialling is (None if answered else Failure.UNKNOWN)
        again = await let_in(pbx)
        state = asyncio.create_task(desk.originator.device_state(Device("PJSIP/101")))
        await again.asked("Getvar")  # nothing else was asked before it
        state.cancel()


async def test_a_call_that_goes_on_after_the_loss_pops_up_again(pbx: ScriptedPbx) -> None:
    async with connected(pbx) as (desk, peer):
        dialling = asyncio.create_task(desk.originator.dial(a_click()))
        await peer.asked("Originate")
        await peer.hang_up()
        assert await dialling is Failure.UNKNOWN
        again = await pbx.accept()
        await again.let_in()
        asked = await again.asked("Status")
        leg = snapshot("PJSIP/101-00000001", "Ringing", line="0301234567") | {"Uniqueid": ID, "Linkedid": ID}
        again.answer(asked, EventList="start")
        again.say({"Event": "Status", "ActionID": asked["ActionID"]} | leg)
        again.say({"Event": "StatusComplete", "ActionID": asked["ActionID"], "EventList": "Complete"})
        change = await desk.call()
        assert (change.kind, change.call.id) == (ChangeKind.STARTED, ID)


async def test_without_a_connection_nothing_is_asked(pbx: ScriptedPbx) -> None:
    desk = Desk(pbx.port)
    assert await desk.originator.dial(a_click()) is Failure.NOT_CONNECTED
    assert (await desk.click()).kind is ChangeKind.STARTED
    assert (await desk.click()).call.failure is Failure.NOT_CONNECTED
    assert await desk.originator.device_state(Device("PJSIP/101")) is None


async def test_a_pbx_that_does_not_tell_how_phones_are(pbx: ScriptedPbx) -> None:
    async with connected(pbx) as (desk, peer):
        state = asyncio.create_task(desk.originator.device_state(Device("PJSIP/101")))
        asked = await peer.asked("Getvar")
        peer.say({"Response": "Error", "ActionID": asked["ActionID"], "Message": "Permission denied"})
        assert await state is None


async def test_a_pbx_that_still_reads_its_dialplan_is_asked_once_more(
    pbx: ScriptedPbx, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(originator, "BOOT_PAUSE_S", 0)
    async with connected(pbx) as (desk, peer):
        dialling = asyncio.create_task(desk.originator.dial(a_click()))
        for _ in range(2):
            asked = await peer.asked("Originate")
            peer.say(
                {"Response": "Error", "ActionID": asked["ActionID"], "Message": "Extension does not exist."}
            )
        assert await dialling is Failure.NUMBER_REFUSED
        await desk.click()
        assert (await desk.click()).call.failure is Failure.NUMBER_REFUSED


async def test_a_pbx_that_runs_for_a_while_is_believed_at_once(
    pbx: ScriptedPbx, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(originator, "BOOT_S", 0)
    async with connected(pbx) as (desk, peer):
        dialling = asyncio.create_task(desk.originator.dial(a_click()))
        asked = await peer.asked("Originate")
        peer.say({"Response": "Error", "ActionID": asked["ActionID"], "Message": "Extension does not exist."})
        assert await dialling is Failure.NUMBER_REFUSED


async def test_a_click_while_the_calls_are_asked_for_is_not_forgotten_with_the_connection(
    pbx: ScriptedPbx,
) -> None:
    desk = Desk(pbx.port)
    running = asyncio.create_task(desk.source.run())
    try:
        peer = await pbx.accept()
        await peer.let_in()
        await peer.asked("Status")
        dialling = asyncio.create_task(desk.originator.dial(a_click()))
        peer.answer(await peer.asked("Originate"))
        assert await dialling is None
        await peer.hang_up()
        await desk.click()
        assert (await desk.click()).call.failure is Failure.UNKNOWN
    finally:
        running.cancel()
        await asyncio.wait([running])
