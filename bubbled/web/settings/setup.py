"""The set-up in the browser: one sheet of questions after another, each tried at once; then the writing."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from aiohttp import web

from bubbled.web import form
from bubbled.web.refusal import RefusedError
from bubbled.web.settings.setup_port import Part
from bubbled.web.site import see

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bubbled.web.settings.setup_port import SetupPort
    from bubbled.web.site import Site

PATH: Final = "/settings/setup"

_QUESTIONS: Final = tuple(part for part in Part if part not in {Part.READY, Part.DONE})
_LONGEST: Final = 4096


class SetUp:
    """`/settings/setup`.

    Args:
        begin: gives who carries the set-up out, when the first page is wanted; may take its time.
    """

    def __init__(self, site: Site, begin: Callable[[], SetupPort]) -> None:
        self._site = site
        self._begin = begin
        self._beginning = asyncio.Lock()
        self._found: SetupPort | None = None

    def table(self) -> list[web.RouteDef]:
        """Say which handler answers what."""
        sheet = f"{PATH}/{{part:{'|'.join(_QUESTIONS)}}}"
        return [
            web.get(PATH, self.page, name="setup"),
            web.get(f"{PATH}/paths", self.paths),
            web.get(f"{PATH}/progress", self.progress),
            web.get(f"{PATH}/ready", self.ready),
            web.get(f"{PATH}/done", self.done),
            web.get(sheet, self.sheet),
            web.post(sheet, self.take),
            web.post(f"{PATH}/beside", self.beside),
            web.post(f"{PATH}/again", self.again),
            web.post(f"{PATH}/example", self.example),
            web.post(f"{PATH}/write", self.write),
            web.post(f"{PATH}/ring", self.ring),
            web.post(f"{PATH}/leave", self.leave),
        ]

    async def page(self, request: web.Request) -> web.Response:
        """Lead to where the set-up is, or say what keeps it from beginning."""
        desk = await self._desk()
        obstacle = await desk.begin()
        if obstacle is not None:
            return await self._site.page(request, "setup-obstacle.html", desk=desk, obstacle=obstacle)
        return see(f"{PATH}/{desk.part()}")

    async def beside(self, _request: web.Request) -> web.Response:
        """`POST /settings/setup/beside`: begin, for a file beside the one that is not understood."""
        await (await self._desk()).beside()
        return see(PATH)

    async def again(self, _request: web.Request) -> web.Response:
        """`POST /settings/setup/again`: begin anew."""
        await (await self._desk()).again()
        return see(PATH)

    # The questions.

    async def sheet(self, request: web.Request) -> web.Response:
        """`GET /settings/setup/{part}`: its questions."""
        desk, part = await self._desk(), Part(request.match_info["part"])
        if not desk.is_open(part):
            return see(PATH)
        return await self._site.page(request, "setup.html", desk=desk, sheet=desk.sheet(part))

    async def take(self, request: web.Request) -> web.Response:
        """`POST /settings/setup/{part}` with its fields, and `do`: `try`, or `keep` what does not work."""
        desk, part = await self._desk(), Part(request.match_info["part"])
        if not desk.is_open(part):
            return see(PATH)
        sent = _answers(await form.all_fields(request))
        taken = await desk.take(part, sent, keep=await form.field(request, "do", default="try") == "keep")
        if taken.mistakes:
            sheet = desk.sheet(part, sent, taken.mistakes)
            return await self._site.page(request, "setup.html", code=422, desk=desk, sheet=sheet)
        return see(f"{PATH}/{taken.part}")

    async def paths(self, request: web.Request) -> web.Response:
        """`GET /settings/setup/paths?typed=`: the files and folders whose paths begin so."""
        found = await (await self._desk()).paths(form.query(request, "typed", most=_LONGEST))
        return web.json_response({"paths": list(found)})

    async def progress(self, _request: web.Request) -> web.Response:
        """`GET /settings/setup/progress`: how much of an address book is read by now, in percent, or null."""
        return web.json_response({"percent": (await self._desk()).progress()})

    # The end.

    async def ready(self, request: web.Request) -> web.Response:
        """`GET /settings/setup/ready`: what would be done."""
        desk = await self._desk()
        if not desk.is_open(Part.READY):
            return see(PATH)
        return await self._site.page(request, "setup-ready.html", desk=desk, ready=await desk.ready())

    async def example(self, _request: web.Request) -> web.Response:
        """`POST /settings/setup/example`: show one."""
        await (await self._desk()).show_example()
        return see(f"{PATH}/ready#example")

    async def write(self, request: web.Request) -> web.Response:
        """`POST /settings/setup/write` with `service` and `links` where they are wished."""
        sent = await form.all_fields(request)
        is_written = await (await self._desk()).write(service="service" in sent, links="links" in sent)
        return see(f"{PATH}/{Part.DONE if is_written else Part.READY}")

    async def done(self, request: web.Request) -> web.Response:
        """`GET /settings/setup/done`: what was done."""
        desk = await self._desk()
        if not desk.is_open(Part.DONE):
            return see(PATH)
        return await self._site.page(request, "setup-done.html", desk=desk, done=desk.done())

    async def ring(self, _request: web.Request) -> web.Response:
        """`POST /settings/setup/ring`: ring the user's own phone."""
        await (await self._desk()).ring()
        return see(f"{PATH}/done#call")

    async def leave(self, request: web.Request) -> web.Response:
        """`POST /settings/setup/leave`: end the set-up, and open the pages of the bubbled that runs."""
        desk = await self._desk()
        runs, address = desk.done().runs, await desk.leave()
        return await self._site.page(request, "setup-left.html", runs=runs, address=address)

    async def _desk(self) -> SetupPort:
        async with self._beginning:
            if self._found is None:
                self._found = await asyncio.to_thread(self._begin)
            return self._found


def alone(site: Site, desk: SetupPort) -> list[web.RouteDef]:
    """Give the pages of a set-up where nothing else has any."""

    async def lead(_request: web.Request) -> web.Response:
        return see(PATH)

    return [web.get("/", lead), *SetUp(site, lambda: desk).table()]


def _answers(fields: Mapping[str, list[str]]) -> dict[str, str]:
    """The answers in a form; an input takes one line, and no program but a hostile one sends more."""
    sent = {key: texts[0] for key, texts in fields.items() if texts and "." in key}
    for key, text in sent.items():
        if len(text) > _LONGEST or any(character in text for character in "\r\n\0"):
            raise RefusedError(400, "wrong", key)
    return sent
