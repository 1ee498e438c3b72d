from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.directory.fakes.base import Person
from tests.directory.fakes.hubspot import HubSpot
from tests.directory.fakes.question import ask

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.directory.fakes.question import Answer

JAN = Person("101", "Jan Jansen", "Bedrijf BV", phone="020-1234567", mobile="+31 6 12345678")
BEDRIJF = Person("201", "Bedrijf BV", phone="+31201234567", is_company=True)


@pytest.fixture
async def hubspot() -> AsyncIterator[HubSpot]:
    fake = HubSpot(people=[JAN, BEDRIJF])
    async with fake.serve():
        yield fake


async def post(fake: HubSpot, path: str, body: dict[str, Any], token: str | None = None) -> Answer:
    headers = {"Authorization": f"Bearer {token or fake.token}"}
    return await ask(fake.url + path, json=body, headers=headers)


def asking_for(value: str, **more: Any) -> dict[str, Any]:
    names = ("hs_searchable_calculated_phone_number", "hs_searchable_calculated_mobile_number")
    groups = [{"filters": [{"propertyName": name, "operator": "EQ", "value": value}]} for name in names]
    return {"filterGroups": groups, "properties": ["firstname", "lastname", "mobilephone"], **more}


@pytest.mark.parametrize("root", ["/crm/objects/2026-03", "/crm/v3/objects"])
async def test_a_number_is_found_without_country_code_however_it_is_stored(
    hubspot: HubSpot, root: str
) -> None:
    answer = await post(
        hubspot, f"{root}/contacts/search", asking_for("612345678", limit=5, after="0", sorts=[])
    )
    assert answer.status == 200
    assert answer.json["total"] == 1
    assert answer.json["results"] == [
        {
            "id": "101",
            "properties": {
                "firstname": "Jan",
                "lastname": "Jansen",
                "mobilephone": "+31 6 12345678",
                "createdate": "2026-01-01T00:00:00Z",
                "lastmodifieddate": "2026-01-02T00:00:00Z",
                "hs_object_id": "101",
            },
            "createdAt": "2026-01-01T00:00:00Z",
            "updatedAt": "2026-01-02T00:00:00Z",
            "archived": False,
        }
    ]


@pytest.mark.parametrize("value", ["31612345678", "+31612345678", "0612345678", "12345678"])
async def test_any_other_notation_finds_nobody(hubspot: HubSpot, value: str) -> None:
    answer = await post(hubspot, "/crm/v3/objects/contacts/search", asking_for(value))
    assert answer.json == {"total": 0, "results": []}


async def test_companies_are_objects_of_their_own(hubspot: HubSpot) -> None:
    name = "hs_searchable_calculated_phone_number"
    groups = [{"filters": [{"propertyName": name, "operator": "EQ", "value": "201234567"}]}]
    body = {"filterGroups": groups, "properties": ["name", "phone"]}
    answer = await post(hubspot, "/crm/v3/objects/companies/search", body)
    assert [found["properties"]["name"] for found in answer.json["results"]] == ["Bedrijf BV"]


async def test_results_come_in_pages(hubspot: HubSpot) -> None:
    hubspot.people.append(Person("102", "Piet Jansen", mobile="0612345678"))
    first = await post(hubspot, "/crm/v3/objects/contacts/search", asking_for("612345678", limit=1))
    assert first.json["paging"] == {"next": {"after": "1"}}
    rest = asking_for("612345678", limit=1, after="1")
    second = await post(hubspot, "/crm/v3/objects/contacts/search", rest)
    assert [found["id"] for found in second.json["results"]] == ["102"]
    assert "paging" not in second.json


@pytest.mark.parametrize(
    "change",
    [
        {"limit": 201},
        {"filterGroups": [{"filters": []}] * 6},
        {"filterGroups": [{"filters": [{"propertyName": "nope", "operator": "EQ", "value": "1"}]}]},
        {"filterGroups": [{"filters": [{"propertyName": "phone", "operator": "NEAR", "value": "1"}]}]},
    ],
)
async def test_what_the_search_does_not_take_is_refused(hubspot: HubSpot, change: dict[str, Any]) -> None:
    answer = await post(hubspot, "/crm/v3/objects/contacts/search", asking_for("612345678") | change)
    assert (answer.status, answer.json["category"]) == (400, "VALIDATION_ERROR")


async def test_a_wrong_token_is_refused(hubspot: HubSpot) -> None:
    answer = await post(hubspot, "/crm/v3/objects/contacts/search", {}, token="wrong")
    assert (answer.status, answer.json["category"]) == (401, "INVALID_AUTHENTICATION")


async def test_the_limit_of_searches_says_no_time(hubspot: HubSpot) -> None:
    refused = hubspot.limited()
    assert (refused.status, refused.headers) == (429, {})
    assert refused.body["errorType"] == "RATE_LIMIT"
    assert refused.body["policyName"] == "SECONDLY"


CALL = {
    "properties": {
        "hs_timestamp": "2026-11-01T09:30:00Z",
        "hs_call_direction": "INBOUND",
        "hs_call_duration": "61000",
        "hs_call_external_id": "1730453400.17",
    },
    "associations": [
        {
            "to": {"id": "101"},
            "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 194}],
        }
    ],
}
AGAIN = {
    "filterGroups": [
        {"filters": [{"propertyName": "hs_call_external_id", "operator": "EQ", "value": "1730453400.17"}]}
    ]
}


async def test_a_call_is_logged_and_found_again(hubspot: HubSpot) -> None:
    made = await post(hubspot, "/crm/v3/objects/calls", CALL)
    assert made.status == 201
    assert [call["id"] for call in hubspot.logged] == [made.json["id"]]
    found = await post(hubspot, "/crm/v3/objects/calls/search", AGAIN)
    assert [call["id"] for call in found.json["results"]] == [made.json["id"]]


async def test_a_new_call_may_be_found_late(hubspot: HubSpot) -> None:
    hubspot.is_late = True
    await post(hubspot, "/crm/v3/objects/calls", CALL)
    assert (await post(hubspot, "/crm/v3/objects/calls/search", AGAIN)).json["total"] == 0
    hubspot.is_late = False
    assert (await post(hubspot, "/crm/v3/objects/calls/search", AGAIN)).json["total"] == 1


@pytest.mark.parametrize(
    "properties",
    [
        {},
        {"hs_timestamp": "2026-11-01T09:30:00Z", "colour": "red"},
        {"hs_timestamp": "2026-11-01T09:30:00Z", "hs_call_direction": "SIDEWAYS"},
    ],
)
async def test_a_call_that_does_not_fit_is_refused(hubspot: HubSpot, properties: dict[str, str]) -> None:
    answer = await post(hubspot, "/crm/v3/objects/calls", {"properties": properties})
    assert answer.status == 400
    assert hubspot.logged == []
