"""Questions by command: who a number is, what asking tells to whom, and why a popup said what it said."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bubbled.control.question import Asked, Explained, LookedUp, Told, Why
from bubbled.daemon.search import question_of
from bubbled.directory.order.answer import Question
from bubbled.model import Extension
from bubbled.number import to_e164
from bubbled.wire import contact_json

if TYPE_CHECKING:
    from bubbled.daemon.desk import Desk
    from bubbled.directory.order.answer import Asked as AskedDirectory
    from bubbled.history.store import History
    from bubbled.model import Call, CallId

_EXTENSION: Final = re.compile(r"[0-9*#]{1,10}")


async def lookup(desk: Desk, number: str) -> LookedUp:
    """Ask every directory about a number as a person writes it."""
    asked = _question(number, desk.research.region)
    if asked is None:
        return LookedUp(number, None)
    answer = await desk.lookup.ask_every(asked)
    return LookedUp(number, _e164(asked), tuple(map(_told, answer.trace)))


def explain(desk: Desk, number: str) -> Explained:
    """Tell what a lookup of a number would tell to whom."""
    asked = _question(number, desk.research.region)
    if asked is None:
        return Explained(number, None)
    tells = (
        (directory, tuple(Told(each.host, each.sent) for each in hosts))
        for directory, hosts in desk.lookup.explain(asked)
    )
    return Explained(number, _e164(asked), tuple(tells))


async def why(desk: Desk, history: History, call_id: CallId | None) -> Why | None:
    """Tell how it came that the popup of a call (None: the latest) showed what it showed.

    Returns:
        None when there is no such call.
    """
    past = await (history.latest() if call_id is None else history.call(call_id))
    if past is None:
        return None
    search, screen = desk.research.trace(past.call.id), desk.screen_of(past.call.id)
    if search is None:
        return Why(past.to_json(), _why_nobody(past.call, desk.research.region), screen=screen)
    asked = tuple(map(_told, search.trace))
    return Why(past.to_json(), None, asked, is_provisional=search.is_provisional, screen=screen)


def _question(number: str, region: str) -> Question | None:
    """The number as a person writes it; what is none, but could be dialled inside, is an extension."""
    e164 = to_e164(number, region)
    if e164 is not None:
        return Question(e164)
    return Question(Extension(number), is_internal=True) if _EXTENSION.fullmatch(number) else None


def _e164(question: Question) -> str | None:
    return question.number if question.number.startswith("+") else None


def _told(asked: AskedDirectory) -> Asked:
    return Asked(
        directory=asked.directory,
        outcome=asked.outcome.value,
        ms=round(asked.ms, 3),
        matches=tuple(map(contact_json, asked.matches)),
        error=asked.error,
        remark=asked.remark,
        cached=asked.cached,
    )


def _why_nobody(call: Call, region: str) -> str:
    if question_of(call, region) is None:
        return "Nobody was asked: the number is withheld, unknown or too short."
    return "Who was asked is no longer known: bubbled keeps that for the latest calls, and until it ends."
