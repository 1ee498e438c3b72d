"""With which account a source is asked: the headers that say so, put on every request."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from bubbled.directory.http.address import checked, place
from bubbled.directory.http.errand import Errand
from bubbled.directory.port import CredentialsError
from bubbled.error import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bubbled.directory.http.port import Request, Response, Transport
    from bubbled.directory.port import Secret

_LIMIT_S = 90.0  # a keyring may ask the user to unlock it
_OVERDUE = "the key could not be fetched in time: is the keyring locked, or does a command hang?"

_UNAUTHORIZED = 401


class Credentials(Protocol):
    """What a source wants to see before it answers."""

    async def headers(self) -> Mapping[str, str]:
        """The headers for one request.

        Raises:
            CredentialsError: they cannot be had; only the user can mend that.
            DirectoryError: they cannot be had now.
        """

    async def renew(self, refused: Mapping[str, str]) -> bool:
        """After these headers were refused: whether there are others now, with which to try again.

        Raises:
            CredentialsError, DirectoryError: as `headers`.
        """

    async def aclose(self) -> None:
        """End what goes on in the background; may be called twice."""


class NoCredentials:
    """For a source that answers everybody."""

    async def headers(self) -> Mapping[str, str]:
        """None."""
        return {}

    async def renew(self, refused: Mapping[str, str]) -> bool:  # noqa: ARG002 - the protocol's signature
        """Never: there is nothing else to say."""
        return False

    async def aclose(self) -> None:
        """Nothing goes on."""


class ApiKey:
    """A key that never changes, in a header of its own."""

    def __init__(self, secret: Secret, *, header: str = "Authorization", template: str = "Bearer {}") -> None:
        """Send the key in `header`.

        Args:
            secret: fetches the key, when it is first needed and again after it was refused.
            header: `Authorization`, `X-Api-Key`.
            template: how the header says it: `{}` stands for the key, `{base64}` for the key in Base64:
                `Bearer {}`, `Zoho-oauthtoken {}`, `AfasToken {base64}`, `{}`.
        """
        self._header = header
        self._template = template
        self._secret = secret
        self._errand = Errand(self._fetch, limit_s=_LIMIT_S, overdue=_OVERDUE)
        self._known: Mapping[str, str] | None = None

    async def headers(self) -> Mapping[str, str]:
        """See `Credentials.headers`."""
        return await self._errand.run() if self._known is None else self._known

    async def renew(self, refused: Mapping[str, str]) -> bool:
        """Whether the key is another one by now, because the user mended it."""
        if self._known == refused:
            await self._errand.run()
        return self._known != refused

    async def aclose(self) -> None:
        """See `Credentials.aclose`."""
        await self._errand.aclose(grace_s=0)

    async def _fetch(self) -> Mapping[str, str]:
        self._known = {self._header: filled(self._template, await revealed(self._secret))}
        return self._known


class Basic(ApiKey):
    """User name and password (RFC 7617)."""

    def __init__(self, user: str, secret: Secret) -> None:
        """Send `user` and the password that `secret` fetches, both as UTF-8."""
        super().__init__(self._pair, template="Basic {base64}")
        self._user = user
        self._password = secret

    async def _pair(self) -> str:
        return f"{self._user}:{await self._password()}"


class AuthorizedTransport:
    """Puts the credentials on every request, renewed once where they are refused."""

    def __init__(self, transport: Transport, credentials: Credentials) -> None:
        """Send through `transport`, and close both in the end."""
        self._transport = transport
        self._credentials = credentials

    async def send(self, request: Request) -> Response:
        """See `Transport.send`.

        Raises:
            CredentialsError: there are no credentials, or they are refused (401), also when renewed.
        """
        host = place(checked(request.url))
        headers = await self._credentials.headers()
        response = await self._send(request, headers)
        if response.status == _UNAUTHORIZED and await self._credentials.renew(headers):
            response = await self._send(request, await self._credentials.headers())
        if response.status == _UNAUTHORIZED:
            raise CredentialsError(
                f"{host} does not accept our account (401): check key, password or consent in the settings"
            )
        return response

    async def aclose(self) -> None:
        """See `Transport.aclose`; a renewal that is under way comes to its end first."""
        await self._credentials.aclose()
        await self._transport.aclose()

    async def _send(self, request: Request, headers: Mapping[str, str]) -> Response:
        return await self._transport.send(replace(request, headers={**request.headers, **headers}))


async def revealed(secret: Secret) -> str:
    """The secret.

    Raises:
        CredentialsError: it is not where the settings say.
    """
    try:
        return await secret()
    except ConfigError as error:
        raise CredentialsError(str(error)) from None


def filled(template: str, secret: str) -> str:
    """The header that the template makes of a secret; see `ApiKey`."""
    coded = base64.b64encode(secret.encode()).decode("ascii")
    return template.replace("{base64}", coded) if "{base64}" in template else template.replace("{}", secret)
