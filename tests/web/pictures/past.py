"""The past of Alice, 101, whose pages the pictures show: calls of customers with her and with colleagues."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from bubbled.model import (
    E164,
    ME,
    Call,
    CallChange,
    CallId,
    CallState,
    ChangeKind,
    Contact,
    Device,
    Direction,
    Extension,
    Outcome,
    Owner,
    Via,
    ViaKind,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bubbled.history.store import History

_IN, _OUT = Direction.INBOUND, Direction.OUTBOUND
_BOB, _CAROL = Owner("102"), Owner("103")
_SUPPORT = Via(ViaKind.QUEUE, "support")
_RINGS: Final = timedelta(seconds=11)

_PEOPLE: Final[Mapping[str, tuple[str, str]]] = {
    "+31612345678": ("Sanne de Vries", "Tulip Cycles"),
    "+31205550121": ("Jeroen Bakker", "Bakker & Sons Roofing"),
    "+31105550132": ("Fatima El Amrani", "Harbour Logistics"),
    "+31301234567": ("Pieter Visser", "Visser Dental Care"),
    "+31405550154": ("Noor Jansen", "Polder Solar"),
    "+31705550165": ("Willem van Dijk", "Lighthouse Insurance"),
    "+31687650076": ("Anouk Smit", "Studio Anouk"),
    "+31535550187": ("Daan Mulder", "Mulder Machine Works"),
    "+32470550198": ("Zoë Peeters", "Peeters Bakery"),
    "+35315550109": ("Thomas O'Neil", "Emerald Imports"),
}


@dataclass(frozen=True, slots=True)
class _Past:
    """A call of `days` ago; `owner` had it on the phone."""

    days: int
    at: str
    number: str
    direction: Direction
    minutes: int = 0
    outcome: Outcome = Outcome.ANSWERED
    owner: Owner = ME
    via: Via | None = None
    note: str = ""


_CALLS: Final = (
    _Past(16, "15:20", "+31612345678", _OUT, 6, note="Opens a second shop in May"),
    _Past(10, "14:03", "+31612345678", _IN, 4, owner=_BOB),
    _Past(9, "11:47", "+31535550187", _IN, 12, note="Two presses to be serviced before Christmas"),
    _Past(8, "09:40", "+31105550132", _OUT, 3, owner=_CAROL),
    _Past(7, "16:12", "+31405550154", _IN, 5, owner=_CAROL),
    _Past(6, "10:15", "+31705550165", _IN, 9, via=_SUPPORT, note="Claim 2231: waits for the expert's report"),
    _Past(3, "13:30", "+31612345678", _IN, 8, note="Wants a quote for 12 city bikes\nDelivery before March"),
    _Past(2, "15:50", "+31205550121", _OUT, outcome=Outcome.NO_ANSWER),
    _Past(1, "11:25", "+31301234567", _OUT, 6, note="Sends the signed order this week"),
    _Past(1, "16:31", "+31687650076", _IN, 2, owner=_BOB),
    _Past(0, "08:47", "+32470550198", _IN, outcome=Outcome.MISSED),
    _Past(0, "09:12", "+32470550198", _IN, outcome=Outcome.MISSED),
    _Past(0, "09:31", "+31687650076", _IN, 7, note="New logo by Friday"),
    _Past(0, "10:48", "+31201000199", _IN, outcome=Outcome.MISSED),
    _Past(0, "11:20", "+31535550187", _OUT, 4),
    _Past(0, "13:10", "+35315550109", _IN, 3, via=_SUPPORT, owner=_CAROL),
    _Past(0, "13:38", "+31405550154", _IN, outcome=Outcome.MISSED, via=_SUPPORT),
)


_ADVICE: Final = "Call her after ten"
_IN_DUTCH: Final[Mapping[str, str]] = {
    _ADVICE: "Bel haar na tienen",
    "Opens a second shop in May": "Opent in mei een tweede winkel",
    "Two presses to be serviced before Christmas": "Twee persen nakijken voor de kerst",
    "Claim 2231: waits for the expert's report": "Schade 2231: wacht op het rapport",
    "Wants a quote for 12 city bikes\nDelivery before March": "Wil 12 stadsfietsen\nLevering voor maart",
    "Sends the signed order this week": "Stuurt deze week de order getekend terug",
    "New logo by Friday": "Nieuw logo voor vrijdag",
}


async def remember(history: History, now: datetime, language: str) -> None:
    """Write the past into a history, with notes in that language; `now` is in the zone of the user."""
    words = _IN_DUTCH if language == "nl" else {}
    for number, past in enumerate(_CALLS, 1):
        noted = replace(past, note=words.get(past.note, past.note))
        _remember(history, noted, CallId(f"past-{number}"), now)
    advice = words.get(_ADVICE, _ADVICE)
    history.told(E164("+31612345678"), Extension(_BOB), advice, now - timedelta(days=10))
    if not await history.settled():
        raise RuntimeError("The past could not be written down; the disk is full?")


def _remember(history: History, past: _Past, call_id: CallId, now: datetime) -> None:
    hour, minute = map(int, past.at.split(":"))
    began = (now - timedelta(days=past.days)).replace(hour=hour, minute=minute, second=0)
    for at, change in _changes(past, call_id, began):
        history.record(change, at)
    history.verdict(call_id, "shown")
    if past.number in _PEOPLE:
        name, company = _PEOPLE[past.number]
        history.contact(call_id, Contact(directory="Customers", name=name, company=company))
    if past.note:
        history.note(call_id, past.note, began + timedelta(minutes=past.minutes), E164(past.number))


def _changes(past: _Past, call_id: CallId, began: datetime) -> Iterator[tuple[datetime, CallChange]]:
    call = Call(
        id=call_id,
        device=Device(f"PJSIP/{'101' if past.owner == ME else past.owner}"),
        direction=past.direction,
        state=CallState.RINGING if past.direction is _IN else CallState.DIALLING,
        owner=past.owner,
        number=past.number,
        e164=E164(past.number),
        dialled="+31201000101" if past.direction is _IN else None,
        via=past.via,
    )
    yield began, CallChange(ChangeKind.STARTED, call)
    answered = began + _RINGS
    if past.outcome is Outcome.ANSWERED:
        yield answered, CallChange(ChangeKind.ANSWERED, replace(call, state=CallState.TALKING))
    ended = replace(call, state=CallState.ENDED, outcome=past.outcome)
    yield answered + timedelta(minutes=past.minutes, seconds=17), CallChange(ChangeKind.ENDED, ended)
