"""What `bubbled doctor` looks at where calls are followed by SIP."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bubbled.control.check import Check, Verdict
from bubbled.error import PbxError
from bubbled.pbx.sip.access import Transport
from bubbled.pbx.sip.address import Addresses
from bubbled.pbx.sip.error import may_do_elsewhere
from bubbled.pbx.sip.referrer import PhoneLink, accepts_refer
from bubbled.pbx.sip.session import Session

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bubbled.pbx.sip.access import SipAccess
    from bubbled.pbx.sip.dialog_info import DialogInfo

_ANSWER_S: Final = 6.0
_MOST_ADDRESSES: Final = 3
"""Of one host; whoever waits for the doctor would rather know."""
_ASTERISK = re.compile(r"Asterisk PBX (?:certified/)?(\d+)\.(\d+)")
_TELLS_SINCE: Final = {16: 19, 17: 0, 18: 5}
"""The first release of each version that tells who calls; 17 never did."""


async def by_sip(access: SipAccess) -> Sequence[Check]:
    """Subscribe as the daemon does, and see what the PBX tells and takes."""
    patient = replace(access, limits=replace(access.limits, answer_s=min(_ANSWER_S, access.limits.answer_s)))
    addresses, left = Addresses(), _MOST_ADDRESSES
    while True:
        left -= 1
        try:
            return await _subscribed(patient, addresses)
        except PbxError as error:
            if not (left and may_do_elsewhere(error) and addresses.failed()):
                return [Check("SIP", Verdict.FAILED, str(error))]


async def _subscribed(access: SipAccess, addresses: Addresses) -> Sequence[Check]:
    """See what it is like at one of the host's addresses; raises PbxError when nothing comes of it."""
    first: asyncio.Future[DialogInfo] = asyncio.get_running_loop().create_future()

    def learned(info: DialogInfo) -> None:
        if not first.done():
            first.set_result(info)

    session = await Session.begin(access, on_info=learned, addresses=addresses)
    try:
        await asyncio.wait((first, session.over), return_when=asyncio.FIRST_COMPLETED)
        if session.over.done():
            raise session.over.result()
        return [
            _account(access, session),
            _transport(access),
            _disclosure(session.agent.software, first.result()),
            await _calling(access, session),
        ]
    finally:
        await session.aclose()


def _account(access: SipAccess, session: Session) -> Check:
    challenge = session.agent.challenge
    proof = "without a password" if challenge is None else f"password shown by {challenge.algorithm}"
    software = session.agent.software[:60] or "which does not say what it is"
    return Check("SIP", Verdict.OK, f"follows {access.extension} at {access.place}, {software}, {proof}")


def _transport(access: SipAccess) -> Check:
    match access.transport:
        case Transport.TLS:
            return Check("Transport", Verdict.OK, "TLS, certificate checked")
        case Transport.TCP:
            return Check("Transport", Verdict.OK, "TCP")
        case Transport.UDP:
            blind_s = round(access.expires_s * 0.8)
            text = f"UDP: that the PBX was restarted is noticed only after up to {blind_s} s"
            advice = (
                'Say transport = "tls" or "tcp", if the PBX offers it: a restart is then noticed at once.'
            )
            return Check("Transport", Verdict.WARNING, text, advice)


def _disclosure(software: str, info: DialogInfo) -> Check:
    name = "Callers"
    if any(dialog.call_id for dialog in info.dialogs):
        return Check(name, Verdict.OK, "the PBX tells each call by itself")
    version = _ASTERISK.match(software)
    if version is None:
        return Check(name, Verdict.OK, "whether the PBX tells who calls will show with the first call")
    major, minor = int(version[1]), int(version[2])
    if major < min(_TELLS_SINCE) or major == 17 or minor < _TELLS_SINCE.get(major, 0):  # noqa: PLR2004 - see above
        advice = "Asterisk tells who calls from 16.19, 18.5 and 19 on; or ask for an AMI account."
        return Check(name, Verdict.FAILED, f"Asterisk {major}.{minor} does not tell who calls", advice)
    return Check(name, Verdict.OK, f"Asterisk {major}.{minor} tells who calls, while it rings")


async def _calling(access: SipAccess, session: Session) -> Check:
    phone = PhoneLink()
    try:
        asked = session if access.phone is None else await phone.exchange(access)
        is_taken = asked is not None and await accepts_refer(asked, extension=access.extension)
    finally:
        await phone.aclose()
    if is_taken:
        return Check("Calling", Verdict.OK, "your phone can be asked to call (REFER)")
    if access.phone is not None:
        text = f"your phone at {access.phone[0]} does not take wishes to call (REFER)"
        advice = "See whether it can be told to; else calling from the computer needs AMI."
        return Check("Calling", Verdict.WARNING, text, advice)
    return Check("Calling", Verdict.SKIPPED, "calling from the computer needs AMI: REFER is not taken here")
