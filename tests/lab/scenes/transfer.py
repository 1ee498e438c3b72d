"""Blind transfers: the transferor is out at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.lab.scenario import scenario
from tests.lab.scenes.group import one_user
from tests.lab.stage import CALLER, DESTINATION, DESTINATION_E164, Stage, pause

if TYPE_CHECKING:
    from tests.lab.sip.call import Call
    from tests.lab.sip.phone import Phone
    from tests.lab.truth import Popup, Truth


async def answered_on(phone: Phone) -> Call:
    """Let a phone ring for a moment and lift it."""
    call = await phone.rings()
    await pause(0.8)
    await call.answer()
    return call


async def leaves(call: Call) -> None:
    """Hang up after a transfer, where the PBX has not done so."""
    await pause(0.3)
    await call.hang_up()


def transferred(truth: Truth, call: Call, number: str, to: str | None) -> Popup:
    """Say that the call went on to somebody else; it may close from the REFER on, until the leg has gone."""
    popup = truth.popup(call, number, "transferred")
    popup.transferred_to = to
    if call.referred_at is not None:
        popup.closed_at, popup.closed_at_latest = round(call.referred_at, 3), popup.closed_at
    return popup


def _got(truth: Truth, call: Call, outcome: str, *, number: str = CALLER, sender: str = "101") -> Popup:
    popup = truth.popup(call, number, outcome)
    popup.transferred_from, popup.via = sender, "transfer"
    return popup


@scenario
async def xfer_blind_refer(stage: Stage, truth: Truth) -> None:
    """Outside talks to 101; Alice blind-transfers to 102 with SIP REFER; Bob answers; the caller hangs up."""
    outer, alices = await stage.conversation()
    await alices.refer("102")
    bobs = await answered_on(stage.bob)
    await leaves(alices)
    await pause(0.8)
    await outer.hang_up()
    await bobs.is_over()
    transferred(truth, alices, CALLER, "102")
    _got(truth, bobs, "answered")


@scenario
async def xfer_blind_feature(stage: Stage, truth: Truth) -> None:
    """Outside talks to 101; Alice blind-transfers to 102 with ## 102; Bob answers; the caller hangs up."""
    outer, alices = await stage.conversation()
    await alices.press("##")
    await pause(0.8)
    await alices.press("102")
    bobs = await answered_on(stage.bob)
    await alices.is_over()
    await pause(0.8)
    await outer.hang_up()
    await bobs.is_over()
    transferred(truth, alices, CALLER, "102")
    _got(truth, bobs, "answered")


@scenario
async def xfer_blind_no_answer(stage: Stage, truth: Truth) -> None:
    """Alice blind-transfers the caller to 102, who does not answer (8 s); the PBX hangs up."""
    outer, alices = await stage.conversation()
    await alices.refer("102")
    bobs = await stage.bob.rings()
    await leaves(alices)
    await bobs.is_over(within_s=30)
    await outer.is_over()
    transferred(truth, alices, CALLER, "102")
    _got(truth, bobs, "missed")


@scenario
async def xfer_blind_to_outside(stage: Stage, truth: Truth) -> None:
    """Alice blind-transfers the caller to an outside number, which answers."""
    outer, alices = await stage.conversation()
    await alices.refer(DESTINATION)
    other = await answered_on(stage.outside)
    await leaves(alices)
    await pause(0.8)
    await outer.hang_up()
    await other.is_over()
    transferred(truth, alices, CALLER, DESTINATION)


@scenario
async def xfer_blind_to_queue(stage: Stage, truth: Truth) -> None:
    """Outside talks to 103; Carol blind-transfers to the queue 500, which rings Alice and Bob; Alice
    answers.
    """
    outer, carols = await stage.conversation(stage.carol)
    await carols.refer("500")
    bobs = await stage.bob.rings()
    alices = await answered_on(stage.alice)
    await leaves(carols)
    await bobs.is_over()
    await pause(0.8)
    await outer.hang_up()
    await alices.is_over()
    transferred(truth, carols, CALLER, "500")
    for call, outcome in ((alices, "answered"), (bobs, "answered_elsewhere")):
        truth.popup(call, CALLER, outcome).transferred_from = "103"
    truth.users["102"][0].answered_by = "101"
    one_user(truth, alices, bobs, "answered").transferred_from = "103"


@scenario
async def xfer_twice(stage: Stage, truth: Truth) -> None:
    """Alice blind-transfers the caller to 102; Bob answers and blind-transfers to 103; Carol answers."""
    outer, alices = await stage.conversation()
    await alices.refer("102")
    bobs = await answered_on(stage.bob)
    await leaves(alices)
    await pause(0.8)
    await bobs.refer("103")
    carols = await answered_on(stage.carol)
    await leaves(bobs)
    await pause(0.8)
    await outer.hang_up()
    await carols.is_over()
    transferred(truth, alices, CALLER, "102")
    middle = transferred(truth, bobs, CALLER, "103")
    middle.transferred_from, middle.via = "101", "transfer"
    _got(truth, carols, "answered", sender="102")


@scenario
async def xfer_of_outbound_call(stage: Stage, truth: Truth) -> None:
    """Alice calls an outside number, which answers; she blind-transfers it to 102; Bob answers."""
    alices = await stage.alice.call(DESTINATION)
    outer = await answered_on(stage.outside)
    await alices.is_up()
    await pause(0.8)
    await alices.refer("102")
    bobs = await answered_on(stage.bob)
    await leaves(alices)
    await pause(0.8)
    await outer.hang_up()
    await bobs.is_over()
    transferred(truth, alices, DESTINATION, "102").e164 = DESTINATION_E164
    _got(truth, bobs, "answered", number=DESTINATION_E164)
