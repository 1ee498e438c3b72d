from __future__ import annotations

import pytest

from bubbled.directory.http.port import Response
from bubbled.directory.kinds.carddav.discovery import Book, Shelf, discover
from bubbled.directory.kinds.carddav.server import DavServer
from bubbled.directory.port import BusyError, CredentialsError
from bubbled.error import DirectoryError
from tests.directory.kinds.carddav.scripted import (
    BOOK,
    COLLECTION,
    URL,
    ScriptedDav,
    home,
    multistatus,
    principal,
    resource,
    token,
)

HOME = "/remote.php/dav/addressbooks/users/jan/"
BOOKS = multistatus(
    resource(HOME, COLLECTION),
    resource(f"{HOME}contacts/", BOOK, token("t1")),
    resource(f"{HOME}z-server-generated--system/", BOOK, token("t2")),
)
SHELF = Shelf(
    HOME,
    is_book=False,
    books=(Book(f"{HOME}contacts/", "t1", None), Book(f"{HOME}z-server-generated--system/", "t2", None)),
)


def nextcloud() -> ScriptedDav:
    """As it answers: a page at its root, and WebDAV where the well-known address leads to."""
    me = "/remote.php/dav/principals/users/jan/"
    return ScriptedDav(
        {
            "PROPFIND /": Response(405),
            "PROPFIND /.well-known/carddav": multistatus(
                resource("/remote.php/dav/", COLLECTION, principal(me))
            ),
            "PROPFIND /remote.php/dav/": multistatus(resource("/remote.php/dav/", COLLECTION, principal(me))),
            f"PROPFIND {me}": multistatus(resource(me, home(HOME))),
            f"PROPFIND 0 {HOME}": multistatus(resource(HOME, COLLECTION, principal(me))),
            f"PROPFIND 1 {HOME}": BOOKS,
            f"PROPFIND {HOME}contacts/": multistatus(resource(f"{HOME}contacts/", BOOK, token("t1"))),
        }
    )


@pytest.mark.parametrize("path", ["", "/", "/remote.php/dav/", HOME, "/index.php/apps/contacts"])
async def test_the_address_books_of_an_account_are_found_from_any_address(path: str) -> None:
    assert await discover(DavServer(f"{URL}{path}", nextcloud())) == SHELF


async def test_the_address_of_one_book_means_that_book_alone() -> None:
    shelf = await discover(DavServer(f"{URL}{HOME}contacts/", nextcloud()))
    assert shelf == Shelf(f"{HOME}contacts/", is_book=True, books=SHELF.books[:1])


async def test_address_books_on_another_host_are_not_asked_but_named() -> None:
    dav = ScriptedDav(
        {
            "PROPFIND /": multistatus(
                resource("/", COLLECTION, home("https://p42-contacts.example.net:443/1/"))
            )
        }
    )
    with pytest.raises(DirectoryError, match=r"on another host.*give that one as url \(https://p42-contacts"):
        await discover(DavServer(URL, dav))
    assert dav.asked == ["PROPFIND /"]


async def test_an_address_without_address_books_says_what_to_give() -> None:
    with pytest.raises(DirectoryError, match=r"dav\.example\.com has no address book for this account"):
        await discover(DavServer(f"{URL}/secret/path", ScriptedDav({})))


@pytest.mark.parametrize(
    ("response", "kind"),
    [
        (Response(401), CredentialsError),
        (Response(403), CredentialsError),
        (Response(429, {"retry-after": "30"}), BusyError),
        (Response(503, {"retry-after": "30"}), BusyError),
        (Response(500), DirectoryError),
        (Response(207, {}, b"<html>"), DirectoryError),
    ],
)
async def test_a_server_that_refuses_is_not_asked_elsewhere(
    response: Response, kind: type[DirectoryError]
) -> None:
    dav = ScriptedDav({"PROPFIND /secret/path": response})
    with pytest.raises(kind, match=r"^dav\.example\.com ") as raised:
        await discover(DavServer(f"{URL}/secret/path", dav))
    assert "secret" not in str(raised.value)
    assert getattr(raised.value, "retry_after_s", 30) == 30
    assert dav.asked == ["PROPFIND /secret/path"]
