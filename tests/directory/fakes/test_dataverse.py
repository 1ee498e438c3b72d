from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.directory.fakes.base import Person
from tests.directory.fakes.dataverse import Dataverse
from tests.directory.fakes.question import access_token, ask

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.directory.fakes.question import Answer

PEOPLE = [
    Person("1", "Jan Jansen", "Bedrijf BV", mobile="+31 6 12345678"),
    Person("2", "Piet Prins", phone="0612345678"),
    Person("3", "Lia Lead", phone="0612345678", is_lead=True),
    Person("4", "Bedrijf BV", phone="0201234567", is_company=True),
]
SCOPE = "https://org.crm4.dynamics.com/.default"
JAN = "00000000-0000-0000-0000-000000000001"


@pytest.fixture
async def dataverse() -> AsyncIterator[Dataverse]:
    fake = Dataverse(people=list(PEOPLE))
    async with fake.serve():
        yield fake


async def asked(fake: Dataverse, path: str, prefer: str = "", **how: Any) -> Answer:
    token = await access_token(f"{fake.url}/{fake.tenant}/oauth2/v2.0/token", fake.credentials, scope=SCOPE)
    headers = {"Authorization": f"Bearer {token}", "Prefer": prefer}
    return await ask(f"{fake.url}/api/data/v9.2/{path}", headers=headers, **how)


async def test_a_contact_is_found_by_its_stored_text(dataverse: Dataverse) -> None:
    select = {"$select": "fullname,telephone1,mobilephone", "$top": "5"}
    found = "contains(mobilephone,'12345678') or contains(telephone1,'12345678')"
    answer = await asked(dataverse, "contacts", params={**select, "$filter": found})
    first, second = answer.json["value"]
    assert first == {
        "@odata.etag": 'W/"1"',
        "contactid": JAN,
        "fullname": "Jan Jansen",
        "telephone1": None,
        "mobilephone": "+31 6 12345678",
    }
    assert second["fullname"] == "Piet Prins"
    assert dataverse.id_of(PEOPLE[0]) == JAN


@pytest.mark.parametrize(
    ("table", "name", "value", "names"),
    [
        ("contacts", "mobilephone", "612345678", []),
        ("contacts", "telephone1", "612345678", ["Piet Prins"]),
        ("leads", "telephone1", "612345678", ["Lia Lead"]),
    ],
)
async def test_each_table_holds_people_of_its_own(
    dataverse: Dataverse, table: str, name: str, value: str, names: list[str]
) -> None:
    params = {"$select": "fullname", "$filter": f"contains({name},'{value}')"}
    answer = await asked(dataverse, table, params=params)
    assert [record["fullname"] for record in answer.json["value"]] == names


async def test_the_company_comes_by_name_where_that_is_preferred(dataverse: Dataverse) -> None:
    params = {"$select": "_parentcustomerid_value", "$filter": "fullname eq 'Jan Jansen'"}
    annotation = "_parentcustomerid_value@OData.Community.Display.V1.FormattedValue"
    plain = await asked(dataverse, "contacts", params=params)
    assert annotation not in plain.json["value"][0]
    named = await asked(dataverse, "contacts", prefer='odata.include-annotations="*"', params=params)
    assert named.json["value"][0][annotation] == "Bedrijf BV"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("contacts?$filter=contains(colour,'1')", 400),
        ("contacts?$filter=contains(mobilephone,'1'", 400),
        ("contacts?$select=colour", 400),
        ("nobodies", 404),
    ],
)
async def test_what_does_not_exist_is_refused(dataverse: Dataverse, path: str, status: int) -> None:
    answer = await asked(dataverse, path)
    assert (answer.status, set(answer.json["error"])) == (status, {"code", "message"})


async def test_a_request_without_a_good_token_has_an_empty_answer(dataverse: Dataverse) -> None:
    answer = await ask(f"{dataverse.url}/api/data/v9.2/contacts", headers={"Authorization": "Bearer stale"})
    assert (answer.status, answer.text) == (401, "")
    assert answer.headers["www-authenticate"].startswith("Bearer authorization_uri=")


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"scope": ""}, 400, "invalid_scope"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
    ],
)
async def test_entra_refuses_with_a_code(
    dataverse: Dataverse, change: dict[str, str], status: int, error: str
) -> None:
    form = {"grant_type": "client_credentials", "scope": SCOPE, **dataverse.credentials, **change}
    answer = await ask(f"{dataverse.url}/{dataverse.tenant}/oauth2/v2.0/token", data=form)
    assert (answer.status, answer.json["error"]) == (status, error)
    assert answer.json["error_description"].startswith("AADSTS")


def test_the_limit_says_for_how_long() -> None:
    refused = Dataverse().limited()
    assert (refused.status, refused.headers) == (429, {"Retry-After": "30"})
    assert refused.body["error"]["code"] == "0x80072322"


CALL = {
    "activityid": "11111111-2222-3333-4444-555555555555",
    "subject": "Call 1730453400.17",
    "directioncode": False,
    "phonenumber": "+31612345678",
    "regardingobjectid_contact@odata.bind": f"/contacts({JAN})",
}


async def test_a_call_is_logged_once_under_an_id_of_the_clients_choice(dataverse: Dataverse) -> None:
    made = await asked(dataverse, "phonecalls", json=CALL)
    assert (made.status, made.text) == (204, "")
    assert made.headers["odata-entityid"].endswith(f"/phonecalls({CALL['activityid']})")
    again = await asked(dataverse, "phonecalls", json=CALL)
    assert (again.status, again.json["error"]["code"]) == (412, "0x80040237")
    assert [call["activityid"] for call in dataverse.logged] == [CALL["activityid"]]
    params = {"$select": "activityid", "$filter": "subject eq 'Call 1730453400.17'"}
    found = await asked(dataverse, "phonecalls", params=params)
    assert [call["activityid"] for call in found.json["value"]] == [CALL["activityid"]]


async def test_a_logged_call_comes_back_where_that_is_preferred(dataverse: Dataverse) -> None:
    made = await asked(dataverse, "phonecalls", prefer="return=representation", json={"subject": "Call"})
    assert (made.status, made.json["activityid"]) == (201, dataverse.logged[0]["activityid"])


@pytest.mark.parametrize("change", [{"colour": "red"}, {"directioncode": "in"}])
async def test_a_call_that_does_not_fit_is_refused(dataverse: Dataverse, change: dict[str, str]) -> None:
    assert (await asked(dataverse, "phonecalls", json=CALL | change)).status == 400
    assert dataverse.logged == []
