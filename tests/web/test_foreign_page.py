"""What pages of somebody else can do in a browser that is let in to ours: nothing, and read nothing."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final

import pytest
from aiohttp import web

from bubbled.web.access import gate
from bubbled.web.access.rule import objection
from tests.web.browsing import visiting
from tests.web.house import SECRET, housing

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from playwright.async_api import Page

    from tests.web.house import House

pytestmark = pytest.mark.desktop

REFUSED: Final = "it did not come from a page of bubbled"

# Each attempt gives what the foreign page has learned by it.
_ATTEMPTS: Final = """
async (target) => {
  const body = new URLSearchParams({ text: 'forged', csrf: '' })
  const asked = async (path, options) =>
    (await fetch(target + path, { credentials: 'include', ...options })).text()
  const happens = (thing, good) => new Promise((done) => {
    thing['on' + good] = () => done('came in')
    thing.onerror = () => done('')
  })
  const put = (name, attributes) => {
    const element = Object.assign(document.createElement(name), attributes)
    const loads = happens(element, 'load')
    document.body.append(element)
    return loads
  }
  const attempts = {
    read: () => asked('/'),
    readBlindly: () => asked('/', { mode: 'no-cors' }),
    post: () => asked('/note', { method: 'POST', body }),
    postBlindly: () => asked('/note', { method: 'POST', mode: 'no-cors', body }),
    beacon: async () => navigator.sendBeacon(target + '/note', body) && '',
    image: () => put('img', { src: target + '/static/icon.svg' }),
    script: () => put('script', { src: target + '/static/base.js' }),
    style: () => put('link', { rel: 'stylesheet', href: target + '/static/base.css' }),
    frame: async () => {
      await put('iframe', { src: target + '/' })
      return document.querySelector('iframe').contentDocument?.body.innerText ?? ''
    },
    events: () => happens(new EventSource(target + '/events', { withCredentials: true }), 'message'),
    socket: () => happens(new WebSocket(target.replace('http', 'ws') + '/events'), 'open'),
  }
  const learned = {}
  for (const [name, attempt] of Object.entries(attempts)) learned[name] = await attempt().catch(() => '')
  return learned
}
"""


@asynccontextmanager
async def foreign_page(target: str) -> AsyncIterator[int]:
    """A page of somebody else that leads to ours, on a port."""

    async def page(_request: web.Request) -> web.Response:
        text = (
            f"<a href={target}/>Look</a> <a href={target}/ target=_blank>Window</a>"
            f"<form method=post action={target}/note><input name=text><button>Send</button></form>"
        )
        return web.Response(text=text, content_type="text/html")

    application = web.Application()
    application.router.add_get("/", page)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


@asynccontextmanager
async def victim() -> AsyncIterator[tuple[House, Page]]:
    """A browser that is let in, for which the names of others lead here as well."""
    async with housing() as house:

        async def invite(page: str) -> str:
            return house.door.invite(page)

        async with visiting(invite, "--host-resolver-rules=MAP *.example 127.0.0.1") as visitor:
            yield house, await visitor.visit()


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was asked for and refused: not all of that does the browser tell."""
    asked: list[str] = []

    def watched(method: str, target: str, headers: Mapping[str, str], address: str) -> str | None:
        reason = objection(method, target, headers, address)
        if reason:
            asked.append(f"{method} {target}")
        return reason

    monkeypatch.setattr(gate, "objection", watched)
    return asked


@pytest.mark.parametrize("host", ["evil.example", "localhost", "127.0.0.1"])
async def test_a_page_of_somebody_else_learns_nothing_and_changes_nothing(
    host: str, refused: list[str]
) -> None:
    async with victim() as (house, ours), foreign_page(f"http://{house.address}") as port:
        theirs = await ours.context.new_page()
        await theirs.goto(f"http://{host}:{port}/")
        learned: dict[str, Any] = await theirs.evaluate(_ATTEMPTS, f"http://{house.address}")
        assert learned == dict.fromkeys(learned, "")
        assert house.notes == []
        # Each did come, as often as it was tried.
        assert len(refused) == 11
        icons = {"GET /static/icon.svg", "GET /static/base.js", "GET /static/base.css"}
        assert set(refused) == {"GET /", "POST /note", "GET /events"} | icons
        await ours.reload()
        assert SECRET in await ours.title()  # and the user is still in


@pytest.mark.parametrize("way", ["Look", "Window", "Send"])
@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1"])
async def test_who_follows_a_link_of_somebody_else_is_told_that_it_was_one(host: str, way: str) -> None:
    async with victim() as (house, ours), foreign_page(f"http://{house.address}") as port:
        theirs = await ours.context.new_page()
        await theirs.goto(f"http://{host}:{port}/")
        async with ours.context.expect_event("response", lambda answer: house.address in answer.url) as came:
            await theirs.get_by_text(way).click()
        answer = await came.value
        await answer.finished()
        assert answer.status == 403
        assert REFUSED in await answer.text()
        assert "cookie" not in await answer.request.all_headers() or host == "127.0.0.1"
        assert house.notes == []


async def test_a_name_of_somebody_else_that_leads_here_is_refused() -> None:
    async with victim() as (house, ours):
        port = house.address.partition(":")[2]
        theirs = await ours.context.new_page()
        await theirs.goto(f"http://rebound.example:{port}/")
        assert REFUSED in await theirs.content()
        # Now it is of the same origin as what it asks: no rule of the browser is in the way any more.
        read = await theirs.evaluate("async () => (await fetch('/enter?token=' + location.hash)).text()")
        assert REFUSED in read
        answer = await theirs.goto(house.door.invite().replace("127.0.0.1", "rebound.example"))
        assert answer is not None
        assert answer.status == 403
        assert REFUSED in await theirs.content()


async def test_a_form_of_our_own_page_is_taken() -> None:
    async with victim() as (house, ours):
        await ours.get_by_role("textbox").fill("kept")
        await ours.get_by_role("button").click()
        await ours.wait_for_url(f"http://{house.address}/")
        assert house.notes == ["kept"]
        assert SECRET in await ours.title()


async def test_a_link_that_a_program_opens_finds_the_user_in() -> None:
    async with victim() as (house, ours):
        other = await ours.context.new_page()
        await other.goto(f"http://{house.address}/")
        assert SECRET in await other.title()
