"""What the set-up answers to what no page of it would send."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any, cast

import pytest
from aiohttp import ClientSession, CookieJar

from bubbled.cli.option import local_now
from bubbled.control.client import Client
from bubbled.setup.desk import SetupDesk
from bubbled.web.server import serving
from bubbled.web.settings.setup import PATH, alone

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


class Guest:
    """Sends requests as a page does, with its proof; gives the status, and the text or where it leads."""

    def __init__(self, http: ClientSession, base: str, csrf: str) -> None:
        self._http = http
        self._base = base
        self._csrf = csrf

    async def get(self, path: str) -> tuple[int, str]:
        return await self._told("GET", path)

    async def post(self, path: str, fields: dict[str, str] | None = None, **more: str) -> tuple[int, str]:
        headers = {"X-CSRF-Token": self._csrf, "Origin": self._base, **more}
        return await self._told("POST", path, data=fields or {}, headers=headers)

    async def _told(self, method: str, path: str, **request: Any) -> tuple[int, str]:
        async with self._http.request(
            method, f"{self._base}{PATH}{path}", allow_redirects=False, **request
        ) as answer:
            return answer.status, answer.headers.get("Location") or await answer.text()


@pytest.fixture
def file(folder: Path) -> Path:
    return folder / "config.toml"


@pytest.fixture
async def guest(file: Path) -> AsyncIterator[Guest]:
    desk = SetupDesk(file, Client(file.with_name("control.sock")), opener=lambda _url: None)
    async with (
        serving(cast("Any", None), lambda site: alone(site, desk), now=local_now) as door,
        ClientSession(cookie_jar=CookieJar(unsafe=True)) as http,
    ):
        async with http.get(door.invite("/settings/setup/leave")) as answer:  # a page that there is not
            base, page = str(answer.url.origin()), await answer.text()
        found = re.search(r'name="csrf" content="([^"]+)"', page)
        assert found is not None
        yield Guest(http, base, found[1])


@pytest.mark.parametrize("part", ["pbx", "account", "contacts", "ready", "done"])
async def test_a_part_that_is_not_open_yet_leads_to_where_the_set_up_is(guest: Guest, part: str) -> None:
    assert await guest.get(f"/{part}") == (303, PATH)
    assert await guest.get("") == (303, f"{PATH}/pbx")
    if part != "pbx":
        assert await guest.get(f"/{part}") == (303, PATH)


async def test_answers_to_a_sheet_that_is_not_open_are_not_taken(guest: Guest) -> None:
    assert await guest.post("/account", {"pbx.secret": "swordfish"}) == (303, PATH)
    await guest.get("")
    assert await guest.post("/account", {"pbx.secret": "swordfish"}) == (303, PATH)


@pytest.mark.parametrize("wish", ["example", "write", "ring"])
async def test_nothing_is_done_before_all_is_answered(guest: Guest, file: Path, wish: str) -> None:
    for _ in range(2):
        status, text = await guest.post(f"/{wish}")
        assert status == 409
        assert "That did not work" in text
        await guest.get("")
    assert list(file.parent.iterdir()) == []


@pytest.mark.parametrize("text", ["one\r\nAction: Originate", "nul\0", "x" * 5000])
async def test_what_no_input_sends_is_refused_and_not_repeated(guest: Guest, text: str) -> None:
    await guest.get("")
    status, told = await guest.post("/pbx", {"pbx.host": text, "pbx.kind": "ami"})
    assert status == 400
    assert text not in told


async def test_a_word_that_is_no_choice_is_said_beside_its_question(guest: Guest) -> None:
    await guest.get("")
    status, told = await guest.post("/pbx", {"pbx.kind": "telepathy", "pbx.host": "<b>", "do": "keep"})
    assert status == 422
    assert "Answer with a number from 1 to 2" in told
    assert "<b>" not in told


async def test_answers_that_belong_to_no_question_of_the_sheet_are_not_taken(guest: Guest) -> None:
    await guest.get("")
    await guest.post(
        "/pbx", {"pbx.kind": "ami", "pbx.host": "127.0.0.1:1", "pbx.ca_file": "/x", "me.region": "BE"}
    )
    _, page = await guest.get("/pbx")
    assert "refuses connections" in page
    assert await guest.post("/pbx", {"do": "keep"}) == (303, f"{PATH}/account")
    for part, answers in {
        "account": {"pbx.username": "cti", "pbx.secret": "swordfish"},
        "phone": {"me.extension": "101"},
        "country": {"me.region": "NL"},
        "contacts": {"directory.kind": "none"},
    }.items():
        await guest.post(f"/{part}", answers)
    _, ready = await guest.get("/ready")
    assert "ca_file" not in ready
    assert "&#34;NL&#34;" in ready
    assert "&#34;BE&#34;" not in ready
    assert "swordfish" not in ready


async def test_a_sheet_from_elsewhere_is_refused(guest: Guest) -> None:
    await guest.get("")
    status, _ = await guest.post("/pbx", {"pbx.host": "evil.example.com"}, Origin="http://evil.example.com")
    assert status == 403


async def test_paths_are_completed_below_the_home_of_the_user(guest: Guest, file: Path) -> None:
    (file.parent / "customers.csv").touch()
    (file.parent / ".hidden").touch()
    assert await guest.get("/paths?typed=cus") == (200, '{"paths": ["~/customers.csv"]}')
    assert await guest.get("/paths?typed=") == (200, '{"paths": ["~/customers.csv"]}')
    assert await guest.get("/paths?typed=%00/x") == (200, '{"paths": []}')
    assert (await guest.get(f"/paths?typed={'x' * 5000}"))[0] == 400


async def test_how_much_of_a_long_address_book_is_read_is_told_meanwhile(guest: Guest, file: Path) -> None:
    rows = "".join(f"Jan {number},06-{10_000_000 + number}\n" for number in range(30_000))
    (file.parent / "long.csv").write_text(f"Name,Phone\n{rows}")
    await guest.get("")
    for part, answers in {
        "pbx": {"pbx.kind": "ami", "pbx.host": "127.0.0.1:1", "do": "keep"},
        "account": {"pbx.username": "cti", "pbx.secret": "swordfish", "do": "keep"},
        "phone": {"me.extension": "101"},
        "country": {"me.region": "NL"},
        "contacts": {"directory.kind": "file"},
    }.items():
        await guest.post(f"/{part}", answers)
    book = {"directory.path": "long.csv", "directory.name": "", "try.number": ""}
    reading = asyncio.create_task(guest.post("/contacts", {"directory.kind": "file", **book}))
    told = {'{"percent": null}'}
    while not reading.done():
        told.add((await guest.get("/progress"))[1])
    assert await reading == (303, f"{PATH}/ready")
    assert len(told) > 1
    assert await guest.get("/progress") == (200, '{"percent": null}')
