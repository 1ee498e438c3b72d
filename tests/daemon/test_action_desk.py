"""What buttons do at a desk whose desktop is real, as far as it takes one."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bubbled.action.wording import Sentences
from bubbled.control.note import Noted
from bubbled.daemon.action_desk import ActionDesk
from bubbled.daemon.notice import Notices
from bubbled.error import ControlError
from bubbled.model import E164, Call, CallId, CallState, Card, Device, Direction, PopupId, Tone
from bubbled.popup.command import ClosePopup, CopyText, MuteFor, OpenUri, RunProgram, ShowPopup, TakeNote
from tests.action.program import UserProgram
from tests.dialing.x11_server import XServer, running_x_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Iterator
    from pathlib import Path

    from bubbled.error import BubbledError
    from bubbled.popup.command import Command

NOW = datetime(2026, 11, 22, 14, 3, tzinfo=UTC)
CALL = CallId("1")
WITH_JAN = Call(
    id=CALL,
    device=Device("PJSIP/101"),
    direction=Direction.INBOUND,
    state=CallState.TALKING,
    e164=E164("+31612345678"),
)


class Place:
    """A desk with a screen that can be read, and a notebook."""

    def __init__(self) -> None:
        self.popups: dict[PopupId, Card] = {}
        self.notices = Notices(self._perform)
        self.on_action: Any = None
        self.muted: list[datetime | None] = []
        self.notes: list[tuple[CallId, str]] = []
        self.about: list[E164 | None] = []
        self.calls: dict[CallId, Call] = {}
        self.refusal: BubbledError | None = None
        self.obstacle: str | None = None
        self._news = asyncio.Condition()
        self.actions = ActionDesk(
            self,  # type: ignore[arg-type]  # as much of a desk as buttons need
            Sentences(),
            mute=self.muted.append,
            take_note=self._take_note,
        )

    def now(self) -> datetime:
        return NOW

    def _perform(self, commands: Iterable[Command]) -> None:
        for command in commands:
            match command:
                case ShowPopup(popup_id, card):
                    self.popups[popup_id] = card
                case ClosePopup(popup_id):
                    del self.popups[popup_id]
                case _:
                    raise AssertionError(command)

    async def _take_note(self, call_id: CallId, text: str, about: E164 | None) -> Noted | None:
        if self.refusal is not None:
            raise self.refusal
        self.notes.append((call_id, text))
        self.about.append(about)
        noted = Noted(CALL, None, text, self.obstacle, is_partial=self.obstacle is not None)
        return noted if call_id == CALL else None

    async def rests(self) -> None:
        """Wait until nothing is being done any more."""
        async with asyncio.timeout(20):
            while self.actions._tasks:
                await asyncio.wait(self.actions._tasks)

    @property
    def told(self) -> list[str]:
        return [card.headline for card in self.popups.values() if card.tone is Tone.NOTICE]


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    place = Place()
    yield place
    await place.actions.aclose()
    place.notices.aclose()


@pytest.fixture
def x_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[XServer]:
    with running_x_server() as server:
        monkeypatch.setenv("DISPLAY", server.name)
        monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
        yield server


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> UserProgram:
    program = UserProgram(tmp_path)
    for name, value in program.environment.items():
        monkeypatch.setenv(name, value)
    return program


async def test_a_program_runs_with_the_environment_of_the_desktop(place: Place, shop: UserProgram) -> None:
    place.on_action(RunProgram(("shop", "'; rm -rf ~", "a b")))
    await place.rests()
    assert (shop.facts["arguments"], shop.facts["display"]) == (["'; rm -rf ~", "a b"], ":99")
    assert place.told == []


async def test_no_program_is_told_a_secret(
    place: Place, shop: UserProgram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STATUS", "3")  # with it the program would fail
    place.actions.secrets = frozenset({"STATUS"})
    place.on_action(RunProgram(("shop",)))
    await place.rests()
    assert shop.facts["display"] == ":99"
    assert place.told == []


async def test_one_that_fails_is_told_and_keeps_no_other_from_working(
    place: Place, shop: UserProgram, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.on_action(RunProgram(("no-such-shop",)))
    place.on_action(RunProgram(("shop", "still")))
    await place.rests()
    assert place.told == ["Not run: there is no program no-such-shop"]
    assert shop.facts["arguments"] == ["still"]
    monkeypatch.setenv("STATUS", "3")
    place.on_action(RunProgram(("shop",)))
    await place.rests()
    assert place.told[1:] == ["The program failed: shop (3)"]


@pytest.mark.desktop
async def test_an_address_is_opened_by_the_desktop(place: Place, shop: UserProgram) -> None:
    shop.opens("https")
    place.on_action(OpenUri("https://crm.example.com/?q=%27%3B"))
    place.on_action(OpenUri("bubbled-test:x"))
    await place.rests()
    assert shop.facts["arguments"] == ["https://crm.example.com/?q=%27%3B"]
    assert place.told == ['Not opened: your desktop opens no "bubbled-test"']


@pytest.mark.desktop
async def test_a_text_is_copied(place: Place, x_server: XServer) -> None:
    place.on_action(CopyText("+31612345678"))
    await place.rests()
    paste = await asyncio.create_subprocess_exec(
        *("xclip", "-selection", "clipboard", "-out"),
        env=x_server.environment,
        stdout=asyncio.subprocess.PIPE,
    )
    assert (await paste.communicate())[0] == b"+31612345678"


async def test_no_desktop_is_told_with_what_to_do(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)
    place.on_action(CopyText("+31612345678"))
    await place.rests()
    (card,) = place.popups.values()
    assert (card.headline, card.tone) == ("No desktop is found", Tone.NOTICE)
    assert "import-environment" in card.lines[0]


async def test_popups_are_muted_for_a_while_or_until_unmuted(place: Place) -> None:
    place.on_action(MuteFor(30))
    place.on_action(MuteFor(0))
    assert place.muted == [NOW + timedelta(minutes=30), None]


class TestNotes:
    async def test_what_was_typed_on_the_popup_is_kept(self, place: Place) -> None:
        place.on_action(TakeNote(CALL, "Call on Monday"))
        await place.rests()
        assert place.notes == [(CALL, "Call on Monday")]
        assert place.told == []

    async def test_what_cannot_be_kept_is_told(self, place: Place) -> None:
        place.refusal = ControlError("A note must be shorter.")
        place.on_action(TakeNote(CALL, "x" * 9000))
        await place.rests()
        (card,) = place.popups.values()
        assert (card.headline, card.lines) == ("The note was not taken", ("A note must be shorter.",))

    async def test_what_a_crm_does_not_take_is_told(self, place: Place) -> None:
        place.obstacle = "The call stands in the CRM already: add the note there."
        place.on_action(TakeNote(CALL, "Call on Monday"))
        await place.rests()
        (card,) = place.popups.values()
        assert (card.headline, card.lines) == ("The note is kept here only", (place.obstacle,))

    async def test_a_call_that_nobody_remembers_is_told(self, place: Place) -> None:
        place.on_action(TakeNote(CallId("2"), "Call on Monday"))
        await place.rests()
        assert place.told == ["The note was not taken"]

    @pytest.mark.desktop
    async def test_where_the_popup_cannot_ask_a_window_does_once_for_each_call(
        self, place: Place, x_server: XServer
    ) -> None:
        place.popups[PopupId(CALL)] = Card("<b>Jan</b>", (), "Talking", Tone.TALKING)
        place.calls[CALL] = WITH_JAN
        place.on_action(TakeNote(CALL, ""))
        place.on_action(TakeNote(CALL, ""))
        search = ("xdotool", "search", "--sync", "--onlyvisible", "--name", "^Note: <b>Jan</b>$")
        (window,) = (await asyncio.to_thread(x_server.run, *search)).split()
        place.calls[CALL] = replace(WITH_JAN, e164=E164("+31201000199"))
        await asyncio.to_thread(x_server.run, "xdotool", "windowfocus", "--sync", window)
        await asyncio.to_thread(x_server.run, "xdotool", "type", "call on Monday")
        await asyncio.to_thread(x_server.press, "Return")
        await place.rests()
        assert place.notes == [(CALL, "call on Monday")]
        assert place.about == [WITH_JAN.e164], "it was Jan when the user began it"

    @pytest.mark.desktop
    async def test_where_nothing_can_ask_it_is_told_what_to_type(
        self, place: Place, x_server: XServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        assert x_server.name
        monkeypatch.setenv("PATH", str(tmp_path))
        place.on_action(TakeNote(CALL, ""))
        await place.rests()
        (card,) = place.popups.values()
        assert card.lines == ('Install zenity or kdialog, or type: bubbled note "..."',)


async def test_a_defect_is_told_and_takes_nothing_along(
    place: Place, shop: UserProgram, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise RuntimeError("a defect")

    monkeypatch.setattr("bubbled.daemon.action_desk.desktop_variables", broken)
    place.on_action(RunProgram(("shop",)))
    await place.rests()
    assert place.told == ["Not done, by a defect of bubbled"]
    monkeypatch.undo()
    monkeypatch.setenv("PATH", shop.environment["PATH"])
    monkeypatch.setenv("WROTE", shop.environment["WROTE"])
    place.on_action(RunProgram(("shop", "again")))
    await place.rests()
    assert shop.facts["arguments"] == ["again"]
