from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.directory.fakes.base import Person
from tests.directory.fakes.pipedrive import Pipedrive
from tests.directory.fakes.question import ask

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.directory.fakes.question import Answer

PEOPLE = [
    Person("1", "Jan Jansen", "Bedrijf", phone="06-12345678"),
    Person("2", "Piet Prins", phone="+31612345678", mobile="020-1234567"),
]


@pytest.fixture
async def pipedrive() -> AsyncIterator[Pipedrive]:
    fake = Pipedrive(people=list(PEOPLE))
    async with fake.serve():
        yield fake


async def asked(fake: Pipedrive, path: str, **how: Any) -> Answer:
    return await ask(fake.url + path, headers={"x-api-token": fake.token}, **how)


async def search(fake: Pipedrive, term: str, **more: str) -> Answer:
    params = {"term": term, "fields": "phone", "limit": "5", **more}
    return await asked(fake, "/api/v2/persons/search", params=params)


async def test_a_person_comes_with_a_score(pipedrive: Pipedrive) -> None:
    answer = await search(pipedrive, "12345678", limit="1")
    assert answer.json["success"] is True
    (found,) = answer.json["data"]["items"]
    assert found["result_score"] == 0.9
    expected = {
        "id": 1,
        "type": "person",
        "name": "Jan Jansen",
        "phones": ["06-12345678"],
        "emails": [],
        "organization": {"id": 2, "name": "Bedrijf", "address": None},
    }
    assert expected.items() <= found["item"].items()
    assert answer.json["additional_data"] == {"next_cursor": "1"}


@pytest.mark.parametrize(
    ("term", "more", "ids"),
    [
        ("612345678", {}, [2]),
        ("12345678", {}, [1, 2]),
        ("1234567", {}, [1, 2]),
        ("0612345678", {}, []),
        ("+31612345678", {"exact_match": "true"}, [2]),
        ("612345678", {"exact_match": "true"}, []),
        ("Jansen", {}, []),
        ("Jansen", {"fields": "name"}, [1]),
        ("12345678", {"cursor": "1"}, [2]),
    ],
)
async def test_a_term_is_looked_for_in_what_is_stored(
    pipedrive: Pipedrive, term: str, more: dict[str, str], ids: list[int]
) -> None:
    items = (await search(pipedrive, term, **more)).json["data"]["items"]
    assert [found["item"]["id"] for found in items] == ids


@pytest.mark.parametrize(
    ("term", "more"), [("1", {}), ("", {}), ("12", {"fields": "shoes"}), ("12", {"limit": "101"})]
)
async def test_what_the_search_does_not_take_is_refused(
    pipedrive: Pipedrive, term: str, more: dict[str, str]
) -> None:
    answer = await search(pipedrive, term, **more)
    assert (answer.status, answer.json["success"]) == (400, False)


async def test_a_wrong_token_is_refused(pipedrive: Pipedrive) -> None:
    answer = await ask(f"{pipedrive.url}/api/v2/persons/search?term=12", headers={"x-api-token": "wrong"})
    assert (answer.status, answer.json["error"]) == (401, "unauthorized access")


def test_the_limit_tells_in_a_header_of_its_own_when_it_ends() -> None:
    refused = Pipedrive().limited()
    assert (refused.status, refused.headers["x-ratelimit-reset"]) == (429, "2")


async def test_a_call_is_logged_by_either_version_and_found_again(pipedrive: Pipedrive) -> None:
    call = {
        "subject": "Call",
        "type": "call",
        "done": True,
        "due_date": "2026-11-01",
        "note": "1730453400.17",
    }
    with_person = call | {"participants": [{"person_id": 1, "primary": True}]}
    second = await asked(pipedrive, "/api/v2/activities", json=with_person)
    first = await asked(pipedrive, "/api/v1/activities", json=call | {"person_id": 1})
    assert (first.status, second.status) == (201, 201)
    again = await asked(pipedrive, "/api/v2/activities", params={"person_id": "1"})
    assert [found["note"] for found in again.json["data"]] == ["1730453400.17", "1730453400.17"]
    assert [found["id"] for found in pipedrive.logged] == [
        second.json["data"]["id"],
        first.json["data"]["id"],
    ]


async def test_a_call_that_does_not_fit_is_refused(pipedrive: Pipedrive) -> None:
    read_only = await asked(pipedrive, "/api/v2/activities", json={"subject": "Call", "person_id": 1})
    assert (read_only.status, "read-only" in read_only.json["error"]) == (400, True)
    dated = await asked(pipedrive, "/api/v1/activities", json={"subject": "Call", "due_date": "1 November"})
    assert dated.status == 400
    assert pipedrive.logged == []
