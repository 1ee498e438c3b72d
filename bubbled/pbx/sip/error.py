"""What can go wrong with a SIP account, told so that the user can act."""

from __future__ import annotations

import socket
import ssl
from typing import TYPE_CHECKING, Final

from bubbled.error import PbxError
from bubbled.pbx.consequence import NO_CALLS
from bubbled.pbx.sip.subscription import NO_ANSWER, NO_NOTIFY

if TYPE_CHECKING:
    from bubbled.pbx.sip.access import SipAccess
    from bubbled.pbx.sip.subscription import Ending

_CHALLENGED: Final = frozenset({401, 407})
_UNKNOWN_METHODS: Final = frozenset({405, 489, 501})


class SipUnreachableError(PbxError):
    """There is no subscription for now; trying again may help, `retry_after_s` tells from when on."""

    def __init__(self, text: str, retry_after_s: int = 0) -> None:
        super().__init__(text)
        self.retry_after_s = retry_after_s


class HintMissingError(SipUnreachableError):
    """The PBX tells nothing of this extension: it knows no hint for it."""


class SipRefusedError(PbxError):
    """The PBX does not accept the account, or what it asks for; trying again soon does harm (fail2ban)."""


def may_do_elsewhere(reason: PbxError) -> bool:
    """Whether another address of the same host may do better."""
    return isinstance(reason, SipUnreachableError) and not isinstance(reason, HintMissingError)


def unreachable(error: OSError | TimeoutError, access: SipAccess) -> SipUnreachableError:
    """Say what an error of socket, DNS or TLS means for the user."""
    match error:
        case ssl.SSLCertVerificationError():
            what = f"shows a certificate that is not to be trusted ({error.verify_message})"
            todo = "Give the authority that signed it (ca_file), and the host name that it is made out to."
        case ssl.SSLError():
            what = f"does not speak TLS ({error.reason or error})"
            todo = "Check the port (TLS is mostly 5061), or choose another transport."
        case socket.gaierror():
            what = "has a name that is not known"
            todo = "Check the host name and this computer's network."
        case ConnectionRefusedError():
            what = "refuses connections"
            todo = "Check host, port and transport: not every PBX offers TCP or TLS."
        case TimeoutError():
            what = "does not answer"
            todo = "Check host, port, transport and firewall."
        case _:
            what = f"cannot be reached ({error.strerror or error})"
            todo = "Check host, port and this computer's network."
    return SipUnreachableError(f"The PBX at {access.place} {what}: {NO_CALLS} until it works. {todo}")


def lost(access: SipAccess, how: str) -> SipUnreachableError:
    """Say that the connection has ended."""
    return SipUnreachableError(
        f"The connection to the PBX at {access.place} {how}: {NO_CALLS} until it is back."
    )


def failure_of(ending: Ending, access: SipAccess) -> PbxError:
    """Say why there is no subscription, and whose hands can mend it."""
    said = f"{ending.status} {ending.words}".strip()
    who = access.account.auth_user
    match ending.status:
        case 0:
            return _without_status(ending, access)
        case status if status in _CHALLENGED:
            return _unproven(ending, access)
        case 403:
            return SipRefusedError(
                f"The PBX at {access.place} does not let {who!r} follow {access.extension} ({said}): "
                f"{NO_CALLS}. Ask its administrator for allow_subscribe = yes on that endpoint."
            )
        case 404:
            return HintMissingError(
                f"The PBX at {access.place} has no hint for {access.extension} ({said}): {NO_CALLS}. "
                f"Ask its administrator for exten => {access.extension},hint,PJSIP/{access.extension} in the "
                "context where the account subscribes."
            )
        case status if status in _UNKNOWN_METHODS:
            return SipRefusedError(
                f"The PBX at {access.place} does not tell about calls by SIP ({said}): {NO_CALLS}. "
                "It needs AMI: ask its administrator for an account in manager.conf."
            )
        case _:
            return SipUnreachableError(
                f"The PBX at {access.place} does not let us follow {access.extension} now ({said}): "
                f"{NO_CALLS} until it does. bubbled keeps asking.",
                ending.retry_after_s or 0,
            )


def _unproven(ending: Ending, access: SipAccess) -> SipRefusedError:
    who = access.account.auth_user
    if ending.is_stale:
        return SipRefusedError(
            f"For the PBX at {access.place} each proof of the password of {who!r} comes too late (stale): "
            f"{NO_CALLS}. Ask its administrator whether several servers share that name, of which one does "
            "not know what another has asked for. bubbled tries again in some minutes."
        )
    return SipRefusedError(
        f"The PBX at {access.place} refuses the password of {who!r}: {NO_CALLS}. "
        "Check username, auth_username and secret."
    )


def _without_status(ending: Ending, access: SipAccess) -> PbxError:
    if ending.words == NO_ANSWER:
        return unreachable(TimeoutError(), access)
    if ending.words == NO_NOTIFY:
        return SipUnreachableError(
            f"The PBX at {access.place} accepts us, but tells nothing about {access.extension}: {NO_CALLS}. "
            "Ask its administrator whether transport= of that endpoint names another transport than "
            "ours, and whether a NAT is in between (then rewrite_contact = yes)."
        )
    return SipUnreachableError(
        f"The PBX at {access.place} does not keep us informed about {access.extension} ({ending.words}): "
        f"{NO_CALLS} until it does. bubbled keeps asking.",
        ending.retry_after_s or 0,
    )
