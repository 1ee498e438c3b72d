"""Calls that a program starts for its user: the own phone rings first, then the destination."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.lab.scenario import scenario
from tests.lab.stage import DESTINATION, DESTINATION_E164, OTHER_CALLER, Stage, pause

if TYPE_CHECKING:
    from tests.lab.ami import Packet
    from tests.lab.sip.call import Call
    from tests.lab.sip.message import Headers
    from tests.lab.truth import Popup, Truth

_MARK = (("Variable", "CTI_REQUEST=req-1"),)


def as_connected_line(number: str) -> Headers:
    """Show the destination on the own phone without pretending to be it: no CallerID, but these variables."""
    return (
        *_MARK,
        ("Variable", f"CONNECTEDLINE(num,i)={number}"),
        ("Variable", "CONNECTEDLINE(num-pres)=allowed"),
    )


def as_caller_id(number: str) -> Headers:
    """Show the destination on the own phone the simple way, as many programs do."""
    return (*_MARK, ("CallerID", f'"{number}" <{number}>'))


MOBILE = f"Local/{OTHER_CALLER.replace('+31', '0')}@internal"
"""A user's phone that the PBX can only reach through its own dialplan."""

_AS_CALLER_ID = as_caller_id(DESTINATION)


@dataclass(frozen=True, slots=True)
class Click:
    """One click-to-call.

    Attributes:
        number: the destination.
        user: who calls.
        shown: what the own phone shows, as headers of the action.
        channel: what rings first.
        channel_id: the Uniqueid of the own leg; empty: the PBX chooses.
        patience_s: how long the own phone rings.
    """

    number: str = DESTINATION
    user: str = "101"
    shown: Headers = _AS_CALLER_ID
    channel: str = "PJSIP/101"
    channel_id: str = "cti-101-1"
    patience_s: int = 8

    def headers(self) -> Headers:
        """Write the action Originate."""
        return (
            ("Channel", self.channel),
            ("Context", "internal"),
            ("Exten", self.number),
            ("Priority", "1"),
            ("Timeout", str(self.patience_s * 1000)),
            ("Async", "true"),
            *((("ChannelId", self.channel_id),) if self.channel_id else ()),
            *self.shown,
        )


async def originate(stage: Stage, click: Click) -> str:
    """Click, and return the ActionID by which the OriginateResponse is known."""
    response = await stage.desk.action("Originate", *click.headers())
    assert response["Response"] == "Success", response
    return response["ActionID"]


async def own_phone(stage: Stage, action_id: str) -> Packet:
    """Return how it went with the user's own phone."""
    return await stage.desk.event("OriginateResponse", ActionID=action_id)


def clicked(truth: Truth, call: Call, outcome: str, *, answered_by: Call | None = None) -> Popup:
    """Say that the own phone's leg is an outgoing call, answered when the destination answers."""
    popup = truth.popup(call, DESTINATION, outcome)
    popup.popup, popup.via, popup.e164 = "outgoing", "click_to_call", DESTINATION_E164
    answered_at = answered_by.answered_at if answered_by else None
    popup.answered_at = None if answered_at is None else round(answered_at, 3)
    return popup


async def _lifted(stage: Stage, click: Click) -> Call:
    action_id = await originate(stage, click)
    inner = await stage.alice.rings()
    await pause(0.5)
    await inner.answer()
    await own_phone(stage, action_id)
    return inner


async def _talks_outside(stage: Stage, truth: Truth, inner: Call) -> None:
    outer = await stage.outside.rings()
    await pause(0.8)
    await outer.answer()
    await pause(1.0)
    await inner.hang_up()
    await outer.is_over()
    clicked(truth, inner, "answered", answered_by=outer)


@scenario
async def c2c_answered(stage: Stage, truth: Truth) -> None:
    """Click-to-call by 101: her own phone rings first, she lifts it, the outside number answers; she
    hangs up.
    """
    await _talks_outside(stage, truth, await _lifted(stage, Click()))
    truth.note = "the ringing of the own phone must not pop up as an incoming call"


