from __future__ import annotations

import asyncio
import json
from itertools import count
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from bubbled.directory.http.port import Request, Response
from bubbled.directory.kinds.rest.feed import RestFeed
from bubbled.directory.port import Disclosure
from bubbled.error import DirectoryError
from tests.directory.fakes.base import Person, Trouble
from tests.directory.fakes.exact import Exact
from tests.directory.fakes.google_people import GooglePeople
from tests.directory.fakes.msgraph import MsGraph
from tests.directory.kinds.rest.account import ACCOUNTS, Account, Opened, opened
from tests.directory.kinds.rest.carrier import Carrier, preset

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping
    from pathlib import Path

    from bubbled.directory.kinds.rest.preset import Preset
    from bubbled.directory.local.feed import Fetched

SYNCED = [account for account in ACCOUNTS if account.provider in (Exact, MsGraph, GooglePeople)]
synced = pytest.mark.parametrize("account", SYNCED, ids=lambda account: account.preset)

MAPPING = 'mapping = { records = "items", id = "id", name = "name", numbers = "phone" }\n'
OFFSET = f"""
[[sync]]
path = "/people"
paging = {{ offset = 2, parameter = "skip" }}
{MAPPING}
"""
LINKED = f"""
[[sync]]
path = "/people"
paging = {{ next_url = "next" }}
{MAPPING}
"""
NEWEST = f"""
[[sync]]
path = "/people"
query = {{ since = "${{since}}" }}
changes = {{ newest = "at", first = "2000-01-01", gone = "gone" }}
{MAPPING}
"""


def people(*ids: int) -> list[Person]:
    return [Person(str(n), f"Person {n}", mobile=f"06-{n:08}") for n in ids]


def nothing(done: int, total: int | None) -> None:
    """Nobody looks on."""


async def fetch(crm: Opened, since: str | None = None) -> Fetched:
    assert isinstance(crm.source, RestFeed)
    return await crm.source.fetch(since, nothing)


def feed(answer: Callable[[Request], object], chosen: Preset | str) -> tuple[RestFeed, Carrier]:
    carrier = Carrier(answer)
    return RestFeed(preset(chosen) if isinstance(chosen, str) else chosen, {}, carrier), carrier


def items(*ids: int, **more: object) -> dict[str, Any]:
    return {"items": [{"id": n, "name": f"P{n}", "phone": f"06{n:08}"} for n in ids], **more}


def query(request: Request) -> Mapping[str, list[str]]:
    return parse_qs(urlsplit(request.url).query)


@synced
async def test_everything_comes_first_and_then_only_what_changed(account: Account, tmp_path: Path) -> None:
    async with opened(account, tmp_path) as crm:
        crm.fake.people[:] = people(1, 2, 3)
        everything = await fetch(crm)
        assert everything.is_all
        assert set(everything.entries) == {crm.fake.id_of(person) for person in crm.fake.people}

        gone, changed = crm.fake.people[0], Person("2", "Someone else", mobile="06-99999999")
        crm.fake.people[:] = [changed, *people(3, 4)]
        changes = await fetch(crm, everything.token)
        assert not changes.is_all
        assert changes.gone == {crm.fake.id_of(gone)}
        assert {entry.name for entry in changes.entries.values()} == {"Someone else", "Person 4"}

        nothing_new = await fetch(crm, changes.token)
        assert (dict(nothing_new.entries), nothing_new.gone, nothing_new.is_all) == ({}, frozenset(), False)


@synced
async def test_an_account_without_contacts_has_none(account: Account, tmp_path: Path) -> None:
    async with opened(account, tmp_path) as crm:
        everything = await fetch(crm)
        assert (dict(everything.entries), everything.is_all) == ({}, True)
        crm.fake.people[:] = people(1)
        assert len((await fetch(crm, everything.token)).entries) == 1


@synced
async def test_no_number_is_told_and_the_host_is_known(account: Account, tmp_path: Path) -> None:
    async with opened(account, tmp_path) as crm:
        assert isinstance(crm.source, RestFeed)
        assert crm.source.disclosures() == (Disclosure(urlsplit(crm.fake.url).netloc, ()),)


@synced
async def test_a_token_that_is_no_longer_known_fetches_everything(account: Account, tmp_path: Path) -> None:
    async with opened(account, tmp_path) as crm:
        crm.fake.people[:] = people(1, 2)
        everything = await fetch(crm)
        if isinstance(crm.fake, MsGraph | GooglePeople):
            crm.fake.snapshots.forget()
            again = await fetch(crm, everything.token)
            assert (again.is_all, len(again.entries)) == (True, 2)
        for damaged in ("", "{", "[]", '{"asks": 1}', '{"asks": "another", "tokens": {"contacts": "x"}}'):
            again = await fetch(crm, damaged)
            assert (again.is_all, len(again.entries)) == (True, 2)


