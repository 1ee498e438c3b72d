"""The resources of the control API under /v1: requests in, `ControlPort` calls, JSON out.

Each answer is JSON; a refusal is `{"error": "one line for the user"}`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from aiohttp import web

from bubbled.control import request as asked
from bubbled.control.check import check_json
from bubbled.control.choice import matches_json
from bubbled.control.dialling import device_json, dialling_json
from bubbled.control.download import download
from bubbled.control.layout import preview_json
from bubbled.control.live import live_json
from bubbled.control.moment_story import moment_story_json
from bubbled.control.note import noted_json
from bubbled.control.person import person_json
from bubbled.control.press import offered_json
from bubbled.control.question import explained_json, looked_up_json, why_json
from bubbled.control.request import RefusedError
from bubbled.control.search import found_json
from bubbled.control.settings import checked_json, refused_json, settings_json
from bubbled.control.settings_request import BODY_LIMIT_BYTES, digest, settings_change
from bubbled.control.status import mute_json, status_json
from bubbled.control.stream import stream
from bubbled.model import Mute
from bubbled.settings.mistake import InvalidSettings

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bubbled.control.port import ControlPort

T = TypeVar("T")


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
            web.get("/v1/calls", self.calls),
            web.get("/v1/history", self.search),
            web.get("/v1/history/to-call-back", self.to_call_back),
            web.get("/v1/history/person", self.person),
            web.get("/v1/history.csv", self.calls_csv),
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
            web.post("/v1/mute", self.mute),
            web.delete("/v1/mute", self.unmute),
            web.post("/v1/mute/toggle", self.toggle_mute),
            web.get("/v1/lookup", self.lookup),
            web.get("/v1/lookup/explain", self.explain),
            web.get("/v1/why", self.why_at),
            web.post("/v1/focus", self.focus),
            web.post("/v1/reload", self.reload),
            web.delete("/v1/history", self.forget),
            web.get("/v1/doctor", self.doctor),
            web.post("/v1/dial", self.dial),
            web.get("/v1/devices", self.devices),
            web.post("/v1/devices/default", self.prefer_device),
            web.get("/v1/layout/legend", self.legend),
            web.post("/v1/layout/preview", self.preview),
            web.post("/v1/layout/press", self.try_button),
            web.post("/v1/layout/example", self.show_example),
            web.get("/v1/live", self.live),
            web.post("/v1/pages", self.open_pages),
            web.get("/v1/settings", self.settings),
            web.post("/v1/settings", self.save_settings),
            web.post("/v1/settings/check", self.check_settings),
            web.post("/v1/settings/undo", self.undo_settings),
            web.get("/v1/events", self.events),
        ]

    async def status(self, _request: web.Request) -> web.Response:
        """`GET /v1/status`: see `Status`."""
        return web.json_response(status_json(await self._port.status()))

    async def calls(self, request: web.Request) -> web.Response:
        """`GET /v1/calls?limit=10&on=2026-11-20`: `{"calls": [...]}`, newest last; both may be left out."""
        return web.json_response({"calls": list(await self._port.calls(*asked.calls_wanted(request)))})

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

    async def why(self, request: web.Request) -> web.Response:
        """`GET /v1/calls/{id}/why`: see `Why`."""
        call_id = asked.call_id(request)
        return web.json_response(why_json(_known(await self._port.why(call_id), f"call {call_id}")))

    async def why_latest(self, _request: web.Request) -> web.Response:
        """`GET /v1/calls/latest/why`: the same for the latest call."""
        return web.json_response(why_json(_known(await self._port.why(None), "call yet")))

    async def why_at(self, request: web.Request) -> web.Response:
        """`GET /v1/why?at=2026-11-26T14:03`, or `?at=14:03` for the last time that it was: see `StoryAt`."""
        return web.json_response(moment_story_json(await self._port.why_at(asked.at(request, self._clock()))))

    async def focus(self, _request: web.Request) -> web.Response:
        """`POST /v1/focus`: `{"focused": whether a popup has the keyboard now}`."""
        return web.json_response({"focused": await self._port.focus()})

    async def reload(self, _request: web.Request) -> web.Response:
        """`POST /v1/reload`: `{"warnings": [...]}` about the settings that hold from now on."""
        return web.json_response({"warnings": list(await self._port.reload())})

    async def forget(self, request: web.Request) -> web.Response:
        """`DELETE /v1/history?number=`: `{"erased": how many calls}`."""
        return web.json_response({"erased": await self._port.forget(asked.number(request))})

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

    async def live(self, _request: web.Request) -> web.Response:
        """`GET /v1/live`: `{"calls": [...]}`, the latest first, see `LiveCall`."""
        return web.json_response({"calls": [live_json(each) for each in await self._port.live()]})

    async def open_pages(self, request: web.Request) -> web.Response:
        """`POST /v1/pages` with `{"page": "/history"}`: `{"url": ...}`, good for one browser, once."""
        return web.json_response({"url": await self._port.open_pages(asked.page(await asked.body(request)))})

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

    async def events(self, request: web.Request) -> web.StreamResponse:
        """`GET /v1/events`: each change of a call as a server-sent event."""
        return await stream(request, self._port.subscribe())


def _known(call: T | None, wanted: str) -> T:
    if call is None:
        raise RefusedError(404, f"There is no {wanted}; `bubbled calls` lists what there is.")
    return call


async def _long_body(request: web.Request) -> dict[str, Any]:
    """The body of a request that may hold a whole settings file."""
    return await asked.body(request.clone(client_max_size=BODY_LIMIT_BYTES))
