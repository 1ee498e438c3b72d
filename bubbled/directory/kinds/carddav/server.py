"""A WebDAV server, asked in its own words."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bubbled.directory.http.address import checked, place
from bubbled.directory.http.answer import RefusalError, refusal
from bubbled.directory.http.port import Request
from bubbled.directory.kinds.carddav.multistatus import read_multistatus
from bubbled.directory.kinds.carddav.path import path_of
from bubbled.error import DirectoryError

if TYPE_CHECKING:
    from bubbled.directory.http.port import Transport
    from bubbled.directory.kinds.carddav.multistatus import Multistatus

_MULTISTATUS = 207


class DavServer:
    """One server; in its answers `href` is the path of a resource, and what is on other hosts is left out."""

    def __init__(self, url: str, transport: Transport) -> None:
        """Ask the server of this address through `transport`, which shows our account."""
        self.url = url
        self._transport = transport

    @property
    def host(self) -> str:
        """Its name, for the user.

        Raises:
            DirectoryError: the address is none.
        """
        return place(checked(self.url))

    async def propfind(self, path: str, depth: int, body: bytes) -> Multistatus:
        """Properties of a resource (`depth` 0), also of those in it (1).

        Raises:
            RefusalError: there is no such resource, or it has no properties.
            DirectoryError, CredentialsError, BusyError: as `Transport.send`, and by its status.
        """
        return await self._ask("PROPFIND", path, depth, body)

    async def report(self, path: str, body: bytes) -> Multistatus:
        """A report on an address book; raises as `propfind`."""
        return await self._ask("REPORT", path, 0, body)

    async def aclose(self) -> None:
        """Close the connections; may be called twice."""
        await self._transport.aclose()

    async def _ask(self, method: str, path: str, depth: int, body: bytes) -> Multistatus:
        base = urlsplit(self.url)
        headers = {"Depth": str(depth), "Content-Type": "application/xml; charset=utf-8"}
        request = Request(method, f"{base.scheme}://{base.netloc}{path}", headers, body)
        response = await self._transport.send(request)
        if response.status != _MULTISTATUS:
            problem = refusal(response, self.host, datetime.now(UTC))
            if isinstance(problem, RefusalError):
                raise RefusalError(
                    f"{self.host} answers {response.status}: no address book is at this address; check it",
                    response.status,
                    problem.codes,
                )
            raise problem
        try:
            # In a thread: a megabyte of XML takes longer than a popup may wait.
            return await asyncio.to_thread(_read, response.body, self.url)
        except DirectoryError as problem:
            raise DirectoryError(f"{self.host} {problem}") from None


def _read(body: bytes, url: str) -> Multistatus:
    answer = read_multistatus(body)
    located = ((path_of(each.href, url), each) for each in answer.resources)
    return replace(answer, resources=tuple(replace(each, href=path) for path, each in located if path))