@scenario
async def c2c_connectedline(stage: Stage, truth: Truth) -> None:
    """Click-to-call to outside with CONNECTEDLINE instead of CallerID; Alice hangs up."""
    inner = await _lifted(stage, Click(shown=as_connected_line(DESTINATION)))
    await _talks_outside(stage, truth, inner)


@scenario
async def c2c_no_channel_id(stage: Stage, truth: Truth) -> None:
    """Click-to-call by another program, without ChannelId; the outside number answers."""
    await _talks_outside(stage, truth, await _lifted(stage, Click(channel_id="")))


@scenario
async def c2c_local(stage: Stage, truth: Truth) -> None:
    """Click-to-call by another program through Local/101@internal (a Local leg rings the own phone)."""
    inner = await _lifted(stage, Click(channel="Local/101@internal/n", channel_id=""))
    await _talks_outside(stage, truth, inner)


@scenario
async def c2c_local_optimised(stage: Stage, truth: Truth) -> None:
    """Click-to-call by another program through Local/101@internal, which optimises itself away; no
    CallerID but CONNECTEDLINE.
    """
    shown = as_connected_line(DESTINATION)
    inner = await _lifted(stage, Click(channel="Local/101@internal", channel_id="", shown=shown))
    await _talks_outside(stage, truth, inner)


@scenario
async def c2c_mobile(stage: Stage, truth: Truth) -> None:
    """Click-to-call from a user's mobile, which the PBX rings through Local/; the mobile hangs up."""
    user = ("Variable", "CALLERID(num)=101")
    shown = (*as_connected_line(DESTINATION), user)
    action_id = await originate(stage, Click(channel=f"{MOBILE}/n", shown=shown))
    mobile = await stage.outside.rings()
    await pause(0.5)
    await mobile.answer()
    await own_phone(stage, action_id)
    outer = await stage.outside.rings()
    await pause(0.8)
    await outer.answer()
    await pause(1.0)
    await mobile.hang_up()
    await outer.is_over()
    popup = truth.popup(mobile, DESTINATION, "answered", user=MOBILE)
    popup.popup, popup.via, popup.e164 = "outgoing", "click_to_call", DESTINATION_E164
    popup.answered_at = round(outer.answered_at or 0, 3)
    truth.note = "the desk phone of the same user has no part in it"


@scenario
async def c2c_own_refuses_at_once(stage: Stage, truth: Truth) -> None:
    """Click-to-call by 101, whose phone refuses without ringing, as on do-not-disturb."""
    stage.alice.on_ring = _refuse
    await own_phone(stage, await originate(stage, Click()))
    truth.note = "a leg that never rang is no call: the answer to the click tells the user"


async def _refuse(call: Call) -> None:
    call.reject()


@scenario
async def c2c_autoanswer(stage: Stage, truth: Truth) -> None:
    """Click-to-call by 101 with Alert-Info; her phone lifts itself; the outside number answers; she
    hangs up.
    """
    stage.alice.on_ring = _lift
    alert = ("Variable", "PJSIP_HEADER(add,Alert-Info)=<http://127.0.0.1>;info=alert-autoanswer")
    action_id = await originate(stage, Click(shown=(*_AS_CALLER_ID, alert)))
    inner = await stage.alice.rings()
    await own_phone(stage, action_id)
    await _talks_outside(stage, truth, inner)


async def _lift(call: Call) -> None:
    await call.answer()


@scenario
async def c2c_internal(stage: Stage, truth: Truth) -> None:
    """Click-to-call by 101 to colleague 102; both answer; Bob hangs up."""
    await _talks_to_bob(stage, truth, as_caller_id("102"))
    (bobs,) = truth.users["102"]
    bobs.not_in_ami = "remote_number"
    bobs.note = "with CallerID: <102> on the Originate, Bob's phone shows 102, his own number"


@scenario
async def c2c_internal_connectedline(stage: Stage, truth: Truth) -> None:
    """Click-to-call by 101 to 102 with CONNECTEDLINE instead of CallerID; Bob hangs up."""
    await _talks_to_bob(stage, truth, as_connected_line("102"))


