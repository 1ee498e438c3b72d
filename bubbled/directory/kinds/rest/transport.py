"""From what a preset says of accounts to a transport that shows the user's."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bubbled.directory.http.authorization import ApiKey, AuthorizedTransport, Basic, NoCredentials
from bubbled.directory.http.client import HttpTransport
from bubbled.directory.http.grant import ClientCredentials, RefreshToken
from bubbled.directory.http.oauth import Client, ClientAuthentication, OAuth2
from bubbled.directory.http.token_file import TokenFile
from bubbled.directory.kinds.rest.account import AuthKind
from bubbled.directory.kinds.rest.template import parse
from bubbled.directory.kinds.rest.variables import check_secrets, values_of
from bubbled.error import DirectoryError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from bubbled.directory.http.authorization import Credentials
    from bubbled.directory.http.grant import Grant
    from bubbled.directory.http.port import Request, Response, Transport
    from bubbled.directory.kinds.rest.account import Auth
    from bubbled.directory.kinds.rest.preset import Preset
    from bubbled.directory.kinds.rest.template import Template
    from bubbled.directory.port import Secret


def transport_for(  # noqa: PLR0913 - each is named where it is given
    preset: Preset,
    variables: Mapping[str, str],
    secrets: Mapping[str, Secret],
    *,
    token_file: Path,
    ca_file: Path | None = None,
    over: Transport | None = None,
) -> Transport:
    """A transport that shows the user's account with every request. Nothing is asked or fetched yet.

    Args:
        preset: tells in which way the provider wants it.
        variables: what the user gave for the preset's variables.
        secrets: the preset's secrets.
        token_file: where the refresh tokens are kept that a provider gives in exchange for the user's; each
            directory needs its own.
        ca_file: whom to trust besides the system's authorities.
        over: what carries the requests, instead of HTTP; closed with what is returned.

    Raises:
        ConfigError: variables or secrets are missing, or are not the preset's.
    """
    values = values_of(preset, variables)
    check_secrets(preset, secrets)
    carrier = HttpTransport(ca_file=ca_file) if over is None else over
    if preset.auth.kind is AuthKind.KEY_IN_BODY:
        return KeyInBody(carrier, secrets["key"], preset.auth.place)
    return AuthorizedTransport(carrier, _credentials(preset.auth, values, secrets, token_file, carrier))


class KeyInBody:
    """Puts a secret into the JSON of each request, for providers that want it there."""

    def __init__(self, transport: Transport, secret: Secret, place: Sequence[str | int]) -> None:
        """Send through `transport`, and close it in the end; `place` leads to a text that it replaces."""
        self._transport = transport
        self._key = ApiKey(secret, header="key", template="{}")
        self._place = place

    async def send(self, request: Request) -> Response:
        """See `Transport.send`.

        Raises:
            CredentialsError: the secret is not where the settings say.
        """
        shown = await self._key.headers()
        body = _with_key(json.loads(request.body or b"null"), self._place, shown["key"])
        return await self._transport.send(replace(request, body=json.dumps(body).encode()))

    async def aclose(self) -> None:
        """See `Transport.aclose`."""
        await self._key.aclose()
        await self._transport.aclose()


def _credentials(
    auth: Auth, values: Mapping[str, str], secrets: Mapping[str, Secret], token_file: Path, carrier: Transport
) -> Credentials:
    match auth.kind:
        case AuthKind.API_KEY:
            return ApiKey(secrets["key"], header=auth.header, template=_with_braces(auth.template, "key"))
        case AuthKind.BASIC:
            return Basic(values["username"], secrets["password"])
        case AuthKind.CLIENT_CREDENTIALS:
            return _oauth(auth, values, secrets, ClientCredentials(), carrier)
        case AuthKind.REFRESH_TOKEN:
            grant = RefreshToken(secrets["refresh_token"], TokenFile(token_file))
            return _oauth(auth, values, secrets, grant, carrier)
        case _:
            return NoCredentials()


def _oauth(
    auth: Auth, values: Mapping[str, str], secrets: Mapping[str, Secret], grant: Grant, carrier: Transport
) -> OAuth2:
    client = Client(
        token_url="" if auth.token_url is None else auth.token_url.fill_url(values),
        id=values["client_id"],
        secret=secrets["client_secret"],
        authentication=ClientAuthentication(auth.client_in),
        extra={} if auth.scope is None else {"scope": auth.scope.fill(values)},
    )
    return OAuth2(carrier, client, grant, template=_with_braces(auth.template, "token"))


def _with_braces(template: Template | None, name: str) -> str:
    """`Bearer {}` for `Bearer ${key}`, and `AfasToken {base64}` for `AfasToken ${key|base64}`."""
    template = template or parse(f"Bearer ${{{name}}}")
    return "".join(
        part if isinstance(part, str) else "{base64}" if part.filter == "base64" else "{}"
        for part in template.parts
    )


def _with_key(body: Any, place: Sequence[str | int], key: str) -> Any:
    inner = body
    try:
        for step in place[:-1]:
            inner = inner[step]
        _ = inner[place[-1]]
        inner[place[-1]] = key
    except (TypeError, KeyError, IndexError):
        raise DirectoryError(
            "the body of a request has no room for the key; check auth.place in the preset"
        ) from None
    return body
