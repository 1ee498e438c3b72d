"""Why a call had a popup or none, and whether all is there that popups need."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from aiohttp import web

from bubbled.control.moment_story import moment
from bubbled.model import CallId
from bubbled.web import form
from bubbled.web.refusal import RefusedError

if TYPE_CHECKING:
    from bubbled.web.site import Site

_LATEST: Final = 30
"""Calls of which the way to their popups is offered."""

_LONGEST_ID: Final = 200
_STEP: Final = timedelta(minutes=10)


class Diagnosis:
    """`/diagnosis`."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def table(self) -> list[web.RouteDef]:
        """Say which handler answers what."""
        return [
            web.get("/diagnosis", self.page),
            web.get("/diagnosis/checks", self.checks),
            web.get("/diagnosis/at", self.at),
            web.get("/diagnosis/call/{id}", self.call),
        ]

    async def page(self, request: web.Request) -> web.Response:
        """The page; the checks come into it when they are done."""
        calls = await self._site.port.calls(_LATEST)
        return await self._site.page(
            request,
            "diagnosis.html",
            calls=list(reversed(calls)),
            stanza=await self._site.port.stanza(),
            now=self._site.now(),
        )

    async def checks(self, request: web.Request) -> web.Response:
        """`GET /diagnosis/checks`: what the doctor finds, as a part of the page; it takes seconds."""
        checks = await self._site.port.doctor()
        part = await self._site.part(request, "diagnosis-checks.html", checks=checks)
        return web.json_response({"html": part})

    async def at(self, request: web.Request) -> web.Response:
        """`GET /diagnosis/at?day=2026-11-26&time=14:03`: why there was no popup then."""
        day, time = form.query(request, "day"), form.query(request, "time")
        try:
            at = moment({"at": f"{day}T{time}" if day else time}, self._site.now())
        except ValueError as error:
            raise RefusedError(400, "wrong", str(error)) from None
        story = await self._site.port.why_at(at)
        return await self._site.page(
            request, "diagnosis-at.html", story=story, before=_place(at - _STEP), after=_place(at + _STEP)
        )

    async def call(self, request: web.Request) -> web.Response:
        """`GET /diagnosis/call/{id}`: the way of a call from the event to the popup."""
        why = await self._site.port.why(CallId(request.match_info["id"][:_LONGEST_ID]))
        if why is None:
            raise RefusedError(404, "missing")
        return await self._site.page(request, "diagnosis-call.html", why=why, call=why.call)


def _place(at: datetime) -> str:
    return f"/diagnosis/at?day={at:%Y-%m-%d}&time={at:%H:%M}"
