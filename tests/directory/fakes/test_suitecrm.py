from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.directory.fakes.base import Person
from tests.directory.fakes.question import access_token, ask
from tests.directory.fakes.suitecrm import SuiteCrm

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.directory.fakes.question import Answer

PEOPLE = [
    Person("1", "Jan Jansen", "Bedrijf", mobile="0612345678"),
    Person("2", "Piet Prins", phone="0612345678", mobile="+31687654321"),
    Person("3", "Bedrijf", phone="0201234567", is_company=True),
]
EITHER = {
    "filter[operator]": "or",
    "filter[phone_mobile][eq]": "0612345678",
    "filter[phone_work][eq]": "0612345678",
}


@pytest.fixture
async def suite() -> AsyncIterator[SuiteCrm]:
    fake = SuiteCrm(people=list(PEOPLE))
    async with fake.serve():
        yield fake


async def asked(fake: SuiteCrm, path: str, **how: Any) -> Answer:
    token = await access_token(f"{fake.url}/Api/access_token", fake.credentials)
    return await ask(f"{fake.url}/Api/V8/module{path}", headers={"Authorization": f"Bearer {token}"}, **how)


async def names(fake: SuiteCrm, **params: str) -> list[str]:
    answer = await asked(fake, "/Contacts", params=params)
    return [document["attributes"]["full_name"] for document in answer.json["data"]]


async def test_a_contact_is_a_json_api_document(suite: SuiteCrm) -> None:
    shown = {"fields[Contacts]": "full_name,phone_mobile", "page[size]": "1"}
    answer = await asked(suite, "/Contacts", params=EITHER | shown)
    assert answer.headers["content-type"].startswith("application/vnd.api+json")
    assert answer.json == {
        "meta": {"total-pages": 2},
        "data": [
            {
                "type": "Contact",
                "id": suite.id_of(PEOPLE[0]),
                "attributes": {"full_name": "Jan Jansen", "phone_mobile": "0612345678"},
                "relationships": {},
            }
        ],
    }
    rest = await asked(suite, "/Contacts", params=EITHER | shown | {"page[number]": "2"})
    assert [document["attributes"]["full_name"] for document in rest.json["data"]] == ["Piet Prins"]


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"filter[phone_work][eq]": "0612345678"}, ["Piet Prins"]),
        ({"filter[phone_work][eq]": "0612345678", "filter[phone_mobile][eq]": "0612345678"}, []),
        ({"filter[phone_mobile][eq]": "612345678"}, []),
        ({"filter[last_name][neq]": "Prins"}, ["Jan Jansen"]),
        (EITHER, ["Jan Jansen", "Piet Prins"]),
    ],
)
async def test_filters_compare_whole_values(
    suite: SuiteCrm, params: dict[str, str], found: list[str]
) -> None:
    assert await names(suite, **params) == found


async def test_a_company_has_numbers_of_its_own(suite: SuiteCrm) -> None:
    answer = await asked(suite, "/Accounts", params={"filter[phone_office][eq]": "0201234567"})
    assert [document["attributes"]["name"] for document in answer.json["data"]] == ["Bedrijf"]
    assert (await asked(suite, "/Accounts", params={"filter[phone_work][eq]": "0201234567"})).status == 400


async def test_an_old_version_finds_everybody_by_or(suite: SuiteCrm) -> None:
    suite.has_or_defect = True
    assert await names(suite, **{"filter[operator]": "or", "filter[phone_work][eq]": "nobody's"}) == [
        "Jan Jansen",
        "Piet Prins",
    ]


async def test_nobody_is_told_in_words_too(suite: SuiteCrm) -> None:
    answer = await asked(suite, "/Contacts", params={"filter[phone_work][eq]": "1"})
    assert answer.json == {"meta": {"message": "Request was successful, but there is no result"}, "data": []}


@pytest.mark.parametrize(
    "path",
    [
        "/Nobodies",
        "/Contacts?filter[phone_work][like]=%25612345678",
        "/Contacts?filter[colour][eq]=red",
        "/Contacts?filter[phone_work]=1",
        "/Contacts?filter[operator]=xor",
    ],
)
async def test_what_cannot_be_filtered_is_refused(suite: SuiteCrm, path: str) -> None:
    answer = await asked(suite, path)
    assert answer.status == 400
    assert answer.json["errors"].keys() == {"status", "title", "detail"}


@pytest.mark.parametrize("how", ["json", "data"])
@pytest.mark.parametrize("root", ["/Api", "/legacy/Api"])
async def test_a_token_is_given_for_json_and_for_a_form(suite: SuiteCrm, how: str, root: str) -> None:
    body = {"grant_type": "client_credentials", **suite.credentials}
    answer = await ask(f"{suite.url}{root}/access_token", **{how: body})
    headers = {"Authorization": f"{answer.json['token_type']} {answer.json['access_token']}"}
    assert (await ask(f"{suite.url}{root}/V8/module/Contacts", headers=headers)).status == 200


async def test_a_wrong_secret_and_a_stale_token_are_refused(suite: SuiteCrm) -> None:
    body = {"grant_type": "client_credentials", **suite.credentials, "client_secret": "wrong"}
    refused = await ask(f"{suite.url}/Api/access_token", json=body)
    assert (refused.status, refused.json["error"]) == (401, "invalid_client")
    headers = {"Authorization": "Bearer stale"}
    stale = await ask(f"{suite.url}/Api/V8/module/Contacts", headers=headers)
    assert (stale.status, stale.json["error"]) == (401, "access_denied")


CALL = {"name": "Call 1730453400.17", "direction": "Inbound", "status": "Held", "duration_minutes": "1"}


async def test_a_call_is_logged_once_under_an_id_of_the_clients_choice(suite: SuiteCrm) -> None:
    data = {"type": "Calls", "id": "11111111-2222-3333-4444-555555555555", "attributes": CALL}
    made = await asked(suite, "", json={"data": data})
    assert (made.status, made.json["data"]["id"]) == (201, data["id"])
    again = await asked(suite, "", json={"data": data})
    assert again.status == 400
    assert [call["id"] for call in suite.logged] == [data["id"]]
    found = await asked(suite, "/Calls", params={"filter[name][eq]": CALL["name"]})
    assert [call["id"] for call in found.json["data"]] == [data["id"]]


@pytest.mark.parametrize(
    "data", [{"type": "Shoes"}, {"type": "Calls", "attributes": {"name": "Call", "colour": "red"}}]
)
async def test_a_call_that_does_not_fit_is_refused(suite: SuiteCrm, data: dict[str, Any]) -> None:
    assert (await asked(suite, "", json={"data": data})).status == 400
    assert suite.logged == []