@synced
async def test_a_failure_in_the_middle_tells_nothing_half(account: Account, tmp_path: Path) -> None:
    async with opened(account, tmp_path) as crm:
        crm.fake.people[:] = people(1)
        token = (await fetch(crm)).token
        crm.fake.people[:] = people(1, 2)
        crm.fake.trouble = Trouble.BROKEN
        with pytest.raises(DirectoryError):
            await fetch(crm, token)
        crm.fake.trouble = None
        assert len((await fetch(crm, token)).entries) == 1


async def test_graph_may_send_an_empty_page_before_the_others(tmp_path: Path) -> None:
    account = next(account for account in SYNCED if account.provider is MsGraph)
    async with opened(account, tmp_path) as crm:
        assert isinstance(crm.fake, MsGraph)
        crm.fake.has_empty_page, crm.fake.page_size = True, 2
        crm.fake.people[:] = people(*range(1, 8))
        assert len((await fetch(crm)).entries) == 7
        select = [dict(request.query).get("$select") for request in crm.fake.requests if request.query]
        assert select[0]
        assert set(select[1:]) == {None}


async def test_google_gives_pages_by_a_token(tmp_path: Path) -> None:
    account = next(account for account in SYNCED if account.provider is GooglePeople)
    done: list[tuple[int, int | None]] = []
    async with opened(account, tmp_path) as crm:
        assert isinstance(crm.source, RestFeed)
        crm.fake.people[:] = people(*range(1, 601))
        everything = await crm.source.fetch(None, lambda count, total: done.append((count, total)))
        assert done == [(250, 600), (500, 600), (600, 600)]
        crm.fake.people[:] = people(*range(2, 602))
        changes = await fetch(crm, everything.token)
    assert (len(changes.entries), changes.gone) == (1, frozenset({"people/c1"}))


async def test_exact_gives_pages_by_address(tmp_path: Path) -> None:
    account = next(account for account in SYNCED if account.provider is Exact)
    async with opened(account, tmp_path, is_paced=False) as crm:
        assert isinstance(crm.fake, Exact)
        crm.fake.sync_page_size = 3
        crm.fake.people[:] = people(*range(1, 8))
        assert len((await fetch(crm)).entries) == 7
        asked = [request.path.rpartition("/")[2] for request in crm.fake.requests if "sync" in request.path]
    assert asked == ["Accounts", "Contacts", "Contacts", "Contacts", "Deleted"]


def test_pages_come_at_the_pace_that_the_provider_allows(
    in_virtual_time: Callable[[Coroutine[None, None, float]], float],
) -> None:
    async def seconds() -> float:
        links = iter(["/people?page=2", "/people?page=3", None])
        limited = preset(LINKED, rate={"count": 60, "per_s": 120.0})
        crm, _ = feed(lambda _: items(1, next=next(links)), limited)
        await crm.fetch(None, nothing)
        return asyncio.get_running_loop().time()

    assert in_virtual_time(seconds()) == pytest.approx(4.0)


async def test_main_numbers_of_companies_are_marked(tmp_path: Path) -> None:
    account = next(account for account in SYNCED if account.provider is Exact)
    async with opened(account, tmp_path) as crm:
        crm.fake.people[:] = [Person("1", "Bakkerij", phone="020-1234567", is_company=True)]
        (entry,) = (await fetch(crm)).entries.values()
    assert (entry.company, entry.mains) == ("Bakkerij", ("020-1234567",))


async def test_pages_may_be_counted() -> None:
    stored = list(range(1, 6))

    def answer(request: Request) -> object:
        start = int(query(request).get("skip", ["0"])[0])
        return items(*stored[start : start + 2])

    crm, carrier = feed(answer, OFFSET)
    fetched = await crm.fetch(None, nothing)
    assert (set(fetched.entries), fetched.token, fetched.is_all) == ({"1", "2", "3", "4", "5"}, None, True)
    assert [query(request).get("skip") for request in carrier.sent] == [None, ["2"], ["4"]]


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/people?page=2",
        "//evil.example/people",
        "http://crm.example/people",
        "https://crm.example:8443/people",
        "https://crm.example@evil.example/",
        "https://user:pass@crm.example/people",
        "javascript:alert(1)",
        "https://crm.example:99999/",
        "https://[crm.example]/",
    ],
)
async def test_credentials_go_to_no_other_host(link: str) -> None:
    crm, carrier = feed(lambda _: items(1, next=link), LINKED)
    with pytest.raises(DirectoryError, match=r"^crm\.example says to go on at another host") as error:
        await crm.fetch(None, nothing)
    assert len(carrier.sent) == 1
    assert "people" not in str(error.value)
    assert "evil" not in str(error.value)


