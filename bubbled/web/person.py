"""All that is known of one number: who has it, the last contact, calls and notes; and how to forget it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from aiohttp import web

from bubbled.control.person import Person
from bubbled.error import BubbledError
from bubbled.model import E164, CallId
from bubbled.note import LONGEST_TEXT
from bubbled.number import formatted, international, is_withheld, to_e164
from bubbled.web import form
from bubbled.web.history import listing
from bubbled.web.link import web_link
from bubbled.web.refusal import RefusedError
from bubbled.web.site import see

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bubbled.control.question import LookedUp
    from bubbled.control.status import JsonObject
    from bubbled.control.workplace import Workplace
    from bubbled.web.site import Site


class PersonPage:
    """`/history/person`."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def table(self) -> list[web.RouteDef]:
        """Say which handler answers what."""
        return [
            web.get("/history/person", self.page),
            web.get("/history/person/answers", self.answers),
            web.post("/history/person/note", self.note),
            web.post("/history/person/forget", self.forget),
        ]

    async def page(self, request: web.Request) -> web.Response:
        """The page; what the directories say now comes into it when they have answered."""
        return await self._shown(request, form.query(request, "number").strip())

    async def _shown(
        self, request: web.Request, number: str, *, code: int = 200, **told: Any
    ) -> web.Response:
        if is_withheld(number):
            return await self._site.page(request, "person-withheld.html")
        lines = await listing(self._site.port)
        person = await self._site.port.person(number) or _nobody(number, lines.workplace)
        return await self._site.page(
            request,
            "person.html",
            code=code,
            listing=lines,
            person=person,
            mine=_own_call(person),
            **{"typed": "", "mistake": "", "remark": None, **told},
            **_who(person, lines.workplace, person.contact),
        )

    async def answers(self, request: web.Request) -> web.Response:
        """`GET /history/person/answers?number=`: parts of the page; directories may take seconds for them."""
        number = form.query(request, "number").strip()
        found, workplace = await self._site.port.lookup(number), await self._site.port.workplace()
        part = await self._site.part(request, "person-answers.html", found=found, web_link=web_link)
        parts = {"html": part}
        if (contact := _first(found)) is not None:
            values = _who(_nobody(number, workplace), workplace, contact)
            parts["who"] = await self._site.part(request, "person-who.html", **values)
        return web.json_response(parts)

    async def note(self, request: web.Request) -> web.Response:
        """`POST /history/person/note` with `number` and `text`: a note on the user's last call with it."""
        number = await form.field(request, "number")
        person = await self._site.port.person(number)
        call = None if person is None else _own_call(person)
        if call is None:
            raise RefusedError(404, "wrong")
        # Of each line break a browser makes two signs.
        text = await form.field(request, "text", most=2 * LONGEST_TEXT)
        try:
            noted = await self._site.port.note(CallId(call["id"]), text)
        except BubbledError as error:
            return await self._shown(request, number, code=409, typed=text, mistake=str(error))
        if noted is not None and noted.remark:
            return await self._shown(request, number, remark=noted.remark)
        return see(f"/history/person?{urlencode({'number': number})}")

    async def forget(self, request: web.Request) -> web.Response:
        """`POST /history/person/forget` with `number` and, once more, `typed`: nothing of it is kept."""
        number, typed = await form.field(request, "number"), await form.field(request, "typed")
        region = (await self._site.port.workplace()).region
        if _same(number, region) != _same(typed, region):
            return await self._shown(request, number, code=409, doubt=typed)
        erased = await self._site.port.forget(number)
        return see(f"/history?{urlencode({'forgotten': erased})}")


def _nobody(number: str, workplace: Workplace) -> Person:
    """A number that the history does not know."""
    e164 = to_e164(number, workplace.region)
    return Person(number=number, e164=e164, formatted=formatted(number, workplace.region))


def _who(person: Person, workplace: Workplace, contact: JsonObject | None) -> Mapping[str, Any]:
    return {
        "contact": contact,
        "number": person.formatted,
        "abroad": international(E164(person.e164)) if person.e164 else None,
        "colleague": workplace.colleagues.get(person.number),
        "is_me": person.number == workplace.extension,
        "link": web_link((contact or {}).get("url")),
    }


def _own_call(person: Person) -> JsonObject | None:
    return next((call for call in person.latest if call["colleague"] is None), None)


def _first(found: LookedUp) -> JsonObject | None:
    return next((contact for asked in found.asked for contact in asked.matches), None)


def _same(number: str, region: str) -> str:
    """A number in the notation in which it can be compared."""
    return to_e164(number, region) or "".join(number.split())
