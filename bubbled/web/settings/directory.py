"""The directories: in which order they are asked, and what each answers about a number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aiohttp import web

from bubbled.control.settings import NewOrder, NewValues
from bubbled.settings.explanation import heading
from bubbled.settings.form import forms
from bubbled.settings.mistake import InvalidSettings
from bubbled.web import form
from bubbled.web.refusal import RefusedError
from bubbled.web.settings.field import Entries, fields_of
from bubbled.web.site import see

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bubbled.control.settings import SettingsState
    from bubbled.settings.form import SectionForm
    from bubbled.settings.mistake import Mistake
    from bubbled.web.site import Site

_KINDS: Final = {each.key.partition(".")[2]: each for each in forms() if each.path == ("directory",)}
"""The form of each kind of directory."""

_MOST: Final = 200


class Directories:
    """`/settings/directories`."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def table(self) -> list[web.RouteDef]:
        """Say which handler answers what."""
        return [
            web.get("/settings/directories", self.page),
            web.get("/settings/directories/test", self.test),
            web.post("/settings/directories/order", self.order),
            web.get("/settings/directories/new", self.new),
            web.post("/settings/directories/new/{kind}", self.add),
            web.get(r"/settings/directories/{place:\d{1,3}}", self.one),
            web.post(r"/settings/directories/{place:\d{1,3}}", self.save),
            web.post(r"/settings/directories/{place:\d{1,3}}/remove", self.remove),
        ]

    async def page(self, request: web.Request) -> web.Response:
        """The page."""
        port = self._site.port
        state, status = await port.settings(), await port.status()
        return await self._site.page(
            request,
            "directories.html",
            state=state,
            directories=_listed(state.document),
            states={each.name: each for each in status.directories},
            number="",
        )

    async def test(self, request: web.Request) -> web.Response:
        """`GET /settings/directories/test?number=`: what each answers and how fast, as a part of the page."""
        number = form.query(request, "number").strip()
        if not number:
            raise RefusedError(400, "wrong", "number")
        found = await self._site.port.lookup(number)
        told = await self._site.port.explain(number)
        part = await self._site.part(request, "directories-test.html", found=found, tells=dict(told.tells))
        return web.json_response({"html": part})

    async def order(self, request: web.Request) -> web.Response:
        """`POST /settings/directories/order` with `{"digest", "order"}`: each by its index of before."""
        wish = await form.body(request)
        digest, order = wish.get("digest"), wish.get("order")
        if not isinstance(digest, str) or not isinstance(order, list) or not _is_order(order):
            raise RefusedError(400, "wrong", "order")
        state = await self._site.port.save_settings(NewOrder(digest, "directory", tuple(order)))
        return web.json_response({"digest": state.digest, "undo": state.undo})

    # One directory.

    async def new(self, request: web.Request) -> web.Response:
        """`GET /settings/directories/new?kind=csv`: the form of a new one; else which kinds there are."""
        kind = form.query(request, "kind")
        state = await self._site.port.settings()
        if not kind:
            return await self._site.page(
                request,
                "directory-kinds.html",
                state=state,
                kinds=[(each, heading(section)) for each, section in _KINDS.items()],
            )
        return await self._form(request, state, _form_of(kind), len(_listed(state.document)), is_new=True)

    async def add(self, request: web.Request) -> web.Response:
        """`POST /settings/directories/new/{kind}` with its fields and `digest`: the last one from now on."""
        section = _form_of(request.match_info["kind"])
        state = await self._site.port.settings()
        place = len(_listed(state.document))
        entries = Entries(section, await form.all_fields(request), state.document, place)
        change = NewValues(await form.field(request, "digest"), {("directory", place): entries.table()})
        return await self._saved(request, state, change, entries, place, is_new=True)

    async def one(self, request: web.Request) -> web.Response:
        """`GET /settings/directories/{place}`: the form of one."""
        state = await self._site.port.settings()
        place, section = _place(request, state.document)
        return await self._form(request, state, section, place)

    async def save(self, request: web.Request) -> web.Response:
        """`POST /settings/directories/{place}` with its fields and `digest`."""
        state = await self._site.port.settings()
        place, section = _place(request, state.document)
        entries = Entries(section, await form.all_fields(request), state.document, place)
        change = entries.change(await form.field(request, "digest"))
        if change is None:
            return see("/settings/directories")
        return await self._saved(request, state, change, entries, place)

    async def remove(self, request: web.Request) -> web.Response:
        """`POST /settings/directories/{place}/remove` with `digest`."""
        state = await self._site.port.settings()
        place, _ = _place(request, state.document)
        digest = await form.field(request, "digest")
        await self._site.port.save_settings(NewValues(digest, {}, (("directory", place),)))
        return see("/settings/directories")

    async def _saved(  # noqa: PLR0913 - what the form shows if it is refused
        self,
        request: web.Request,
        state: SettingsState,
        change: NewValues,
        entries: Entries,
        place: int,
        *,
        is_new: bool = False,
    ) -> web.Response:
        try:
            await self._site.port.save_settings(change)
        except InvalidSettings as error:
            shown = (entries, error.mistakes)
            return await self._form(request, state, entries.section, place, refused=shown, is_new=is_new)
        return see("/settings/directories")

    async def _form(  # noqa: PLR0913 - as above
        self,
        request: web.Request,
        state: SettingsState,
        section: SectionForm,
        place: int,
        *,
        refused: tuple[Entries | None, Sequence[Mistake]] = (None, ()),
        is_new: bool = False,
    ) -> web.Response:
        entries, mistakes = refused
        return await self._site.page(
            request,
            "directory.html",
            code=422 if mistakes else 200,
            state=state,
            kind=section.key.partition(".")[2],
            words=heading(section),
            fields=fields_of(section, state.document, entries, mistakes, place),
            mistakes=mistakes,
            place=place,
            is_new=is_new,
        )


def _form_of(kind: str) -> SectionForm:
    if kind not in _KINDS:
        raise RefusedError(404, "missing")
    return _KINDS[kind]


def _place(request: web.Request, document: dict[str, Any]) -> tuple[int, SectionForm]:
    """Which directory a request is about, and the form of its kind."""
    place, directories = int(request.match_info["place"]), _listed(document)
    if place >= len(directories):
        raise RefusedError(404, "missing")
    return place, _form_of(str(directories[place].get("kind")))


def _listed(document: dict[str, Any]) -> Sequence[dict[str, Any]]:
    """The directories of a document, which may hold anything while it has mistakes."""
    found = document.get("directory")
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _is_order(order: list[Any]) -> bool:
    return len(order) <= _MOST and all(type(index) is int for index in order)
