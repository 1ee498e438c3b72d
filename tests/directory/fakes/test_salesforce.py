from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.directory.fakes.base import Person
from tests.directory.fakes.question import access_token, ask
from tests.directory.fakes.salesforce import Salesforce

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.directory.fakes.question import Answer

PEOPLE = [
    Person("1", "Jan Jansen", "Bedrijf BV", phone="020-1234567", mobile="+31612345678"),
    Person("2", "Piet Prins", phone="+31 6 12 34 56 78"),
    Person("3", "Lia Lead", phone="0612345678", is_lead=True),
    Person("4", "Bedrijf BV", phone="+31201234567", is_company=True),
]
DATA = "/services/data/v68.0"
RETURNING = (
    "RETURNING Contact(Id,Name,Phone,MobilePhone,Account.Name),Lead(Id,Name,Phone),Account(Id,Name,Phone)"
)


@pytest.fixture
async def salesforce() -> AsyncIterator[Salesforce]:
    fake = Salesforce(people=list(PEOPLE))
    async with fake.serve():
        yield fake


async def asked(fake: Salesforce, path: str, **how: Any) -> Answer:
    token = await access_token(f"{fake.url}/services/oauth2/token", fake.credentials)
    return await ask(fake.url + DATA + path, headers={"Authorization": f"Bearer {token}"}, **how)


async def search(fake: Salesforce, terms: str) -> Answer:
    return await asked(fake, "/search/", params={"q": f"FIND {{{terms}}} IN PHONE FIELDS {RETURNING}"})


async def found(fake: Salesforce, terms: str) -> list[str]:
    answer = await search(fake, terms)
    assert answer.status == 200, answer.text
    return [record["Name"] for record in answer.json["searchRecords"]]


async def test_a_record_says_of_which_kind_it_is(salesforce: Salesforce) -> None:
    answer = await search(salesforce, r"\+31612345678")
    assert answer.headers["sforce-limit-info"] == "api-usage=18/5000"
    assert answer.json["searchRecords"] == [
        {
            "attributes": {"type": "Contact", "url": f"{DATA}/sobjects/Contact/003000000000001AAA"},
            "Id": "003000000000001AAA",
            "Name": "Jan Jansen",
            "Phone": "020-1234567",
            "MobilePhone": "+31612345678",
            "Account": {
                "attributes": {"type": "Account", "url": f"{DATA}/sobjects/Account/001000000000999AAA"},
                "Name": "Bedrijf BV",
            },
        }
    ]


@pytest.mark.parametrize(
    ("terms", "names"),
    [
        ("31612345678", ["Jan Jansen"]),
        (r"\+31612345678 OR 0612345678", ["Jan Jansen", "Lia Lead"]),
        ('"31 6 12 34 56 78"', ["Piet Prins"]),
        ("31 12 78", ["Piet Prins"]),
        ("612345678", []),
        ("316*", ["Jan Jansen"]),
        ("3161234567?", ["Jan Jansen"]),
        (r"020\-1234567", ["Jan Jansen"]),
        (r"020\-123456", []),
        ("(0612345678 OR 1234567) AND NOT 020", ["Lia Lead"]),
        ("31201234567", ["Bedrijf BV"]),
    ],
)
async def test_terms_are_compared_with_whole_tokens(
    salesforce: Salesforce, terms: str, names: list[str]
) -> None:
    assert await found(salesforce, terms) == names


@pytest.mark.parametrize(
    "terms",
    ["+31612345678", "06-12345678", "*12345678", "1", "(0612345678", '"0612345678', "0612345678)", ""],
)
async def test_terms_that_are_not_in_the_language_are_refused(salesforce: Salesforce, terms: str) -> None:
    answer = await search(salesforce, terms)
    assert answer.status == 400
    assert [error["errorCode"] for error in answer.json] == ["MALFORMED_SEARCH"]


