from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.directory.fakes.base import Person
from tests.directory.fakes.exact import A_MINUTE, Exact
from tests.directory.fakes.question import access_token, ask

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.directory.fakes.question import Answer

PEOPLE = [
    Person("1", "Jan Jansen", "Bedrijf", mobile="0612345678"),
    Person("2", "Piet Prins", phone="020-1234567"),
    Person("3", "Bedrijf", phone="0201234567", is_company=True),
]
CONTACTS = "sync/CRM/Contacts?$select=ID,Timestamp,FullName"


@pytest.fixture
async def exact() -> AsyncIterator[Exact]:
    fake = Exact(people=list(PEOPLE))
    async with fake.serve():
        yield fake


async def asked(fake: Exact, path: str, accept: str = "application/json") -> Answer:
    token = fake.oauth.access_token
    if not token:
        token = await access_token(f"{fake.url}/api/oauth2/token", fake.credentials)
    url = path if path.startswith("http") else f"{fake.url}/api/v1/{fake.division}/{path}"
    return await ask(url, headers={"Authorization": f"Bearer {token}", "Accept": accept})


async def rows(fake: Exact, path: str) -> list[Any]:
    answer = await asked(fake, path)
    assert answer.status == 200, answer.text
    return list(answer.json["d"]["results"])


async def test_contacts_come_with_their_versions(exact: Exact) -> None:
    fields = "ID,Timestamp,FullName,AccountName,BusinessPhone,BusinessMobile"
    first, _ = await rows(exact, f"sync/CRM/Contacts?$select={fields}&$filter=Timestamp gt 1")
    assert first == {
        "__metadata": {"type": "Exact.Web.Api.Models"},
        "ID": exact.id_of(PEOPLE[0]),
        "Timestamp": "1001",
        "FullName": "Jan Jansen",
        "AccountName": "Bedrijf",
        "BusinessPhone": None,
        "BusinessMobile": "0612345678",
    }
    (account,) = await rows(exact, "sync/CRM/Accounts?$select=Name,Phone")
    assert (account["Name"], account["Phone"]) == ("Bedrijf", "0201234567")


async def test_pages_follow_each_other_on_the_same_server(exact: Exact) -> None:
    exact.sync_page_size = 1
    first = (await asked(exact, f"{CONTACTS}&$filter=Timestamp gt 1L")).json["d"]
    assert first["__next"].startswith(exact.url)
    second = (await asked(exact, first["__next"])).json["d"]
    assert [row["FullName"] for row in second["results"]] == ["Piet Prins"]
    assert "__next" not in second


async def test_what_changed_has_a_higher_version_and_what_is_gone_is_listed(exact: Exact) -> None:
    newest = max(int(row["Timestamp"]) for row in await rows(exact, CONTACTS))
    exact.people[0] = replace(exact.people[0], name="Jan Smit")
    del exact.people[1:]
    changed = await rows(exact, f"{CONTACTS}&$filter=Timestamp gt {newest}L")
    assert [row["FullName"] for row in changed] == ["Jan Smit"]
    gone = await rows(exact, f"sync/Deleted?$select=EntityKey,EntityType&$filter=Timestamp gt {newest}L")
    kinds = [(row["EntityKey"], row["EntityType"]) for row in gone]
    assert kinds == [(exact.id_of(PEOPLE[1]), 5), (exact.id_of(PEOPLE[2]), 2)]


@pytest.mark.parametrize(
    "path",
    [
        "sync/CRM/Contacts",
        "sync/CRM/Contacts?$select=Colour",
        "sync/CRM/Contacts?$select=ID&$filter=Timestamp gt",
        "crm/Contacts?$select=FullName&$filter=BusinessMobile eq '0612345678'",
    ],
)
async def test_what_exact_does_not_take_is_refused(exact: Exact, path: str) -> None:
    answer = await asked(exact, path)
    assert (answer.status, "value" in answer.json["error"]["message"]) == (400, True)


async def test_a_name_can_be_filtered_outside_sync(exact: Exact) -> None:
    found = await rows(exact, "crm/Contacts?$select=FullName&$filter=FullName eq 'Piet Prins'")
    assert [row["FullName"] for row in found] == ["Piet Prins"]


async def test_without_asking_for_json_it_is_a_feed(exact: Exact) -> None:
    answer = await asked(exact, CONTACTS, accept="*/*")
    assert answer.headers["content-type"].startswith("application/atom+xml")


async def test_each_refresh_token_is_good_once(exact: Exact) -> None:
    form = {"grant_type": "refresh_token", **exact.credentials}
    first = await ask(f"{exact.url}/api/oauth2/token", data=form)
    assert first.json["expires_in"] == "600"
    assert (await ask(f"{exact.url}/api/oauth2/token", data=form)).status == 400
    renewed = form | {"refresh_token": first.json["refresh_token"]}
    assert (await ask(f"{exact.url}/api/oauth2/token", data=renewed)).status == 200


async def test_a_minute_holds_sixty_requests(exact: Exact) -> None:
    exact.asked_this_minute = A_MINUTE - 1
    last = await asked(exact, CONTACTS)
    assert (last.status, last.headers["x-ratelimit-minutely-remaining"]) == (200, "0")
    refused = await asked(exact, CONTACTS)
    assert (refused.status, refused.headers["x-ratelimit-minutely-reset"]) == (429, "1764000000000")
    exact.asked_this_minute = 0
    assert (await asked(exact, CONTACTS)).status == 200
