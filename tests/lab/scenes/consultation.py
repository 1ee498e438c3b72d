"""Attended transfers: the transferor asks first, and may be out before the colleague has answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.lab.scenario import scenario
from tests.lab.scenes.transfer import answered_on, transferred
from tests.lab.stage import CALLER, DESTINATION, DESTINATION_E164, Stage, pause

if TYPE_CHECKING:
    from tests.lab.sip.call import Call
    from tests.lab.truth import Truth

_NOTE = "the consultation call"


def _bob_got(truth: Truth, bobs: Call, at: float) -> None:
    popup = truth.popup(bobs, "101", "answered", "Alice")
    popup.becomes(CALLER, at, "attended transfer", transferred_from="101")


async def _asks(stage: Stage, alices: Call, number: str) -> Call:
    await alices.hold()
    return await stage.alice.call(number)


async def _joins(stage: Stage, alices: Call, asking: Call, number: str) -> float:
    await alices.refer(number, replaces=asking)
    asking.referred_at = alices.referred_at
    return stage.clock()


async def _both_over(alices: Call, asking: Call) -> None:
    await pause(0.5)
    for call in (alices, asking):
        await call.hang_up()


@scenario
async def xfer_attended_refer(stage: Stage, truth: Truth) -> None:
    """Outside talks to 101; Alice holds, calls 102, talks, then REFER with Replaces joins outside and Bob."""
    outer, alices = await stage.conversation()
    asking = await _asks(stage, alices, "102")
    bobs = await answered_on(stage.bob)
    await asking.is_up()
    await pause(0.8)
    at = await _joins(stage, alices, asking, "102")
    await _both_over(alices, asking)
    await pause(1.0)
    await outer.hang_up()
    await bobs.is_over()
    transferred(truth, alices, CALLER, "102")
    transferred(truth, asking, "102", None).note = _NOTE
    _bob_got(truth, bobs, at)


@scenario
async def xfer_attended_while_ringing(stage: Stage, truth: Truth) -> None:
    """Outside talks to 101; Alice holds, calls 102, and transfers (REFER with Replaces) while Bob's
    phone rings; he answers.
    """
    outer, alices = await stage.conversation()
    asking = await _asks(stage, alices, "102")
    bobs = await stage.bob.rings()
    await pause(0.8)
    at = await _joins(stage, alices, asking, "102")
    await pause(0.8)
    await bobs.answer()
    await _both_over(alices, asking)
    await pause(1.0)
    await outer.hang_up()
    await bobs.is_over()
    transferred(truth, alices, CALLER, "102")
    transferred(truth, asking, "102", None).note = _NOTE
    _bob_got(truth, bobs, at)


@scenario
async def xfer_attended_to_outside(stage: Stage, truth: Truth) -> None:
    """Outside talks to 101; Alice holds, calls another outside number, and joins the two (REFER with
    Replaces).
    """
    outer, alices = await stage.conversation()
    asking = await _asks(stage, alices, DESTINATION)
    other = await answered_on(stage.outside)
    await asking.is_up()
    await pause(0.6)
    await _joins(stage, alices, asking, DESTINATION)
    await _both_over(alices, asking)
    await pause(0.8)
    await outer.hang_up()
    await other.is_over()
    transferred(truth, alices, CALLER, None)
    consultation = transferred(truth, asking, DESTINATION, None)
    consultation.e164, consultation.note = DESTINATION_E164, _NOTE


@scenario
async def xfer_attended_abandoned(stage: Stage, truth: Truth) -> None:
    """Outside talks to 101; Alice holds, calls 102, Bob answers and hangs up; Alice takes the caller back."""
    outer, alices = await stage.conversation()
    asking = await _asks(stage, alices, "102")
    bobs = await answered_on(stage.bob)
    await asking.is_up()
    await pause(0.6)
    await bobs.hang_up()
    await asking.is_over()
    await alices.unhold()
    await pause(0.6)
    await outer.hang_up()
    await alices.is_over()
    truth.popup(alices, CALLER, "answered")
    truth.popup(asking, "102", "answered", "Bob")
    truth.popup(bobs, "101", "answered", "Alice")


async def _asks_by_feature(stage: Stage, alices: Call) -> Call:
    await alices.press("*2")
    await pause(1.2)
    await alices.press("102")
    return await stage.bob.rings()


@scenario
async def xfer_attended_feature(stage: Stage, truth: Truth) -> None:
    """Outside talks to 101; Alice dials *2 102, talks to Bob, hangs up; the caller and Bob talk."""
    outer, alices = await stage.conversation()
    bobs = await _asks_by_feature(stage, alices)
    await pause(0.6)
    await bobs.answer()
    await pause(1.2)
    await alices.hang_up()
    at = stage.clock()
    await pause(1.5)
    await outer.hang_up()
    await bobs.is_over()
    transferred(truth, alices, CALLER, "102")
    _bob_got(truth, bobs, at)


@scenario
async def xfer_attended_feature_while_ringing(stage: Stage, truth: Truth) -> None:
    """Outside talks to 101; Alice dials *2 102 and hangs up while Bob's phone rings; he answers."""
    outer, alices = await stage.conversation()
    bobs = await _asks_by_feature(stage, alices)
    await pause(0.8)
    await alices.hang_up()
    at = stage.clock()
    await pause(0.8)
    await bobs.answer()
    await pause(1.5)
    await outer.hang_up()
    await bobs.is_over()
    popup = transferred(truth, alices, CALLER, "102")
    popup.closed_at_latest = bobs.answered_at  # the PBX keeps her channel until then
    _bob_got(truth, bobs, at)
