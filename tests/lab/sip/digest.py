"""The answer of a phone to a digest challenge (RFC 2617)."""

from __future__ import annotations

import re
from hashlib import md5
from secrets import token_hex


def authorization(challenge: str, method: str, uri: str, user: str, secret: str) -> str:
    """Return the Authorization value for a `WWW-Authenticate` or `Proxy-Authenticate` value."""
    asked: dict[str, str] = dict(re.findall(r'(\w+)=(?:"?)([^",]*)', challenge))
    realm, nonce = asked["realm"], asked["nonce"]
    who, what = _hash(user, realm, secret), _hash(method, uri)
    said = {"username": user, "realm": realm, "nonce": nonce, "uri": uri}
    if "opaque" in asked:
        said["opaque"] = asked["opaque"]
    if "qop" not in asked:
        return _digest(said | {"response": _hash(who, nonce, what)})
    own = token_hex(8)
    response = _hash(who, nonce, "00000001", own, "auth", what)
    return _digest(said | {"cnonce": own, "response": response}, "qop=auth", "nc=00000001")


def _digest(quoted: dict[str, str], *plain: str) -> str:
    return "Digest " + ", ".join(
        [*(f'{key}="{value}"' for key, value in quoted.items()), "algorithm=MD5", *plain]
    )


def _hash(*parts: str) -> str:
    return md5(":".join(parts).encode()).hexdigest()  # noqa: S324 (what Asterisk asks of its phones)
