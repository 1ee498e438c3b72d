"""The resources of the control API that search the history, or erase something in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from bubbled.control import request as asked
from bubbled.control.download import download
from bubbled.control.person import person_json
from bubbled.control.request import RefusedError
from bubbled.control.search import found_json

if TYPE_CHECKING:
    from bubbled.control.port import ControlPort


class HistoryRoutes:
    """The handlers, one for each resource and method."""

    def __init__(self, port: ControlPort) -> None:
        self._port = port

    def table(self) -> list[web.RouteDef]:
        """Say which handler answers what."""
        return [
            web.get("/v1/history", self.search),
            web.get("/v1/history/to-call-back", self.to_call_back),
            web.get("/v1/history/person", self.person),
            web.get("/v1/history.csv", self.calls_csv),
            web.delete("/v1/history", self.forget),
        ]

    async def search(self, request: web.Request) -> web.Response:
        """`GET /v1/history?text=...`, with the attributes of `Search`: see `Found`."""
        return web.json_response(found_json(await self._port.search(asked.search(request))))

    async def to_call_back(self, _request: web.Request) -> web.Response:
        """`GET /v1/history/to-call-back`: `{"calls": [...]}`, newest first, each with `times`."""
        return web.json_response({"calls": list(await self._port.to_call_back())})

    async def person(self, request: web.Request) -> web.Response:
        """`GET /v1/history/person?number=`: see `Person`."""
        number = asked.number(request)
        found = await self._port.person(number)
        if found is None:
            raise RefusedError(404, f"The history knows nothing of {number}.")
        return web.json_response(person_json(found))

    async def calls_csv(self, request: web.Request) -> web.StreamResponse:
        """`GET /v1/history.csv?...`, as `/v1/history`: all calls that are found, as CSV."""
        return await download(request, await self._port.calls_csv(asked.search(request)), "calls.csv")

    async def forget(self, request: web.Request) -> web.Response:
        """`DELETE /v1/history?number=`: `{"erased": how many calls}`."""
        return web.json_response({"erased": await self._port.forget(asked.number(request))})
