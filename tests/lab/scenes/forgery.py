"""Callers whose number holds AMI text: Asterisk decodes %0D%0A in it and writes it raw.

79 bytes fit. The rest of the true packet follows them, so that a forged packet ends with true headers, the
Uniqueid of a leg among them; and the true packet ends at the forgery, often before its own Uniqueid.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from tests.lab.scenario import scenario, scenario_that_records
from tests.lab.stage import CALLER, OTHER_CALLER, Stage, pause

if TYPE_CHECKING:
    from tests.lab.sip.phone import Phone
    from tests.lab.truth import Truth

_KEPT = 79


class Guess(NamedTuple):
    """What an attacker can know of the leg that will ring next: the PBX counts up.

    Attributes:
        serial: the end of its channel name.
        uniqueid: its Uniqueid, if the second is guessed right as well.
    """

    serial: str
    uniqueid: str


async def guess(stage: Stage) -> Guess:
    """Call the house once, to see how far it has counted: the next call has a leg of the trunk, then one
    of the phone.
    """
    probe = await stage.outside.call("+31201000900", caller=f"<sip:{OTHER_CALLER}@{stage.outside.ip}>")
    await probe.is_up()
    event = await stage.control.event("Newchannel")
    await probe.hang_up()
    await stage.idle()
    channel, count = int(event["Channel"].rpartition("-")[2], 16), int(event["Uniqueid"].partition(".")[2])
    return Guess(f"{channel + 2:08x}", f"{int(time.time()) + 1}.{count + 2}")


def sip_caller(stage: Stage, user: str, name: str = "") -> str:
    """Write a From value with any text as its user part."""
    quoted = f'"{name}" ' if name else ""
    return f"{quoted}<sip:{quote(user, safe='+')}@{stage.outside.ip}>"


def _packet(number: str, *lines: str) -> str:
    """Write a number that ends the packet it stands in, and begins another."""
    return "\r\n".join((number, "", *lines))


async def _forged(
    stage: Stage, truth: Truth, forgery: str, *, phone: Phone | None = None, answered: bool = True
) -> None:
    """Play a call whose number is a forgery; `{serial}` and `{uniqueid}` in it are guessed."""
    phone = phone or stage.alice
    guessed = await guess(stage)
    forgery = forgery.format(**guessed._asdict())
    truth.forged = forgery[:_KEPT]
    await stage.record()
    outer = await stage.inbound(phone.user, caller=sip_caller(stage, forgery))
    inner = await phone.rings()
    await pause(1.0)
    if answered:
        await inner.answer()
        await outer.is_up()
        await pause(1.0)
    await outer.hang_up()
    await inner.is_over()
    assert f"{phone.user}-{guessed.serial}".encode() in stage.tape.data, "the attacker guessed wrong"
    truth.popup(inner, forgery.partition("\r")[0], "answered" if answered else "missed")


@scenario
async def number_crlf(stage: Stage, truth: Truth) -> None:
    """Attack: the user part of From carries %0D%0A and forged AMI headers; the name too."""
    evil = sip_caller(stage, f"{CALLER}\r\nEvent: Hangup\r\nX: y", "a%0D%0AEvent: Evil")
    outer, inner = await stage.conversation(caller=evil)
    await outer.hang_up()
    await inner.is_over()
    truth.popup(inner, CALLER, "answered").note = "the first of repeated headers counts"


@scenario_that_records
async def number_crlf_name(stage: Stage, truth: Truth) -> None:
    """A forged header: another name, in the caller's number."""
    await _forged(stage, truth, f"{CALLER}\r\nCallerIDName: Police")


@scenario_that_records
async def number_crlf_packet(stage: Stage, truth: Truth) -> None:
    """The number carries a whole forged packet: Hangup of some channel of 101."""
    await _forged(stage, truth, _packet(CALLER, "Event: Hangup", "Channel: PJSIP/101-00000fff", "X: y"))


@scenario_that_records
async def number_crlf_hangup_right_channel(stage: Stage, truth: Truth) -> None:
    """Forged Hangup that names the right channel; the rest of the true packet supplies the true Uniqueid."""
    await _forged(stage, truth, _packet(CALLER, "Event: Hangup", "Channel: PJSIP/101-{serial}"))