async def _talks_to_bob(stage: Stage, truth: Truth, shown: Headers) -> None:
    alices = await _lifted(stage, Click("102", shown=shown))
    bobs = await stage.bob.rings()
    await pause(0.6)
    await bobs.answer()
    await pause(0.8)
    await bobs.hang_up()
    await alices.is_over()
    popup = clicked(truth, alices, "answered", answered_by=bobs)
    popup.remote_number, popup.remote_name, popup.e164 = "102", "Bob", None
    truth.popup(bobs, "101", "answered", "Alice")


@scenario
async def c2c_own_no_answer(stage: Stage, truth: Truth) -> None:
    """Click-to-call by 101, who does not lift her phone within the Originate timeout (3 s)."""
    action_id = await originate(stage, Click(patience_s=3))
    inner = await stage.alice.rings()
    await own_phone(stage, action_id)
    await inner.is_over()
    clicked(truth, inner, "own_phone_not_answered")


@scenario
async def c2c_own_rejects(stage: Stage, truth: Truth) -> None:
    """Click-to-call by 101, who rejects the ringing of her own phone."""
    action_id = await originate(stage, Click())
    inner = await stage.alice.rings()
    await pause(0.5)
    inner.reject()
    await own_phone(stage, action_id)
    clicked(truth, inner, "own_phone_rejected")


@scenario
async def c2c_unregistered(stage: Stage, truth: Truth) -> None:
    """Click-to-call by 101, whose phone is not registered."""
    await stage.alice.register(expires_s=0)
    await own_phone(stage, await originate(stage, Click()))
    truth.note = "no leg ever: the answer to the click tells the user"


@scenario
async def c2c_withdrawn(stage: Stage, truth: Truth) -> None:
    """Click-to-call by 101, withdrawn (Action Hangup) while her own phone rings."""
    action_id = await originate(stage, Click())
    inner = await stage.alice.rings()
    await pause(0.8)
    own_leg = await stage.control.event("Newchannel", Uniqueid="cti-101-1")
    await stage.desk.action("Hangup", ("Channel", own_leg["Channel"]))
    await inner.is_over()
    await own_phone(stage, action_id)
    popup = clicked(truth, inner, "own_phone_no_answer")
    popup.also_right = ["own_phone_rejected", "failed", "no_answer"]


@scenario
async def c2c_dest_busy(stage: Stage, truth: Truth) -> None:
    """Click-to-call by 101; she lifts, the outside number is busy."""
    inner = await _lifted(stage, Click())
    outer = await stage.outside.rings()
    await pause(0.6)
    outer.reject()
    await inner.is_over()
    clicked(truth, inner, "busy")


@scenario
async def c2c_cancelled(stage: Stage, truth: Truth) -> None:
    """Click-to-call by 101; she lifts, the outside number rings, she hangs up before it answers."""
    inner = await _lifted(stage, Click())
    outer = await stage.outside.rings()
    await pause(1.0)
    await inner.hang_up()
    await outer.is_over()
    clicked(truth, inner, "no_answer")


@scenario
async def c2c_two_at_once(stage: Stage, truth: Truth) -> None:
    """Alice and Bob click at the same time; each gets the own destination."""
    other = OTHER_CALLER.replace("+31", "0")
    bobs_click = Click(other, "102", as_caller_id(other), "PJSIP/102", "cti-102-1")
    clicks = [await originate(stage, Click()), await originate(stage, bobs_click)]
    alices, bobs = await stage.alice.rings(), await stage.bob.rings()
    await pause(0.5)
    for call, action_id in zip((alices, bobs), clicks, strict=True):
        await call.answer()
        await own_phone(stage, action_id)
    outer = {call.dialled: call for call in [await stage.outside.rings(), await stage.outside.rings()]}
    await pause(0.6)
    await outer[OTHER_CALLER].answer()
    await pause(0.4)
    await outer[DESTINATION_E164].answer()
    await pause(0.8)
    await alices.hang_up()
    await pause(0.4)
    await outer[OTHER_CALLER].hang_up()
    await bobs.is_over()
    clicked(truth, alices, "answered", answered_by=outer[DESTINATION_E164])
    popup = clicked(truth, bobs, "answered", answered_by=outer[OTHER_CALLER])
    popup.remote_number, popup.e164 = other, OTHER_CALLER