@pytest.mark.parametrize(
    ("returning", "code"),
    [
        ("Contact(Id,Colour)", "INVALID_FIELD"),
        ("Person(Id)", "INVALID_TYPE"),
        ("Contact(Id", "MALFORMED_SEARCH"),
    ],
)
async def test_fields_that_do_not_exist_are_refused(
    salesforce: Salesforce, returning: str, code: str
) -> None:
    query = f"FIND {{0612345678}} IN PHONE FIELDS RETURNING {returning}"
    answer = await asked(salesforce, "/search/", params={"q": query})
    assert (answer.status, answer.json[0]["errorCode"]) == (400, code)


async def test_only_numbers_are_searched_where_that_is_asked(salesforce: Salesforce) -> None:
    assert await found(salesforce, "Jansen") == []
    answer = await asked(salesforce, "/search", params={"q": f"FIND {{Jansen}} IN ALL FIELDS {RETURNING}"})
    assert [record["Name"] for record in answer.json["searchRecords"]] == ["Jan Jansen"]


async def test_the_answer_with_a_token_tells_where_to_ask(salesforce: Salesforce) -> None:
    form = {"grant_type": "refresh_token", **salesforce.credentials}
    answer = await ask(f"{salesforce.url}/services/oauth2/token", data=form)
    assert answer.json["instance_url"] == salesforce.url
    assert "expires_in" not in answer.json


@pytest.mark.parametrize(
    ("change", "error"),
    [({"refresh_token": "stale"}, "invalid_grant"), ({"client_secret": "wrong"}, "invalid_client")],
)
async def test_wrong_credentials_give_no_token(
    salesforce: Salesforce, change: dict[str, str], error: str
) -> None:
    form = {"grant_type": "refresh_token", **salesforce.credentials, **change}
    answer = await ask(f"{salesforce.url}/services/oauth2/token", data=form)
    assert (answer.status, answer.json["error"]) == (400, error)


async def test_an_expired_session_is_refused_until_there_is_a_new_token(salesforce: Salesforce) -> None:
    token = await access_token(f"{salesforce.url}/services/oauth2/token", salesforce.credentials)
    salesforce.oauth.expire()
    headers = {"Authorization": f"Bearer {token}"}
    answer = await ask(f"{salesforce.url}{DATA}/search/?q=x", headers=headers)
    assert (answer.status, answer.json[0]["errorCode"]) == (401, "INVALID_SESSION_ID")
    assert await found(salesforce, "0612345678") == ["Lia Lead"]


def test_an_exhausted_limit_is_a_403() -> None:
    refused = Salesforce().limited()
    assert (refused.status, refused.body[0]["errorCode"]) == (403, "REQUEST_LIMIT_EXCEEDED")


async def test_a_call_is_logged_and_found_again(salesforce: Salesforce) -> None:
    task = {
        "WhoId": salesforce.id_of(PEOPLE[0]),
        "Subject": "Call",
        "CallType": "Inbound",
        "CallDurationInSeconds": 61,
        "CallObject": "1730453400.17",
        "Status": "Completed",
    }
    made = await asked(salesforce, "/sobjects/Task/", json=task)
    assert (made.status, made.json["success"]) == (201, True)
    assert salesforce.logged == [{"id": made.json["id"], **task}]
    query = "SELECT Id FROM Task WHERE CallObject = '1730453400.17' LIMIT 1"
    again = await asked(salesforce, "/query/", params={"q": query})
    assert [record["Id"] for record in again.json["records"]] == [made.json["id"]]
    none = await asked(salesforce, "/query/", params={"q": query.replace(".17", ".18")})
    assert none.json == {"totalSize": 0, "done": True, "records": []}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"Colour": "red"}, "INVALID_FIELD"),
        ({"CallType": "Sideways"}, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"),
        ({"WhoId": "003000000000404AAA"}, "MALFORMED_ID"),
    ],
)
async def test_a_call_that_does_not_fit_is_refused(
    salesforce: Salesforce, change: dict[str, str], code: str
) -> None:
    answer = await asked(salesforce, "/sobjects/Task", json={"Subject": "Call"} | change)
    assert (answer.status, answer.json[0]["errorCode"]) == (400, code)
    assert salesforce.logged == []
