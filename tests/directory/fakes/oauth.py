"""Where fakes give out OAuth 2 access tokens (RFC 6749), in the varieties that the vendors document."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.directory.fakes.base import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass
class TokenDesk:
    """Gives access tokens for a client's secret (`client_credentials`) or for a refresh token.

    Attributes:
        grants: the grant types that the vendor knows.
        rotates: whether each refresh token is good once, and a new one comes with the access token.
        needs: what the form must hold besides; without it the scope is told to be wrong.
        takes_json: whether a JSON object may stand in place of the form.
        extra: what the vendor adds to the answer.
        lifetime: `expires_in` as the vendor writes it; None where it is not told.
        is_revoked: the user took the permission back: every request is refused.
        given: how many access tokens were given out.
    """

    client_id: str = "client-1"
    client_secret: str = "client-secret-1"
    refresh_token: str = "refresh-1"
    grants: tuple[str, ...] = ("refresh_token",)
    rotates: bool = False
    needs: tuple[str, ...] = ()
    takes_json: bool = False
    lifetime: int | str | None = 3600
    extra: Mapping[str, Any] = field(default_factory=dict)
    refusal: Callable[[str], RefusedError] | None = None
    is_revoked: bool = False
    given: int = 0
    access_token: str = ""

    @property
    def credentials(self) -> dict[str, str]:
        """What a client needs; with the refresh token that is good now, where there are any."""
        pair = {"client_id": self.client_id, "client_secret": self.client_secret}
        return pair | ({"refresh_token": self.refresh_token} if "refresh_token" in self.grants else {})

    def expire(self) -> None:
        """Make the access token that is out there worthless; a new one can be had."""
        self.access_token = ""

    def accepts(self, token: str) -> bool:
        """Whether this is the access token that is good now."""
        return bool(token) and token == self.access_token

    async def answer(self, request: web.Request) -> web.Response:
        """Serve the token endpoint."""
        is_json = self.takes_json and "json" in request.content_type
        fields = await request.json() if is_json else await request.post()
        form = {key: str(value) for key, value in fields.items()}
        self._check(form, request.headers.get("Authorization", ""))
        self.given += 1
        self.access_token = f"access-{self.given}"
        answer = {"access_token": self.access_token, "token_type": "Bearer", **self.extra}
        if self.lifetime is not None:
            answer["expires_in"] = self.lifetime
        if self.rotates:
            self.refresh_token = f"refresh-{self.given + 1}"
            answer["refresh_token"] = self.refresh_token
        return web.json_response(answer, headers={"Cache-Control": "no-store"})

    def _check(self, form: Mapping[str, str], authorization: str) -> None:
        grant = form.get("grant_type", "")
        if grant not in self.grants:
            raise self._refused("unsupported_grant_type")
        if any(not form.get(name) for name in self.needs):
            raise self._refused("invalid_scope")
        if (self.client_id, self.client_secret) != _client(form, authorization):
            raise self._refused("invalid_client")
        if self.is_revoked or (grant == "refresh_token" and form.get("refresh_token") != self.refresh_token):
            raise self._refused("invalid_grant")

    def _refused(self, error: str) -> RefusedError:
        if self.refusal is not None:
            return self.refusal(error)
        return RefusedError(401 if error == "invalid_client" else 400, {"error": error})


def _client(form: Mapping[str, str], authorization: str) -> tuple[str, str]:
    """Both ways of RFC 6749, section 2.3.1."""
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() == "basic":
        identity, _, secret = base64.b64decode(encoded).decode().partition(":")
        return identity, secret
    return form.get("client_id", ""), form.get("client_secret", "")


def bearer(request: web.Request, scheme: str = "Bearer") -> str:
    """The token in the Authorization header; empty when there is none of this scheme."""
    given, _, token = request.headers.get("Authorization", "").partition(" ")
    return token if given.lower() == scheme.lower() else ""
