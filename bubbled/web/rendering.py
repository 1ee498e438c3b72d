"""Pages from templates: everything that is put into one is escaped for HTML, by the template engine, once."""

from __future__ import annotations

import asyncio
import time
from contextvars import ContextVar
from datetime import datetime
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from bubbled.pace import PIECE_S
from bubbled.popup.window.monogram import initials
from bubbled.speech import moment
from bubbled.story.explanation import explain
from bubbled.story.telling import tell
from bubbled.story.verdict import verdict
from bubbled.web import phrase
from bubbled.web.language import SOURCE, Language, language
from bubbled.zone import HERE

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

_language: ContextVar[Language] = ContextVar("language")


class Renderer:
    """Fills templates in.

    Args:
        now: tells the present moment, aware; moments on pages are told in the zone of this computer.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._present = now
        self._environment = _environment()
        self._environment.filters |= {
            "when": self._when,
            "clock": self._clock,
            "day": self._day,
            "span": _span,
            "initials": initials,
            "local": self._local,
            "capital": lambda text: text[:1].upper() + text[1:],
            "spoken": lambda text: _spoken().gettext(text),
            "said": lambda words: phrase.said(words, _spoken()),
            "verdict": lambda popup: verdict(popup, _spoken().gettext),
            "told": lambda step: tell(step, _spoken().gettext),
            "explained": lambda reason, at: explain(reason, at, _spoken().gettext),
        }

    async def page(self, template: str, spoken: Language, values: dict[str, Any]) -> str:
        """Make a page or a part of one; the daemon goes on meanwhile."""
        _language.set(spoken)
        await asyncio.sleep(0)  # what is shown was gathered in this turn of the loop, which is long enough
        pieces, began = [], time.perf_counter()
        for piece in self._environment.get_template(template).generate(language=spoken.name, **values):
            pieces.append(piece)
            if time.perf_counter() - began > PIECE_S:
                await asyncio.sleep(0)
                began = time.perf_counter()
        return "".join(pieces)

    def prepare(self) -> None:
        """Compile all templates and texts, which takes a while; may be done in a thread."""
        phrase.prepare()
        for name in self._environment.list_templates(filter_func=lambda name: name.endswith(".html")):
            self._environment.get_template(name)

    def _now(self) -> datetime:
        return self._present().astimezone(HERE)

    def _when(self, at: str | datetime) -> str:
        """Day and time of a moment, as short as they can be."""
        return moment.when(_moment(at), self._now(), _spoken().speech)

    def _clock(self, at: str | datetime) -> str:
        return moment.clock(_moment(at), self._now())

    def _day(self, on: date) -> str:
        """A day in full, but for the last two."""
        match (self._now().date() - on).days:
            case 0:
                return _spoken().gettext("Today")
            case 1:
                return _spoken().gettext("Yesterday")
        return moment.long_day(
            datetime(on.year, on.month, on.day, tzinfo=HERE), self._now(), _spoken().speech
        )

    def _local(self, at: str | datetime) -> str:
        """The moment in full, for the machine and for who points at it."""
        return _moment(at).astimezone(self._now().tzinfo).isoformat(timespec="seconds")


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("bubbled.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_callables(  # type: ignore[attr-defined]  # the extension puts it there
        lambda text: _spoken().gettext(text),
        lambda one, many, count: _spoken().ngettext(one, many, count),
        newstyle=True,
    )
    return environment


def _spoken() -> Language:
    """The language of the page that is being made."""
    return _language.get(None) or language(SOURCE)


def _moment(at: str | datetime) -> datetime:
    return at if isinstance(at, datetime) else datetime.fromisoformat(at)


def _span(begin: str | datetime, end: str | datetime) -> str:
    return moment.span(_moment(begin), _moment(end))
