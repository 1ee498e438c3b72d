from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.directory.fakes.base import Person
from tests.directory.fakes.question import access_token, ask
from tests.directory.fakes.zoho import Zoho

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.directory.fakes.question import Answer

PEOPLE = [
    Person("55", "Jan Jansen", "Bedrijf", phone="020-1234567", mobile="0612345678"),
    Person("56", "Lia Lead", "Lood", phone="0612345678", is_lead=True),
    Person("57", "Bedrijf", phone="+31 20 123 4567", is_company=True),
]
CALL = {
    "Subject": "Call (in), 1730453400.17",
    "Call_Type": "Inbound",
    "Call_Start_Time": "2026-11-01T10:30:00+01:00",
    "Call_Duration": "1:01",
    "Who_Id": {"id": "55"},
}


@pytest.fixture
async def zoho() -> AsyncIterator[Zoho]:
    fake = Zoho(people=list(PEOPLE))
    async with fake.serve():
        yield fake


async def asked(fake: Zoho, path: str, **how: Any) -> Answer:
    token = await access_token(f"{fake.url}/oauth/v2/token", fake.credentials)
    return await ask(
        f"{fake.url}/crm/v8/{path}", headers={"Authorization": f"Zoho-oauthtoken {token}"}, **how
    )


async def test_a_module_answers_for_itself(zoho: Zoho) -> None:
    fields = "Full_Name,Phone,Mobile,Account_Name"
    answer = await asked(zoho, "Contacts/search", params={"phone": "0612345678", "fields": fields})
    assert answer.status == 200
    assert answer.json == {
        "data": [
            {
                "id": "55",
                "Full_Name": "Jan Jansen",
                "Phone": "020-1234567",
                "Mobile": "0612345678",
                "Account_Name": {"name": "Bedrijf", "id": "9"},
            }
        ],
        "info": {"per_page": 200, "count": 1, "page": 1, "more_records": False},
    }
    leads = await asked(zoho, "Leads/search", params={"phone": "0612345678"})
    assert [lead["Full_Name"] for lead in leads.json["data"]] == ["Lia Lead"]


@pytest.mark.parametrize(
    ("module", "phone", "status"),
    [
        ("Contacts", "12345678", 200),
        ("Contacts", "+31612345678", 204),
        ("Accounts", "+31 20 123 4567", 200),
        ("Accounts", "+31201234567", 204),
    ],
)
async def test_stored_text_is_compared_and_nobody_is_an_empty_204(
    zoho: Zoho, module: str, phone: str, status: int
) -> None:
    answer = await asked(zoho, f"{module}/search", params={"phone": phone})
    assert answer.status == status
    assert bool(answer.text) is (status == 200)


async def test_results_come_in_pages(zoho: Zoho) -> None:
    zoho.people.append(Person("58", "Piet Prins", mobile="0612345678"))
    first = await asked(zoho, "Contacts/search", params={"phone": "0612345678", "per_page": "1"})
    assert first.json["info"]["more_records"] is True
    second = await asked(
        zoho, "Contacts/search", params={"phone": "0612345678", "per_page": "1", "page": "2"}
    )
    assert [contact["id"] for contact in second.json["data"]] == ["58"]


@pytest.mark.parametrize(
    ("criteria", "status"),
    [
        ("(Phone:equals:1234567)", 200),
        ("((Phone:equals:nope)or(Mobile:equals:0612345678))", 200),
        ("((Phone:equals:nope)and(Mobile:equals:0612345678))", 204),
        ("(Mobile:starts_with:612345678)", 204),
        ("Phone=1234567", 400),
    ],
)
async def test_criteria_are_read(zoho: Zoho, criteria: str, status: int) -> None:
    assert (await asked(zoho, "Contacts/search", params={"criteria": criteria})).status == status


@pytest.mark.parametrize(
    ("path", "code"),
    [("Nobodies/search?phone=1", "INVALID_MODULE"), ("Contacts/search", "REQUIRED_PARAM_MISSING")],
)
async def test_what_cannot_be_searched_is_refused(zoho: Zoho, path: str, code: str) -> None:
    answer = await asked(zoho, path)
    assert (answer.status, answer.json["code"], answer.json["status"]) == (400, code, "error")


async def test_refused_tokens_come_with_status_200(zoho: Zoho) -> None:
    form = {"grant_type": "refresh_token", **zoho.credentials}
    given = await ask(f"{zoho.url}/oauth/v2/token", data=form)
    assert given.json["api_domain"] == zoho.url
    zoho.oauth.is_revoked = True
    refused = await ask(f"{zoho.url}/oauth/v2/token", data=form)
    assert (refused.status, refused.json) == (200, {"error": "invalid_code"})


async def test_a_token_of_another_scheme_is_refused(zoho: Zoho) -> None:
    token = await access_token(f"{zoho.url}/oauth/v2/token", zoho.credentials)
    headers = {"Authorization": f"Bearer {token}"}
    answer = await ask(f"{zoho.url}/crm/v8/Contacts/search?phone=1", headers=headers)
    assert (answer.status, answer.json["code"]) == (401, "INVALID_TOKEN")


async def test_a_call_is_logged_and_found_again(zoho: Zoho) -> None:
    made = await asked(zoho, "Calls", json={"data": [CALL]})
    assert (made.status, made.json["data"][0]["code"]) == (201, "SUCCESS")
    identity = made.json["data"][0]["details"]["id"]
    assert zoho.logged == [{"id": identity, **CALL}]
    criteria = r"(Subject:equals:Call \(in\)\, 1730453400.17)"
    again = await asked(zoho, "Calls/search", params={"criteria": criteria})
    assert [call["id"] for call in again.json["data"]] == [identity]


@pytest.mark.parametrize(
    ("change", "code", "name"),
    [
        ({"Call_Start_Time": ""}, "MANDATORY_NOT_FOUND", "Call_Start_Time"),
        ({"Call_Type": "Sideways"}, "INVALID_DATA", "Call_Type"),
    ],
)
async def test_a_call_that_does_not_fit_is_refused_within_a_202(
    zoho: Zoho, change: dict[str, str], code: str, name: str
) -> None:
    answer = await asked(zoho, "Calls", json={"data": [CALL | change]})
    (outcome,) = answer.json["data"]
    assert (answer.status, outcome["code"], outcome["details"]["api_name"]) == (202, code, name)
    assert zoho.logged == []
