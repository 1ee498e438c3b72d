"""Calls somebody from a page: the user's phone rings first, and where he is to be asked, the page asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from bubbled.control.dialling import LONGEST_TEXT, Answer, From, Wish
from bubbled.web import form
from bubbled.web.site import spoken

if TYPE_CHECKING:
    from collections.abc import Callable

    from bubbled.control.dialling import Dialling as Outcome
    from bubbled.control.status import JsonObject
    from bubbled.web.site import Site


class Dialling:
    """`/dial`."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def table(self) -> list[web.RouteDef]:
        """Say which handler answers what."""
        return [web.post("/dial", self.dial)]

    async def dial(self, request: web.Request) -> web.Response:
        """`POST /dial` with `number` and, once the user was asked, the one that he has `chosen`.

        `{"said": ...}` in his language, or `{"question": ..., "choices": [{"number": ..., "label": ...}]}`.
        """
        number = await form.field(request, "number", most=LONGEST_TEXT)
        chosen = await form.field(request, "chosen", default="")
        wish = Wish(
            source=From.TYPED,
            text=number,
            is_confirmed=bool(chosen),
            chosen=chosen or None,
            asks_here=True,
        )
        dialling = await self._site.port.dial(wish)
        return web.json_response(_told(dialling, spoken(request).gettext))


def _told(dialling: Outcome, gettext: Callable[[str], str]) -> JsonObject:
    if dialling.answer is Answer.QUESTION:
        call = gettext("Call %(number)s")
        choices = [
            {"number": each.number, "label": call % {"number": each.shown}} for each in dialling.choices
        ]
        return {"question": dialling.question, "choices": choices}
    phone = dialling.phone or dialling.device
    return {"said": gettext("Your phone rings (%(phone)s): pick it up.") % {"phone": phone}}