@pytest.mark.parametrize(
    "link", ["https://CRM.Example/people?page=2", "https://crm.example:443/people?page=2"]
)
async def test_the_same_host_may_be_written_in_another_way(link: str) -> None:
    links = iter([link, None])
    crm, carrier = feed(lambda _: items(1, next=next(links)), LINKED)
    await crm.fetch(None, nothing)
    assert carrier.sent[1].url == link


async def test_a_kept_address_of_another_host_is_not_asked() -> None:
    text = LINKED.replace("paging = { next_url", "changes = { next_url")
    crm, _ = feed(lambda _: items(1, next="/people?since=1"), text)
    token = (await crm.fetch(None, nothing)).token
    forged = json.loads(token or "")
    forged["tokens"]["contacts"] = "https://evil.example/"
    with pytest.raises(DirectoryError, match="another host"):
        await crm.fetch(json.dumps(forged), nothing)


async def test_an_address_may_be_relative_and_hold_blanks() -> None:
    links = iter(["/people?$filter=a eq 'b'", None])
    crm, carrier = feed(lambda _: items(1, next=next(links)), LINKED)
    await crm.fetch(None, nothing)
    assert carrier.sent[1].url == "https://crm.example/people?$filter=a%20eq%20'b'"


async def test_pages_without_end_are_noticed() -> None:
    links = iter(["/people?page=2", "/people?page=3", "/people?page=2"])
    crm, carrier = feed(lambda _: items(1, next=next(links)), LINKED)
    with pytest.raises(DirectoryError, match="pages without end"):
        await crm.fetch(None, nothing)
    assert len(carrier.sent) == 3


async def test_contacts_without_end_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bubbled.directory.kinds.rest.feed.MOST_CHARACTERS", 100_000)
    pages = count(2)
    crm, carrier = feed(lambda _: large_page(next(pages)), LINKED)
    with pytest.raises(DirectoryError, match="narrow the query of the preset"):
        await crm.fetch(None, nothing)
    assert len(carrier.sent) == 3


def large_page(following: int) -> dict[str, Any]:
    people = [{"id": f"{following}-{n}", "name": "A" * 4000, "phone": "0612345678"} for n in range(10)]
    return {"items": people, "next": f"/people?page={following}"}


async def test_the_newest_timestamp_is_where_the_next_time_begins() -> None:
    stamped: list[dict[str, object]] = [
        {"id": 1, "name": "A", "at": "2026-01-02"},
        {"id": 2, "name": "B", "at": "2026-03-01"},
        {"id": 3, "name": "C", "at": None},
        {"id": 4, "gone": True, "at": "2026-02-01"},
        {"name": "without id"},
    ]
    crm, carrier = feed(lambda _: {"items": stamped}, NEWEST)
    everything = await crm.fetch(None, nothing)
    stamped.clear()
    assert (set(everything.entries), everything.gone) == ({"1", "2", "3"}, frozenset({"4"}))
    later = await crm.fetch(everything.token, nothing)
    await crm.fetch(later.token, nothing)
    asked = [query(request)["since"] for request in carrier.sent]
    assert asked == [["2000-01-01"], ["2026-03-01"], ["2026-03-01"]]


async def test_timestamps_that_are_numbers_are_compared_as_numbers() -> None:
    stamps: list[object] = [{"id": 1, "at": 9}, {"id": 2, "at": 10}, {"id": 3, "at": "2"}]
    crm, carrier = feed(lambda _: {"items": stamps}, NEWEST.replace("2000-01-01", "1"))
    everything = await crm.fetch(None, nothing)
    await crm.fetch(everything.token, nothing)
    assert query(carrier.sent[1])["since"] == ["10"]


async def test_another_preset_begins_anew() -> None:
    crm, _ = feed(lambda _: items(1), NEWEST)
    token = (await crm.fetch(None, nothing)).token
    assert not (await crm.fetch(token, nothing)).is_all
    changed, _ = feed(lambda _: items(1), NEWEST.replace('name = "name"', 'name = "title"'))
    assert (await changed.fetch(token, nothing)).is_all


async def test_who_is_gone_and_comes_back_is_there() -> None:
    rows = [{"id": 1, "name": "A"}, {"id": 1, "gone": True}, {"id": 1, "name": "B"}, {"id": 2, "gone": 1}]
    crm, _ = feed(lambda _: {"items": rows}, NEWEST)
    fetched = await crm.fetch(None, nothing)
    assert ([entry.name for entry in fetched.entries.values()], fetched.gone) == (["B"], frozenset({"2"}))


async def test_a_refusal_without_a_token_is_no_reason_to_ask_again() -> None:
    crm, carrier = feed(lambda _: Response(410), NEWEST)
    with pytest.raises(DirectoryError):
        await crm.fetch(None, nothing)
    assert len(carrier.sent) == 1


async def test_connections_are_closed() -> None:
    crm, carrier = feed(lambda _: items(), LINKED)
    await crm.aclose()
    await crm.aclose()
    assert carrier.is_closed
