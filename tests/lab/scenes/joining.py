"""The client connects in the middle of a call. It asks Status, or may not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.lab.scenario import scenario_that_records
from tests.lab.stage import CALLER, DESTINATION, DESTINATION_E164, Stage, pause

if TYPE_CHECKING:
    from tests.lab.sip.call import Call
    from tests.lab.truth import Popup, Truth


def joined(truth: Truth, call: Call, at: float, number: str, outcome: str) -> Popup:
    """Say that the call is shown from the moment on when the client learns of it, talking or not."""
    popup = truth.popup(call, number, outcome)
    popup.joined, popup.shown_at = True, round(at, 3)
    if popup.answered_at is not None:
        popup.answered_at = max(popup.answered_at, popup.shown_at)
    return popup


@scenario_that_records
async def join_ringing(stage: Stage, truth: Truth) -> None:
    """The client connects and asks Status while 101 rings; Alice answers; the caller hangs up."""
    outer, inner, at = await _while_ringing(stage, resync=True)
    await _answered_then_over(outer, inner)
    joined(truth, inner, at, CALLER, "answered")


@scenario_that_records
async def join_ringing_no_status(stage: Stage, truth: Truth) -> None:
    """The client connects while 101 rings and may not ask Status; Alice answers; the caller hangs up."""
    outer, inner, _ = await _while_ringing(stage, resync=False)
    await _answered_then_over(outer, inner)
    assert inner.answered_at
    popup = joined(truth, inner, inner.answered_at, CALLER, "answered")
    popup.optional, popup.note = True, "nothing is known before the answer; a call from then on, or none"


@scenario_that_records
async def join_ringing_missed(stage: Stage, truth: Truth) -> None:
    """The client connects and asks Status while 101 rings; the caller gives up."""
    outer, inner, at = await _while_ringing(stage, resync=True)
    await outer.hang_up()
    await inner.is_over()
    joined(truth, inner, at, CALLER, "missed")


async def _while_ringing(stage: Stage, *, resync: bool) -> tuple[Call, Call, float]:
    outer = await stage.inbound()
    inner = await stage.alice.rings()
    await pause(0.8)
    at = await stage.record(resync=resync)
    await pause(0.8)
    return outer, inner, at


async def _answered_then_over(outer: Call, inner: Call) -> None:
    await inner.answer()
    await outer.is_up()
    await pause(0.8)
    await outer.hang_up()
    await inner.is_over()


@scenario_that_records
async def join_talking(stage: Stage, truth: Truth) -> None:
    """The client connects and asks Status while Alice talks; the caller hangs up."""
    outer, inner = await stage.conversation(name="Jan Jansen")
    at = await stage.record(resync=True)
    await pause(0.8)
    await outer.hang_up()
    await inner.is_over()
    popup = joined(truth, inner, at, CALLER, "answered")
    popup.remote_name, popup.note = "Jan Jansen", "started and answered at once"


@scenario_that_records
async def join_talking_no_status(stage: Stage, truth: Truth) -> None:
    """The client connects while Alice talks and may not ask Status; the caller hangs up."""
    outer, inner = await stage.conversation()
    await stage.record()
    await pause(0.8)
    await outer.hang_up()
    await inner.is_over()
    truth.note = "only the hangup of an unknown channel is seen: no call"


@scenario_that_records
async def join_outbound_ringing(stage: Stage, truth: Truth) -> None:
    """The client connects and asks Status while the number that Alice dialled rings; it answers; she
    hangs up.
    """
    inner = await stage.alice.call(DESTINATION)
    outer = await stage.outside.rings()
    await pause(0.5)
    at = await stage.record(resync=True)
    await pause(0.5)
    await outer.answer()
    await inner.is_up()
    await pause(0.8)
    await inner.hang_up()
    await outer.is_over()
    joined(truth, inner, at, DESTINATION, "answered").e164 = DESTINATION_E164


@scenario_that_records
async def join_outbound_talking(stage: Stage, truth: Truth) -> None:
    """The client connects and asks Status while Alice talks to the number she dialled; she hangs up."""
    inner = await stage.alice.call(DESTINATION)
    outer = await stage.outside.rings()
    await outer.answer()
    await inner.is_up()
    await pause(0.5)
    at = await stage.record(resync=True)
    await pause(0.8)
    await inner.hang_up()
    await outer.is_over()
    joined(truth, inner, at, DESTINATION, "answered").e164 = DESTINATION_E164


@scenario_that_records
async def join_internal_talking(stage: Stage, truth: Truth) -> None:
    """The client connects and asks Status while Bob, who called Alice, talks to her."""
    bobs = await stage.bob.call("101")
    alices = await stage.alice.rings()
    await alices.answer()
    await bobs.is_up()
    await pause(0.5)
    at = await stage.record(resync=True)
    await pause(0.8)
    await bobs.hang_up()
    await alices.is_over()
    joined(truth, alices, at, "102", "answered").remote_name = "Bob"
    joined(truth, bobs, at, "101", "answered").remote_name = "Alice"


@scenario_that_records
async def join_queue_local_talking(stage: Stage, truth: Truth) -> None:
    """The client connects and asks Status while Alice talks to a caller from a queue with Local members."""
    outer = await stage.inbound("501")
    alices, bobs = await stage.alice.rings(), await stage.bob.rings()
    await pause(0.6)
    await alices.answer()
    await bobs.is_over()
    await pause(0.4)
    at = await stage.record(resync=True)
    await pause(0.8)
    await outer.hang_up()
    await alices.is_over()
    joined(truth, alices, at, CALLER, "answered")
