from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.directory.fakes.base import Person
from tests.directory.fakes.google_people import GooglePeople
from tests.directory.fakes.question import access_token, ask

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.directory.fakes.question import Answer

PEOPLE = [
    Person("1", "Jan Jansen", "Bedrijf", mobile="06-12345678", email="jan@example.com"),
    Person("2", "Piet Prins", phone="020-1234567"),
    Person("3", "Bedrijf", phone="0201234567", is_company=True),
]
LIST = "/v1/people/me/connections"
FULL = {"personFields": "names,phoneNumbers,organizations", "requestSyncToken": "true"}


@pytest.fixture
async def google() -> AsyncIterator[GooglePeople]:
    fake = GooglePeople(people=list(PEOPLE))
    async with fake.serve():
        yield fake


async def asked(fake: GooglePeople, path: str, **params: str) -> Answer:
    token = await access_token(f"{fake.url}/token", fake.credentials)
    return await ask(fake.url + path, params=params, headers={"Authorization": f"Bearer {token}"})


async def test_the_list_shows_the_fields_that_were_asked_for(google: GooglePeople) -> None:
    answer = await asked(google, LIST, **FULL)
    assert answer.json["connections"][0] == {
        "resourceName": "people/c1",
        "etag": "%EgUBAi43PRoE",
        "names": [{"displayName": "Jan Jansen", "givenName": "Jan", "familyName": "Jansen"}],
        "organizations": [{"name": "Bedrijf"}],
        "phoneNumbers": [{"value": "06-12345678", "type": "mobile", "canonicalForm": "+31612345678"}],
    }
    assert answer.json["totalItems"] == 3
    assert "names" not in answer.json["connections"][2]


async def test_only_the_last_page_has_the_token_for_later(google: GooglePeople) -> None:
    first = await asked(google, LIST, **FULL, pageSize="2")
    assert "nextSyncToken" not in first.json
    second = await asked(google, LIST, **FULL, pageSize="2", pageToken=first.json["nextPageToken"])
    assert [person["resourceName"] for person in second.json["connections"]] == ["people/c3"]
    assert "nextPageToken" not in second.json
    assert second.json["nextSyncToken"]


async def test_later_only_changes_are_told(google: GooglePeople) -> None:
    token = (await asked(google, LIST, **FULL)).json["nextSyncToken"]
    google.people[0] = replace(google.people[0], name="Jan Smit")
    del google.people[1]
    answer = await asked(google, LIST, **FULL, syncToken=token)
    changed, gone = answer.json["connections"]
    assert changed["names"][0]["displayName"] == "Jan Smit"
    assert gone == {"resourceName": "people/c2", "metadata": {"deleted": True}}
    nothing = await asked(google, LIST, **FULL, syncToken=answer.json["nextSyncToken"])
    assert nothing.json.keys() == {"nextSyncToken"}


async def test_an_expired_sync_token_is_told_in_the_details(google: GooglePeople) -> None:
    token = (await asked(google, LIST, **FULL)).json["nextSyncToken"]
    google.snapshots.forget()
    answer = await asked(google, LIST, **FULL, syncToken=token)
    assert (answer.status, answer.json["error"]["status"]) == (400, "FAILED_PRECONDITION")
    assert answer.json["error"]["details"][0]["reason"] == "EXPIRED_SYNC_TOKEN"


@pytest.mark.parametrize("params", [{}, {**FULL, "pageSize": "1001"}])
async def test_what_the_list_does_not_take_is_refused(google: GooglePeople, params: dict[str, str]) -> None:
    answer = await asked(google, LIST, **params)
    assert (answer.status, answer.json["error"]["status"]) == (400, "INVALID_ARGUMENT")


async def test_parameters_may_not_change_within_a_series(google: GooglePeople) -> None:
    first = await asked(google, LIST, **FULL, pageSize="2")
    other = {"personFields": "names", "pageSize": "2", "pageToken": first.json["nextPageToken"]}
    assert (await asked(google, LIST, **other)).status == 400
    token = (await asked(google, LIST, **FULL)).json["nextSyncToken"]
    assert (await asked(google, LIST, personFields="names", syncToken=token)).status == 400


async def test_a_search_is_warmed_up_and_finds_beginnings_only(google: GooglePeople) -> None:
    search = {"readMask": "names,phoneNumbers", "pageSize": "10"}
    path = "/v1/people:searchContacts"
    assert (await asked(google, path, **search, query="+31612345678")).json == {}
    found = await asked(google, path, **search, query="+316")
    assert [result["person"]["resourceName"] for result in found.json["results"]] == ["people/c1"]
    assert (await asked(google, path, **search, query="12345678")).json == {}


async def test_tokens_are_given_and_taken_back(google: GooglePeople) -> None:
    stale = await ask(google.url + LIST, headers={"Authorization": "Bearer stale"})
    assert (stale.status, stale.json["error"]["status"]) == (401, "UNAUTHENTICATED")
    google.oauth.is_revoked = True
    refused = await ask(f"{google.url}/token", data={"grant_type": "refresh_token", **google.credentials})
    assert (refused.status, refused.json) == (400, {"error": "invalid_grant"})
