"""Find the address books of a user (RFC 6352, section 7; RFC 6764, section 6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bubbled.directory.http.answer import RefusalError
from bubbled.directory.kinds.carddav.path import host_of, path_of
from bubbled.directory.kinds.carddav.question import whereabouts
from bubbled.error import DirectoryError

if TYPE_CHECKING:
    from bubbled.directory.kinds.carddav.multistatus import Multistatus
    from bubbled.directory.kinds.carddav.server import DavServer

WELL_KNOWN: Final = "/.well-known/carddav"


@dataclass(frozen=True, slots=True)
class Book:
    """An address book; for `token` and `ctag` see `Resource`."""

    path: str
    token: str | None
    ctag: str | None


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where address books are.

    Attributes:
        place: the path under which they are listed, or that of the only one.
        is_book: whether `place` is an address book itself.
        books: in the order of the server.
    """

    place: str
    is_book: bool
    books: tuple[Book, ...]


async def discover(server: DavServer) -> Shelf:
    """Find the address books from any address that a user may give: of the server, an account or one book.

    Raises:
        DirectoryError: there are none; says where they are when that is on another host.
    """
    path = path_of(server.url, server.url) or "/"
    for start in dict.fromkeys((path, WELL_KNOWN)):
        shelf = await _from(server, start)
        if shelf is not None and shelf.books:
            return shelf
    raise DirectoryError(
        f"{server.host} has no address book for this account at this address; give the address of one, "
        "which the server shows in its settings for CardDAV"
    )


async def look_again(server: DavServer, place: str, *, is_book: bool) -> Shelf:
    """The address books where they were found before.

    Raises:
        RefusalError: there is nothing any more.
        DirectoryError: as `DavServer.propfind`.
    """
    answer = await server.propfind(place, 0 if is_book else 1, whereabouts())
    return Shelf(place, is_book, _books(answer))


async def _from(server: DavServer, path: str) -> Shelf | None:
    try:
        answer = await server.propfind(path, 0, whereabouts())
    except RefusalError:
        return None
    if books := _books(answer)[:1]:
        return Shelf(books[0].path, is_book=True, books=books)
    if path not in {"/", WELL_KNOWN} and (below := await _below(server, path)) and below.books:
        return below
    home = await _home(server, answer)
    return None if home is None else await _below(server, home)


async def _below(server: DavServer, path: str) -> Shelf | None:
    try:
        return await look_again(server, path, is_book=False)
    except RefusalError:
        return None


async def _home(server: DavServer, answer: Multistatus) -> str | None:
    """Where the address books of the user are, told by the resource itself or by the user's principal."""
    found = next(iter(answer.resources), None)
    if found is not None and found.home is None and found.principal is not None:
        principal = await server.propfind(_here(server, found.principal), 0, whereabouts())
        found = next(iter(principal.resources), None)
    return None if found is None or found.home is None else _here(server, found.home)


def _here(server: DavServer, href: str) -> str:
    path = path_of(href, server.url)
    if path is None:
        raise DirectoryError(
            f"{server.host} says that the address books are on another host, which is not asked by itself, "
            f"because our account is not for it: give that one as url (https://{host_of(href)})"
        )
    return path


def _books(answer: Multistatus) -> tuple[Book, ...]:
    return tuple(Book(each.href, each.token, each.ctag) for each in answer.resources if each.is_book)
