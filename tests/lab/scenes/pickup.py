"""Calls that are taken over from another phone, or from the parking lot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.lab.scenario import scenario
from tests.lab.scenes.group import one_user
from tests.lab.stage import CALLER, Stage, pause

if TYPE_CHECKING:
    from tests.lab.sip.call import Call
    from tests.lab.truth import Popup, Truth


def _taken(truth: Truth, call: Call, number: str, via: str) -> Popup:
    popup = truth.popup(call, number, "answered")
    popup.popup, popup.via, popup.shown_at = "pickup", via, popup.answered_at
    return popup


async def _carol_takes(stage: Stage, truth: Truth, code: str) -> None:
    outer = await stage.inbound()
    alices = await stage.alice.rings()
    await pause(1.0)
    carols = await stage.carol.call(code)
    await carols.is_up()
    await alices.is_over()
    await pause(1.0)
    await outer.hang_up()
    await carols.is_over()
    truth.popup(alices, CALLER, "answered_elsewhere").answered_by = "103"
    _taken(truth, carols, CALLER, "pickup")


@scenario
async def pickup_group(stage: Stage, truth: Truth) -> None:
    """Outside rings 101; Carol (103) takes it with *8; the caller hangs up."""
    await _carol_takes(stage, truth, "*8")


@scenario
async def pickup_directed(stage: Stage, truth: Truth) -> None:
    """Outside rings 101; Carol takes it with **101; the caller hangs up."""
    await _carol_takes(stage, truth, "**101")


@scenario
async def pickup_of_group(stage: Stage, truth: Truth) -> None:
    """Ring group 600 rings 101 and 102; Carol takes it with *8; the caller hangs up."""
    outer = await stage.inbound("600")
    alices, bobs = await stage.alice.rings(), await stage.bob.rings()
    await pause(1.0)
    carols = await stage.carol.call("*8")
    await carols.is_up()
    await alices.is_over()
    await bobs.is_over()
    await pause(1.0)
    await outer.hang_up()
    await carols.is_over()
    for call in (alices, bobs):
        truth.popup(call, CALLER, "answered_elsewhere").answered_by = "103"
    _taken(truth, carols, CALLER, "pickup")
    one_user(truth, alices, bobs, "answered_elsewhere").answered_by = "103"


@scenario
async def pickup_internal(stage: Stage, truth: Truth) -> None:
    """Bob rings Alice; Carol takes it with *8; Bob hangs up."""
    bobs = await stage.bob.call("101")
    alices = await stage.alice.rings()
    await pause(0.8)
    carols = await stage.carol.call("*8")
    await carols.is_up()
    await alices.is_over()
    await pause(0.8)
    await bobs.hang_up()
    await carols.is_over()
    truth.popup(alices, "102", "answered_elsewhere", "Bob").answered_by = "103"
    truth.popup(bobs, "101", "answered").note = "he dialled 101 and talks to 103"
    _taken(truth, carols, "102", "pickup")


@scenario
async def pickup_nothing(stage: Stage, truth: Truth) -> None:
    """Carol dials *8 while nothing rings."""
    carols = await stage.carol.call("*8")
    await carols.is_over()
    popup = truth.popup(carols, "*8", "failed")
    popup.also_right, popup.optional = ["no_answer", "busy"], True


async def _parked(stage: Stage, truth: Truth, alices: Call) -> str:
    """Wait until the caller stands in a slot and Alice is out; return the slot."""
    event = await stage.control.event("ParkedCall")
    at = stage.clock()
    if alices.referred_at is None:
        await alices.is_over(within_s=20)  # with *5 she hears the number of the slot first
    else:
        await pause(0.5)
        await alices.hang_up()
    popup = truth.popup(alices, CALLER, "parked")
    popup.closed_at, popup.closed_at_latest = round(at, 3), popup.closed_at
    return event["ParkingSpace"]


@scenario
async def park_refer(stage: Stage, truth: Truth) -> None:
    """Alice parks the caller by transferring to 700; Bob dials the slot and gets the caller."""
    outer, alices = await stage.conversation()
    await alices.refer("700")
    await _bob_gets_it(stage, truth, outer, await _parked(stage, truth, alices))


@scenario
async def park_feature(stage: Stage, truth: Truth) -> None:
    """Alice parks the caller with *5; Bob dials the slot and gets the caller."""
    outer, alices = await stage.conversation()
    await alices.press("*5")
    await _bob_gets_it(stage, truth, outer, await _parked(stage, truth, alices))


async def _bob_gets_it(stage: Stage, truth: Truth, outer: Call, slot: str) -> None:
    await pause(0.8)
    bobs = await stage.bob.call(slot)
    await bobs.is_up()
    await pause(1.0)
    await outer.hang_up()
    await bobs.is_over()
    _taken(truth, bobs, CALLER, "park")


@scenario
async def unpark_by_same_user(stage: Stage, truth: Truth) -> None:
    """Alice parks the caller and takes the call back by dialling the slot."""
    outer, alices = await stage.conversation()
    await alices.refer("700")
    slot = await _parked(stage, truth, alices)
    await pause(0.5)
    again = await stage.alice.call(slot)
    await again.is_up()
    await pause(1.0)
    await outer.hang_up()
    await again.is_over()
    _taken(truth, again, CALLER, "park")


@scenario
async def park_timeout_comeback(stage: Stage, truth: Truth) -> None:
    """Alice parks the caller; nobody takes the call within 8 s; it comes back to her phone; she answers."""
    outer, alices = await stage.conversation()
    await alices.refer("700")
    await _parked(stage, truth, alices)
    again = await stage.alice.rings(within_s=15)
    await pause(0.6)
    await again.answer()
    await pause(0.8)
    await outer.hang_up()
    await again.is_over()
    truth.popup(again, CALLER, "answered").via = "park"


@scenario
async def park_caller_gives_up(stage: Stage, truth: Truth) -> None:
    """Alice parks the caller, who hangs up in the parking lot."""
    outer, alices = await stage.conversation()
    await alices.refer("700")
    await _parked(stage, truth, alices)
    await pause(1.0)
    await outer.hang_up()
