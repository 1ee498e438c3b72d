"""The calls of all days: searched as one types, by colleague, day and outcome; and whom to call back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from aiohttp import web

from bubbled.control.download import download
from bubbled.control.search import ALL, ME, Search, search_from_query, search_query
from bubbled.control.stream import following, stream
from bubbled.model import CallId, ChangeKind
from bubbled.note import LONGEST_TEXT
from bubbled.web import form
from bubbled.web.highlight import Highlight
from bubbled.web.listing import Listing, by_day
from bubbled.web.refusal import RefusedError
from bubbled.zone import HERE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from bubbled.control.port import ControlPort
    from bubbled.control.status import JsonObject
    from bubbled.web.site import Site

PAGE: Final = 50
"""Calls that are shown at once."""

_MOST_DIGITS: Final = 7
_FIELDS: Final = ("text", "whose", "since", "until", "direction", "missed", "noted")


class History:
    """`/history`."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def table(self) -> list[web.RouteDef]:
        """Say which handler answers what."""
        return [
            web.get("/history", self.page),
            web.get("/history/results", self.results),
            web.get("/history/events", self.events),
            web.get("/history/calls.csv", self.calls_csv),
            web.get("/history/to-call-back", self.to_call_back),
            web.get("/history/to-call-back/results", self.to_call_back_results),
            web.get("/history/to-call-back/count", self.to_call_back_count),
            web.post("/history/note", self.note),
        ]

    async def page(self, request: web.Request) -> web.Response:
        """The page, with what its address searches for."""
        typed = {name: form.query(request, name) for name in _FIELDS}
        forgotten = _count(request, "forgotten") if "forgotten" in request.query else None
        found = await self._found(request)
        return await self._site.page(request, "history.html", typed=typed, forgotten=forgotten, **found)

    async def results(self, request: web.Request) -> web.Response:
        """`GET /history/results` with the query of the page, and how many were `seen`: the calls alone."""
        part = await self._site.part(request, "history-results.html", **await self._found(request))
        return web.json_response({"html": part})

    async def _found(self, request: web.Request) -> Mapping[str, Any]:
        try:
            wanted = replace(search_from_query(request.query), limit=PAGE)
        except ValueError as error:
            return {"listing": await listing(self._site.port), "mistake": str(error)}
        found = await self._site.port.search(wanted)
        return {
            "listing": await listing(self._site.port, wanted.text),
            "mistake": None,
            "days": by_day(found.calls, HERE),
            "count": _count(request, "seen") + len(found.calls),
            "gap": found.gap,
            "older": found.older and _address("/history", replace(wanted, before=found.older)),
            "csv": _address("/history/calls.csv", wanted),
            "everybody": _address("/history", replace(wanted, whose=ALL)),
            "is_all": wanted == Search(limit=PAGE, whose=wanted.whose),
            "is_mine": wanted.whose == ME,
        }

    async def events(self, request: web.Request) -> web.StreamResponse:
        """`GET /history/events`: tells each time that the list is another, because a call has ended."""
        return await stream(request, self._ended())

    async def _ended(self) -> AsyncIterator[JsonObject]:
        async with following(self._site.port.subscribe()) as changes:
            async for change in changes:
                if change["change"] == ChangeKind.ENDED:
                    yield {}

    async def calls_csv(self, request: web.Request) -> web.StreamResponse:
        """`GET /history/calls.csv` with the query of the page: all that it finds, as a file."""
        try:
            wanted = replace(search_from_query(request.query), before="")
        except ValueError as error:
            raise RefusedError(400, "wrong", str(error)) from None
        return await download(request, await self._site.port.calls_csv(wanted), "calls.csv")

    async def to_call_back(self, request: web.Request) -> web.Response:
        """The page of missed calls with whose numbers nobody has talked since; `all=1`: also the oldest."""
        return await self._site.page(request, "to-call-back.html", **await self._waiting(request))

    async def to_call_back_results(self, request: web.Request) -> web.Response:
        """`GET /history/to-call-back/results`: the calls alone, for a page that is open."""
        part = await self._site.part(request, "to-call-back-results.html", **await self._waiting(request))
        return web.json_response({"html": part})

    async def to_call_back_count(self, _request: web.Request) -> web.Response:
        """`GET /history/to-call-back/count`: how many; where many were missed it takes a while."""
        return web.json_response({"count": len(await self._site.port.to_call_back())})

    async def _waiting(self, request: web.Request) -> Mapping[str, Any]:
        calls = await self._site.port.to_call_back()
        shown = calls if form.query(request, "all") else calls[:PAGE]
        return {"listing": await listing(self._site.port), "calls": shown, "count": len(calls)}

    async def note(self, request: web.Request) -> web.Response:
        """`POST /history/note` with `call`, `text` and what was `searched`: the call as it is listed now."""
        port, call_id = self._site.port, CallId(await form.field(request, "call"))
        searched = await form.field(request, "searched", default="")
        noted = await port.note(call_id, await form.field(request, "text", most=LONGEST_TEXT))
        call = await port.call(call_id)
        if noted is None or call is None:
            raise RefusedError(404, "wrong")
        part = await self._site.part(
            request,
            "history-row.html",
            call={**call, "owner": ME, "colleague": None},
            listing=await listing(port, searched),
        )
        return web.json_response({"html": part, "remark": noted.remark})


async def listing(port: ControlPort, searched: str = "") -> Listing:
    """Give what says what the lines of calls show."""
    return Listing(await port.workplace(), Highlight(searched), HERE)


def _address(path: str, wanted: Search) -> str:
    query = search_query(replace(wanted, limit=Search().limit))
    return f"{path}?{urlencode({key: value for key, value in query.items() if key != 'limit'})}"


def _count(request: web.Request, name: str) -> int:
    text = request.query.get(name, "0")
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
        raise RefusedError(400, "wrong", name)
    return int(text)