@scenario_that_records
async def number_crlf_hangup_privilege(stage: Stage, truth: Truth) -> None:
    """The same with as much of a true Hangup as fits."""
    await _forged(
        stage,
        truth,
        _packet("1", "Event: Hangup", "Privilege: call,all", "Channel: PJSIP/101-{serial}", "Cause: 16"),
    )


@scenario_that_records
async def number_crlf_hangup_wrong_uniqueid(stage: Stage, truth: Truth) -> None:
    """Forged Hangup with the right channel and a plausible but wrong Uniqueid."""
    await _forged(
        stage, truth, _packet("1", "Event: Hangup", "Channel: PJSIP/101-{serial}", "Uniqueid: {uniqueid}7")
    )


@scenario_that_records
async def number_crlf_hangup_only_uniqueid(stage: Stage, truth: Truth) -> None:
    """Forged Hangup with a Uniqueid alone."""
    await _forged(stage, truth, _packet("1", "Event: Hangup", "Uniqueid: {uniqueid}"))


@scenario_that_records
async def number_crlf_hangup_closed(stage: Stage, truth: Truth) -> None:
    """A forged Hangup with the right channel that is closed by its own empty line."""
    await _forged(stage, truth, _packet(CALLER, "Event: Hangup", "Channel: PJSIP/101-{serial}", "", "Z: z"))


@scenario_that_records
async def number_crlf_hangup_ringing(stage: Stage, truth: Truth) -> None:
    """A forged Hangup of the right channel; the call is never answered, and its true Hangup is cut short."""
    await _forged(
        stage, truth, _packet(CALLER, "Event: Hangup", "Channel: PJSIP/101-{serial}"), answered=False
    )


@scenario_that_records
async def number_crlf_dialend(stage: Stage, truth: Truth) -> None:
    """A forged DialEnd that says the ringing leg was answered."""
    await _forged(
        stage,
        truth,
        _packet("1", "Event: DialEnd", "DestChannel: PJSIP/101-{serial}", "DialStatus: ANSWER"),
        answered=False,
    )


@scenario_that_records
async def number_crlf_newstate(stage: Stage, truth: Truth) -> None:
    """A forged Newstate that says the ringing leg is up."""
    await _forged(
        stage,
        truth,
        _packet("1", "Event: Newstate", "Channel: PJSIP/101-{serial}", "ChannelState: 6"),
        answered=False,
    )


@scenario_that_records
async def number_crlf_newchannel(stage: Stage, truth: Truth) -> None:
    """A forged Newchannel of PJSIP/101 in state Ring, as if Alice dialled out."""
    await _forged(
        stage, truth, _packet("1", "Event: Newchannel", "Channel: PJSIP/101-00000999", "ChannelState: 4")
    )


@scenario_that_records
async def number_crlf_newchannel_other(stage: Stage, truth: Truth) -> None:
    """A call to Carol whose number forges a Newchannel and the ringing of PJSIP/101: nothing rings there."""
    lines = ("Event: Newchannel", "Channel: PJSIP/101-00000999", "ChannelState: 5")
    await _forged(stage, truth, _packet("1", *lines), phone=stage.carol)


@scenario_that_records
async def number_crlf_other_call(stage: Stage, truth: Truth) -> None:
    """Alice talks to one caller; another caller's number forges the Hangup of that call."""
    guessed = await guess(stage)
    await stage.record()
    outer, inner = await stage.conversation()
    evil = sip_caller(stage, f"{OTHER_CALLER}\r\n\r\nEvent: Hangup\r\nChannel: PJSIP/101-{guessed.serial}")
    other = await stage.inbound("102", caller=evil)
    bobs = await stage.bob.rings()
    await pause(1.0)
    await other.hang_up()
    await bobs.is_over()
    await pause(0.6)
    await outer.hang_up()
    await inner.is_over()
    truth.popup(inner, CALLER, "answered")
    truth.popup(bobs, OTHER_CALLER, "missed")
