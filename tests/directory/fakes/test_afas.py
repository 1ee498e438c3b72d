from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest

from tests.directory.fakes.afas import Afas
from tests.directory.fakes.base import Person
from tests.directory.fakes.question import ask

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.directory.fakes.question import Answer

PEOPLE = [
    Person("1", "Jan Jansen", mobile="06-12345678"),
    Person("2", "Piet Prins", phone="0201234567", mobile="+31612345678"),
    Person("3", "Bedrijf", phone="0201234567", is_company=True),
]


@pytest.fixture
async def afas() -> AsyncIterator[Afas]:
    fake = Afas(people=list(PEOPLE))
    async with fake.serve():
        yield fake


async def asked(fake: Afas, connector: str = "Bubbled_Contacts", token: str = "", **params: str) -> Answer:
    encoded = base64.b64encode((token or fake.token).encode()).decode()
    url = f"{fake.url}/profitrestservices/connectors/{connector}"
    return await ask(url, params=params, headers={"Authorization": f"AfasToken {encoded}"})


def by(fields: str, values: str, operators: str) -> dict[str, str]:
    return {"filterfieldids": fields, "filtervalues": values, "operatortypes": operators}


async def test_rows_come_with_the_columns_of_the_connector(afas: Afas) -> None:
    answer = await asked(afas, skip="0", take="5", **by("Mobile", "%612345678%", "6"))
    assert (answer.json["skip"], answer.json["take"]) == (0, 5)
    (row,) = answer.json["rows"]
    expected = {
        "Id": "2",
        "Name": "Piet Prins",
        "Phone": "0201234567",
        "Mobile": "+31612345678",
        "Email": None,
    }
    assert expected.items() <= row.items()


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        (by("Mobile", "06-12345678", "1"), ["1"]),
        (by("Mobile", "12345678", "6"), []),
        (by("Mobile", "%12345678%", "6"), ["1", "2"]),
        (by("Mobile;Phone", "%345678%;%1234567%", "6;6"), ["1", "2", "3"]),
        (by("Mobile,Phone", "%345678%,%1234567%", "6,6"), ["2"]),
        (by("Phone", "0201", "10"), ["2", "3"]),
        (by("Phone", "4567", "13"), ["2", "3"]),
        ({}, ["1", "2", "3"]),
        ({"skip": "1", "take": "1"}, ["2"]),
    ],
)
async def test_filters_are_lists_side_by_side(afas: Afas, filters: dict[str, str], ids: list[str]) -> None:
    assert [row["Id"] for row in (await asked(afas, **filters)).json["rows"]] == ids


@pytest.mark.parametrize(
    ("filters", "status"),
    [
        (by("Colour", "red", "1"), 500),
        (by("Phone", "1", "99"), 500),
        (by("Phone;Mobile", "1", "1;1"), 400),
        (by("Phone,Mobile", "1", "1,1"), 400),
    ],
)
async def test_filters_that_do_not_fit_are_refused(afas: Afas, filters: dict[str, str], status: int) -> None:
    answer = await asked(afas, **filters)
    assert (answer.status, "externalMessage" in answer.json) == (status, True)


async def test_a_wrong_token_and_another_connector_are_both_a_401(afas: Afas) -> None:
    assert (await asked(afas, token="<token/>")).status == 401
    assert (await asked(afas, connector="Salaries")).status == 401
