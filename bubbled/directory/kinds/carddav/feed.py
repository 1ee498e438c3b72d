"""Address books on a CardDAV server (RFC 6352): Nextcloud, Radicale, Xandikos, Google and others."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeGuard

from bubbled.directory.http.answer import RefusalError
from bubbled.directory.kinds.carddav.card import contact_in, memory_of
from bubbled.directory.kinds.carddav.discovery import discover, look_again
from bubbled.directory.kinds.carddav.mark import BookMark, Mark
from bubbled.directory.kinds.carddav.multistatus import OK
from bubbled.directory.kinds.carddav.path import LARGEST_CARD, batches
from bubbled.directory.kinds.carddav.question import cards, changes, versions
from bubbled.directory.kinds.carddav.server import DavServer
from bubbled.directory.local.feed import Fetched
from bubbled.directory.port import CredentialsError, Disclosure
from bubbled.error import DirectoryError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bubbled.directory.entry import Entry
    from bubbled.directory.http.port import Transport
    from bubbled.directory.kinds.carddav.discovery import Book, Shelf
    from bubbled.directory.kinds.carddav.multistatus import Multistatus, Resource

MOST_CARDS: Final = 200_000
"""Of all address books together."""

MOST_BOOKS: Final = 1000
"""Each takes a question at every fetch."""

MOST_BYTES: Final = 300_000_000
"""In memory, of the contacts that are fetched at once: some 200,000 with all that address books hold."""

_NOT_ALL = 507  # there is more than the server tells at once (RFC 6578, section 3.6)
_MOST_PORTIONS = 1000


@dataclass(frozen=True, slots=True)
class _Change:
    """What is new in one address book: cards with their lengths, cards that are gone, and how far that is."""

    mark: BookMark
    cards: Mapping[str, int | None] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()


class _ForgottenError(Exception):
    """The server does not know any more what it told us; everything must be fetched."""


class CardDavFeed:
    """The contacts of all address books of an account, or of one; implements `Feed`.

    The id of a contact is the path of its card. Groups, and cards without a name or a phone number, are left
    out. The same person in two address books is two contacts.
    """

    def __init__(self, url: str, transport: Transport) -> None:
        """Fetch through `transport`, which shows our account and is closed with the feed.

        Args:
            url: of the server, of an account, or of one address book: `https://cloud.example.com`.
            transport: answers may have some megabytes: about 300 bytes for each card of a large address book.
        """
        self._server = DavServer(url, transport)

    def disclosures(self) -> tuple[Disclosure, ...]:
        """See `Feed.disclosures`."""
        return (Disclosure(self._server.host, ()),)

    async def aclose(self) -> None:
        """See `Feed.aclose`."""
        await self._server.aclose()

    async def fetch(self, since: str | None, progress: Callable[[int, int | None], None]) -> Fetched:
        """See `Feed.fetch`."""
        mark = Mark.read(since, self._server.url) if since is not None else None
        shelf = await self._shelf(mark)
        progress(0, None)
        if mark is not None and mark.books.keys() <= {book.path for book in shelf.books}:
            try:
                return await self._fetch(shelf, mark, progress)
            except _ForgottenError:
                pass
        return await self._fetch(shelf, None, progress)

    async def _shelf(self, mark: Mark | None) -> Shelf:
        if mark is not None:
            try:
                shelf = await look_again(self._server, mark.place, is_book=mark.is_book)
            except RefusalError:
                return await discover(self._server)
            if shelf.books:
                return shelf
        return await discover(self._server)

    async def _fetch(
        self, shelf: Shelf, mark: Mark | None, progress: Callable[[int, int | None], None]
    ) -> Fetched:
        news = await self._all_news(shelf.books, mark, progress)
        total = sum(len(change.cards) for change in news.values())
        entries: dict[str, Entry] = {}
        gone = set().union(*(change.gone for change in news.values()))
        done = memory = 0
        for path, change in news.items():
            gone |= change.cards.keys()
            for batch in batches(change.cards):
                contacts = await self._contacts(path, batch)
                memory += sum(map(memory_of, contacts.values()))
                self._check(memory <= MOST_BYTES, "more text on its cards than bubbled keeps")
                entries |= contacts
                done += len(batch)
                progress(done, total)
        marks = {path: change.mark for path, change in news.items()}
        token = Mark(self._server.url, shelf.place, shelf.is_book, marks).written()
        return Fetched(entries, frozenset(gone - entries.keys()), token, is_all=mark is None)

    async def _all_news(
        self, books: Sequence[Book], mark: Mark | None, progress: Callable[[int, int | None], None]
    ) -> dict[str, _Change]:
        self._check(len(books) <= MOST_BOOKS, f"more than {MOST_BOOKS} address books")
        news: dict[str, _Change] = {}
        for book in books:
            news[book.path] = await self._news(book, mark.books.get(book.path) if mark else None)
            self._check_count(sum(map(_size, news.values())))
            progress(0, None)
        return news

    def _check_count(self, cards: int) -> None:
        self._check(cards <= MOST_CARDS, f"more than {MOST_CARDS} cards")

    def _check(self, is_within: bool, excess: str) -> None:  # noqa: FBT001 - reads like an assertion
        if not is_within:
            raise DirectoryError(f"{self._server.host} has {excess}; give one address book")

    async def _news(self, book: Book, known: BookMark | None) -> _Change:
        if known is not None and _is_unchanged(book, known):
            return _Change(known)
        if known is not None and known.token is not None and book.token is None:
            raise _ForgottenError
        if book.token is None or (known is not None and known.token is None):
            return await self._compared(book, known)
        try:
            return await self._reported(book, known.token if known else None)
        except RefusalError:
            return await self._compared(book, None)

    async def _reported(self, book: Book, token: str | None) -> _Change:
        """What the server itself says has changed since a token."""
        found: dict[str, int | None] = {}
        gone: set[str] = set()
        for _ in range(_MOST_PORTIONS):
            answer = await self._report(book, token)
            told = _inside(book.path, answer)
            gone = (gone - told.keys()) | {path for path, each in told.items() if each.status != OK}
            found = {path: length for path, length in found.items() if path not in gone}
            found |= {path: each.length for path, each in told.items() if each.status == OK}
            self._check_count(len(found) + len(gone))
            is_all = not any(each.status == _NOT_ALL for each in answer.resources)
            if is_all or answer.token in {None, token}:
                return _Change(BookMark(answer.token, book.ctag), found, frozenset(gone))
            token = answer.token
        raise DirectoryError(f"{self._server.host} tells of changes without end; it is asked again later")

    async def _report(self, book: Book, token: str | None) -> Multistatus:
        try:
            return await self._server.report(book.path, changes(token))
        except (RefusalError, CredentialsError) as problem:
            # Servers refuse a token that they forgot with 403, 409, 410 or 412; asking anew tells.
            if token is not None:
                raise _ForgottenError from problem
            raise

    async def _compared(self, book: Book, known: BookMark | None) -> _Change:
        """What has changed by comparing the versions of all cards with those of the last time."""
        answer = await self._server.propfind(book.path, 1, versions())
        told = _inside(book.path, answer)
        there = {path: each for path, each in told.items() if each.status == OK and not each.is_collection}
        etags = {path: each.etag or "" for path, each in there.items()}
        before = known.etags if known else {}
        new = {
            path: each.length
            for path, each in there.items()
            if not etags[path] or etags[path] != before.get(path)
        }
        return _Change(BookMark(None, book.ctag, etags), new, frozenset(before.keys() - etags.keys()))

    async def _contacts(self, book: str, batch: list[str]) -> dict[str, Entry]:
        answer = await self._server.report(book, cards(batch))
        told = _inside(book, answer)
        return await asyncio.to_thread(_read, {path: told[path] for path in batch if path in told})


def _size(change: _Change) -> int:
    """How many cards are remembered of an address book."""
    return max(len(change.cards) + len(change.gone), len(change.mark.etags))


def _is_unchanged(book: Book, known: BookMark) -> bool:
    if book.token is not None and known.token is not None:
        return book.token == known.token
    return book.ctag is not None and book.ctag == known.ctag


def _inside(book: str, answer: Multistatus) -> dict[str, Resource]:
    """What is told of cards in the address book, by path; of the book itself and of others nothing."""
    place = book if book.endswith("/") else f"{book}/"
    return {
        each.href: each for each in answer.resources if each.href.startswith(place) and each.href != place
    }


def _is_card(card: str | None) -> TypeGuard[str]:
    """Whether it is there and no larger than it may be; its length was not told, or was a lie."""
    return card is not None and len(card) <= LARGEST_CARD


def _read(told: Mapping[str, Resource]) -> dict[str, Entry]:
    read = ((path, contact_in(each.card, path)) for path, each in told.items() if _is_card(each.card))
    return {path: entry for path, entry in read if entry is not None}
