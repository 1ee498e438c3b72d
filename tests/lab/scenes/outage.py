"""The client loses its connection, or the PBX restarts, in the middle of a call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.lab.scenario import scenario
from tests.lab.scenes.forgery import sip_caller
from tests.lab.scenes.joining import joined
from tests.lab.stage import CALLER, OTHER_CALLER, Stage, pause

if TYPE_CHECKING:
    from tests.lab.sip.call import Call
    from tests.lab.truth import Truth


def _closed_by_resync(truth: Truth, call: Call, at: float, outcome: str) -> None:
    popup = truth.popup(call, CALLER, outcome)
    popup.closed_at, popup.note = round(at, 3), "closed by the resync"


@scenario
async def cut_call_goes_on(stage: Stage, truth: Truth) -> None:
    """The connection is lost while Alice talks; after the reconnect Status still has the call; the
    caller hangs up.
    """
    outer, inner = await stage.conversation()
    await stage.cut()
    await pause(0.8)
    await stage.record(resync=True)
    await pause(0.6)
    await outer.hang_up()
    await inner.is_over()
    truth.popup(inner, CALLER, "answered").note = "one call"


@scenario
async def cut_call_ended(stage: Stage, truth: Truth) -> None:
    """The connection is lost while Alice talks; the call ends meanwhile; after the reconnect Status is
    empty.
    """
    outer, inner = await stage.conversation()
    await stage.cut()
    await outer.hang_up()
    await inner.is_over()
    await stage.idle()
    _closed_by_resync(truth, inner, await stage.record(resync=True), "answered")


@scenario
async def cut_ringing_ended(stage: Stage, truth: Truth) -> None:
    """The connection is lost while 101 rings; the caller gives up meanwhile; after the reconnect Status
    is empty.
    """
    outer = await stage.inbound()
    inner = await stage.alice.rings()
    await pause(0.6)
    await stage.cut()
    await outer.hang_up()
    await inner.is_over()
    await stage.idle()
    _closed_by_resync(truth, inner, await stage.record(resync=True), "missed")
    truth.users["101"][0].also_right = ["answered_elsewhere"]


@scenario
async def cut_other_caller(stage: Stage, truth: Truth) -> None:
    """The connection is lost while Alice talks; that call ends and another caller rings; after the
    reconnect that one is there.
    """
    outer, inner = await stage.conversation()
    await stage.cut()
    await outer.hang_up()
    await inner.is_over()
    other = await stage.inbound(number=OTHER_CALLER)
    ringing = await stage.alice.rings()
    await pause(0.5)
    at = await stage.record(resync=True)
    await pause(0.5)
    await ringing.answer()
    await other.is_up()
    await pause(0.6)
    await other.hang_up()
    await ringing.is_over()
    _closed_by_resync(truth, inner, at, "answered")
    joined(truth, ringing, at, OTHER_CALLER, "answered")


@scenario
async def cut_answered_meanwhile(stage: Stage, truth: Truth) -> None:
    """The connection is lost while 101 rings; Alice answers meanwhile; after the reconnect Status says so."""
    outer = await stage.inbound()
    inner = await stage.alice.rings()
    await pause(0.6)
    await stage.cut()
    await inner.answer()
    await outer.is_up()
    at = await stage.record(resync=True)
    await pause(0.6)
    await outer.hang_up()
    await inner.is_over()
    truth.popup(inner, CALLER, "answered").answered_at = round(at, 3)


@scenario
async def cut_forged_complete(stage: Stage, truth: Truth) -> None:
    """The connection is lost while Alice talks; another caller's number forges the end of the Status
    list after the reconnect.
    """
    forgery = "1\r\n\r\nEvent: StatusComplete\r\nEventList: Complete\r\nListItems: 1"
    other = await stage.inbound("103", caller=sip_caller(stage, forgery))
    ringing = await stage.carol.rings()
    outer, inner = await stage.conversation()
    await stage.cut()
    await stage.record(resync=True)
    await pause(0.5)
    await other.hang_up()
    await ringing.is_over()
    await pause(0.6)
    await outer.hang_up()
    await inner.is_over()
    truth.forged = forgery
    popup = truth.popup(inner, CALLER, "answered")
    popup.note = (
        "the tail of the true row lends the forged end its ActionID: only its place in the packet tells"
    )
    truth.popup(ringing, "1", "missed")


@scenario
async def restart_talking(stage: Stage, truth: Truth) -> None:
    """The PBX restarts while Alice talks; the client reconnects; the caller calls again."""
    _, inner = await stage.conversation()
    await stage.restart_pbx()
    await inner.is_over()
    await stage.record(resync=True)
    outer, again = await stage.conversation()
    await outer.hang_up()
    await again.is_over()
    truth.popup(inner, CALLER, "answered")
    truth.popup(again, CALLER, "answered").note = "channels are counted from 0 again"


@scenario
async def restart_ringing(stage: Stage, truth: Truth) -> None:
    """The PBX restarts while 101 rings; the client reconnects."""
    outer = await stage.inbound()
    inner = await stage.alice.rings()
    await pause(1.0)
    await stage.restart_pbx()
    await inner.is_over()
    outer.over()  # the PBX has forgotten it, and nobody tells the caller
    await stage.record(resync=True)
    truth.popup(inner, CALLER, "missed")
