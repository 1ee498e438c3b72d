from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.directory.fakes.base import Person
from tests.directory.fakes.espocrm import EspoCrm
from tests.directory.fakes.question import ask

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.directory.fakes.question import Answer

PEOPLE = [
    Person("a1", "Jan Jansen", "Bedrijf", phone="+31 (0)20-1234567", mobile="+31612345678"),
    Person("a2", "Piet Prins", mobile="06-12345678"),
    Person("a3", "Bedrijf", phone="0201234567", is_company=True),
]


@pytest.fixture
async def espo() -> AsyncIterator[EspoCrm]:
    fake = EspoCrm(people=list(PEOPLE))
    async with fake.serve():
        yield fake


async def asked(fake: EspoCrm, path: str, **how: Any) -> Answer:
    return await ask(f"{fake.url}/api/v1/{path}", headers={"X-Api-Key": fake.token}, **how)


async def search(fake: EspoCrm, *where: dict[str, Any], **more: Any) -> Answer:
    parameters = {
        "select": ["id", "name", "accountName", "phoneNumber"],
        "maxSize": 5,
        "where": where,
        **more,
    }
    return await asked(fake, "Contact", params={"searchParams": json.dumps(parameters)})


def ends(value: str, attribute: str = "phoneNumberNumeric") -> dict[str, Any]:
    return {"type": "endsWith", "attribute": attribute, "value": value}


async def test_a_contact_is_found_by_the_end_of_any_number_but_shows_the_first(espo: EspoCrm) -> None:
    answer = await search(espo, ends("612345678"))
    assert answer.json == {
        "total": 2,
        "list": [
            {"id": "a1", "name": "Jan Jansen", "accountName": "Bedrijf", "phoneNumber": "+31 (0)20-1234567"},
            {"id": "a2", "name": "Piet Prins", "accountName": None, "phoneNumber": "06-12345678"},
        ],
    }


async def test_all_numbers_come_when_one_contact_is_read(espo: EspoCrm) -> None:
    answer = await asked(espo, "Contact/a1")
    numbers = [data["phoneNumber"] for data in answer.json["phoneNumberData"]]
    assert numbers == ["+31 (0)20-1234567", "+31612345678"]
    everything = await asked(espo, "Contact")
    assert "phoneNumberData" not in everything.json["list"][0]


@pytest.mark.parametrize(
    ("where", "ids"),
    [
        (ends("+31612345678"), []),
        (ends("+31612345678", "phoneNumber"), ["a1"]),
        (ends("612345678", "phoneNumber"), ["a1"]),
        ({"type": "equals", "attribute": "phoneNumberNumeric", "value": "0612345678"}, ["a2"]),
        ({"type": "or", "value": [ends("201234567"), ends("0612345678")]}, ["a1", "a2"]),
        ({"type": "and", "value": [ends("201234567"), ends("612345678")]}, ["a1"]),
    ],
)
async def test_conditions_are_evaluated(espo: EspoCrm, where: dict[str, Any], ids: list[str]) -> None:
    answer = await search(espo, where)
    assert [found["id"] for found in answer.json["list"]] == ids


async def test_companies_are_entities_of_their_own(espo: EspoCrm) -> None:
    parameters = json.dumps({"where": [ends("201234567")]})
    answer = await asked(espo, "Account", params={"searchParams": parameters})
    assert [found["name"] for found in answer.json["list"]] == ["Bedrijf"]


async def test_results_come_in_pages(espo: EspoCrm) -> None:
    answer = await search(espo, ends("612345678"), maxSize=1, offset=1)
    assert (answer.json["total"], [found["id"] for found in answer.json["list"]]) == (2, ["a2"])


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ('Contact?searchParams={"maxSize":201}', 403),
        ("Contact?searchParams=no", 400),
        ('Contact?searchParams={"where":[{"type":"near"}]}', 400),
        ("Nobody", 404),
        ("Contact/a9", 404),
    ],
)
async def test_refusals_tell_why_in_a_header_only(espo: EspoCrm, path: str, status: int) -> None:
    answer = await asked(espo, path)
    assert (answer.status, answer.text, "x-status-reason" in answer.headers) == (status, "", True)


async def test_a_wrong_key_is_refused(espo: EspoCrm) -> None:
    assert (await ask(f"{espo.url}/api/v1/Contact", headers={"X-Api-Key": "wrong"})).status == 401


CALL = {
    "name": "Call 1730453400.17",
    "status": "Held",
    "direction": "Inbound",
    "dateStart": "2026-11-01 09:30:00",
    "dateEnd": "2026-11-01 09:31:01",
    "parentType": "Contact",
    "parentId": "a1",
}


async def test_a_call_is_logged_and_found_again(espo: EspoCrm) -> None:
    made = await asked(espo, "Call", json=CALL)
    assert (made.status, made.json) == (200, espo.logged[0])
    where = [{"type": "equals", "attribute": "name", "value": "Call 1730453400.17"}]
    again = await asked(espo, "Call", params={"searchParams": json.dumps({"where": where})})
    assert [call["id"] for call in again.json["list"]] == [made.json["id"]]


@pytest.mark.parametrize("change", [{"name": ""}, {"dateStart": ""}, {"direction": "Sideways"}])
async def test_a_call_that_does_not_fit_is_refused(espo: EspoCrm, change: dict[str, str]) -> None:
    answer = await asked(espo, "Call", json=CALL | change)
    assert answer.status == 400
    assert answer.headers["x-status-reason"].startswith("Field validation failure")
    assert espo.logged == []
