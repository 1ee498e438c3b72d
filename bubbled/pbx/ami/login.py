"""Proving to the PBX who we are (AMI actions Challenge and Login, docs.asterisk.org)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from bubbled.pbx.ami.error import ActionRefusedError, LoginRefusedError
from bubbled.pbx.consequence import NO_CALLS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bubbled.pbx.ami.action import Action
    from bubbled.pbx.ami.framing import Message


class LoginMethod(StrEnum):
    """How the secret is shown.

    `AUTO` answers a challenge, so that the secret itself never travels. If the PBX gives no challenge, as
    some AMI proxies, it sends the secret where nobody can listen: over TLS or to this computer itself.
    """

    AUTO = "auto"
    MD5 = "md5"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Credentials:
    """A manager account of the PBX (manager.conf)."""

    username: str
    secret: str = field(repr=False)
    method: LoginMethod = LoginMethod.AUTO


async def log_in(
    ask: Callable[[Action], Awaitable[Message]], credentials: Credentials, *, is_private: bool
) -> None:
    """Log in over a fresh connection; `is_private` tells that nobody can listen to it.

    Raises:
        LoginRefusedError: the PBX does not take these credentials, or would only take them in the open.
        PbxError: the connection failed meanwhile.
    """
    proof = await _proof(ask, credentials, is_private=is_private)
    try:
        await ask({"Action": "Login", "Username": credentials.username, **proof})
    except ActionRefusedError as refusal:
        reason = refusal.response.get("Message", "no reason given")
        raise LoginRefusedError(
            f"The PBX refuses user {credentials.username!r} ({reason}): {NO_CALLS}. "
            "Check username and secret, and permit= in manager.conf."
        ) from refusal


async def _proof(
    ask: Callable[[Action], Awaitable[Message]], credentials: Credentials, *, is_private: bool
) -> dict[str, str]:
    if credentials.method is LoginMethod.PLAIN:
        return {"Secret": credentials.secret}
    try:
        response = await ask({"Action": "Challenge", "AuthType": "MD5"})
    except ActionRefusedError as refusal:
        if credentials.method is LoginMethod.AUTO and is_private:
            return {"Secret": credentials.secret}
        raise LoginRefusedError(
            "The PBX offers no MD5 login, and without TLS the secret would travel in the open: "
            f"{NO_CALLS}. Switch TLS on, in manager.conf and in the settings."
        ) from refusal
    key = response.get("Challenge", "") + credentials.secret
    # AMI knows no other digest; the flag lets it work on systems that forbid MD5 for anything newer.
    digest = hashlib.md5(key.encode(), usedforsecurity=False).hexdigest()
    return {"AuthType": "MD5", "Key": digest}
