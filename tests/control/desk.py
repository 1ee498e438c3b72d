"""A daemon that keeps everything in memory: what the control API and the commands are tested against."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bubbled.control.check import Check, Stanza, Verdict
from bubbled.control.choice import Match, Matches
from bubbled.control.dialling import Answer, Choice, DeviceState, Dialling, Wish
from bubbled.control.feed import Feed, Subscription
from bubbled.control.layout import Candidate, Preview
from bubbled.control.live import LiveCall
from bubbled.control.moment_story import StoryAt
from bubbled.control.note import Noted
from bubbled.control.person import Person, PersonNote
from bubbled.control.press import Offered
from bubbled.control.question import Asked, Explained, LookedUp, Told, Why
from bubbled.control.search import Found, Search
from bubbled.control.settings import CheckedSettings, SettingsChange, SettingsState
from bubbled.control.status import Connection, ConnectionState, DirectoryState, JsonObject, Status
from bubbled.control.workplace import Workplace
from bubbled.model import Button, CallId, Card, Mute, PopupId, Tone
from bubbled.settings.mistake import Mistake
from bubbled.story.circumstance import Heard, Muted
from bubbled.story.fact import Asked as AskedStep
from bubbled.story.fact import Decided, Seen
from bubbled.story.reason import OthersRang
from bubbled.story.step import Step

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from datetime import date

    from bubbled.error import BubbledError

STATUS = Status(
    version="0.1.0",
    uptime_s=7384.2,
    settings_path="/home/alice/.config/bubbled/config.toml",
    pbx=Connection(
        host="pbx.example.com",
        state=ConnectionState.CONNECTED,
        since=datetime(2026, 11, 22, 9, 0, tzinfo=UTC),
    ),
    devices=("PJSIP/101",),
    directories=(DirectoryState(name="Customers", kind="csv", state="ready", count=1234),),
    screen="native",
)


DIALLED = Dialling(
    answer=Answer.DIALLED,
    choices=(Choice("+31201234567", "020 123 4567"),),
    call=CallId("bubbled-1a2b3c4d-1795341808.1"),
    device="PJSIP/101",
    phone="Desk phone (PJSIP/101)",
)


NINE = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
STORY = (
    Step(NINE, Seen(device="PJSIP/101", direction="inbound", state="ringing", number="+31612345678")),
    Step(NINE, Decided("shown")),
    Step(NINE + timedelta(seconds=2), AskedStep(directory="CRM", place=1, outcome="timeout", ms=2000.0)),
)


WHOSE: JsonObject = {"owner": "me", "colleague": None}


def a_call(call_id: str, **changed: object) -> JsonObject:
    """Give a call that was answered, in the shape of contract 4 with its additions."""
    return {
        "id": call_id,
        "device": "PJSIP/101",
        "direction": "inbound",
        "internal": False,
        "number": "+31612345678",
        "e164": "+31612345678",
        "name": "JAN JANSEN",
        "dialled": "+31201000101",
        "state": "ended",
        "via": None,
        "transferred_from": None,
        "transferred_to": None,
        "outcome": "answered",
        "contact": {
            "name": "Jan Jansen",
            "company": "Bakkerij De Vries",
            "fields": {},
            "url": None,
            "directory": "Customers",
        },
        "started_at": "2026-11-22T09:00:00+00:00",
        "answered_at": "2026-11-22T09:00:05+00:00",
        "ended_at": "2026-11-22T09:01:10+00:00",
        "popup": "shown",
        "note": None,
        **changed,
    }


class Desk:
    """An in-memory `ControlPort`; set `refusal` to make every method refuse with it."""

    def __init__(self) -> None:
        self.kept = [
            a_call("1700000000.1"),
            a_call("1700000000.2", name=None, contact=None, outcome="missed"),
        ]
        self.mute_state: Mute | None = None
        self.shown: list[str] = []
        self.family: tuple[Match, ...] = (
            Match("Jan Jansen · Utrecht", {"name": "Jan Jansen"}, is_chosen=True),
            Match("Jan Jansen · Gouda", {"name": "Jan Jansen"}),
        )
        self.notes: list[str] = []
        self.offered: tuple[Button, ...] = (
            Button("call", "Call back"),
            Button("page", "Open in CRM"),
            Button("copy", "Copy number"),
            Button("note", "Note", asks="Note on this call"),
        )
        self.searches: list[Search] = []
        self.gap: str | None = None
        self.presses: list[tuple[CallId | None, str, str]] = []
        self.remark: str | None = None
        self.examples: list[str] = []
        self.candidates: list[Candidate] = []
        self.feed = Feed(backlog=64)
        self.warnings: tuple[str, ...] = ()
        self.has_window = True
        self.checks = (Check("PBX", Verdict.OK, "logged in to pbx.example.com"),)
        self.refusal: BubbledError | Exception | None = None
        self.state = STATUS
        self.followed = asyncio.Event()
        self.settings_state = SettingsState(
            path=STATUS.settings_path,
            digest="a" * 64,
            document={"me": {"extension": "101", "region": "NL"}},
            undo=1,
        )
        self.changes: list[SettingsChange] = []
        self.wishes: list[Wish] = []
        self.dialling: tuple[Dialling, ...] = (DIALLED,)
        self.moments: list[datetime] = []
        self.phones: tuple[DeviceState, ...] = (
            DeviceState(device="PJSIP/101", name="Desk phone", state="ready", is_default=True),
            DeviceState(device="PJSIP/201", name="", state="not registered", is_default=False),
        )

    def _may(self) -> None:
        if self.refusal is not None:
            raise self.refusal

    async def status(self) -> Status:
        self._may()
        return replace(self.state, mute=self.mute_state)

    async def calls(self, limit: int | None, on: date | None = None) -> Sequence[JsonObject]:
        self._may()
        kept = [call for call in self.kept if on is None or call["started_at"].startswith(on.isoformat())]
        return kept[-(limit or 10) :]

    async def search(self, wanted: Search) -> Found:
        self._may()
        self.searches.append(wanted)
        texts = ((call, json.dumps(call, ensure_ascii=False).lower()) for call in reversed(self.kept))
        listed = [call | WHOSE for call, text in texts if wanted.text.lower() in text]
        start = int(wanted.before or 0)
        end = start + wanted.limit
        return Found(tuple(listed[start:end]), str(end) if len(listed) > end else None, self.gap)

    async def to_call_back(self) -> Sequence[JsonObject]:
        self._may()
        return [call | WHOSE | {"times": 2} for call in self.kept if call["outcome"] == "missed"]

    async def workplace(self) -> Workplace:
        self._may()
        return Workplace("101", "NL", {"102": "Bob"})

    async def person(self, number: str) -> Person | None:
        self._may()
        calls = [call | WHOSE for call in reversed(self.kept) if call["number"] == number]
        if not calls:
            return None
        contact = next((call["contact"] for call in calls if call["contact"]), None)
        return Person(
            number=number,
            e164=number,
            formatted="06 12345678",
            contact=contact,
            calls=len(calls),
            notes=tuple(PersonNote(at=calls[0]["started_at"], text=note) for note in self.notes),
            latest=calls,
        )

    async def calls_csv(self, wanted: Search) -> AsyncIterator[bytes]:
        self._may()
        self.searches.append(wanted)
        return self._pieces()

    async def _pieces(self) -> AsyncIterator[bytes]:
        for call in self.kept:
            yield f"{call['id']}\r\n".encode()

    async def call(self, call_id: CallId) -> JsonObject | None:
        self._may()
        return next((call for call in self.kept if call["id"] == call_id), None)

    async def show(self, call_id: CallId | None) -> JsonObject | None:
        found = await self.call(call_id) if call_id is not None else next(reversed(self.kept), None)
        if found is not None:
            self.shown.append(found["id"])
        return found

    async def matches(self, call_id: CallId | None) -> Matches | None:
        found = await self.call(call_id) if call_id is not None else next(reversed(self.kept), None)
        return None if found is None else Matches(CallId(found["id"]), self.family)

    async def choose(self, call_id: CallId | None, match: int) -> Matches | None:
        self._may()
        self.family = tuple(
            replace(each, is_chosen=number == match) for number, each in enumerate(self.family, 1)
        )
        return await self.matches(call_id)

    async def buttons(self, call_id: CallId | None) -> Offered:
        self._may()
        popup = PopupId(call_id or self.kept[-1]["id"])
        return Offered(popup, "Jan Jansen", self.offered)

    async def press(self, call_id: CallId | None, button: str, text: str) -> Offered:
        self.presses.append((call_id, button, text))
        return await self.buttons(call_id)

    async def note(self, call_id: CallId | None, text: str) -> Noted | None:
        found = await self.call(call_id) if call_id is not None else next(reversed(self.kept), None)
        if found is None:
            return None
        self.notes.append(text)
        where = found["contact"]["directory"] if found["contact"] else None
        return Noted(CallId(found["id"]), where, "\n".join(self.notes), self.remark)

    async def mute(self, until: datetime | None) -> None:
        self._may()
        self.mute_state = Mute(until)

    async def unmute(self) -> None:
        self._may()
        self.mute_state = None

    async def toggle_mute(self) -> Mute | None:
        self._may()
        self.mute_state = None if self.mute_state else Mute()
        return self.mute_state

    async def lookup(self, number: str) -> LookedUp:
        self._may()
        if not number.startswith("+"):
            return LookedUp(number, None)
        matches = tuple(call["contact"] for call in self.kept if call["number"] == number and call["contact"])
        return LookedUp(
            number,
            number,
            (
                Asked(directory="Customers", outcome="hit" if matches else "miss", ms=0.4, matches=matches),
                Asked(directory="CRM", outcome="error", ms=12.0, error="the file is gone"),
            ),
        )

    async def explain(self, number: str) -> Explained:
        self._may()
        tells = (("Customers", ()), ("CRM", (Told("crm.example.com", ("+31612345678", "0612345678")),)))
        return Explained(number, number, tells) if number.startswith("+") else Explained(number, None)

    async def why(self, call_id: CallId | None) -> Why | None:
        found = await self.call(call_id) if call_id is not None else next(reversed(self.kept), None)
        if found is None:
            return None
        if found["contact"] is None:
            return Why(found, "Nobody was asked: the number is withheld, unknown or too short.")
        trace = (
            Asked(directory="CRM", outcome="timeout", ms=2000.0),
            Asked(directory="Customers", outcome="hit", ms=0.2, cached=True),
        )
        return Why(found, None, trace, screen="native", story=STORY)

    async def why_at(self, at: datetime) -> StoryAt:
        self._may()
        self.moments.append(at)
        reason = OthersRang(at, ("PJSIP/102",), 0, ("PJSIP/101",))
        return StoryAt(
            at=at,
            since=at - timedelta(minutes=10),
            until=at + timedelta(minutes=10),
            reasons=(reason,),
            calls=tuple(self.kept[:1]),
            events=(Step(at, Muted()), Step(at, Heard(rang=("PJSIP/102",)))),
        )

    async def focus(self) -> bool:
        self._may()
        return self.has_window

    async def reload(self) -> Sequence[str]:
        self._may()
        return self.warnings

    async def forget(self, number: str) -> int:
        self._may()
        before = len(self.kept)
        self.kept = [call for call in self.kept if call["number"] != number]
        return before - len(self.kept)

    async def dial(self, wish: Wish) -> Dialling:
        self._may()
        self.wishes.append(wish)
        return self.dialling[min(len(self.wishes), len(self.dialling)) - 1]

    async def devices(self) -> Sequence[DeviceState]:
        self._may()
        return self.phones

    async def prefer_device(self, name: str) -> Sequence[DeviceState]:
        self._may()
        names = {each.device: (each.device, each.name) for each in self.phones}
        self.phones = tuple(replace(each, is_default=name in names[each.device]) for each in self.phones)
        return self.phones

    async def doctor(self) -> Sequence[Check]:
        self._may()
        return self.checks

    async def stanza(self) -> Stanza:
        self._may()
        return Stanza("/etc/asterisk/manager.conf", "[bubbled]\nread = call\n")

    async def legend(self) -> JsonObject:
        self._may()
        name = {"word": "$name", "meaning": "the contact's name", "example": "Jan Jansen"}
        first = {"word": "${name|first}", "meaning": "the first word", "example": "Jan"}
        return {"call": "1700000000.2", "variables": [name], "columns": [], "filters": [first]}

    async def preview(self, candidate: Candidate) -> Preview:
        self._may()
        self.candidates.append(candidate)
        card = Card("Jan Jansen", ("Bakkerij De Vries",), "Calling you", Tone.RINGING)
        button = {"label": "Note", "is_shown": True, "hindrance": "", "outcome": "It would take a note"}
        mistake = Mistake("popup.layout.lines[2]", None, "must not be empty")
        return Preview(card, "/photos/jan.jpg", (button,), await self.legend(), (mistake,), ("a doubt",))

    async def try_button(self, candidate: Candidate, button: int) -> str:
        self._may()
        self.candidates.append(candidate)
        return f"It would press {button}"

    async def show_example(self, candidate: Candidate) -> JsonObject:
        self._may()
        self.examples.append(candidate.scene)
        return {"headline": "Jan Jansen", "lines": ["Bakkerij De Vries"], "screen": "native"}

    async def live(self) -> Sequence[LiveCall]:
        self._may()
        call_back = Button("call", "Call")
        card = Card("Jan Jansen", ("Bakkerij De Vries",), "Calling you", Tone.RINGING, buttons=(call_back,))
        return [LiveCall(call, card, is_up=True) for call in self.kept if call["ended_at"] is None]

    def live_changes(self) -> Subscription:
        return self.feed.subscribe()

    async def open_pages(self, page: str) -> str:
        self._may()
        return f"http://127.0.0.1:4711/enter?token=t&to={page}"

    async def settings(self) -> SettingsState:
        self._may()
        return self.settings_state

    async def save_settings(self, change: SettingsChange) -> SettingsState:
        self._may()
        self.changes.append(change)
        return self.settings_state

    async def check_settings(self, change: SettingsChange) -> CheckedSettings:
        self._may()
        self.changes.append(change)
        return CheckedSettings(warnings=self.settings_state.warnings)

    async def undo_settings(self, digest: str) -> SettingsState:
        self._may()
        self.settings_state = replace(self.settings_state, digest=digest, undo=self.settings_state.undo - 1)
        return self.settings_state

    def subscribe(self) -> Subscription:
        self.followed.set()
        return self.feed.subscribe()
