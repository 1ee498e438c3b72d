"""What can go wrong between bubbled and the Asterisk Manager Interface, told so that the user can act."""

from __future__ import annotations

import errno
import re
import socket
import ssl
from typing import TYPE_CHECKING

from bubbled.error import PbxError
from bubbled.pbx.consequence import NO_CALLS

if TYPE_CHECKING:
    from bubbled.pbx.ami.framing import Message


class ConnectionFailedError(PbxError):
    """The PBX cannot be reached, or the connection ended; trying again may help."""


class LoginRefusedError(PbxError):
    """The PBX does not accept the credentials; trying again soon does harm (fail2ban)."""


class NotConnectedError(PbxError):
    """An action was not sent because there is no connection; it did not happen."""

    def __init__(self, action: str) -> None:
        super().__init__(f"There is no connection to the PBX: {action} was not done. Try again soon.")


class UnsafeActionError(PbxError, ValueError):
    """An action was not sent because its text could be read as another action; it did not happen."""


class ActionRefusedError(PbxError):
    """The PBX answered `Response: Error`; the action did not happen. `response` holds the whole answer."""

    def __init__(self, action: str, response: Message) -> None:
        super().__init__(
            f"The PBX refuses {action} ({response.get('Message', 'no reason given')}): it was not done. "
            "Ask the PBX administrator whether the manager account may do it."
        )
        self.response = response


class ActionUnknownError(PbxError):
    """An action was sent and its answer never came; it may or may not have happened, so nobody repeats it."""

    def __init__(self, action: str, why: str) -> None:
        super().__init__(
            f"{why} before it answered {action}: it may or may not have been done. Look before you repeat it."
        )


def connection_failure(error: OSError, place: str) -> ConnectionFailedError:
    """Say what an error of socket, DNS or TLS means for the user; `place` is host and port."""
    match error:
        case ssl.SSLCertVerificationError():
            what = f"shows a certificate that is not to be trusted ({error.verify_message})"
            todo = "Give the file of the authority that signed it, and the host name that it is made out to."
        case ssl.SSLError():
            what = f"does not speak TLS ({error.reason or error})"
            todo = "Check the port (TLS is mostly 5039), or switch TLS off."
        case socket.gaierror():
            what = "has a name that is not known"
            todo = "Check the host name and this computer's network."
        case OSError() if _is_refused(error):
            what = "refuses connections"
            todo = (
                "Check host and port, and that manager.conf says enabled = yes and binds to this network; "
                "for TLS it must say tlsenable = yes too, else set tls = false."
            )
        case TimeoutError():
            what = "does not answer"
            todo = "Check host, port, firewall, and whether this port wants TLS."
        case _:
            what = f"cannot be reached ({error.strerror or error})"
            todo = "Check host, port and this computer's network."
    return ConnectionFailedError(f"The PBX at {place} {what}: {NO_CALLS} until it works. {todo}")


def _is_refused(error: OSError) -> bool:
    """Whether nobody listens; of a host with several addresses, asyncio tells the errors in text alone."""
    return isinstance(error, ConnectionRefusedError) or set(re.findall(r"\[Errno (\d+)\]", str(error))) == {
        str(errno.ECONNREFUSED)
    }
