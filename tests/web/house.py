"""A few pages behind the real door, without a daemon; and requests to it as no browser would write them."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import urlsplit

from aiohttp import ClientSession, CookieJar, web

from bubbled.control.stream import stream
from bubbled.error import HistoryError
from bubbled.web import form
from bubbled.web.access.gate import CSRF_HEADER, SESSION
from bubbled.web.access.owner import owner_of
from bubbled.web.server import serving
from bubbled.web.site import see

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from bubbled.control.status import JsonObject
    from bubbled.web.access.owner import Place
    from bubbled.web.server import Door
    from bubbled.web.site import Site

SECRET: Final = "what nobody else may read"

_FORM: Final = (
    "<title>{secret}</title><form method=post action=/note><input type=hidden name=csrf value='{csrf}'>"
    "<input name=text><button>Save</button></form>"
)


class House:
    """Pages that keep what they are sent.

    Attributes:
        door: by which they are entered.
        notes: what came in by `POST /note`, in order.
        readers: how many follow `/events`.
        close: ends it, also before its context does.
    """

    door: Door
    close: Callable[[], Awaitable[None]]

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.readers = 0
        self._news = asyncio.Condition()

    def pages(self, _site: Site) -> list[web.RouteDef]:
        return [
            web.get("/", self._page),
            web.post("/note", self._note),
            web.post("/json", self._json),
            web.get("/events", self._events),
            web.get("/half", self._half),
            web.get("/defect", self._defect),
            web.get("/refused", self._refused),
        ]

    async def _page(self, request: web.Request) -> web.Response:
        text = _FORM.format(secret=SECRET, csrf=request[SESSION].csrf)
        return web.Response(text=text, content_type="text/html")

    async def _note(self, request: web.Request) -> web.Response:
        self.notes.append(await form.field(request, "text"))
        return see("/")

    async def _json(self, request: web.Request) -> web.Response:
        return web.json_response(await form.body(request))

    async def _events(self, request: web.Request) -> web.StreamResponse:
        return await stream(request, self._changes())

    async def _changes(self) -> AsyncIterator[JsonObject]:
        async with self._news:
            self.readers += 1
            self._news.notify_all()
        try:
            yield {"text": SECRET}
            await asyncio.Event().wait()
        finally:
            async with self._news:
                self.readers -= 1
                self._news.notify_all()

    async def _half(self, request: web.Request) -> web.StreamResponse:
        return await stream(request, self._breaking())

    async def _breaking(self) -> AsyncIterator[JsonObject]:
        yield {"text": "so far"}
        raise HistoryError("The disk is full.")

    async def _defect(self, _request: web.Request) -> web.Response:
        raise RuntimeError(SECRET)

    async def _refused(self, _request: web.Request) -> web.Response:
        raise HistoryError("The disk is <b>full</b>.")

    async def until_read_by(self, count: int) -> None:
        """Wait until so many follow events."""
        async with asyncio.timeout(10), self._news:
            await self._news.wait_for(lambda: self.readers == count)

    @property
    def address(self) -> str:
        return self.door.address

    @property
    def token(self) -> str:
        """One that is good."""
        return self.door.invite().partition("token=")[2].partition("&")[0]

    async def ask(self, request: str | bytes) -> bytes:
        """Send bytes as they are, and give all that comes until the end of the connection."""
        host, _, port = self.address.partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        try:
            writer.write(request.encode() if isinstance(request, str) else request)
            return await asyncio.wait_for(reader.read(), 20)
        finally:
            writer.close()


class Guest:
    """A browser that was let in, as far as HTTP goes.

    Attributes:
        cookie: its line of a request.
        csrf: what its pages send along.
    """

    def __init__(self, http: ClientSession, house: House, cookie: str, csrf: str) -> None:
        self.http = http
        self.url = f"http://{house.address}"
        self.cookie = cookie
        self.csrf = csrf

    @property
    def ours(self) -> dict[str, str]:
        """Headers of a script of our page."""
        return {"Origin": self.url, "Sec-Fetch-Site": "same-origin", CSRF_HEADER: self.csrf}


@asynccontextmanager
async def housing(
    owner: Callable[[Place, Place], int | None] = owner_of, tcp_port: int = 0
) -> AsyncIterator[House]:
    """Open a house."""
    house, nobody = House(), cast("Any", None)
    async with AsyncExitStack() as lease:
        house.door = await lease.enter_async_context(
            serving(nobody, house.pages, now=lambda: datetime.now(UTC), tcp_port=tcp_port, owner=owner)
        )
        house.close = lease.aclose
        yield house


@asynccontextmanager
async def visiting(house: House) -> AsyncIterator[Guest]:
    """Be let in to a house."""
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as http:
        async with http.get(house.door.invite()) as answer:
            csrf = (await answer.text()).partition("value='")[2].partition("'")[0]
        name = f"bubbled-{urlsplit(f'//{house.address}').port}"
        cookie = next(each.value for each in http.cookie_jar if each.key == name)
        yield Guest(http, house, f"{name}={cookie}", csrf)
