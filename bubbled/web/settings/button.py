"""The buttons editor: what is on popups to press, tried before it is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiohttp import web

from bubbled.condition import FLAGS
from bubbled.control.settings import NewTables, NewValues
from bubbled.popup.button import USUAL
from bubbled.popup.purpose import Choose, Copy, Note, Open
from bubbled.web import form
from bubbled.web.refusal import RefusedError
from bubbled.web.settings.candidate import digest_of, occasions, section
from bubbled.web.settings.program import UnwantedError, must_be_wanted, programs
from bubbled.web.settings.saving import saved, unwanted
from bubbled.web.site import spoken

if TYPE_CHECKING:
    from collections.abc import Callable

    from bubbled.popup.button import ButtonRule
    from bubbled.web.site import Site


class Buttons:
    """`/settings/buttons`."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def table(self) -> list[web.RouteDef]:
        """Say which handler answers what."""
        return [web.get("/settings/buttons", self.page), web.post("/settings/buttons", self.save)]

    async def page(self, request: web.Request) -> web.Response:
        """The page."""
        port = self._site.port
        state = await port.settings()
        gettext = spoken(request).speech.gettext
        return await self._site.page(
            request,
            "buttons.html",
            state=state,
            start={"digest": state.digest, "own": section(state, "button"), "usual": usual(gettext)},
            flags=FLAGS,
            **await occasions(port),
        )

    async def save(self, request: web.Request) -> web.Response:
        """`POST /settings/buttons` with `{"digest", "buttons", "programs"}`; buttons null: bubbled's own.

        Programs that are not in the settings yet have to be among `programs`, each with all its arguments;
        else nothing is saved, and the answer is those that are missing there.
        """
        body = await form.body(request)
        digest, buttons = digest_of(body), body.get("buttons")
        if not (buttons is None or _are_tables(buttons)):
            raise RefusedError(400, "wrong", "buttons")
        state = await self._site.port.settings()
        try:
            must_be_wanted(programs(buttons), body.get("programs"), programs(section(state, "button")))
        except UnwantedError as error:
            return unwanted(error)
        if buttons is None:
            return await saved(self._site, NewValues(digest, {}, (("button",),)))
        return await saved(self._site, NewTables(digest, "button", buttons))


def usual(gettext: Callable[[str], str]) -> list[dict[str, Any]]:
    """The buttons of bubbled itself, as far as settings can write them, to start from.

    Calling back and the mail that asks for it do more than a button of the settings does; they are left out.
    """
    found = [_as_settings(rule, gettext(rule.label)) for rule in USUAL]
    return [each for each in found if each is not None]


def _as_settings(rule: ButtonRule, label: str) -> dict[str, Any] | None:
    when = {"when": rule.when.text} if rule.when is not None else {}
    match rule.purpose:
        case Open(address=template):
            return {"label": label, "open": template.text, **when}
        case Copy(what=template):
            return {"label": label, "copy": template.text, **when}
        case Note():
            return {"label": label, "note": True, **when}
        case Choose():
            return {"label": label, "choose": True}
        case _:
            return None


def _are_tables(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, dict) for each in value)
