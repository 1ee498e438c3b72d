"""The native screen with real notification servers on a virtual display, read from the pixels.

What every server does alike is in test_every_server.py.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from bubbled.model import (
    E164,
    Button,
    Call,
    CallChange,
    CallId,
    CallState,
    Card,
    ChangeKind,
    Contact,
    Dealings,
    Device,
    Direction,
    LastContact,
    Outcome,
    PopupId,
    Tone,
    Via,
    ViaKind,
)
from bubbled.popup.command import ClosePopup, Command, ShowPopup, UpdatePopup
from bubbled.popup.layout import Layout, lay_out
from bubbled.popup.presenter import PopupRules, Presenter
from bubbled.popup.screens.native import NO_SERVER, NativeScreen
from bubbled.popup.screens.posting import HANGS
from bubbled.popup.subject import Finding, Subject, Unanswered
from bubbled.popup.wording import Wording
from tests.popup.screens.desktop import Display
from tests.popup.screens.real_server import RealServer

pytestmark = pytest.mark.desktop

ONE, TWO = PopupId("1"), PopupId("2")
NOW = datetime(2026, 11, 22, 14, 3, tzinfo=timezone(timedelta(hours=1)))
LAYOUT = Layout(region="NL", wording=Wording(colleagues={"102": "Bob"}))
CALL = Call(
    id=CallId("1"),
    device=Device("PJSIP/101"),
    direction=Direction.INBOUND,
    state=CallState.RINGING,
    number="+31612345678",
    e164=E164("+31612345678"),
    dialled="+31201000101",
    via=Via(ViaKind.QUEUE, "Support"),
)
CALL_OVER = replace(CALL, state=CallState.ENDED, outcome=Outcome.ANSWERED)
JAN = Contact(directory="Customers", name="Jan Jansen", company="Bakker & Zn")
LAST = LastContact(NOW - timedelta(days=10), Direction.INBOUND, Outcome.ANSWERED, "Bob")


def card(headline: str, *lines: str) -> Card:
    return Card(headline, lines, "Calling you", Tone.RINGING)


@pytest.fixture(params=["dunst", "xfce4-notifyd"])
def server(request: pytest.FixtureRequest, display: Display) -> Iterator[RealServer]:
    assert display
    real = RealServer(request.param)
    yield real
    real.close()


@asynccontextmanager
async def screen(
    dismissed: asyncio.Queue[PopupId] | None = None, pressed: asyncio.Queue[str] | None = None
) -> AsyncIterator[NativeScreen]:
    presses = pressed or asyncio.Queue()
    native = NativeScreen(
        (dismissed or asyncio.Queue()).put_nowait,
        lambda _popup_id, button, _text: presses.put_nowait(button),
        patience_s=0.5,
    )
    await native.start()
    try:
        yield native
    finally:
        await native.aclose()


async def until_trouble_is(native: NativeScreen, trouble: str) -> None:
    async with asyncio.timeout(10):
        while native.trouble != trouble:  # noqa: ASYNC110 - nothing tells of a changed property
            await asyncio.sleep(0.01)


async def test_a_call_from_ringing_to_its_end(server: RealServer, display: Display) -> None:
    server.start()
    async with screen() as native:
        await native.show(ONE, lay_out(Subject(call=CALL), LAYOUT, NOW))
        await display.reads("06 12345678", "Calling you", "Queue Support")
        await display.keep(f"{server.name}-1-ringing.png")
        known = Subject(call=CALL, finding=Finding(contact=JAN), dealings=Dealings(last=LAST))
        await native.update(ONE, lay_out(known, LAYOUT, NOW))
        await display.reads("Jan Jansen", "Bakker & Zn", "Last contact:", "Customers")
        await display.keep(f"{server.name}-2-known.png")
        talking = replace(known, call=replace(CALL, state=CallState.TALKING))
        await native.update(ONE, lay_out(talking, LAYOUT, NOW))
        await display.reads("Talking", gone=("Calling",))
        second = replace(CALL, number="+32470123456", e164=E164("+32470123456"), name="Luc", via=None)
        await native.show(TWO, lay_out(Subject(call=second), LAYOUT, NOW))
        await display.reads("Luc", "Calling you", "Talking")
        await display.keep(f"{server.name}-3-second.png")
        await native.close(ONE)
        await display.reads("Luc", gone=("Jansen",))
        missed = replace(second, state=CallState.ENDED, outcome=Outcome.MISSED)
        await native.update(TWO, lay_out(Subject(call=missed, ended_at=NOW), LAYOUT, NOW))
        await display.reads("Luc", "Missed call")
        await display.keep(f"{server.name}-4-missed.png")
        await native.close(TWO)
        await display.is_empty()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("<b>Kees</b> & Zn", "<b>Kees</b>"),
        ("<img src=x> &amp;", "<img src=x>"),
        ("AT&amp;T", "amp;"),
        ('"Zn" <i', '"Zn" <i'),
        ("-w", "-w"),
        ("--version", "--version"),
        ("Office 👩\u200d👧 London", "London"),
        ("Start \u202eFinish\u202c End", "Start Finish End"),
        ("two\r\nlines", "two lines"),
        ("many " * 2000, "many many"),
    ],
)
async def test_a_hostile_name_is_shown_as_it_is(
    server: RealServer, display: Display, name: str, shown: str
) -> None:
    server.start()
    async with screen() as native:
        await native.show(ONE, lay_out(Subject(call=replace(CALL, name=name)), LAYOUT, NOW))
        await display.reads(shown, "Calling you")
        # Once more as a line: the body may be markup to the server, which the headline is not.
        known = Contact(directory="Customers", name="Jan", company=name)
        await native.update(ONE, lay_out(Subject(call=CALL, finding=Finding(contact=known)), LAYOUT, NOW))
        await display.reads(shown, "Customers")
        assert native.trouble is None


async def test_the_server_survives_what_no_layout_has_cut(server: RealServer, display: Display) -> None:
    server.start()
    async with screen() as native:
        await native.show(ONE, card("x" * 10_000, "y" * 10_000))
        await native.close(ONE)
        await native.show(TWO, card("Still there"))
        await display.reads("Still there")


async def test_a_click_closes_it_for_good(server: RealServer, display: Display) -> None:
    server.start()
    dismissed = asyncio.Queue[PopupId]()
    async with screen(dismissed) as native:
        await native.show(ONE, card("Clickme"))
        await display.reads("Clickme")
        await display.click("Clickme")
        async with asyncio.timeout(10):
            assert await dismissed.get() == ONE
        await native.update(ONE, card("Again"))
        await display.is_empty()


async def test_a_question_is_answered_with_a_button(server: RealServer, display: Display) -> None:
    server.start()
    pressed = asyncio.Queue[str]()
    question = Card(
        "0900 1234",
        (),
        "Premium rate",
        Tone.QUESTION,
        buttons=(Button("yes", "Telephone"), Button("no", "Leave")),
        instead="Type bubbled dial --yes",
    )
    async with screen(pressed=pressed) as native:
        await native.show(ONE, question)
        if server.name == "dunst":  # it shows no buttons, but a middle click asks which
            await display.reads("Premium rate", "--yes")
            await display.click("Premium", button=2)
            await display.choose("Telephone")
        else:
            await display.reads("Premium rate", "Telephone", "Leave", gone=("--yes",))
            await display.keep(f"{server.name}-5-question.png")
            await display.click("Telephone")
        async with asyncio.timeout(10):
            assert await pressed.get() == "yes"
        await native.close(ONE)
        await display.is_empty()


async def test_one_of_several_contacts_is_chosen_on_the_popup(server: RealServer, display: Display) -> None:
    server.start()
    presenter = Presenter(PopupRules(layout=LAYOUT))
    pressed = asyncio.Queue[str]()
    family = tuple(
        Contact(directory="Customers", name=name, company="Bakker & Zn", fields=(("city", city),))
        for name, city in [("Jan Jansen", "Utrecht"), ("Piet Jansen", "Gouda"), ("Kees Vermeer", "Delft")]
    )
    slow = (Unanswered("Exchange", is_slow=True), Unanswered("CRM"))
    async with screen(pressed=pressed) as native:

        async def carry_out(commands: list[Command]) -> None:
            for command in commands:
                match command:
                    case ShowPopup(popup_id, card):
                        await native.show(popup_id, card)
                    case UpdatePopup(popup_id, card):
                        await native.update(popup_id, card)
                    case ClosePopup(popup_id):
                        await native.close(popup_id)

        async def press(word: str) -> None:
            await display.click(word)
            await take_press()

        async def take_press() -> None:
            async with asyncio.timeout(10):
                await carry_out(presenter.pressed(ONE, await pressed.get(), NOW))

        await carry_out(presenter.call_changed(CallChange(ChangeKind.STARTED, CALL), NOW))
        found = Finding(contact=family[0], matches=family, unanswered=slow)
        await carry_out(presenter.contact_found(CALL.id, found, NOW))
        await display.reads("Jan Jansen", "+2 more", "Exchange is slow", "CRM is down")
        await display.keep(f"{server.name}-6-several.png")
        if server.name == "dunst":  # it shows no buttons, but a middle click asks which
            await display.reads("bubbled choose")
            await display.click("Calling", button=2)
            await display.choose("Choose")
            await take_press()
            await display.reads("Who is it?", "Piet Jansen", "Kees Vermeer", "choose NUMBER")
            await display.keep(f"{server.name}-7-list.png")
            await carry_out(presenter.chosen(CALL.id, family[1], NOW))
        else:
            await press("Choose...")
            await display.reads("Who is it?", "Kees Vermeer", gone=("choose NUMBER",))
            await display.keep(f"{server.name}-7-list.png")
            await press("2.")
        await display.reads("Piet Jansen", "Calling you", gone=("Who is it?",))
        await carry_out(presenter.call_changed(CallChange(ChangeKind.ENDED, CALL_OVER), NOW))
        await display.is_empty()


async def test_a_server_that_is_killed_and_restarted_shows_what_is_up(
    server: RealServer, display: Display
) -> None:
    server.start()
    async with screen() as native:
        await native.show(ONE, card("Before"))
        await display.reads("Before")
        server.kill()
        await until_trouble_is(native, NO_SERVER)
        await native.update(ONE, card("Afterwards"))
        server.start()
        await display.reads("Afterwards", gone=("Before",))
        await native.close(ONE)
        await display.is_empty()


async def test_a_server_that_comes_later_shows_what_is_up(server: RealServer, display: Display) -> None:
    async with screen() as native:
        await native.show(ONE, card("Waiting"))
        await until_trouble_is(native, NO_SERVER)
        server.start()
        await display.reads("Waiting")
        assert native.trouble is None


async def test_a_hanging_server_shows_the_latest_afterwards(server: RealServer, display: Display) -> None:
    server.start()
    async with screen() as native:
        await native.show(ONE, card("First"))
        await display.reads("First")
        server.hang()
        await native.update(ONE, card("Second"))
        await native.update(ONE, card("Third"))
        await until_trouble_is(native, HANGS)
        server.go_on()
        await display.reads("Third", gone=("First", "Second"))
        assert native.trouble is None
