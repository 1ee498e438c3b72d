"""Accounts that are shown by a token which lives for minutes or hours (OAuth 2.0, RFC 6749 and 6750)."""

from __future__ import annotations

import base64
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import quote_plus, urlencode

from bubbled.directory.http.address import checked, place
from bubbled.directory.http.answer import data, error_codes
from bubbled.directory.http.authorization import revealed
from bubbled.directory.http.errand import Errand
from bubbled.directory.http.port import Request
from bubbled.directory.http.token import Token, read_token, refused
from bubbled.directory.port import CredentialsError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bubbled.directory.http.grant import Grant
    from bubbled.directory.http.port import Transport
    from bubbled.directory.port import Secret

_REFUSED = frozenset({400, 401})  # RFC 6749, 5.2
_LIMIT_S = 30.0
_OVERDUE = "the account could not be confirmed in time: its token server does not answer"


class ClientAuthentication(StrEnum):
    """How the program says who it is (RFC 6749, 2.3.1)."""

    BODY = "body"
    BASIC = "basic"


@dataclass(frozen=True, slots=True)
class Client:
    """The program as the token server knows it.

    Attributes:
        token_url: where tokens are given: `https://login.example.com/oauth2/token`.
        secret: None for a public client.
        extra: further fields of the question, such as `scope` or `resource`.
    """

    token_url: str
    id: str
    secret: Secret | None = field(default=None, repr=False)
    authentication: ClientAuthentication = ClientAuthentication.BODY
    extra: Mapping[str, str] = field(default_factory=dict)


class OAuth2:
    """Credentials that get themselves a token, and a new one before it ends or when it is refused."""

    def __init__(
        self,
        transport: Transport,
        client: Client,
        grant: Grant,
        *,
        template: str = "Bearer {}",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Ask through `transport`, which stays the caller's to close.

        `template` says how the Authorization header shows the token: `Bearer {}`, `Zoho-oauthtoken {}`.
        """
        self._transport = transport
        self._client = client
        self._grant = grant
        self._template = template
        self._clock = clock
        self._token: Token | None = None
        self._errand = Errand(self._renewed, limit_s=_LIMIT_S, overdue=_OVERDUE)

    async def token(self) -> Token:
        """A token that is good for now, with what its server told along with it.

        Raises:
            CredentialsError: the account is not accepted; says what to do.
            DirectoryError: the token server does not answer.
        """
        if self._token is not None and self._token.is_good_at(self._clock()):
            return self._token
        return await self._errand.run()

    async def headers(self) -> Mapping[str, str]:
        """See `Credentials.headers`."""
        return self._shown(await self.token())

    async def renew(self, refused: Mapping[str, str]) -> bool:
        """See `Credentials.renew`: True, unless the new token reads like the refused one."""
        if self._token is None or self._shown(self._token) == refused:
            self._token = None
            await self._errand.run()
        return await self.headers() != refused

    async def aclose(self) -> None:
        """See `Credentials.aclose`; a token that is good for one use is not lost halfway."""
        await self._errand.aclose()

    def _shown(self, token: Token) -> Mapping[str, str]:
        return {"Authorization": self._template.replace("{}", token.access)}

    async def _renewed(self) -> Token:
        form = await self._grant.form()
        try:
            token = await self._asked(form)
        except CredentialsError:
            # Another process may have used up the refresh token, and kept its successor, in between.
            again = await self._grant.form()
            if again == form:
                raise
            token = await self._asked(again)
        self._token = token
        if token.refresh is not None and token.refresh != form.get("refresh_token"):
            await self._grant.keep(token.refresh)
        return token

    async def _asked(self, form: Mapping[str, str]) -> Token:
        host = place(checked(self._client.token_url))
        asked_at = self._clock()
        response = await self._transport.send(await self._question(form))
        if response.status in _REFUSED:
            raise refused(host, error_codes(response))
        value = data(response, host, datetime.now(UTC))
        return read_token(value, host, asked_at)

    async def _question(self, form: Mapping[str, str]) -> Request:
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        secret = None if self._client.secret is None else await revealed(self._client.secret)
        fields = {**self._client.extra, **form}
        if self._client.authentication is ClientAuthentication.BASIC:
            headers["Authorization"] = _basic(self._client.id, secret or "")
        else:
            fields["client_id"] = self._client.id
            fields |= {} if secret is None else {"client_secret": secret}
        return Request("POST", self._client.token_url, headers, urlencode(fields).encode("ascii"))


def _basic(client: str, secret: str) -> str:
    """Both are form-encoded before they are joined (RFC 6749, 2.3.1)."""
    pair = f"{quote_plus(client)}:{quote_plus(secret)}"
    return f"Basic {base64.b64encode(pair.encode()).decode('ascii')}"
