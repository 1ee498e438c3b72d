"""The contract of the native screen against a server that does as told, on a real bus."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from dbus_fast import Message
from dbus_fast.aio import MessageBus
from structlog.testing import capture_logs

from bubbled.model import Button, Card, Direction, PopupId, Tone
from bubbled.popup.screen import CALL_PAGE
from bubbled.popup.screens.native import NO_BUS, NO_SERVER, NativeScreen
from bubbled.popup.screens.notification import CLOSE, MORE
from bubbled.popup.screens.notification_bus import BUS, PATH, SERVICE
from bubbled.popup.screens.posting import HANGS
from tests.popup.test_image import PNG

if TYPE_CHECKING:
    from bubbled.popup.showing import Showing
    from tests.popup.screens.conftest import FakeServer, SessionBus

pytestmark = pytest.mark.desktop

ONE, TWO = PopupId("1"), PopupId("2")


def card(headline: str, tone: Tone = Tone.RINGING) -> Card:
    return Card(headline, (), "Calling you", tone)


class Desk:
    """A native screen, and what the user dismissed and pressed on it."""

    def __init__(self, patience_s: float = 5, retry_s: float = 30, *, has_pages: bool = False) -> None:
        self.dismissed: asyncio.Queue[PopupId] = asyncio.Queue()
        self.pressed: asyncio.Queue[tuple[PopupId, str]] = asyncio.Queue()
        self.typed: list[str] = []
        self.shown: list[tuple[PopupId, Showing]] = []
        self.screen = NativeScreen(
            self.dismissed.put_nowait,
            self._pressed,
            lambda *told: self.shown.append(told),
            patience_s=patience_s,
            retry_s=retry_s,
            has_pages=has_pages,
        )

    def _pressed(self, popup_id: PopupId, button: str, text: str) -> None:
        self.typed.append(text)
        self.pressed.put_nowait((popup_id, button))

    async def next_pressed(self) -> tuple[PopupId, str]:
        async with asyncio.timeout(10):
            return await self.pressed.get()

    async def next_dismissed(self) -> PopupId:
        async with asyncio.timeout(10):
            return await self.dismissed.get()


@asynccontextmanager
async def desk(patience_s: float = 5, retry_s: float = 30, *, has_pages: bool = False) -> AsyncIterator[Desk]:
    one = Desk(patience_s, retry_s, has_pages=has_pages)
    await one.screen.start()
    try:
        yield one
    finally:
        await one.screen.aclose()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - nothing tells of a changed property
            await asyncio.sleep(0.005)


async def test_a_popup_is_shown_changed_in_its_place_and_closed(server: "FakeServer") -> None:
    async with desk() as one:
        await one.screen.show(ONE, card("Jan"))
        await server.shows("Jan")
        await one.screen.update(ONE, card("Jan Jansen"))
        await server.shows("Jan Jansen")
        await one.screen.close(ONE)
        await server.shows()
        await until(lambda: one.screen._popups == {})
    assert server.calls == ["+1 Jan", "~1 Jan Jansen", "-1"]


async def test_what_the_server_answers_is_told_once_for_each_popup(server: "FakeServer") -> None:
    async with desk() as one:
        await one.screen.show(ONE, card("Jan"))
        await server.shows("Jan")
        await one.screen.update(ONE, card("Jan Jansen"))
        await server.shows("Jan Jansen")
        server.refuses = True
        await one.screen.show(TWO, card("Piet"))
        await until(lambda: len(one.shown) > 1)
    (first, shown), (second, refused), *_ = one.shown
    assert (first, shown.answer, shown.error) == (ONE, "notification 1", "")
    assert shown.server == refused.server != ""
    assert (second, refused.answer, bool(refused.error)) == (TWO, "", True)


async def test_two_popups_stand_beside_each_other(server: "FakeServer") -> None:
    async with desk() as one:
        await one.screen.show(ONE, card("Jan"))
        await server.shows("Jan")
        await one.screen.show(TWO, card("Piet"))
        await server.shows("Jan", "Piet")
        await one.screen.close(ONE)
        await server.shows("Piet")


async def test_an_update_while_the_popup_is_on_its_way_makes_no_second_one(server: "FakeServer") -> None:
    async with desk() as one:
        await one.screen.show(TWO, card("first"))
        await server.shows("first")
        server.hang()
        await one.screen.show(ONE, card("Jan"))
        await asyncio.sleep(0)
        await one.screen.update(ONE, card("Jan Jansen"))
        await one.screen.update(ONE, card("Jan Jansen of Acme"))
        server.go_on()
        await server.shows("first", "Jan Jansen of Acme")
    assert server.calls[1:3] == ["+2 Jan", "~2 Jan Jansen of Acme"]


async def test_a_close_while_the_popup_is_on_its_way_closes_it_afterwards(server: "FakeServer") -> None:
    async with desk() as one:
        await one.screen.show(TWO, card("first"))
        await server.shows("first")
        server.hang()
        await one.screen.show(ONE, card("Jan"))
        await asyncio.sleep(0)
        await one.screen.close(ONE)
        server.go_on()
        await server.until(lambda: "-2" in server.calls)
        await server.shows("first")
    assert server.calls == ["+1 first", "+2 Jan", "-2", "-1"]


async def test_the_user_closes_a_popup_and_updates_do_not_bring_it_back(server: "FakeServer") -> None:
    async with desk() as one:
        await one.screen.show(ONE, card("Jan"))
        await server.shows("Jan")
        await server.close_as(1, reason=2)
        assert await one.next_dismissed() == ONE
        assert one.screen._popups == {}
        await one.screen.update(ONE, card("Jan Jansen"))
        await one.screen.close(ONE)
        await one.screen.show(ONE, card("Missed", Tone.MISSED))
        await server.shows("Missed")
    assert server.calls == ["+1 Jan", "+2 Missed", "-2"]


async def test_the_user_presses_a_button(server: "FakeServer") -> None:
    server.capabilities = ("body", "actions")
    asking = replace(card("Call 112?"), buttons=(Button("yes", "Call"), Button("no", "Leave it")))
    async with desk() as one:
        await one.screen.show(TWO, card("Piet"))
        await server.shows("Piet")
        await one.screen.show(ONE, asking)
        await server.shows("Piet", "Call 112?")
        assert server.up[2].actions == ["yes", "Call", "no", "Leave it"]
        await server.press(2, "yes")
        async with asyncio.timeout(10):
            assert await one.pressed.get() == (ONE, "yes")


async def test_a_press_of_a_button_that_the_card_does_not_have_is_none(server: "FakeServer") -> None:
    server.capabilities = ("body", "actions")
    asking = replace(card("Call 112?"), buttons=(Button("yes", "Call"),))
    async with desk() as one:
        await one.screen.show(ONE, asking)
        await server.shows("Call 112?")
        for notification_id, button in ((1, "default"), (7, "yes"), (1, "yes")):
            await server.press(notification_id, button)
        async with asyncio.timeout(10):
            assert await one.pressed.get() == (ONE, "yes")
        assert one.pressed.empty()


@pytest.mark.parametrize("interface", [SERVICE, BUS, "com.example.Other"])
async def test_what_another_program_says_in_the_name_of_the_server_or_the_bus_is_not_heard(
    server: "FakeServer", interface: str
) -> None:
    server.capabilities = ("body", "actions")
    forger = await MessageBus().connect()
    forgeries = (
        ("NameOwnerChanged", "sss", [SERVICE, ":1.1", ""]),
        ("NotificationClosed", "uu", [1, 2]),
        ("NotificationReplied", "us", [1, "forged"]),
        ("ActionInvoked", "us", [1, "b1"]),
    )
    async with desk() as one:
        await one.screen.show(ONE, FIVE)
        await server.shows("Jan")
        for name in await names_on(forger):
            for member, signature, body in forgeries:
                signal = Message.new_signal(PATH, interface, member, signature, list(body))
                signal.destination = name
                await forger.send(signal)
        await names_on(forger)  # the bus has passed on what was sent before
        await server.press(1, "b2")
        assert await one.next_pressed() == (ONE, "b2")
        assert one.pressed.empty()
        assert one.dismissed.empty()
        assert one.screen.trouble is None
    forger.disconnect()
    await forger.wait_for_disconnect()  # type: ignore[no-untyped-call]


async def names_on(bus: MessageBus) -> list[str]:
    """Everybody on the bus, by the names that it gave them."""
    reply = await bus.call(Message(BUS, "/org/freedesktop/DBus", BUS, "ListNames"))
    assert reply
    return [name for name in reply.body[0] if name.startswith(":")]


async def test_buttons_that_come_later_come_on_a_new_notification_where_the_server_needs_it(
    server: "FakeServer",
) -> None:
    server.capabilities, server.name = ("body", "actions"), "gnome-shell"
    missed = replace(card("Missed", Tone.MISSED), buttons=(Button("call", "Call back"),))
    async with desk() as one:
        await one.screen.show(ONE, card("Jan"))
        await server.shows("Jan")
        await one.screen.update(ONE, card("Jan Jansen"))
        await server.shows("Jan Jansen")
        await one.screen.update(ONE, missed)
        await server.shows("Missed")
        assert one.dismissed.empty()
        await server.press(2, "call")
        async with asyncio.timeout(10):
            assert await one.pressed.get() == (ONE, "call")
    assert server.calls[:4] == ["+1 Jan", "~1 Jan Jansen", "-1", "+2 Missed"]


async def test_a_question_in_the_place_of_an_answered_one_stays_when_the_server_closes_that(
    server: "FakeServer",
) -> None:
    server.capabilities = ("body", "actions")
    asking = replace(card("Which?"), buttons=(Button("one", "1"), Button("two", "2")))
    async with desk() as one:
        await one.screen.show(ONE, asking)
        await server.shows("Which?")
        await server.press(1, "two")
        await server.close_as(1, reason=2)
        async with asyncio.timeout(10):
            assert await one.pressed.get() == (ONE, "two")
        await one.screen.show(TWO, replace(asking, headline="Sure?"))
        await server.shows("Sure?")
        assert one.dismissed.empty()


@pytest.mark.parametrize("closes", [True, False], ids=["the server closes it", "the server leaves it"])
async def test_a_press_ends_the_popup_and_it_can_come_back_at_once(
    server: "FakeServer", *, closes: bool
) -> None:
    server.capabilities = ("body", "actions")
    asking = replace(card("Jan"), buttons=(Button("choose", "Choose…"),))
    async with desk() as one:
        await one.screen.show(ONE, asking)
        await server.shows("Jan")
        await server.press(1, "choose")
        if closes:
            await server.close_as(1, reason=2)
        async with asyncio.timeout(10):
            assert await one.pressed.get() == (ONE, "choose")
        await one.screen.show(ONE, replace(asking, headline="Who is it?"))
        await server.shows("Who is it?")
        await one.screen.update(ONE, replace(asking, headline="Piet"))
        await server.shows("Piet")
        assert one.dismissed.empty()


async def test_a_popup_that_served_with_a_press_goes_by_itself(server: "FakeServer") -> None:
    server.capabilities = ("body", "actions")
    asking = replace(card("Jan"), buttons=(Button("call", "Call back"),))
    async with desk() as one:
        await one.screen.show(ONE, asking)
        await server.shows("Jan")
        await server.press(1, "call")
        await server.shows()
        await one.screen.update(ONE, replace(asking, headline="Too late"))
        await one.screen.show(TWO, card("Piet"))
        await server.shows("Piet")


FIVE = replace(card("Jan"), buttons=tuple(Button(f"b{n}", f"Do {n}") for n in range(1, 6)))


@pytest.fixture
def gnome(server: "FakeServer") -> "FakeServer":
    server.capabilities, server.name = ("body", "actions"), "gnome-shell"
    return server


@pytest.fixture
def plasma(server: "FakeServer") -> "FakeServer":
    server.capabilities, server.name = ("body", "actions", "inline-reply"), "Plasma"
    return server


async def test_more_shows_the_next_buttons_and_nobody_else_hears_of_it(gnome: "FakeServer") -> None:
    async with desk() as one:
        await one.screen.show(ONE, FIVE)
        await gnome.shows("Jan")
        assert gnome.up[1].actions == ["b1", "Do 1", "b2", "Do 2", MORE, "More…"]
        await gnome.press(1, MORE)
        await gnome.until(lambda: 2 in gnome.up)
        assert gnome.up[2].actions == ["b3", "Do 3", "b4", "Do 4", MORE, "More…"]
        await gnome.press(2, "b4")
        assert await one.next_pressed() == (ONE, "b4")
        assert one.pressed.empty()
        assert one.dismissed.empty()


async def test_the_page_of_the_call_can_be_wanted_where_there_are_pages(gnome: "FakeServer") -> None:
    async with desk(has_pages=True) as one:
        await one.screen.show(ONE, replace(FIVE, direction=Direction.INBOUND))
        await gnome.shows("Jan")
        for number in (1, 2):
            await gnome.press(number, MORE)
            await gnome.until(lambda number=number: number + 1 in gnome.up)  # type: ignore[misc]  # bound now
        assert gnome.up[3].actions == ["b5", "Do 5", CALL_PAGE, "Open page", MORE, "More…"]
        await gnome.press(3, CALL_PAGE)
        assert await one.next_pressed() == (ONE, CALL_PAGE)


async def test_the_page_stays_when_the_call_goes_on_and_ends_with_other_buttons(gnome: "FakeServer") -> None:
    async with desk() as one:
        await one.screen.show(ONE, FIVE)
        await gnome.shows("Jan")
        await gnome.press(1, MORE)
        await gnome.until(lambda: 2 in gnome.up)
        await one.screen.update(ONE, replace(FIVE, headline="Jan Jansen"))
        await gnome.shows("Jan Jansen")
        assert gnome.up[3].actions[0] == "b3"
        await one.screen.update(ONE, replace(FIVE, headline="Piet", buttons=FIVE.buttons[1:]))
        await gnome.shows("Piet")
        assert gnome.up[4].actions[0] == "b2"


async def test_more_where_the_server_closes_what_is_pressed(server: "FakeServer") -> None:
    server.capabilities, server.name = ("body", "actions"), "Notification Daemon"
    async with desk() as one:
        await one.screen.show(ONE, FIVE)
        await server.shows("Jan")
        await server.press(1, MORE)
        await server.close_as(1, reason=2)
        await server.until(lambda: 2 in server.up)
        assert server.up[2].actions == ["b4", "Do 4", "b5", "Do 5", MORE, "More…"]
        assert one.dismissed.empty()


async def test_a_press_leaves_the_popup_alone_where_the_desktop_does(plasma: "FakeServer") -> None:
    async with desk() as one:
        await one.screen.show(ONE, FIVE)
        await plasma.shows("Jan")
        await plasma.press(1, "b2")
        assert await one.next_pressed() == (ONE, "b2")
        await one.screen.close(ONE)  # as whoever decides does, who does not know
        await one.screen.show(ONE, FIVE)
        await one.screen.update(ONE, replace(FIVE, headline="Jan Jansen"))
        await plasma.shows("Jan Jansen")
    assert plasma.calls == ["+1 Jan", "~1 Jan Jansen", "-1"]


async def test_a_press_ends_the_popup_where_the_desktop_leaves_it_and_nothing_comes(
    plasma: "FakeServer",
) -> None:
    async with desk() as one:
        await one.screen.show(ONE, FIVE)
        await plasma.shows("Jan")
        await plasma.press(1, "b2")
        await plasma.shows()
        assert await one.next_pressed() == (ONE, "b2")
        assert one.dismissed.empty()
        await until(lambda: one.screen._popups == {})


async def test_what_was_pressed_and_closed_all_the_same_is_shown_anew(plasma: "FakeServer") -> None:
    async with desk() as one:
        await one.screen.show(ONE, FIVE)
        await plasma.shows("Jan")
        await plasma.press(1, "b2")
        await plasma.close_as(1, reason=2)
        await one.screen.describe()  # the signals have been read when an answer after them has
        await one.screen.show(ONE, FIVE)
        await plasma.shows("Jan")
        assert one.dismissed.empty()
    assert plasma.calls == ["+1 Jan", "+2 Jan", "-2"]


async def test_a_pressed_popup_does_not_outlast_its_server_or_the_end(plasma: "FakeServer") -> None:
    async with desk() as one:
        await one.screen.show(ONE, FIVE)
        await one.screen.show(TWO, FIVE)
        await plasma.shows("Jan", "Jan")
        await plasma.press(1, "b1")
        assert await one.next_pressed() == (ONE, "b1")
        await plasma.stop()
        await plasma.start()
        await plasma.shows("Jan")
        await plasma.press(next(iter(plasma.up)), "b1")
        assert await one.next_pressed() == (TWO, "b1")
    assert plasma.up == {}


async def test_a_text_typed_on_the_popup_comes_with_its_button(plasma: "FakeServer") -> None:
    asking = replace(card("Jan"), buttons=(Button("crm", "Open"), Button("note", "Note", "What about?")))
    async with desk() as one:
        await one.screen.show(ONE, asking)
        await plasma.shows("Jan")
        assert plasma.up[1].actions == ["crm", "Open", "inline-reply", "Note"]
        assert plasma.up[1].hints["x-kde-reply-placeholder-text"] == "What about?"
        await plasma.reply(7, "not ours")
        await plasma.reply(1, "wants an <offer>\nsoon")
        assert await one.next_pressed() == (ONE, "note")
        assert one.typed == ["wants an <offer>\nsoon"]
        await one.screen.show(ONE, asking)  # anew: the field that was typed into would stay
        await plasma.until(lambda: plasma.calls == ["+1 Jan", "-1", "+2 Jan"])


async def test_a_text_that_no_button_asked_for_is_none(plasma: "FakeServer") -> None:
    async with desk() as one:
        await one.screen.show(ONE, FIVE)
        await plasma.shows("Jan")
        await plasma.reply(1, "unasked")
        await plasma.press(1, "b1")
        assert await one.next_pressed() == (ONE, "b1")
        assert one.typed == [""]


async def test_a_button_that_asks_is_pressed_without_text_where_none_can_be_typed(
    server: "FakeServer",
) -> None:
    server.capabilities = ("body", "actions")
    asking = replace(card("Jan"), buttons=(Button("note", "Note", "What about?"),))
    async with desk() as one:
        await one.screen.show(ONE, asking)
        await server.shows("Jan")
        await server.press(1, "note")
        assert await one.next_pressed() == (ONE, "note")
        assert one.typed == [""]


async def test_the_button_that_dunst_is_given_for_choice_closes_the_popup(server: "FakeServer") -> None:
    server.capabilities, server.name = ("body", "actions"), "dunst"
    async with desk() as one:
        await one.screen.show(ONE, replace(FIVE, buttons=FIVE.buttons[:1]))
        await server.shows("Jan")
        assert server.up[1].actions == ["b1", "Do 1", CLOSE, "Close"]
        await server.press(1, CLOSE)
        assert await one.next_dismissed() == ONE
        assert one.pressed.empty()
        await server.shows()


async def test_a_picture_goes_along_where_it_can_be_shown(server: "FakeServer", tmp_path: Path) -> None:
    photo = tmp_path / "Jan & <Zn>.png"
    photo.write_bytes(PNG)
    async with desk() as one:
        await one.screen.show(ONE, replace(card("Jan"), picture=str(photo)))
        await server.shows("Jan")
        assert server.up[1].hints["image-path"] == photo.as_uri()
        await one.screen.update(ONE, replace(card("Piet"), picture=str(tmp_path / "missing.png")))
        await server.shows("Piet")
        assert "image-path" not in server.up[1].hints
        await one.screen.update(ONE, replace(card("Kees"), picture="avatar-default"))
        await server.shows("Kees")
        assert server.up[1].hints["image-path"] == "avatar-default"


async def test_our_own_closing_is_no_dismissal(server: "FakeServer") -> None:
    async with desk() as one:
        await one.screen.show(ONE, card("Jan"))
        await server.shows("Jan")
        await one.screen.close(ONE)
        await server.shows()
        await server.close_as(1, reason=3)
        await one.screen.show(TWO, card("Piet"))
        await server.shows("Piet")
        assert one.dismissed.empty()


async def test_a_popup_closed_while_it_changes_does_not_stay(server: "FakeServer") -> None:
    async with desk() as one:
        await one.screen.show(ONE, card("Jan"))
        await server.shows("Jan")
        server.hang()
        await one.screen.update(ONE, card("Jan Jansen"))
        await server.close_as(1, reason=2)
        assert await one.next_dismissed() == ONE
        server.go_on()
        await server.until(lambda: "-2" in server.calls)
        assert server.up == {}


async def test_a_popup_that_expired_against_our_wish_comes_back_with_its_next_change(
    server: "FakeServer",
) -> None:
    async with desk() as one:
        await one.screen.show(ONE, card("Jan"))
        await server.shows("Jan")
        await server.close_as(1, reason=1)
        # The signal has been read when an answer that was sent after it has.
        await one.screen.describe()
        await one.screen.update(ONE, card("Jan Jansen"))
        await server.shows("Jan Jansen")
        assert one.dismissed.empty()


async def test_a_restarted_server_gets_what_is_up_under_new_ids(server: "FakeServer") -> None:
    async with desk() as one:
        await one.screen.show(ONE, card("Jan"))
        await one.screen.show(TWO, card("Piet"))
        await server.shows("Jan", "Piet")
        await server.stop()
        await until(lambda: one.screen.trouble == NO_SERVER)
        await one.screen.close(TWO)
        # Its id 1 is somebody else's notification, which must not be touched.
        server.first_id = 2
        await server.start()
        await server.shows("Jan")
        await one.screen.close(ONE)
        await server.until(lambda: "-2" in server.calls)
        assert one.screen.trouble is None
    assert server.calls[2:] == ["+2 Jan", "-2"]


async def test_a_server_that_takes_over_gets_what_is_up(
    server: "FakeServer", make_server: type["FakeServer"]
) -> None:
    async with desk() as one:
        await one.screen.show(ONE, card("Jan"))
        await server.shows("Jan")
        await server.stop()
        other = make_server(name="other", capabilities=())
        await other.start()
        await other.shows("Jan · Calling you")
        assert (await one.screen.describe()).startswith("other 1")
        await other.stop()
        await server.start()
        await server.shows("Jan")


async def test_a_server_that_dies_with_a_popup_on_its_way_loses_nothing(server: "FakeServer") -> None:
    async with desk() as one:
        await one.screen.show(TWO, card("first"))
        await server.shows("first")
        server.hang()
        await one.screen.show(ONE, card("Jan"))
        await server.stop()
        server.go_on()
        await server.start()
        await server.until(lambda: {n.summary for n in server.up.values()} == {"first", "Jan"})


async def test_without_a_server_it_says_so_once_and_uses_one_that_appears(
    session_bus: "SessionBus", make_server: type["FakeServer"]
) -> None:
    assert session_bus.address
    with capture_logs() as logs:
        async with desk() as one:
            await until(lambda: one.screen.trouble == NO_SERVER)
            await one.screen.show(ONE, card("Jan"))
            await one.screen.update(ONE, card("Jan Jansen"))
            assert await one.screen.describe() == NO_SERVER
            server = make_server()
            await server.start()
            await server.shows("Jan Jansen")
            assert one.screen.trouble is None
            await one.screen.close(ONE)
            await server.shows()
        await server.stop()
    assert [log["event"] for log in logs if log["log_level"] == "warning"] == [NO_SERVER]


async def test_a_server_that_the_bus_can_start_is_started(
    session_bus: "SessionBus", services: Path, make_server: type["FakeServer"]
) -> None:
    # The bus counts a service as started when it takes the name, whoever does; the program only has to run.
    (services / "notify.service").write_text(
        "[D-BUS Service]\nName=org.freedesktop.Notifications\nExec=/bin/sleep 10\n", encoding="utf-8"
    )
    assert session_bus.address
    async with desk() as one:
        await one.screen.show(ONE, card("Jan"))
        server = make_server()
        await server.start()
        await server.shows("Jan")
        await one.screen.close(ONE)
        await server.shows()
    await server.stop()


async def test_a_hanging_server_holds_nobody_up_and_gets_the_latest_when_it_goes_on(
    server: "FakeServer",
) -> None:
    with capture_logs() as logs:
        async with desk(patience_s=0.05) as one:
            await one.screen.show(TWO, card("first"))
            await server.shows("first")
            server.hang()
            async with asyncio.timeout(0.05):
                await one.screen.show(ONE, card("Jan"))
                await one.screen.update(ONE, card("Jan Jansen"))
            await until(lambda: one.screen.trouble == HANGS)
            assert await one.screen.describe() == HANGS
            server.go_on()
            await server.shows("first", "Jan Jansen")
            await until(lambda: one.screen.trouble is None)
    assert [log["event"] for log in logs if log["log_level"] == "warning"] == [HANGS]


async def test_a_server_that_hangs_from_the_start_is_used_when_it_goes_on(server: "FakeServer") -> None:
    server.hang()
    async with desk(patience_s=0.05) as one:
        await one.screen.show(ONE, card("Jan"))
        await until(lambda: one.screen.trouble == HANGS)
        server.go_on()
        await server.shows("Jan")


async def test_closing_time_does_not_wait_for_a_hanging_server(server: "FakeServer") -> None:
    one = Desk()
    await one.screen.start()
    await one.screen.show(ONE, card("Jan"))
    await server.shows("Jan")
    server.hang()
    await one.screen.update(ONE, card("Jan Jansen"))
    async with asyncio.timeout(2):
        await one.screen.aclose()


async def test_a_refused_popup_is_tried_again_with_the_next_change(server: "FakeServer") -> None:
    server.refuses = True
    async with desk() as one:
        await one.screen.show(ONE, card("Jan"))
        await until(lambda: one.screen.trouble is not None)
        assert "no room left" in (one.screen.trouble or "")
        server.refuses = False
        await one.screen.update(ONE, card("Jan Jansen"))
        await server.shows("Jan Jansen")


async def test_without_a_bus_it_says_so_once_and_goes_on(no_bus: None) -> None:
    assert no_bus is None
    with capture_logs() as logs:
        async with desk() as one:
            await one.screen.show(ONE, card("Jan"))
            await one.screen.update(ONE, card("Jan Jansen"))
            await one.screen.close(ONE)
            assert one.screen.trouble == NO_BUS
            assert await one.screen.describe() == NO_BUS
    assert [log["event"] for log in logs if log["log_level"] == "warning"] == [NO_BUS]


async def test_a_bus_that_goes_away_is_told(server: "FakeServer", session_bus: "SessionBus") -> None:
    with capture_logs() as logs:
        async with desk() as one:
            await one.screen.show(ONE, card("Jan"))
            await server.shows("Jan")
            server.hang()
            await one.screen.update(ONE, card("Jan Jansen"))
            session_bus.stop()
            await until(lambda: one.screen.trouble == NO_BUS)
            await one.screen.update(ONE, card("Jan Jansen of Acme"))
            await one.screen.close(ONE)
    # The bus throws everybody out, in whatever order.
    warnings = [log["event"] for log in logs if log["log_level"] == "warning"]
    assert warnings in ([NO_BUS], [NO_SERVER, NO_BUS])


async def test_a_bus_that_appears_is_used(
    session_bus: "SessionBus", server: "FakeServer", monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    async with desk(retry_s=0.01) as one:
        await one.screen.show(ONE, card("Jan"))
        assert one.screen.trouble == NO_BUS
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", session_bus.address)
        await server.shows("Jan")
        await until(lambda: one.screen.trouble is None)


async def test_a_server_that_speaks_nonsense_is_told(server: "FakeServer") -> None:
    server.speaks_nonsense = True
    async with desk() as one:
        await one.screen.show(ONE, card("Jan"))
        await until(lambda: "GetCapabilities returned 'i'" in (one.screen.trouble or ""))


async def test_the_bus_is_found_where_systemd_puts_it(
    server: "FakeServer",
    session_bus: "SessionBus",
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    socket = session_bus.address.partition("path=")[2].partition(",")[0]
    (tmp_path / "bus").symlink_to(socket)
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    async with desk() as one:
        await one.screen.show(ONE, card("Jan"))
        await server.shows("Jan")


async def test_the_end_leaves_nothing_on_the_screen(server: "FakeServer") -> None:
    async with desk() as one:
        await one.screen.show(ONE, card("Jan"))
        await one.screen.show(TWO, card("Missed", Tone.MISSED))
        await server.shows("Jan", "Missed")
    assert server.up == {}


async def test_doctor_hears_who_the_server_is(server: "FakeServer") -> None:
    async with desk() as one:
        assert await one.screen.describe() == "fake 1 by bubbled tests, notifications 1.2: body, body-markup"
    assert server.up == {}


async def test_doctor_hears_that_the_server_hangs_and_that_it_goes_on(server: "FakeServer") -> None:
    async with desk(patience_s=0.1) as one:
        await one.screen.show(ONE, card("Jan"))
        await server.shows("Jan")
        server.hang()
        assert await one.screen.describe() == one.screen.trouble == HANGS
        server.go_on()
        assert (await one.screen.describe()).startswith("fake 1")
        assert one.screen.trouble is None


async def test_a_server_that_was_slow_to_close_a_popup_is_no_lasting_trouble(server: "FakeServer") -> None:
    async with desk(patience_s=0.05) as one:
        await one.screen.show(ONE, card("Jan"))
        await server.shows("Jan")
        server.hang()
        await one.screen.close(ONE)
        await until(lambda: one.screen.trouble == HANGS)
        server.go_on()
        await until(lambda: one.screen.trouble is None)


@pytest.mark.parametrize("text", ["\0", "\ud800", "x" * 100_000, "\x1b[31m", "-w", "--version"])
async def test_whatever_a_caller_is_called_the_bus_takes_it(server: "FakeServer", text: str) -> None:
    async with desk() as one:
        await one.screen.show(ONE, card(text))
        await server.until(lambda: len(server.up) == 1)
        await one.screen.show(TWO, card("still there"))
        await server.until(lambda: len(server.up) == 2)
