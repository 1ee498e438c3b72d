from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.directory.fakes.base import Person
from tests.directory.fakes.msgraph import MsGraph
from tests.directory.fakes.question import access_token, ask

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.directory.fakes.question import Answer

PEOPLE = [
    Person("1", "Jan Jansen", "Bedrijf", phone="+31 20 1234567", mobile="+31612345678"),
    Person("2", "Piet Prins", others=("020-7654321",)),
    Person("3", "Bedrijf", phone="0201234567", is_company=True),
]
SCOPE = "https://graph.microsoft.com/Contacts.Read offline_access"


@pytest.fixture
async def graph() -> AsyncIterator[MsGraph]:
    fake = MsGraph(people=list(PEOPLE))
    async with fake.serve():
        yield fake


async def asked(fake: MsGraph, path: str) -> Answer:
    token = await access_token(f"{fake.url}/{fake.tenant}/oauth2/v2.0/token", fake.credentials, scope=SCOPE)
    url = path if path.startswith("http") else f"{fake.url}/v1.0/{path}"
    return await ask(url, headers={"Authorization": f"Bearer {token}"})


async def whole_round(fake: MsGraph, start: str) -> tuple[list[dict[str, Any]], str]:
    """All rows of a round, and the link that begins the next."""
    rows: list[dict[str, Any]] = []
    page = (await asked(fake, start)).json
    while "@odata.nextLink" in page:
        rows += page["value"]
        page = (await asked(fake, page["@odata.nextLink"])).json
    return rows + page["value"], page["@odata.deltaLink"]


@pytest.mark.parametrize("owner", ["me", "users/jan@example.com"])
async def test_a_first_round_tells_everybody(graph: MsGraph, owner: str) -> None:
    rows, link = await whole_round(graph, f"{owner}/contacts/delta")
    expected = {
        "id": graph.id_of(PEOPLE[0]),
        "displayName": "Jan Jansen",
        "companyName": "Bedrijf",
        "businessPhones": ["+31 20 1234567"],
        "homePhones": [],
        "mobilePhone": "+31612345678",
    }
    assert expected.items() <= rows[0].items()
    assert [row["displayName"] for row in rows] == ["Jan Jansen", "Piet Prins", ""]
    assert link.startswith(f"{graph.url}/v1.0/{owner}/contacts/delta?$deltatoken=")


async def test_a_round_has_pages_of_which_some_are_empty(graph: MsGraph) -> None:
    graph.page_size, graph.has_empty_page = 1, True
    first = (await asked(graph, "me/contacts/delta")).json
    assert (first["value"], "@odata.nextLink" in first) == ([], True)
    rows, _ = await whole_round(graph, first["@odata.nextLink"])
    assert len(rows) == 3


async def test_a_later_round_tells_what_changed_and_who_is_gone(graph: MsGraph) -> None:
    _, link = await whole_round(graph, "me/contacts/delta")
    graph.people[0] = replace(graph.people[0], name="Jan Smit")
    del graph.people[1]
    rows, link = await whole_round(graph, link)
    assert rows[0]["displayName"] == "Jan Smit"
    assert rows[1:] == [{"id": graph.id_of(PEOPLE[1]), "@removed": {"reason": "deleted"}}]
    assert (await whole_round(graph, link))[0] == []


async def test_a_token_that_is_not_known_any_more_is_gone(graph: MsGraph) -> None:
    _, link = await whole_round(graph, "me/contacts/delta")
    graph.snapshots.forget()
    answer = await asked(graph, link)
    assert (answer.status, answer.json["error"]["code"]) == (410, "syncStateNotFound")
    assert answer.headers["location"] == f"{graph.url}/v1.0/me/contacts/delta"
    assert len((await whole_round(graph, answer.headers["location"]))[0]) == 3


@pytest.mark.parametrize(
    "path", ["me/contacts/delta?$filter=x eq 1", "me/contacts?$filter=mobilePhone eq '+31612345678'"]
)
async def test_numbers_cannot_be_searched(graph: MsGraph, path: str) -> None:
    answer = await asked(graph, path)
    assert answer.status == 400
    assert answer.json["error"].keys() == {"code", "message", "innerError"}


async def test_the_plain_list_has_pages_too(graph: MsGraph) -> None:
    first = (await asked(graph, "me/contacts?$top=2")).json
    rest = (await asked(graph, first["@odata.nextLink"])).json
    assert (len(first["value"]), len(rest["value"])) == (2, 1)
    assert "@odata.nextLink" not in rest


async def test_a_stale_token_is_refused(graph: MsGraph) -> None:
    answer = await ask(f"{graph.url}/v1.0/me/contacts/delta", headers={"Authorization": "Bearer stale"})
    assert (answer.status, answer.json["error"]["code"]) == (401, "InvalidAuthenticationToken")


def test_the_limit_says_for_how_long() -> None:
    refused = MsGraph().limited()
    assert (refused.status, refused.headers) == (429, {"Retry-After": "10"})
