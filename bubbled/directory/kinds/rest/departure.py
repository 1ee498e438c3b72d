"""Knows of a request whether a server may have carried it out although no answer came."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bubbled.directory.http.port import Request, UnsentError

if TYPE_CHECKING:
    from bubbled.directory.http.port import Response, Transport


@dataclass(slots=True)
class Fate:
    """What became of one request; `is_open` while it has left and no answer to it has come."""

    is_open: bool = False


@dataclass(frozen=True, slots=True)
class WatchedRequest(Request):
    """A request of which it matters; it stays one when credentials are put on it."""

    fate: Fate = field(default_factory=Fate, repr=False, compare=False)


class WatchedTransport:
    """Carries requests, and notes on watched ones how far they came.

    It stands below whatever adds credentials: that no token could be had is then no doubt about the request.
    """

    def __init__(self, transport: Transport) -> None:
        """Send through `transport`, and close it in the end."""
        self._transport = transport

    async def send(self, request: Request) -> Response:
        """See `Transport.send`."""
        if not isinstance(request, WatchedRequest):
            return await self._transport.send(request)
        request.fate.is_open = True
        try:
            response = await self._transport.send(request)
        except UnsentError:
            request.fate.is_open = False
            raise
        request.fate.is_open = False
        return response

    async def aclose(self) -> None:
        """See `Transport.aclose`."""
        await self._transport.aclose()
