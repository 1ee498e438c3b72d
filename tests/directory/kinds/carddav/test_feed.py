"""The same cases on every CardDAV server, and on ones of canned answers what real ones do seldom."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bubbled.directory.http.authorization import AuthorizedTransport, Basic
from bubbled.directory.http.client import HttpTransport
from bubbled.directory.http.port import Response
from bubbled.directory.kinds.carddav.feed import CardDavFeed
from bubbled.directory.local.synced import SyncedDirectory
from bubbled.directory.port import CredentialsError, Disclosure, Phase
from bubbled.error import DirectoryError
from bubbled.model import E164
from tests.directory.kinds.carddav.scripted import (
    BOOK,
    COLLECTION,
    URL,
    ScriptedDav,
    card,
    etag,
    multistatus,
    resource,
    token,
)
from tests.servers.dav import PASSWORD, USER, vcard
from tests.servers.radicale import radicale
from tests.servers.xandikos import xandikos

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from bubbled.directory.http.port import Request
    from bubbled.directory.local.feed import Fetched
    from tests.servers.dav import DavAccount

JAN, KEES = vcard("Jan", "06-12345678"), vcard("Kees", "020-1234567")


@pytest.fixture(scope="module", params=[radicale, xandikos], ids=["radicale", "xandikos"])
def running(request: pytest.FixtureRequest) -> Iterator[DavAccount]:
    with request.param() as account:
        yield account


@pytest.fixture
async def account(running: DavAccount) -> DavAccount:
    await running.empty("second")
    return running


def transport(account: DavAccount, password: str = PASSWORD) -> AuthorizedTransport:
    async def secret() -> str:
        return password

    return AuthorizedTransport(HttpTransport(ca_file=account.ca_file), Basic(USER, secret))


@asynccontextmanager
async def opened(account: DavAccount, path: str = "", password: str = PASSWORD) -> AsyncIterator[CardDavFeed]:
    feed = CardDavFeed(account.url + path, transport(account, password))
    try:
        yield feed
    finally:
        await feed.aclose()


@pytest.fixture
async def feed(account: DavAccount) -> AsyncIterator[CardDavFeed]:
    async with opened(account) as feed:
        yield feed


async def fetch(feed: CardDavFeed, since: Fetched | None = None) -> Fetched:
    return await feed.fetch(since.token if since else None, lambda _done, _total: None)


def names(fetched: Fetched) -> dict[str, str | None]:
    """Names by the last part of their ids."""
    return {id_.rpartition("/")[2]: entry.name for id_, entry in fetched.entries.items()}


def gone(fetched: Fetched) -> set[str]:
    return {id_.rpartition("/")[2] for id_ in fetched.gone}


async def test_the_first_fetch_brings_every_contact(account: DavAccount, feed: CardDavFeed) -> None:
    await account.put("jan.vcf", JAN)
    await account.put("kees.vcf", KEES)
    steps: list[tuple[int, int | None]] = []
    fetched = await feed.fetch(None, lambda done, total: steps.append((done, total)))
    assert names(fetched) == {"jan.vcf": "Jan", "kees.vcf": "Kees"}
    assert (fetched.is_all, fetched.gone, steps[-1]) == (True, frozenset(), (2, 2))
    jan = fetched.entries[f"{account.book()}jan.vcf"]
    assert (jan.numbers, jan.id, jan.where) == (("06-12345678",), f"{account.book()}jan.vcf", "card jan.vcf")


async def test_an_address_book_may_be_empty(feed: CardDavFeed) -> None:
    first = await fetch(feed)
    assert (first.entries, first.is_all) == ({}, True)


async def test_when_nothing_changed_nothing_is_fetched(account: DavAccount, feed: CardDavFeed) -> None:
    await account.put("jan.vcf", JAN)
    first = await fetch(feed)
    second = await fetch(feed, first)
    assert (second.entries, second.gone, second.is_all) == ({}, frozenset(), False)
    assert second.token == first.token


async def test_only_what_was_added_changed_or_removed_is_fetched(
    account: DavAccount, feed: CardDavFeed
) -> None:
    for name in ("jan.vcf", "kees.vcf", "an.vcf"):
        await account.put(name, JAN)
    first = await fetch(feed)
    await account.put("kees.vcf", KEES)
    await account.put("bo.vcf", vcard("Bo", "06-87654321"))
    await account.remove("an.vcf")
    second = await fetch(feed, first)
    assert (names(second), gone(second), second.is_all) == (
        {"kees.vcf": "Kees", "bo.vcf": "Bo"},
        {"an.vcf"},
        False,
    )
    third = await fetch(feed, second)
    assert (third.entries, third.gone) == ({}, frozenset())


async def test_a_contact_that_loses_its_number_is_gone(account: DavAccount, feed: CardDavFeed) -> None:
    await account.put("jan.vcf", JAN)
    await account.put("team.vcf", vcard("Team", "06-11111111", more="X-ADDRESSBOOKSERVER-KIND:group"))
    first = await fetch(feed)
    assert names(first) == {"jan.vcf": "Jan"}
    await account.put("jan.vcf", vcard("Jan"))
    assert gone(await fetch(feed, first)) == {"jan.vcf"}


def forget(fetched: Fetched) -> Fetched:
    """As if it had been fetched so long ago that the server has forgotten."""
    mark = json.loads(fetched.token or "")
    for book in mark["books"].values():
        book["token"] = book["token"][:-40] + "0123456789abcdef0123456789abcdef01234567"
        book["ctag"] = None
    return replace(fetched, token=json.dumps(mark))


async def test_a_token_that_the_server_forgot_brings_everything(
    account: DavAccount, feed: CardDavFeed
) -> None:
    await account.put("jan.vcf", JAN)
    first = await fetch(feed)
    await account.put("kees.vcf", KEES)
    again = await fetch(feed, forget(first))
    assert (names(again), again.is_all) == ({"jan.vcf": "Jan", "kees.vcf": "Kees"}, True)


async def test_several_address_books_are_one_directory(account: DavAccount, feed: CardDavFeed) -> None:
    await account.put("jan.vcf", JAN)
    first = await fetch(feed)
    await account.make_book("second")
    await account.put("jan.vcf", KEES, book="second")
    second = await fetch(feed, first)
    assert (list(second.entries), second.is_all) == ([f"{account.book('second')}jan.vcf"], False)
    await account.remove_book("second")
    third = await fetch(feed, second)
    assert (names(third), third.is_all) == ({"jan.vcf": "Jan"}, True)


async def test_one_address_book_can_be_named(account: DavAccount) -> None:
    await account.put("jan.vcf", JAN)
    await account.make_book("second")
    await account.put("kees.vcf", KEES, book="second")
    async with opened(account, account.book("second")) as feed:
        assert names(await fetch(feed)) == {"kees.vcf": "Kees"}


async def test_an_address_book_that_is_gone_is_an_error_that_tells_no_path(account: DavAccount) -> None:
    await account.make_book("second")
    async with opened(account, account.book("second")) as feed:
        first = await fetch(feed)
        await account.remove_book("second")
        await account.remove_book("addressbook")
        for since in (first, None):
            with pytest.raises(DirectoryError, match="has no address book for this account") as raised:
                await fetch(feed, since)
            assert "second" not in str(raised.value)


async def test_a_wrong_password_is_told_as_such(account: DavAccount) -> None:
    async with opened(account, password="wrong") as feed:
        with pytest.raises(CredentialsError, match="does not accept our account") as raised:
            await fetch(feed)
        assert "wrong" not in str(raised.value)


HOSTILE = "Jan <b>&amp; \\, \\; \\n ]]> {{7*7}} ${number} '; DROP TABLE x; -- \u202e\u2028"


async def test_hostile_names_arrive_literally(account: DavAccount, feed: CardDavFeed) -> None:
    await account.put("x%20%26%3Cy%3E%C3%BC.vcf", vcard(HOSTILE, "06-12345678", more="NOTE:a\\nEND:VCARD"))
    fetched = await fetch(feed)
    (entry,) = fetched.entries.values()
    assert entry.name == HOSTILE.replace("\\,", ",").replace("\\;", ";").replace("\\n", "\n").strip()
    assert dict(entry.fields)["note"] == "a\nEND:VCARD"
    await account.remove("x%20%26%3Cy%3E%C3%BC.vcf")
    assert (await fetch(feed, fetched)).gone == fetched.entries.keys()


class WithoutReports:
    """Before a real server: as if it knew nothing of tokens."""

    def __init__(self, inner: AuthorizedTransport, unknown: bytes = b"sync-token") -> None:
        self._inner = inner
        self._unknown = unknown
        self.methods: list[str] = []

    async def send(self, request: Request) -> Response:
        self.methods.append(request.method)
        return await self._inner.send(
            replace(request, body=(request.body or b"").replace(self._unknown, b"unknown"))
        )

    async def aclose(self) -> None:
        await self._inner.aclose()


async def test_a_server_without_reports_on_changes_is_compared_card_by_card(account: DavAccount) -> None:
    old = WithoutReports(transport(account))
    feed = CardDavFeed(account.url, old)
    for name in ("jan.vcf", "kees.vcf", "an.vcf"):
        await account.put(name, JAN)
    first = await fetch(feed)
    assert names(first) == {"jan.vcf": "Jan", "kees.vcf": "Jan", "an.vcf": "Jan"}
    old.methods.clear()
    second = await fetch(feed, first)
    assert (second.entries, second.gone, old.methods) == ({}, frozenset(), ["PROPFIND"])
    await account.put("kees.vcf", KEES)
    await account.remove("an.vcf")
    third = await fetch(feed, second)
    assert (names(third), gone(third), third.is_all) == ({"kees.vcf": "Kees"}, {"an.vcf"}, False)
    await feed.aclose()


async def test_a_server_that_learns_or_unlearns_reports_is_understood(account: DavAccount) -> None:
    old, new = (
        CardDavFeed(account.url, WithoutReports(transport(account))),
        CardDavFeed(account.url, transport(account)),
    )
    await account.put("jan.vcf", JAN)
    first = await fetch(old)
    await account.put("kees.vcf", KEES)
    second = await fetch(new, first)
    assert names(second) == {"kees.vcf": "Kees"}
    fresh = await fetch(new)
    await account.remove("jan.vcf")
    assert (names(await fetch(old, fresh))) == {"kees.vcf": "Kees"}
    await old.aclose()
    await new.aclose()


@pytest.mark.server  # not that it needs more than the others, but it takes seconds
async def test_five_thousand_cards_are_a_directory_that_answers(account: DavAccount, tmp_path: Path) -> None:
    await account.fill([vcard(f"Jan {i}", f"06-12{i:06}") for i in range(5000)])
    directory = SyncedDirectory(
        "Contacts",
        CardDavFeed(account.url, transport(account)),
        index_path=tmp_path / "index.sqlite",
        region="NL",
        timeout_s=2,
    )
    await directory.start()
    try:
        async with asyncio.timeout(60):
            async for state in directory.states():
                if state.phase is Phase.READY:
                    break
        assert [contact.name for contact in await directory.lookup(E164("+31612004321"))] == ["Jan 4321"]
        assert directory.count == 5000
    finally:
        await directory.aclose()


BOOKS = multistatus(resource("/b/", BOOK, token("t9")))


def reports(*answers: Response) -> dict[str, Response | list[Response]]:
    return {"PROPFIND /b/": BOOKS, "REPORT /b/": list(answers)}


def made(script: dict[str, Response | list[Response]]) -> tuple[CardDavFeed, ScriptedDav]:
    dav = ScriptedDav(script)
    return CardDavFeed(f"{URL}/b/", dav), dav


async def test_changes_that_are_told_in_portions_are_asked_for_to_the_end() -> None:
    feed, dav = made(
        reports(
            multistatus(
                resource("/b/1", etag("e")),
                resource("/b/2", etag("e")),
                resource("/b/", status="507 Insufficient Storage"),
                token="t1",
            ),
            multistatus(resource("/b/2", status="404 Not Found"), resource("/b/3", etag("e")), token="t2"),
            multistatus(resource("/b/1", card("Jan", "102")), resource("/b/3", card("Kees", "103"))),
        )
    )
    fetched = await fetch(feed)
    assert names(fetched) == {"1": "Jan", "3": "Kees"}
    assert b">t1<" in (dav.requests[2].body or b"")
    assert "t2" in (fetched.token or "")


async def test_a_server_that_tells_of_changes_without_end_is_given_up() -> None:
    endless = [
        multistatus(resource("/b/", status="507 Insufficient Storage"), token=f"t{i}") for i in range(2000)
    ]
    feed, _ = made(reports(*endless))
    with pytest.raises(DirectoryError, match="tells of changes without end"):
        await fetch(feed)


FOLDED = "<card:address-data>BEGIN:VCARD\nFN:Jan\n{}\nEND:VCARD\n</card:address-data>"


async def test_cards_told_without_end_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bubbled.directory.kinds.carddav.feed.MOST_CARDS", 20)
    more = resource("/b/", status="507 Insufficient Storage")
    endless = [
        multistatus(*(resource(f"/b/{i}-{n}", etag("e")) for n in range(10)), more, token=f"t{i}")
        for i in range(100)
    ]
    feed, dav = made(reports(*endless))
    with pytest.raises(DirectoryError, match="has more than 20 cards; give one address book"):
        await fetch(feed)
    assert dav.asked.count("REPORT /b/") == 3


async def test_address_books_without_end_are_not_all_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bubbled.directory.kinds.carddav.feed.MOST_BOOKS", 20)
    home = multistatus(*(resource(f"/b/{n}/", BOOK, token("t")) for n in range(21)))
    feed, dav = made({"PROPFIND 0 /b/": multistatus(resource("/b/", COLLECTION)), "PROPFIND 1 /b/": home})
    with pytest.raises(DirectoryError, match="has more than 20 address books; give one"):
        await fetch(feed)
    assert not any(asked.startswith("REPORT") for asked in dav.asked)


async def test_cards_full_of_text_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bubbled.directory.kinds.carddav.feed.MOST_BYTES", 20_000)
    numbers = "\n".join(f"TEL:{n}" for n in range(500))
    book = multistatus(*(resource(f"/b/{n}", etag("e")) for n in range(200)), token="t1")
    feed, _ = made(
        reports(book, multistatus(*(resource(f"/b/{n}", FOLDED.format(numbers)) for n in range(100))))
    )
    with pytest.raises(DirectoryError, match="more text on its cards than bubbled keeps"):
        await fetch(feed)


async def test_cards_elsewhere_or_not_asked_for_are_not_taken() -> None:
    feed, dav = made(
        reports(
            multistatus(
                resource("/b/1", etag("e")),
                resource("https://evil.example/b/2", etag("e")),
                resource("/other/3", etag("e")),
                token="t1",
            ),
            multistatus(resource("/b/1", card("Jan", "102")), resource("/b/4", card("Eve", "103"))),
        )
    )
    assert names(await fetch(feed)) == {"1": "Jan"}
    assert b"evil" not in b"".join(request.body or b"" for request in dav.requests)


async def test_a_card_that_is_larger_than_any_contact_is_left_out() -> None:
    feed, dav = made(
        reports(
            multistatus(
                resource("/b/1", etag("e")),
                resource("/b/2", etag("e"), "<d:getcontentlength>5000000</d:getcontentlength>"),
                token="t1",
            ),
            multistatus(resource("/b/1", card("Jan", "102"))),
        )
    )
    assert names(await fetch(feed)) == {"1": "Jan"}
    assert b"/b/2" not in (dav.requests[-1].body or b"")


async def test_a_card_that_is_larger_than_was_told_is_left_out() -> None:
    large = FOLDED.format(f"TEL:102\nNOTE:{'x' * 1_000_000}")
    feed, _ = made(
        reports(
            multistatus(resource("/b/1", etag("e")), resource("/b/2", etag("e")), token="t1"),
            multistatus(resource("/b/1", large), resource("/b/2", card("Kees", "103"))),
        )
    )
    assert names(await fetch(feed)) == {"2": "Kees"}


async def test_an_address_book_that_refuses_reports_is_compared() -> None:
    feed, _ = made(
        {
            "PROPFIND 0 /b/": BOOKS,
            "PROPFIND 1 /b/": multistatus(resource("/b/", BOOK), resource("/b/1", etag("e"))),
            "REPORT /b/": [Response(405), multistatus(resource("/b/1", card("Jan", "102")))],
        }
    )
    assert names(await fetch(feed)) == {"1": "Jan"}


async def test_it_says_which_host_is_asked() -> None:
    feed, _ = made({})
    assert feed.disclosures() == (Disclosure("dav.example.com", ()),)
