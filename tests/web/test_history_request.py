"""What the pages of calls and people answer to what no page of theirs would send."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from aiohttp import ClientSession, CookieJar

from tests.web import past

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from bubbled.daemon.daemon import Daemon


class Guest:
    """Sends requests as a page does, with its proof."""

    def __init__(self, http: ClientSession, base: str, csrf: str) -> None:
        self._http = http
        self._base = base
        self._csrf = csrf

    async def get(self, path: str) -> tuple[int, str]:
        async with self._http.get(self._base + path, headers={"Accept": "application/json"}) as answer:
            return answer.status, await answer.text()

    async def post(self, path: str, **fields: str) -> tuple[int, str]:
        headers = {"Accept": "application/json", "X-CSRF-Token": self._csrf, "Origin": self._base}
        async with self._http.post(
            self._base + path, data=fields, headers=headers, allow_redirects=False
        ) as answer:
            return answer.status, await answer.text()


@pytest.fixture
async def guest(
    run: Callable[[Path], AbstractAsyncContextManager[Daemon]], team_settings_file: Path
) -> AsyncIterator[Guest]:
    async with run(team_settings_file) as daemon, ClientSession(cookie_jar=CookieJar(unsafe=True)) as http:
        await past.remember(daemon.history, datetime.now().astimezone())
        async with http.get(await daemon.pages.invite("/history")) as answer:
            base, page = str(answer.url.origin()), await answer.text()
        found = re.search(r'name="csrf" content="([^"]+)"', page)
        assert found is not None
        yield Guest(http, base, found[1])


@pytest.mark.parametrize(
    "path",
    [
        "/history/results?seen=many",
        "/history/results?seen=-1",
        "/history?forgotten=%3Cb%3E",
        "/history?text=" + "x" * 300,
        "/history/calls.csv?since=tomorrow",
        "/history/calls.csv?direction=sideways",
        "/history/person?number=" + "1" * 300,
    ],
)
async def test_an_address_that_no_page_has_is_not_understood(guest: Guest, path: str) -> None:
    status, text = await guest.get(path)
    assert status == 400
    assert "That was not understood" in text


async def test_a_place_that_is_none_is_refused(guest: Guest) -> None:
    status, text = await guest.get("/history?before=rubbish")
    assert status == 409
    assert "before must be" in text


@pytest.mark.parametrize("query", ["since=2026-02-31", "until=0000-00-00", "missed=perhaps", "direction=up"])
async def test_a_search_that_cannot_be_says_so_among_the_results(guest: Guest, query: str) -> None:
    status, text = await guest.get(f"/history/results?{query}")
    assert status == 200
    assert "must be" in text


async def test_the_limit_of_an_address_does_not_count(guest: Guest) -> None:
    status, text = await guest.get("/history/results?limit=1")
    assert status == 200
    assert "7 calls" in text


@pytest.mark.parametrize(
    ("path", "fields", "status"),
    [
        ("/history/note", {"call": "nobody", "text": "x"}, 404),
        ("/history/note", {"call": past.JAN}, 400),
        ("/history/note", {"call": past.JAN, "text": "x" * 2001}, 400),
        ("/history/note", {"call": past.JAN, "text": " \r\n "}, 409),
        ("/history/person/note", {"number": "+31209999999", "text": "x"}, 404),
        ("/history/person/forget", {"number": "+31612345678"}, 400),
        ("/history/person/forget", {"number": "+31612345678", "typed": ""}, 409),
        ("/dial", {"number": "not a number"}, 409),
        ("/dial", {"number": "x" * 5000}, 400),
        ("/dial", {"number": "+31301112233", "chosen": "+31900123456"}, 409),
        ("/dial", {}, 400),
    ],
)
async def test_what_cannot_be_done_is_refused(
    guest: Guest, path: str, fields: dict[str, str], status: int
) -> None:
    assert (await guest.post(path, **fields))[0] == status
