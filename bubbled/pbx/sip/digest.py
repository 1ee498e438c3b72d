"""Proving to a SIP server who we are: digest authentication (RFC 3261, 22; RFC 7616; RFC 8760). Pure."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_PARAMETER = re.compile(r'(?<![\w-])([\w-]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^\s,"]+)')
_QUOTED_PAIR = re.compile(r"\\(.)")
_STRENGTH: Final = ("MD5", "SHA-256")
"""What bubbled can answer, weakest first."""


@dataclass(frozen=True, slots=True)
class Account:
    """A SIP account.

    Attributes:
        user: the user part of its address.
        secret: its password.
        auth_user: the name that goes with the password.
    """

    user: str
    secret: str = field(repr=False)
    auth_user: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """What a server asks to be answered.

    Attributes:
        header: in which the answer belongs: `Authorization` or `Proxy-Authorization`.
        algorithm: `MD5` or `SHA-256`.
        has_qop: whether the server knows `qop=auth`, which counts the uses of a nonce.
        is_stale: whether only the nonce of the earlier answer was too old, not the answer wrong.
    """

    header: str
    algorithm: str
    realm: str
    nonce: str
    opaque: str | None
    has_qop: bool
    is_stale: bool


def strongest(www: Iterable[str], proxy: Iterable[str]) -> Challenge | None:
    """Choose among the values of `WWW-Authenticate` and `Proxy-Authenticate`; None: none can be answered."""
    offered = [
        *(challenge for value in www if (challenge := _read("Authorization", value)) is not None),
        *(challenge for value in proxy if (challenge := _read("Proxy-Authorization", value)) is not None),
    ]
    return max(offered, key=lambda challenge: _STRENGTH.index(challenge.algorithm), default=None)


def _read(header: str, value: str) -> Challenge | None:
    scheme, _, rest = value.partition(" ")
    told = {name.lower(): _unquoted(text) for name, text in _PARAMETER.findall(rest)}
    algorithm = told.get("algorithm", "MD5").upper()
    qops = [word.strip().lower() for word in told.get("qop", "").split(",")]
    # A server that wants only auth-int cannot be answered; one that says nothing is of before RFC 2617.
    is_answerable = "auth" in qops or qops == [""]
    if scheme.lower() != "digest" or algorithm not in _STRENGTH or "nonce" not in told or not is_answerable:
        return None
    return Challenge(
        header=header,
        algorithm=algorithm,
        realm=told.get("realm", ""),
        nonce=told["nonce"],
        opaque=told.get("opaque"),
        has_qop="auth" in qops,
        is_stale=told.get("stale", "").lower() == "true",
    )


def answer(  # noqa: PLR0913 - as many things go into the digest
    challenge: Challenge, account: Account, *, method: str, uri: str, count: int, cnonce: str
) -> str:
    """Write the value of `challenge.header` for one request.

    Args:
        challenge: of the server.
        account: whose secret proves it.
        method: of the request.
        uri: the target of the request, as it stands there.
        count: how often the nonce has been used, this time included.
        cnonce: never used before with this nonce.
    """
    secret = _hash(challenge, f"{account.auth_user}:{challenge.realm}:{account.secret}")
    request = _hash(challenge, f"{method}:{uri}")
    fresh = f"{count:08x}:{cnonce}:auth:" if challenge.has_qop else ""
    parts = {
        "username": _quoted(account.auth_user),
        "realm": _quoted(challenge.realm),
        "nonce": _quoted(challenge.nonce),
        "uri": _quoted(uri),
        "response": _quoted(_hash(challenge, f"{secret}:{challenge.nonce}:{fresh}{request}")),
        "algorithm": challenge.algorithm,
    }
    if challenge.has_qop:
        parts |= {"qop": "auth", "nc": f"{count:08x}", "cnonce": _quoted(cnonce)}
    if challenge.opaque is not None:
        parts["opaque"] = _quoted(challenge.opaque)
    return "Digest " + ", ".join(f"{name}={text}" for name, text in parts.items())


def _hash(challenge: Challenge, text: str) -> str:
    if challenge.algorithm == "SHA-256":
        return hashlib.sha256(text.encode()).hexdigest()
    # What a server that knows nothing newer asks for; the flag lets it work where MD5 is otherwise forbidden.
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _unquoted(text: str) -> str:
    return _QUOTED_PAIR.sub(r"\1", text[1:-1]) if text.startswith('"') else text
