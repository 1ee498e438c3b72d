"""One caller, one phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.lab.scenario import scenario
from tests.lab.stage import CALLER, Stage, pause

if TYPE_CHECKING:
    from tests.lab.sip.call import Call
    from tests.lab.sip.message import Headers
    from tests.lab.truth import Truth


@scenario
async def in_answered_remote_hangup(stage: Stage, truth: Truth) -> None:
    """Outside calls 101; Alice answers; the caller hangs up."""
    outer, inner = await stage.conversation()
    await outer.hang_up()
    await inner.is_over()
    truth.popup(inner, CALLER, "answered")


@scenario
async def in_answered_local_hangup(stage: Stage, truth: Truth) -> None:
    """Outside calls 101; Alice answers; Alice hangs up."""
    outer, inner = await stage.conversation(name="Jan Jansen")
    await inner.hang_up()
    await outer.is_over()
    truth.popup(inner, CALLER, "answered", "Jan Jansen")


@scenario
async def in_cancelled(stage: Stage, truth: Truth) -> None:
    """Outside calls 101; nobody answers; the caller gives up while it rings."""
    outer = await stage.inbound()
    inner = await stage.alice.rings()
    await pause(1.2)
    await outer.hang_up()
    await inner.is_over()
    truth.popup(inner, CALLER, "missed")


@scenario
async def in_timeout(stage: Stage, truth: Truth) -> None:
    """Outside calls 101; nobody answers until the PBX stops ringing (Dial timeout 8 s)."""
    outer = await stage.inbound()
    inner = await stage.alice.rings()
    await inner.is_over(within_s=15)
    await outer.is_over()
    truth.popup(inner, CALLER, "missed")


@scenario
async def in_rejected(stage: Stage, truth: Truth) -> None:
    """Outside calls 101; Alice presses reject (486)."""
    outer = await stage.inbound()
    inner = await stage.alice.rings()
    await pause(0.8)
    inner.reject()
    await outer.is_over()
    truth.popup(inner, CALLER, "rejected")


@scenario
async def in_busy_at_once(stage: Stage, truth: Truth) -> None:
    """Outside calls 101; the phone answers 486 at once without ringing (do not disturb)."""

    async def do_not_disturb(call: Call) -> None:
        call.reject()

    stage.alice.on_ring = do_not_disturb
    outer = await stage.inbound()
    inner = await stage.alice.rings()
    await outer.is_over()
    popup = truth.popup(inner, CALLER, "rejected")
    popup.optional, popup.note = (
        True,
        "never rang: a popup for a fraction of a second, or none, are both right",
    )


@scenario
async def in_unregistered(stage: Stage, truth: Truth) -> None:
    """Outside calls 101 while that phone is not registered: there is no device leg at all."""
    await stage.alice.register(expires_s=0)
    outer = await stage.inbound()
    await outer.is_over()
    truth.note = "no popup: 101 never rang"


@scenario
async def in_anonymous(stage: Stage, truth: Truth) -> None:
    """Outside caller withholds the number (From anonymous@anonymous.invalid, Privacy: id)."""
    await _withheld(stage, truth, (("privacy", "id"),))


@scenario
async def in_anonymous_pai(stage: Stage, truth: Truth) -> None:
    """The caller withholds, the carrier asserts the real number (P-Asserted-Identity, Privacy: id)."""
    asserted = ("p-asserted-identity", f"<sip:{CALLER}@{stage.outside.ip}>")
    await _withheld(stage, truth, (asserted, ("privacy", "id")))
    (popup,) = truth.users["101"]
    popup.not_in_ami, popup.note = "remote_number", "AMI shows the real number and nothing about presentation"


async def _withheld(stage: Stage, truth: Truth, headers: Headers) -> None:
    outer = await stage.inbound(caller='"Anonymous" <sip:anonymous@anonymous.invalid>', headers=headers)
    inner = await stage.alice.rings()
    await pause(0.6)
    await inner.answer()
    await outer.is_up()
    await pause(0.6)
    await outer.hang_up()
    await inner.is_over()
    truth.popup(inner, None, "answered").note = "withheld: look nothing up"


@scenario
async def in_no_number(stage: Stage, truth: Truth) -> None:
    """The From header has no user part."""
    outer, inner = await stage.conversation(caller=f"<sip:{stage.outside.ip}>")
    await outer.hang_up()
    await inner.is_over()
    truth.popup(inner, None, "answered")


@scenario
async def in_national_number(stage: Stage, truth: Truth) -> None:
    """The caller's number arrives in national format."""
    outer, inner = await stage.conversation(number="0612345678")
    await outer.hang_up()
    await inner.is_over()
    truth.popup(inner, "0612345678", "answered").e164 = CALLER


@scenario
async def in_direct_internal(stage: Stage, truth: Truth) -> None:
    """Bob dials Alice; she answers; he hangs up."""
    bobs = await stage.bob.call("101")
    alices = await stage.alice.rings()
    await pause(0.8)
    await alices.answer()
    await bobs.is_up()
    await pause(0.8)
    await bobs.hang_up()
    await alices.is_over()
    truth.popup(alices, "102", "answered", "Bob")
    truth.popup(bobs, "101", "answered", "Alice")


@scenario
async def in_forward_local(stage: Stage, truth: Truth) -> None:
    """Direct number 401 is forwarded in the dialplan to 102 through an optimising Local channel; Bob
    answers.
    """
    outer = await stage.inbound("401")
    inner = await stage.bob.rings()
    await pause(0.6)
    await inner.answer()
    await outer.is_up()
    await pause(1.0)
    await outer.hang_up()
    await inner.is_over()
    truth.popup(inner, CALLER, "answered")


@scenario
async def in_phone_forward_302(stage: Stage, truth: Truth) -> None:
    """Alice's phone forwards at once (302 to 102) without ringing; Bob answers."""

    async def forward(call: Call) -> None:
        _forward(stage, call)

    stage.alice.on_ring = forward
    outer = await stage.inbound()
    await stage.alice.rings()
    truth.note = "no call of 101: her phone never rang"
    await _bob_takes_it(stage, truth, outer)


@scenario
async def in_phone_forward_302_after_ringing(stage: Stage, truth: Truth) -> None:
    """Alice's phone rings for a second, then forwards (302 to 102); Bob answers."""
    outer = await stage.inbound()
    inner = await stage.alice.rings()
    await pause(1.0)
    _forward(stage, inner)
    popup = truth.popup(inner, CALLER, "missed")
    popup.also_right, popup.note = ["answered_elsewhere"], "it left her phone before anybody had answered"
    await _bob_takes_it(stage, truth, outer)


def _forward(stage: Stage, call: Call) -> None:
    host, port = stage.alice.server
    call.reject(302, "Moved Temporarily", contact=f"sip:102@{host}:{port}")


async def _bob_takes_it(stage: Stage, truth: Truth, outer: Call) -> None:
    bobs = await stage.bob.rings()
    await pause(0.8)
    await bobs.answer()
    await outer.is_up()
    await pause(0.8)
    await outer.hang_up()
    await bobs.is_over()
    truth.popup(bobs, CALLER, "answered")
