"""What an account shows to be given an access token (RFC 6749)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import structlog

from bubbled.directory.http.authorization import revealed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bubbled.directory.http.token_file import TokenFile
    from bubbled.directory.port import Secret

_log = structlog.get_logger()


class Grant(Protocol):
    """One way to ask for an access token."""

    async def form(self) -> Mapping[str, str]:
        """The fields of the question, without those of the client.

        Raises:
            CredentialsError: they cannot be had.
        """

    async def keep(self, refresh_token: str) -> None:
        """Take note of the refresh token that came with the answer."""


class ClientCredentials:
    """The program has an account of its own (RFC 6749, 4.4)."""

    async def form(self) -> Mapping[str, str]:
        """See `Grant.form`."""
        return {"grant_type": "client_credentials"}

    async def keep(self, refresh_token: str) -> None:
        """Forget it: the client's secret does the same."""


@dataclass(slots=True)
class RefreshToken:
    """The user has once allowed the program to act for them (RFC 6749, 6).

    Attributes:
        secret: fetches the refresh token that the user was given then.
        file: where later ones are kept, for sources that give a new one at every use; several processes may
            share it.
    """

    secret: Secret
    file: TokenFile
    _first: str = field(default="", repr=False)
    _unwritten: str | None = field(default=None, repr=False)

    async def form(self) -> Mapping[str, str]:
        """See `Grant.form`."""
        first = await revealed(self.secret)
        if first != self._first:
            self._first, self._unwritten = first, None
        token = self._unwritten or await asyncio.to_thread(self.file.read, first) or first
        return {"grant_type": "refresh_token", "refresh_token": token}

    async def keep(self, refresh_token: str) -> None:
        """See `Grant.keep`; where it cannot be written it is known as long as the program runs."""
        self._unwritten = refresh_token
        try:
            await asyncio.to_thread(self.file.write, self._first, refresh_token)
        except OSError as error:
            _log.warning(
                "a new refresh token cannot be kept: after a restart the account may have to be allowed anew",
                file=str(self.file.path),
                reason=error.strerror,
            )
        else:
            self._unwritten = None
