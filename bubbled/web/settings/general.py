"""All settings as forms, section by section, but for those that have a page of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import quote

from aiohttp import web

from bubbled.settings.change import value_at
from bubbled.settings.explanation import heading
from bubbled.settings.form import SectionForm, forms
from bubbled.settings.mistake import InvalidSettings
from bubbled.web import form
from bubbled.web.refusal import RefusedError
from bubbled.web.settings.field import Entries, fields_of
from bubbled.web.site import see

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bubbled.control.settings import SettingsState
    from bubbled.settings.mistake import Mistake
    from bubbled.web.site import Site

_ELSEWHERE: Final = frozenset({"popup.layout", "button"})
"""What the editors of layouts and buttons change."""

_SECTIONS: Final = forms()
"""Made while this is loaded, in a thread: at the first visit it would keep the loop 5 ms."""


class General:
    """`/settings`."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def table(self) -> list[web.RouteDef]:
        """Say which handler answers what."""
        return [web.get("/settings", self.page), web.post("/settings/section/{key}", self.save)]

    async def page(self, request: web.Request) -> web.Response:
        """The page."""
        state = await self._site.port.settings()
        return await self._told(request, state, saved=form.query(request, "saved"))

    async def save(self, request: web.Request) -> web.Response:
        """`POST /settings/section/{key}` with its fields and `digest`: checks and saves them."""
        state = await self._site.port.settings()
        found = next((each for each in _parts(state.document) if each.key == request.match_info["key"]), None)
        if found is None:
            raise RefusedError(404, "missing")
        sent = await form.all_fields(request)
        entries = Entries(found.form, sent, state.document, found.place)
        change = entries.change(await form.field(request, "digest"))
        if change is not None:
            try:
                await self._site.port.save_settings(change)
            except InvalidSettings as error:
                refused = (found, entries, error.mistakes)
                return await self._told(request, state, refused=refused)
        return see(f"/settings?saved={quote(found.key)}#{quote(found.key)}")

    async def _told(
        self,
        request: web.Request,
        state: SettingsState,
        *,
        saved: str = "",
        refused: tuple[Part | None, Entries | None, Sequence[Mistake]] = (None, None, ()),
    ) -> web.Response:
        wrong, entries, mistakes = refused
        sections: list[dict[str, Any]] = []
        for part in _parts(state.document):
            entered = entries if part == wrong else None
            fields = fields_of(part.form, state.document, entered, mistakes, part.place)
            is_open = part.key == saved or part == wrong
            words = heading(part.form)
            sections.append(
                {"key": part.key, "name": part.place, "words": words, "fields": fields, "is_open": is_open}
            )
        code = 422 if mistakes else 200
        return await self._site.page(
            request,
            "settings.html",
            code=code,
            state=state,
            sections=sections,
            saved=saved,
            mistakes=mistakes,
        )


class Part(NamedTuple):
    """A section of the page: a table of the settings, or one of several that have names."""

    form: SectionForm
    place: str | None = None

    @property
    def key(self) -> str:
        """What names it on the page."""
        return self.form.key if self.place is None else f"{self.form.key}.{self.place}"


def _parts(document: dict[str, Any]) -> Iterator[Part]:
    for section in _SECTIONS:
        if section.is_named:
            yield from (Part(section, name) for name in _names(section, document))
        elif not section.is_list and section.key not in _ELSEWHERE:
            yield Part(section)


def _names(section: SectionForm, document: dict[str, Any]) -> Sequence[str]:
    """The tables by names that there are, and the tiers that directories are in."""
    there = value_at(document, section.path)
    names = {str(name) for name in there} if isinstance(there, dict) else set()
    if section.path == ("lookup", "tier"):
        directories = document.get("directory")
        tiers = [each.get("tier") for each in directories or () if isinstance(each, dict)]
        names |= {str(tier) for tier in tiers if type(tier) is int}
    return sorted(names)
