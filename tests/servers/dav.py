"""What the CardDAV servers share: an account with an address book, and a client that fills it."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING

import aiohttp

if TYPE_CHECKING:
    from pathlib import Path

    from tests.servers.process import Server

USER, PASSWORD = "user", "geheim met ü"

_BOOK = """<?xml version="1.0"?>
<d:mkcol xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:carddav"><d:set><d:prop>
<d:resourcetype><d:collection/><c:addressbook/></d:resourcetype>
</d:prop></d:set></d:mkcol>"""


@dataclass(frozen=True, slots=True)
class DavAccount:
    """An account on a server that runs.

    Attributes:
        url: of the server: `http://127.0.0.1:5232`.
        home: the path under which its address books are.
        ca_file: whom to trust, where the server speaks TLS.
    """

    server: Server
    url: str
    home: str
    ca_file: Path | None = None

    def book(self, name: str = "addressbook") -> str:
        """The path of an address book."""
        return f"{self.home}{name}/"

    async def make_book(self, name: str) -> None:
        """Make an address book (RFC 5689)."""
        await self._ask("MKCOL", self.book(name), _BOOK)

    async def remove_book(self, name: str) -> None:
        """Remove an address book with all cards."""
        await self._ask("DELETE", self.book(name))

    async def put(self, card: str, text: str, book: str = "addressbook") -> None:
        """Add or change a card, named as a part of a path; `vcard` writes one."""
        vcard = text.replace("END:VCARD", f"UID:{card}\r\nEND:VCARD")
        await self._ask("PUT", f"{self.book(book)}{card}", vcard, "text/vcard; charset=utf-8")

    async def remove(self, card: str, book: str = "addressbook") -> None:
        """Remove a card."""
        await self._ask("DELETE", f"{self.book(book)}{card}")

    async def _ask(self, method: str, path: str, body: str = "", kind: str = "application/xml") -> None:
        tls: ssl.SSLContext | bool = ssl.create_default_context(cafile=self.ca_file) if self.ca_file else True
        auth = {"Authorization": aiohttp.encode_basic_auth(USER, PASSWORD, encoding="utf-8")}
        async with (
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=tls)) as session,
            session.request(
                method, self.url + path, data=body.encode(), headers={"Content-Type": kind, **auth}
            ) as answer,
        ):
            if answer.status >= 300:
                raise RuntimeError(f"{method} {path}: {answer.status} {await answer.text()}")
        await asyncio.sleep(0)  # lets the connection close


def vcard(name: str, *numbers: str, more: str = "") -> str:
    """A card; `more` holds further lines."""
    lines = ["BEGIN:VCARD", "VERSION:3.0", f"FN:{name}", f"N:{name};;;;"]
    lines += [f"TEL;TYPE=CELL:{number}" for number in numbers]
    return "\r\n".join([*lines, *filter(None, [more]), "END:VCARD", ""])
