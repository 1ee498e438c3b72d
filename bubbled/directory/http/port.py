"""Requests and answers as values, so that what decides on them needs no network."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from bubbled.error import DirectoryError

if TYPE_CHECKING:
    from collections.abc import Mapping


class UnsentError(DirectoryError):
    """Nothing of the request has left this computer, so that it may be made again whatever it asks for."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a server.

    Attributes:
        url: absolute, with its query, everything in it already quoted.
        headers: without those that belong to the connection; may hold credentials, so it never goes to a log.
        body: None where there is none.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Response:
    """What the server answered; the names of `headers` are in lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = field(default=b"", repr=False)


class Transport(Protocol):
    """Carries requests to one source and its answers back."""

    async def send(self, request: Request) -> Response:
        """The answer, whatever its status. Redirects are followed only within the host of the request.

        Raises:
            DirectoryError: there is none, or none that may be used: no such host, refused, cut off, a
                certificate that is not theirs, too large, a redirect elsewhere. Its text names the host, but
                no path, query or secret.
            UnsentError: the same, where it is sure that no server has seen the request.
        """

    async def aclose(self) -> None:
        """Close the connections; may be called twice."""
