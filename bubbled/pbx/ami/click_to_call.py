"""The user's own clicks: what the PBX is asked for, and what becomes of it until a phone rings. Pure.

Facts measured on Asterisk 16 and 22:
- The own phone rings first. Without CallerID but with CONNECTEDLINE it shows the destination, and the
  destination sees the user's usual caller ID.
- ChannelId becomes the Uniqueid of the own leg, so the tracker knows the call by the id of the click.
- Success of the action says only that it was understood. A phone that refuses without ringing shows as a
  channel that is hung up, with the cause. One that cannot be reached gets no channel: of it only
  OriginateResponse tells.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from bubbled.model import (
    Call,
    CallChange,
    CallId,
    CallState,
    ChangeKind,
    Direction,
    Failure,
    Outcome,
    Via,
    ViaKind,
)
from bubbled.pbx.ami import outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bubbled.model import E164, Device
    from bubbled.pbx.ami.framing import Message

_REFUSALS: Final[Mapping[str, Failure]] = {
    "Permission denied": Failure.NOT_PERMITTED,
    "Originate Access Forbidden": Failure.NOT_PERMITTED,
    "Extension does not exist": Failure.NUMBER_REFUSED,
}
"""How the texts begin in which Asterisk refuses (main/manager.c); others say something else went wrong."""

_DEVICE_FAILURES: Final[Mapping[str, Failure]] = {
    "UNAVAILABLE": Failure.PHONE_UNREGISTERED,
    "INVALID": Failure.PHONE_UNKNOWN,
}
"""What the state of a phone (DEVICE_STATE) says about why it could not ring."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Click:
    """One call that the user wishes.

    Attributes:
        id: of the call that it makes; also the Uniqueid of the own leg, so never used before.
        device: the phone that rings first.
        exten: what the dialplan is asked for: digits, `+`, `*` and `#`.
        number: the same without the prefix of an outside line, as phone and popup show it.
        e164: the same in international notation, where it has one.
        internal: whether it is a colleague.
        context: the dialplan context of the user.
        ring_s: how long the own phone rings.
        extension: the user's own, which a phone behind `Local/` does not bring along.
        auto_answer: a SIP header that makes the own phone lift by itself: `Name: value`.
    """

    id: CallId
    device: Device
    exten: str
    number: str
    e164: E164 | None = None
    internal: bool = False
    context: str
    ring_s: float
    extension: str
    auto_answer: str | None = None

    def call(self) -> Call:
        """The call as it is before the PBX has said anything."""
        return Call(
            id=self.id,
            device=self.device,
            direction=Direction.OUTBOUND,
            state=CallState.RINGING,
            internal=self.internal,
            number=self.number,
            e164=self.e164,
            dialled=self.number,
            via=Via(ViaKind.CLICK_TO_CALL),
        )


def originate(click: Click) -> Mapping[str, str | Sequence[str]]:
    """Write the action (`bubbled.pbx.ami.action`) that rings the own phone first, then calls the number."""
    is_local = click.device.startswith("Local/")
    return {
        "Action": "Originate",
        "Channel": _unoptimised(click.device) if is_local else click.device,
        "Context": click.context,
        "Exten": click.exten,
        "Priority": "1",
        "Timeout": str(round(click.ring_s * 1000)),
        "Async": "true",
        "ChannelId": click.id,
        "Variable": [
            f"CONNECTEDLINE(num,i)={click.number}",
            "CONNECTEDLINE(num-pres)=allowed",
            *([f"CALLERID(num)={click.extension}"] if is_local else []),
            *_lifting(click),
        ],
    }


def _unoptimised(device: Device) -> str:
    """Keep the pipe for the whole call, by which the call is followed (`/n`, doc of Local channels)."""
    return device if "/" in device.partition("/")[2] else f"{device}/n"


def _lifting(click: Click) -> Iterable[str]:
    if click.auto_answer is None:
        return
    if click.device.startswith("PJSIP/"):
        header, _, value = click.auto_answer.partition(": ")
        yield f"PJSIP_HEADER(add,{header})={value}"
    elif click.device.startswith("SIP/"):
        yield f"SIPADDHEADER01={click.auto_answer}"


def failure_of_refusal(text: str) -> Failure:
    """Why the PBX refused the action, from its words."""
    return next(
        (failure for words, failure in _REFUSALS.items() if text.startswith(words)), Failure.PBX_REFUSED
    )


def failure_of_device(state: str | None) -> Failure:
    """Why a phone could not ring, from its state as the PBX tells it; None: it does not tell."""
    return _DEVICE_FAILURES.get(state or "", Failure.PBX_REFUSED)


@dataclass(slots=True)
class _Attempt:
    click: Click
    has_channel: bool = False


class Clicks:
    """The clicks whose phone has not rung yet; from then on the tracker has the call."""

    def __init__(self) -> None:
        self._attempts: dict[CallId, _Attempt] = {}

    def begin(self, click: Click) -> CallChange:
        """Begin the call, for which the PBX is now asked."""
        self._attempts[click.id] = _Attempt(click)
        return CallChange(ChangeKind.STARTED, click.call())

    def fail(self, click: Click, failure: Failure) -> list[CallChange]:
        """End the call; nothing happens if a phone rings already, or it ended before."""
        return self._end(click, Outcome.FAILED, failure)

    def fail_all(self, failure: Failure) -> list[CallChange]:
        """End all of them."""
        return [
            change
            for attempt in list(self._attempts.values())
            for change in self.fail(attempt.click, failure)
        ]

    def take_over(self, changes: Iterable[CallChange]) -> None:
        """Leave the calls to the tracker that it tells of: their phone rings."""
        for change in changes:
            self._attempts.pop(change.call.id, None)

    def follow(self, message: Message) -> tuple[list[CallChange], Click | None]:
        """Take a message, after `take_over` of what the tracker made of it.

        Returns:
            What ended, and the click whose phone could not even ring: only the state of the phone tells why.
        """
        attempt = self._attempts.get(CallId(message.get("Uniqueid", "")))
        if attempt is None:
            return [], None
        match message.get("Event"):
            case "Newchannel":
                attempt.has_channel = True
            case "Hangup":
                return self._end(attempt.click, outcome.of_silent_phone(message.get("Cause"))), None
            case "OriginateResponse" if message.get("Response") == "Failure" and not attempt.has_channel:
                return [], attempt.click
            case _:
                pass
        return [], None

    def _end(self, click: Click, result: Outcome, failure: Failure | None = None) -> list[CallChange]:
        if self._attempts.pop(click.id, None) is None:
            return []
        call = replace(click.call(), state=CallState.ENDED, outcome=result, failure=failure)
        return [CallChange(ChangeKind.ENDED, call)]
