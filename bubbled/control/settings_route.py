"""The resources of the control API by which settings are changed, and layouts tried."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiohttp import web

from bubbled.control import request as asked
from bubbled.control.layout import preview_json
from bubbled.control.settings import checked_json, refused_json, settings_json
from bubbled.control.settings_request import BODY_LIMIT_BYTES, digest, settings_change
from bubbled.settings.mistake import InvalidSettings

if TYPE_CHECKING:
    from bubbled.control.port import ControlPort


class SettingsRoutes:
    """The handlers, one for each resource and method."""

    def __init__(self, port: ControlPort) -> None:
        self._port = port

    def table(self) -> list[web.RouteDef]:
        """Say which handler answers what."""
        return [
            web.get("/v1/layout/legend", self.legend),
            web.post("/v1/layout/preview", self.preview),
            web.post("/v1/layout/press", self.try_button),
            web.post("/v1/layout/example", self.show_example),
            web.get("/v1/settings", self.settings),
            web.post("/v1/settings", self.save_settings),
            web.post("/v1/settings/check", self.check_settings),
            web.post("/v1/settings/undo", self.undo_settings),
        ]

    async def legend(self, _request: web.Request) -> web.Response:
        """`GET /v1/layout/legend`: each variable, column and filter with meaning and example."""
        return web.json_response(await self._port.legend())

    async def show_example(self, request: web.Request) -> web.Response:
        """`POST /v1/layout/example` with the keys of `preview`: what is shown, and on which screen."""
        return web.json_response(await self._port.show_example(asked.candidate(await asked.body(request))))

    async def preview(self, request: web.Request) -> web.Response:
        """`POST /v1/layout/preview` with `popup`, `buttons`, `scene`, `call` (`Candidate`): see `Preview`."""
        found = await self._port.preview(asked.candidate(await asked.body(request)))
        return web.json_response(preview_json(found))

    async def try_button(self, request: web.Request) -> web.Response:
        """`POST /v1/layout/press` with the same, and `{"button": 1}`: `{"outcome": what it would do}`."""
        body = await asked.body(request)
        return web.json_response(
            {"outcome": await self._port.try_button(asked.candidate(body), asked.button(body))}
        )

    async def settings(self, _request: web.Request) -> web.Response:
        """`GET /v1/settings`: see `SettingsState`."""
        return web.json_response(settings_json(await self._port.settings()))

    async def save_settings(self, request: web.Request) -> web.Response:
        """`POST /v1/settings` with a change: as `GET` afterwards; 422 with `mistakes` of it."""
        change = settings_change(await _long_body(request))
        try:
            return web.json_response(settings_json(await self._port.save_settings(change)))
        except InvalidSettings as refused:
            return web.json_response(refused_json(refused), status=422)

    async def check_settings(self, request: web.Request) -> web.Response:
        """`POST /v1/settings/check` with a change: `{"mistakes": [...], "warnings": [...]}`."""
        change = settings_change(await _long_body(request))
        return web.json_response(checked_json(await self._port.check_settings(change)))

    async def undo_settings(self, request: web.Request) -> web.Response:
        """`POST /v1/settings/undo` with `{"digest": "..."}`: as `GET /v1/settings` afterwards."""
        wanted = digest(await asked.body(request))
        return web.json_response(settings_json(await self._port.undo_settings(wanted)))


async def _long_body(request: web.Request) -> dict[str, Any]:
    """The body of a request that may hold a whole settings file."""
    return await asked.body(request.clone(client_max_size=BODY_LIMIT_BYTES))
