"""What the CardDAV servers share: an account with an address book, and a client that fills it."""

from __future__ import annotations

import ssl
from abc import ABC, abstractmethod
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import aiohttp

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.servers.process import Server

CARDS = "text/vcard; charset=utf-8"
USER, PASSWORD = "user", "geheim met ü"

_BOOK = """<?xml version="1.0"?>
<d:mkcol xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:carddav"><d:set><d:prop>
<d:resourcetype><d:collection/><c:addressbook/></d:resourcetype>
</d:prop></d:set></d:mkcol>"""


@dataclass(frozen=True)
class DavAccount(ABC):
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

    @abstractmethod
    async def fill(self, texts: Sequence[str]) -> None:
        """Put many cards into the address book at once, in place of those that are there."""

    async def empty(self, *others: str) -> None:
        """Begin anew with one address book without cards; `others` are removed where they are there."""
        for name in (*others, "addressbook"):
            with suppress(RuntimeError):
                await self.remove_book(name)
        await self.make_book("addressbook")

    def book(self, name: str = "addressbook") -> str:
        """The path of an address book."""
        return f"{self.home}{name}/"

    async def make_book(self, name: str) -> None:
        """Make an address book (RFC 5689)."""
        await self.ask("MKCOL", self.book(name), _BOOK)

    async def remove_book(self, name: str) -> None:
        """Remove an address book with all cards."""
        await self.ask("DELETE", self.book(name))

    async def put(self, card: str, text: str, book: str = "addressbook") -> None:
        """Add or change a card, named as a part of a path; `vcard` writes one."""
        await self.ask("PUT", f"{self.book(book)}{card}", with_uid(text, card), CARDS)

    async def remove(self, card: str, book: str = "addressbook") -> None:
        """Remove a card."""
        await self.ask("DELETE", f"{self.book(book)}{card}")

    async def ask(self, method: str, path: str, body: str = "", kind: str = "application/xml") -> None:
        """Send a request.

        Raises:
            RuntimeError: it was not done.
        """
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


def with_uid(text: str, uid: str) -> str:
    """The card with what tells it apart from others."""
    return text.replace("\r\n", f"\r\nUID:{uid}\r\n", 1)


def vcard(name: str, *numbers: str, more: str = "") -> str:
    """A card; `more` holds further lines."""
    lines = ["BEGIN:VCARD", "VERSION:3.0", f"FN:{name}", f"N:{name};;;;"]
    lines += [f"TEL;TYPE=CELL:{number}" for number in numbers]
    return "\r\n".join([*lines, *filter(None, [more]), "END:VCARD", ""])
