"""What a preset says of accounts: what the user must give, and where requests show it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, Literal, Self

from pydantic import model_validator

from bubbled.directory.kinds.rest.value import CredentialTemplate, OneTemplate
from bubbled.settings.value import Lax, Many, Section, Text


class AuthKind(StrEnum):
    """How a server knows that we may ask."""

    NONE = "none"
    API_KEY = "api_key"
    """The secret `key` in a header."""
    KEY_IN_BODY = "key_in_body"
    """The secret `key` within the JSON of each request."""
    BASIC = "basic"
    """The variable `username` and the secret `password` (RFC 7617)."""
    CLIENT_CREDENTIALS = "oauth2_client_credentials"
    """The variable `client_id` and the secret `client_secret`, exchanged for a token (RFC 6749, 4.4)."""
    REFRESH_TOKEN = "oauth2_refresh_token"  # noqa: S105 - the name of a way, as in presets
    """The same with the secret `refresh_token`, which the user got by allowing it once (RFC 6749, 6)."""


SECRETS: Final[Mapping[AuthKind, tuple[str, ...]]] = {
    AuthKind.NONE: (),
    AuthKind.API_KEY: ("key",),
    AuthKind.KEY_IN_BODY: ("key",),
    AuthKind.BASIC: ("password",),
    AuthKind.CLIENT_CREDENTIALS: ("client_secret",),
    AuthKind.REFRESH_TOKEN: ("client_secret", "refresh_token"),
}
"""The secrets that the user must give."""

OWN_VARIABLES: Final[Mapping[AuthKind, tuple[str, ...]]] = {
    AuthKind.BASIC: ("username",),
    AuthKind.CLIENT_CREDENTIALS: ("client_id",),
    AuthKind.REFRESH_TOKEN: ("client_id",),
}
"""The variables that a preset must describe, because they are used without standing in a template."""

_OAUTH = (AuthKind.CLIENT_CREDENTIALS, AuthKind.REFRESH_TOKEN)


class Auth(Section):
    """How the server knows that we may ask.

    Attributes:
        header: where the key or the token goes.
        template: what stands there: text with `${key}`, or with `${token}` for OAuth 2.
        place: for `key_in_body`: the keys and positions that lead to where the key goes.
        token_url: for OAuth 2: where tokens are given out.
        scope: for OAuth 2: what is asked for; None: what the client may.
        client_in: for OAuth 2: how the client names itself (RFC 6749, 2.3.1).
    """

    kind: Lax[AuthKind]
    header: Text = "Authorization"
    template: CredentialTemplate | None = None
    place: Many[Text | int] = ()
    token_url: OneTemplate | None = None
    scope: OneTemplate | None = None
    client_in: Literal["body", "basic"] = "body"

    @model_validator(mode="after")
    def _has_what_its_kind_needs(self) -> Self:
        if (self.token_url is not None) != (self.kind in _OAUTH):
            raise ValueError("needs token_url exactly when its kind is one of OAuth 2")
        if bool(self.place) != (self.kind is AuthKind.KEY_IN_BODY):
            raise ValueError('needs place exactly when its kind is "key_in_body"')
        wanted = "token" if self.kind in _OAUTH else "key"
        if self.template is not None and self.template.names != {wanted}:
            raise ValueError(f"must have ${{{wanted}}} in its template")
        return self
