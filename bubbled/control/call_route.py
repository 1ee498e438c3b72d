"""The resources of the control API that are about one call, or list the latest."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from aiohttp import web

from bubbled.control import request as asked
from bubbled.control.choice import matches_json
from bubbled.control.note import noted_json
from bubbled.control.press import offered_json
from bubbled.control.question import why_json
from bubbled.control.request import RefusedError

if TYPE_CHECKING:
    from bubbled.control.port import ControlPort


T = TypeVar("T")


class CallRoutes:
    """The handlers, one for each resource and method."""

    def __init__(self, port: ControlPort) -> None:
        self._port = port

    def table(self) -> list[web.RouteDef]:
        """Say which handler answers what."""
        return [
            web.get("/v1/calls", self.calls),
            web.get("/v1/calls/latest/why", self.why_latest),
            web.get("/v1/calls/{id}/why", self.why),
            web.get("/v1/calls/{id}", self.call),
            web.post("/v1/calls/latest/show", self.show_latest),
            web.post("/v1/calls/{id}/show", self.show),
            web.get("/v1/calls/latest/matches", self.matches_latest),
            web.get("/v1/calls/{id}/matches", self.matches),
            web.post("/v1/calls/latest/choose", self.choose_latest),
            web.post("/v1/calls/{id}/choose", self.choose),
            web.get("/v1/calls/latest/buttons", self.buttons_latest),
            web.get("/v1/calls/{id}/buttons", self.buttons),
            web.post("/v1/calls/latest/press", self.press_latest),
            web.post("/v1/calls/{id}/press", self.press),
            web.post("/v1/calls/latest/note", self.note_latest),
            web.post("/v1/calls/{id}/note", self.note),
        ]

    async def calls(self, request: web.Request) -> web.Response:
        """`GET /v1/calls?limit=10&on=2026-11-20`: `{"calls": [...]}`, newest last; both may be left out."""
        return web.json_response({"calls": list(await self._port.calls(*asked.calls_wanted(request)))})

    async def call(self, request: web.Request) -> web.Response:
        """`GET /v1/calls/{id}`: the call."""
        call_id = asked.call_id(request)
        return web.json_response(_known(await self._port.call(call_id), f"call {call_id}"))

    async def show(self, request: web.Request) -> web.Response:
        """`POST /v1/calls/{id}/show`: the call whose popup is shown again."""
        call_id = asked.call_id(request)
        return web.json_response(_known(await self._port.show(call_id), f"call {call_id}"))

    async def show_latest(self, _request: web.Request) -> web.Response:
        """`POST /v1/calls/latest/show`: the same for the latest call."""
        return web.json_response(_known(await self._port.show(None), "call yet"))

    async def matches(self, request: web.Request) -> web.Response:
        """`GET /v1/calls/{id}/matches`: who may be on the line, see `Matches`."""
        call_id = asked.call_id(request)
        return web.json_response(matches_json(_known(await self._port.matches(call_id), f"call {call_id}")))

    async def matches_latest(self, _request: web.Request) -> web.Response:
        """`GET /v1/calls/latest/matches`: the same for the latest call that leaves a choice."""
        return web.json_response(matches_json(_known(await self._port.matches(None), "call yet")))

    async def choose(self, request: web.Request) -> web.Response:
        """`POST /v1/calls/{id}/choose` with `{"match": 2}`: as `GET .../matches` afterwards."""
        call_id, match = asked.call_id(request), asked.match(await asked.body(request))
        found = await self._port.choose(call_id, match)
        return web.json_response(matches_json(_known(found, f"call {call_id}")))

    async def choose_latest(self, request: web.Request) -> web.Response:
        """`POST /v1/calls/latest/choose`: the same for the latest call that leaves a choice."""
        found = await self._port.choose(None, asked.match(await asked.body(request)))
        return web.json_response(matches_json(_known(found, "call yet")))

    async def buttons(self, request: web.Request) -> web.Response:
        """`GET /v1/calls/{id}/buttons`: those of its popup, see `Offered`."""
        return web.json_response(offered_json(await self._port.buttons(asked.call_id(request))))

    async def buttons_latest(self, _request: web.Request) -> web.Response:
        """`GET /v1/calls/latest/buttons`: the same for the latest popup that has any."""
        return web.json_response(offered_json(await self._port.buttons(None)))

    async def press(self, request: web.Request) -> web.Response:
        """`POST /v1/calls/{id}/press` with `{"button": "call", "text": ""}`: the popup as it was before."""
        call_id, button, text = asked.call_id(request), *asked.press(await asked.body(request))
        return web.json_response(offered_json(await self._port.press(call_id, button, text)))

    async def press_latest(self, request: web.Request) -> web.Response:
        """`POST /v1/calls/latest/press`: the same for the latest popup that has buttons."""
        button, text = asked.press(await asked.body(request))
        return web.json_response(offered_json(await self._port.press(None, button, text)))

    async def note(self, request: web.Request) -> web.Response:
        """`POST /v1/calls/{id}/note` with `{"text": "..."}`: what is noted of the call now, see `Noted`."""
        call_id, text = asked.call_id(request), asked.note(await asked.body(request))
        return web.json_response(noted_json(_known(await self._port.note(call_id, text), f"call {call_id}")))

    async def note_latest(self, request: web.Request) -> web.Response:
        """`POST /v1/calls/latest/note`: the same for the call in which the user talks, or talked last."""
        found = await self._port.note(None, asked.note(await asked.body(request)))
        return web.json_response(noted_json(_known(found, "call yet")))

    async def why(self, request: web.Request) -> web.Response:
        """`GET /v1/calls/{id}/why`: see `Why`."""
        call_id = asked.call_id(request)
        return web.json_response(why_json(_known(await self._port.why(call_id), f"call {call_id}")))

    async def why_latest(self, _request: web.Request) -> web.Response:
        """`GET /v1/calls/latest/why`: the same for the latest call."""
        return web.json_response(why_json(_known(await self._port.why(None), "call yet")))


def _known(call: T | None, wanted: str) -> T:
    if call is None:
        raise RefusedError(404, f"There is no {wanted}; `bubbled calls` lists what there is.")
    return call
