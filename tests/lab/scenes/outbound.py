"""Calls that a user dials on the phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.lab.scenario import scenario
from tests.lab.stage import DESTINATION, DESTINATION_E164, Stage, pause

if TYPE_CHECKING:
    from tests.lab.sip.call import Call
    from tests.lab.truth import Truth


@scenario
async def out_phone(stage: Stage, truth: Truth) -> None:
    """Alice dials an outside number on her phone; it is answered; Alice hangs up."""
    inner = await stage.alice.call(DESTINATION)
    outer = await stage.outside.rings()
    await pause(0.8)
    await outer.answer()
    await inner.is_up()
    await pause(1.0)
    await inner.hang_up()
    await outer.is_over()
    truth.popup(inner, DESTINATION, "answered").e164 = DESTINATION_E164


@scenario
async def out_busy(stage: Stage, truth: Truth) -> None:
    """Alice dials out; the other side is busy."""
    inner = await _refused(stage, 486, "Busy Here")
    truth.popup(inner, DESTINATION, "busy").e164 = DESTINATION_E164


@scenario
async def out_rejected(stage: Stage, truth: Truth) -> None:
    """Alice dials out; the other side declines (603)."""
    inner = await _refused(stage, 603, "Decline")
    popup = truth.popup(inner, DESTINATION, "busy")
    popup.also_right = ["rejected", "failed", "no_answer"]


async def _refused(stage: Stage, status: int, reason: str) -> Call:
    inner = await stage.alice.call(DESTINATION)
    outer = await stage.outside.rings()
    await pause(0.8)
    outer.reject(status, reason)
    await inner.is_over()
    return inner


@scenario
async def out_no_answer(stage: Stage, truth: Truth) -> None:
    """Alice dials out; nobody answers; she hangs up."""
    inner = await stage.alice.call(DESTINATION)
    await stage.outside.rings()
    await pause(1.5)
    await inner.hang_up()
    truth.popup(inner, DESTINATION, "no_answer").e164 = DESTINATION_E164


@scenario
async def out_not_existing(stage: Stage, truth: Truth) -> None:
    """Alice dials a number outside that does not exist (404)."""

    async def unknown(call: Call) -> None:
        call.reject(404, "Not Found")

    stage.outside.on_ring = unknown
    inner = await stage.alice.call(DESTINATION)
    await inner.is_over()
    truth.popup(inner, DESTINATION, "failed").also_right = ["no_answer"]


@scenario
async def out_no_such_extension(stage: Stage, truth: Truth) -> None:
    """Alice dials what the dialplan does not know: the PBX makes no channel at all."""
    inner = await stage.alice.call("999")
    await inner.is_over()
    truth.note = "AMI sees nothing"


@scenario
async def out_unregistered(stage: Stage, truth: Truth) -> None:
    """Alice dials Carol, whose phone is not registered."""
    await stage.carol.register(expires_s=0)
    inner = await stage.alice.call("103")
    await inner.is_over()
    popup = truth.popup(inner, "103", "failed")
    popup.also_right, popup.optional = ["no_answer"], True


@scenario
async def out_internal(stage: Stage, truth: Truth) -> None:
    """Alice dials Bob; he answers and hangs up."""
    alices = await stage.alice.call("102")
    bobs = await stage.bob.rings()
    await pause(0.8)
    await bobs.answer()
    await alices.is_up()
    await pause(0.8)
    await bobs.hang_up()
    await alices.is_over()
    truth.popup(alices, "102", "answered", "Bob")
    truth.popup(bobs, "101", "answered", "Alice")


@scenario
async def out_internal_no_answer(stage: Stage, truth: Truth) -> None:
    """Alice dials Bob, who does not answer until the PBX stops ringing (8 s)."""
    alices = await stage.alice.call("102")
    bobs = await stage.bob.rings()
    await alices.is_over(within_s=15)
    await bobs.is_over()
    truth.popup(alices, "102", "no_answer")
    truth.popup(bobs, "101", "missed", "Alice")


@scenario
async def out_internal_rejected(stage: Stage, truth: Truth) -> None:
    """Alice dials Bob, who rejects."""
    alices = await stage.alice.call("102")
    bobs = await stage.bob.rings()
    await pause(0.8)
    bobs.reject()
    await alices.is_over()
    truth.popup(alices, "102", "busy")
    truth.popup(bobs, "101", "rejected", "Alice")
