"""The resources of the control API under /v1: requests in, `ControlPort` calls, JSON out.

Each answer is JSON; a refusal is `{"error": "one line for the user"}`. Those about calls, the history and the
settings stand in modules of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from bubbled.control import request as asked
from bubbled.control.call_route import CallRoutes
from bubbled.control.check import check_json
from bubbled.control.dialling import device_json, dialling_json
from bubbled.control.history_route import HistoryRoutes
from bubbled.control.live import live_json
from bubbled.control.moment_story import moment_story_json
from bubbled.control.question import explained_json, looked_up_json
from bubbled.control.settings_route import SettingsRoutes
from bubbled.control.status import mute_json, status_json
from bubbled.control.stream import stream
from bubbled.model import Mute

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bubbled.control.port import ControlPort


class Routes:
    """The handlers, one for each resource and method.

    Args:
        clock: tells the present moment, aware.
    """

    def __init__(self, port: ControlPort, clock: Callable[[], datetime]) -> None:
        self._port = port
        self._clock = clock

    def table(self) -> list[web.RouteDef]:
        """Say which handler answers what."""
        return [
            web.get("/v1/status", self.status),
            web.post("/v1/mute", self.mute),
            web.delete("/v1/mute", self.unmute),
            web.post("/v1/mute/toggle", self.toggle_mute),
            web.get("/v1/lookup", self.lookup),
            web.get("/v1/lookup/explain", self.explain),
            web.get("/v1/why", self.why_at),
            web.post("/v1/focus", self.focus),
            web.post("/v1/reload", self.reload),
            web.get("/v1/doctor", self.doctor),
            web.post("/v1/dial", self.dial),
            web.get("/v1/devices", self.devices),
            web.post("/v1/devices/default", self.prefer_device),
            web.get("/v1/live", self.live),
            web.post("/v1/pages", self.open_pages),
            web.get("/v1/events", self.events),
            *CallRoutes(self._port).table(),
            *HistoryRoutes(self._port).table(),
            *SettingsRoutes(self._port).table(),
        ]

    async def status(self, _request: web.Request) -> web.Response:
        """`GET /v1/status`: see `Status`."""
        return web.json_response(status_json(await self._port.status()))

    async def mute(self, request: web.Request) -> web.Response:
        """`POST /v1/mute` with `{"until": "2026-01-01T12:00:00+01:00"}`, or null for until unmuted."""
        until = asked.until(await asked.body(request), self._clock())
        await self._port.mute(until)
        return web.json_response({"mute": mute_json(Mute(until))})

    async def unmute(self, _request: web.Request) -> web.Response:
        """`DELETE /v1/mute`."""
        await self._port.unmute()
        return web.json_response({"mute": None})

    async def toggle_mute(self, _request: web.Request) -> web.Response:
        """`POST /v1/mute/toggle`: mute until unmuted, or unmute; what holds now."""
        return web.json_response({"mute": mute_json(await self._port.toggle_mute())})

    async def lookup(self, request: web.Request) -> web.Response:
        """`GET /v1/lookup?number=`: see `LookedUp`."""
        return web.json_response(looked_up_json(await self._port.lookup(asked.number(request))))

    async def explain(self, request: web.Request) -> web.Response:
        """`GET /v1/lookup/explain?number=`: see `Explained`."""
        return web.json_response(explained_json(await self._port.explain(asked.number(request))))

    async def why_at(self, request: web.Request) -> web.Response:
        """`GET /v1/why?at=2026-11-26T14:03`, or `?at=14:03` for the last time that it was: see `StoryAt`."""
        return web.json_response(moment_story_json(await self._port.why_at(asked.at(request, self._clock()))))

    async def focus(self, _request: web.Request) -> web.Response:
        """`POST /v1/focus`: `{"focused": whether a popup has the keyboard now}`."""
        return web.json_response({"focused": await self._port.focus()})

    async def reload(self, _request: web.Request) -> web.Response:
        """`POST /v1/reload`: `{"warnings": [...]}` about the settings that hold from now on."""
        return web.json_response({"warnings": list(await self._port.reload())})

    async def doctor(self, _request: web.Request) -> web.Response:
        """`GET /v1/doctor`: `{"checks": [...]}`, see `Check`."""
        return web.json_response({"checks": [check_json(check) for check in await self._port.doctor()]})

    async def dial(self, request: web.Request) -> web.Response:
        """`POST /v1/dial` with the keys of `Wish`: see `Dialling`."""
        return web.json_response(dialling_json(await self._port.dial(asked.wish(await asked.body(request)))))

    async def devices(self, _request: web.Request) -> web.Response:
        """`GET /v1/devices`: `{"devices": [...]}`, see `DeviceState`."""
        return web.json_response({"devices": [device_json(each) for each in await self._port.devices()]})

    async def prefer_device(self, request: web.Request) -> web.Response:
        """`POST /v1/devices/default` with `{"device": "Desk phone"}`: as `GET /v1/devices` afterwards."""
        name = asked.phone(await asked.body(request))
        found = await self._port.prefer_device(name)
        return web.json_response({"devices": [device_json(each) for each in found]})

    async def live(self, _request: web.Request) -> web.Response:
        """`GET /v1/live`: `{"calls": [...]}`, the latest first, see `LiveCall`."""
        return web.json_response({"calls": [live_json(each) for each in await self._port.live()]})

    async def open_pages(self, request: web.Request) -> web.Response:
        """`POST /v1/pages` with `{"page": "/history"}`: `{"url": ...}`, good for one browser, once."""
        return web.json_response({"url": await self._port.open_pages(asked.page(await asked.body(request)))})

    async def events(self, request: web.Request) -> web.StreamResponse:
        """`GET /v1/events`: each change of a call as a server-sent event."""
        return await stream(request, self._port.subscribe())
