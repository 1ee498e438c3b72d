"""The calls of this moment: the bubble in the page, for as long as each call lasts."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from aiohttp import web

from bubbled.control.search import Search
from bubbled.control.stream import following, stream
from bubbled.model import CallId
from bubbled.note import LONGEST_TEXT
from bubbled.web import form
from bubbled.web.history import listing
from bubbled.web.refusal import RefusedError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from bubbled.control.status import JsonObject
    from bubbled.web.site import Site


_LATEST: Final = 10
_MOST_MIN: Final = 7 * 24 * 60


class Live:
    """`/`."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def table(self) -> list[web.RouteDef]:
        """Say which handler answers what."""
        return [
            web.get("/", self.page, name="now"),
            web.get("/live/events", self.events),
            web.post("/live/press", self.press),
            web.post("/live/show", self.show),
            web.post("/live/mute", self.mute),
        ]

    async def page(self, request: web.Request) -> web.Response:
        """The page."""
        return await self._site.page(request, "live.html", **await self._now())

    async def events(self, request: web.Request) -> web.StreamResponse:
        """`GET /live/events`: the part of the page that changes, anew at each change."""
        return await stream(request, self._parts(request))

    async def _parts(self, request: web.Request) -> AsyncIterator[JsonObject]:
        async with following(self._site.port.live_changes()) as changes:
            # First as it is by now: the reader may have been away for a while.
            shown = await self._part(request)
            yield {"html": shown}
            async for _change in changes:
                part = await self._part(request)
                if part != shown:
                    shown = part
                    yield {"html": part}

    async def _part(self, request: web.Request) -> str:
        return await self._site.part(request, "live-part.html", **await self._now())

    async def _now(self) -> Mapping[str, Any]:
        port = self._site.port
        latest = await port.search(Search(limit=_LATEST))
        return {
            "status": await port.status(),
            "calls": await port.live(),
            "latest": latest.calls,
            "listing": await listing(port),
            "waiting": len(await port.to_call_back()),
        }

    async def press(self, request: web.Request) -> web.Response:
        """`POST /live/press` with `call`, `button` and `text`: as a press on the popup."""
        call, button = await form.field(request, "call"), await form.field(request, "button")
        text = await form.field(request, "text", most=LONGEST_TEXT, default="")
        await self._site.port.press(CallId(call), button, text)
        return web.json_response({})

    async def show(self, request: web.Request) -> web.Response:
        """`POST /live/show` with `call`: the popup on the screen (again)."""
        await self._site.port.show(CallId(await form.field(request, "call")))
        return web.json_response({})

    async def mute(self, request: web.Request) -> web.Response:
        """`POST /live/mute` with `minutes`: mutes popups for so long; 0: until unmuted; none: shows them."""
        text = await form.field(request, "minutes")
        if not text:
            await self._site.port.unmute()
        elif text.isascii() and text.isdigit() and int(text) <= _MOST_MIN:
            minutes = timedelta(minutes=int(text))
            await self._site.port.mute(self._site.now() + minutes if minutes else None)
        else:
            raise RefusedError(400, "wrong", "minutes")
        return web.json_response({})
