from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import aiohttp
import pytest

from tests.directory.fakes.base import Person, Trouble
from tests.directory.fakes.hubspot import HubSpot
from tests.directory.fakes.question import ask

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.directory.fakes.question import Answer

CALL = {"properties": {"hs_timestamp": "2026-11-01T09:30:00Z"}}


@pytest.fixture
async def fake() -> AsyncIterator[HubSpot]:
    hubspot = HubSpot(people=[Person("101", "Jan Jansen", mobile="0612345678")])
    async with hubspot.serve():
        yield hubspot


async def search(fake: HubSpot) -> Answer:
    return await post(fake, "contacts/search", {})


async def post(fake: HubSpot, path: str, body: object) -> Answer:
    headers = {"Authorization": f"Bearer {fake.token}"}
    return await ask(f"{fake.url}/crm/v3/objects/{path}", json=body, headers=headers)


async def test_what_is_asked_is_noted(fake: HubSpot) -> None:
    await ask(f"{fake.url}/crm/v3/objects/contacts/search?q=%2B31+6", json={"limit": 1})
    (received,) = fake.requests
    assert (received.method, received.path) == ("POST", "/crm/v3/objects/contacts/search")
    assert received.query == (("q", "+31 6"),)
    assert received.headers["content-type"] == "application/json"
    assert received.json == {"limit": 1}
    assert "?q=+31 6" in received.text
    assert '{"limit": 1}' in received.text


@pytest.mark.parametrize(
    ("trouble", "status"), [(Trouble.EXPIRED, 401), (Trouble.LIMITED, 429), (Trouble.BROKEN, 500)]
)
async def test_trouble_is_told_in_the_vendors_shape(fake: HubSpot, trouble: Trouble, status: int) -> None:
    fake.trouble = trouble
    answer = await search(fake)
    assert (answer.status, answer.json["status"]) == (status, "error")
    fake.trouble = None
    assert (await search(fake)).status == 200


async def test_a_page_for_people_can_come_instead(fake: HubSpot) -> None:
    fake.trouble = Trouble.HTML
    answer = await search(fake)
    assert (answer.status, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")


async def test_an_answer_can_be_cut(fake: HubSpot) -> None:
    fake.trouble = Trouble.CUT
    with pytest.raises(aiohttp.ClientPayloadError):
        await search(fake)


async def test_a_slow_answer_waits_for_the_gate(fake: HubSpot) -> None:
    fake.trouble = Trouble.SLOW
    async with asyncio.TaskGroup() as tasks:
        searching = tasks.create_task(search(fake))
        await fake.asked.wait()
        assert not searching.done()
        fake.gate.set()
    assert searching.result().status == 200


async def test_a_huge_answer_outlasts_a_client_with_limits(fake: HubSpot) -> None:
    fake.trouble = Trouble.HUGE
    url = f"{fake.url}/crm/v3/objects/contacts/search"
    async with aiohttp.ClientSession() as session, session.post(url, json={}) as response:
        assert len(await response.content.readexactly(1_000_000)) == 1_000_000
        response.close()


async def test_trouble_can_keep_to_one_path(fake: HubSpot) -> None:
    fake.trouble, fake.troubled_path = Trouble.BROKEN, "/companies/"
    assert (await search(fake)).status == 200
    assert (await post(fake, "companies/search", {})).status == 500


@pytest.mark.parametrize(("trouble", "stored"), [(Trouble.NOT_STORED, 0), (Trouble.STORED_UNANSWERED, 1)])
async def test_nobody_can_tell_whether_a_record_was_stored(
    fake: HubSpot, trouble: Trouble, stored: int
) -> None:
    fake.trouble = trouble
    with pytest.raises(aiohttp.ClientConnectionError):
        await post(fake, "calls", CALL)
    assert len(fake.logged) == stored


def test_a_name_of_one_word_is_a_family_name() -> None:
    assert (Person("1", "Jansen").first, Person("1", "Jansen").last) == ("", "Jansen")
    assert (Person("1", "Jan van Dam").first, Person("1", "Jan van Dam").last) == ("Jan", "van Dam")
