"""What a token server answers (RFC 6749, 5). Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, Final

from bubbled.directory.http.answer import is_code
from bubbled.directory.port import CredentialsError
from bubbled.error import DirectoryError

MARGIN_S: Final = 20.0
"""So long before its end a token is renewed. Exact refuses to renew one more than 30 seconds before."""

_LONGEST_LIFE_S = 24 * 3600.0
_LONGEST_TEXT = 16 * 1024
_MUST_CONNECT = frozenset(
    {"invalid_grant", "invalid_code", "access_denied", "interaction_required", "consent_required"}
)
_WRONG_CLIENT = frozenset(
    {"invalid_client", "unauthorized_client", "invalid_client_secret", "invalid_client_id"}
)


@dataclass(frozen=True, slots=True)
class Token:
    """An access token, and what came with it.

    Attributes:
        good_until: on the clock of whoever asked for it, in seconds.
        refresh: the refresh token for the next time, where there is a new one.
    """

    access: str = field(repr=False)
    good_until: float
    refresh: str | None = field(default=None, repr=False)

    def is_good_at(self, now: float) -> bool:
        """Whether it can still be used."""
        return now < self.good_until


def read_token(value: Any, host: str, asked_at: float) -> Token:
    """What the JSON value of a token server's answer says.

    Raises:
        CredentialsError: it says that the account is not accepted; some say so with status 200.
        DirectoryError: it is no such answer.
    """
    answer = value if isinstance(value, dict) else {}
    access = _text(answer, "access_token")
    if access is None:
        code = answer.get("error")
        if isinstance(code, str):
            raise refused(host, (code,) if is_code(code) else ())
        raise DirectoryError(f"{host} answers without a token: is it the address that gives tokens?")
    return Token(
        access=access,
        good_until=asked_at + _life_s(answer.get("expires_in")),
        refresh=_text(answer, "refresh_token"),
    )


def refused(host: str, codes: tuple[str, ...]) -> CredentialsError:
    """That a token server gives none, for the reason that its codes tell (RFC 6749, 5.2)."""
    said = f"{host} gives no token ({codes[0]})" if codes else f"{host} gives no token"
    if _MUST_CONNECT & set(codes):
        return CredentialsError(
            f"{said}: the permission has ended or was withdrawn; allow bubbled anew, and put the new refresh "
            "token into the settings"
        )
    if _WRONG_CLIENT & set(codes):
        return CredentialsError(f"{said}: client id or client secret is wrong, or has expired; check both")
    return CredentialsError(f"{said}: check the account, its scope and its other fields in the settings")


def _life_s(expires_in: Any) -> float:
    """How long it is used; a server that does not say refuses it in time."""
    try:
        life_s = float(expires_in)
    except (TypeError, ValueError, OverflowError):
        return _LONGEST_LIFE_S
    if not math.isfinite(life_s):
        return _LONGEST_LIFE_S
    life_s = min(max(life_s, 0.0), _LONGEST_LIFE_S)
    return life_s - min(MARGIN_S, life_s / 2)


def _text(answer: dict[str, Any], key: str) -> str | None:
    text = answer.get(key)
    is_token = isinstance(text, str) and 0 < len(text) <= _LONGEST_TEXT and all("!" <= c <= "~" for c in text)
    return text if is_token else None
