"""The hotkey by the portal, through the real xdg-desktop-portal.

What stands behind it on a desktop is a fake, but for one test, which has that of KDE Plasma 5.27.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

import pytest
from dbus_fast import Message
from dbus_fast.aio import MessageBus
from structlog.testing import capture_logs

from bubbled.dialing.hotkey.portal import PortalHotkey, portal_available
from bubbled.dialing.hotkey.portal_session import KDE
from bubbled.dialing.hotkey.portal_wording import (
    ASKED,
    DENIED,
    GONE,
    NO_BUS,
    NO_KEY,
    NO_PORTAL,
    NOT_GIVEN,
    TAKEN_BACK,
)
from bubbled.keystroke import parse
from tests.dialing.hotkey.portal_desktop import PATH, FakeBackend, NewerPortal, frontend, running

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, MutableMapping, Sequence
    from pathlib import Path

    from tests.dialing.x11_server import XServer
    from tests.popup.screens.conftest import SessionBus

pytestmark = pytest.mark.desktop


class Presses:
    """What the hotkey told."""

    def __init__(self) -> None:
        self.count = 0
        self._told = asyncio.Event()

    def __call__(self) -> None:
        self.count += 1
        self._told.set()

    async def reach(self, count: int) -> None:
        async with asyncio.timeout(10):
            while self.count < count:
                self._told.clear()
                await self._told.wait()
        assert self.count == count


@pytest.fixture
def presses() -> Presses:
    return Presses()


@pytest.fixture
async def backend(session_bus: SessionBus) -> AsyncIterator[FakeBackend]:
    assert session_bus.address
    fake = FakeBackend()
    await fake.start()
    yield fake
    await fake.stop()


@pytest.fixture
async def desktop(backend: FakeBackend, tmp_path: Path) -> AsyncIterator[FakeBackend]:
    """Give the backend of a desktop whose portal runs."""
    async with frontend(tmp_path):
        yield backend


@asynccontextmanager
async def hotkey(presses: Presses, key: str = "F7", *, retry_s: float = 60.0) -> AsyncIterator[PortalHotkey]:
    it = PortalHotkey(parse(key), presses, retry_s=retry_s)
    run = asyncio.create_task(it.run())
    try:
        yield it
    finally:
        run.cancel()
        with suppress(asyncio.CancelledError):
            await run


async def until_trouble_is(it: PortalHotkey, text: str | None) -> None:
    wanted = text and text.format(key="F7")
    async with asyncio.timeout(10):
        while it.trouble != wanted:  # noqa: ASYNC110 - nothing tells of a changed property
            await asyncio.sleep(0.01)


def levels(log: Sequence[MutableMapping[str, Any]], text: str) -> list[str]:
    """The levels of the lines that say this."""
    return [each["log_level"] for each in log if each["event"] == text.format(key="F7")]


# -- having the key


async def test_a_press_is_told(desktop: FakeBackend, presses: Presses) -> None:
    async with hotkey(presses) as it:
        await until_trouble_is(it, None)
        await desktop.press()
        await presses.reach(1)


async def test_the_user_is_shown_what_for_and_the_key_that_the_settings_name(
    desktop: FakeBackend, presses: Presses
) -> None:
    with capture_logs() as log:
        async with hotkey(presses, "Ctrl+Alt+D") as it:
            await until_trouble_is(it, None)
    wish = {"description": "Call the selected number", "preferred_trigger": "CTRL+ALT+d"}
    assert desktop.wishes == [("dial", wish)]
    given = next(each for each in log if each["log_level"] == "info")
    assert (given["key"], given["asked_for"]) == ("F7", "Ctrl+Alt+D")


async def test_a_key_that_is_held_down_is_told_once(desktop: FakeBackend, presses: Presses) -> None:
    async with hotkey(presses) as it:
        await until_trouble_is(it, None)
        for _ in range(5):
            await desktop.press()
        await desktop.release()
        await desktop.press()
        await presses.reach(2)


async def test_other_shortcuts_are_none_of_ours(desktop: FakeBackend, presses: Presses) -> None:
    async with hotkey(presses) as it:
        await until_trouble_is(it, None)
        await desktop.press("another")
        await desktop.press()
        await presses.reach(1)


async def test_nobody_but_the_portal_can_press_it(desktop: FakeBackend, presses: Presses) -> None:
    async with hotkey(presses) as it:
        await until_trouble_is(it, None)
        stranger = await MessageBus().connect()
        forged = Message.new_signal(
            PATH,
            "org.freedesktop.portal.GlobalShortcuts",
            "Activated",
            "osta{sv}",
            [desktop.session, "dial", 1, {}],
        )
        sender = desktop.session.split("/")[-2].replace("_", ".")
        forged.destination = f":{sender}"
        await stranger.send(forged)
        stranger.disconnect()
        await desktop.press()
        await presses.reach(1)


async def test_the_key_is_given_back(desktop: FakeBackend, presses: Presses) -> None:
    async with hotkey(presses) as it:
        await until_trouble_is(it, None)
        assert desktop.session
    await desktop.until(lambda: not desktop.session)


async def test_plasma_5_gives_the_key_with_the_session_and_no_window_opens(
    desktop: FakeBackend, presses: Presses
) -> None:
    desktop.gives_at_once = True
    async with hotkey(presses) as it:
        await until_trouble_is(it, None)
        await desktop.press()
        await presses.reach(1)
    assert "BindShortcuts" not in desktop.calls


async def test_plasma_6_is_asked_once_for_it_opens_its_settings_each_time(
    session_bus: SessionBus, presses: Presses, tmp_path: Path
) -> None:
    assert session_bus.address
    backend = FakeBackend(name=KDE)
    await backend.start()
    async with frontend(tmp_path, backend=KDE):
        for times in (1, 2):
            async with hotkey(presses) as it:
                await until_trouble_is(it, None)
                await backend.press()
                await presses.reach(times)
    await backend.stop()
    assert backend.calls.count("ListShortcuts") == 2
    assert backend.calls.count("BindShortcuts") == 1


# -- what the user decides


async def test_until_the_user_answers_the_trouble_says_so(desktop: FakeBackend, presses: Presses) -> None:
    desktop.ask_the_user()
    async with hotkey(presses, retry_s=0.01) as it:
        await desktop.until(lambda: "BindShortcuts" in desktop.calls)
        assert it.trouble == ASKED.format(key="F7")
        desktop.answer()
        await until_trouble_is(it, None)
    assert desktop.calls.count("BindShortcuts") == 1


@pytest.mark.parametrize(("response", "trouble"), [(1, DENIED), (2, NOT_GIVEN)])
async def test_whoever_said_no_is_not_asked_again(
    backend: FakeBackend, presses: Presses, tmp_path: Path, response: int, trouble: str
) -> None:
    backend.response = response
    async with hotkey(presses, retry_s=0.01) as it:
        async with frontend(tmp_path):
            await until_trouble_is(it, trouble)
            await backend.until(lambda: not backend.session)
            assert backend.calls.count("BindShortcuts") == 1
        backend.response = 0
        async with frontend(tmp_path):  # as after logging in anew
            await until_trouble_is(it, None)


async def test_a_key_can_be_chosen_later(desktop: FakeBackend, presses: Presses) -> None:
    desktop.key = ""
    async with hotkey(presses) as it:
        await until_trouble_is(it, NO_KEY)
        await desktop.change_key("F8", "another")
        await desktop.change_key("F8")
        await until_trouble_is(it, None)
        await desktop.change_key("")
        await until_trouble_is(it, NO_KEY)


async def test_a_key_that_presses_works_whatever_the_desktop_tells_of_it(
    desktop: FakeBackend, presses: Presses
) -> None:
    desktop.key = ""
    async with hotkey(presses) as it:
        await until_trouble_is(it, NO_KEY)
        await desktop.press()
        await presses.reach(1)
        assert it.trouble is None


# -- what comes and goes


async def test_a_desktop_without_a_portal_for_shortcuts_is_told(
    backend: FakeBackend, presses: Presses, tmp_path: Path
) -> None:
    async with hotkey(presses) as it:
        async with frontend(tmp_path, shortcuts=False):
            await until_trouble_is(it, NO_PORTAL)
            assert not await portal_available()
        async with frontend(tmp_path):
            await until_trouble_is(it, None)
            await backend.press()
            await presses.reach(1)
            assert await portal_available()


async def test_a_portal_that_restarts_gives_the_key_again(
    backend: FakeBackend, presses: Presses, tmp_path: Path
) -> None:
    async with hotkey(presses) as it:
        async with frontend(tmp_path):
            await until_trouble_is(it, None)
            await backend.press()
            await presses.reach(1)
        await until_trouble_is(it, GONE)
        async with frontend(tmp_path):
            await until_trouble_is(it, None)
            await backend.press()
            await presses.reach(2)
        await until_trouble_is(it, NO_PORTAL)


async def test_a_portal_that_dies_while_the_user_is_asked_asks_again(
    backend: FakeBackend, presses: Presses, tmp_path: Path
) -> None:
    async with hotkey(presses) as it:
        backend.ask_the_user()
        async with frontend(tmp_path):
            await backend.until(lambda: "BindShortcuts" in backend.calls)
        backend.answer()
        async with frontend(tmp_path):
            await until_trouble_is(it, None)


async def test_a_key_that_is_taken_back_is_asked_for_again(desktop: FakeBackend, presses: Presses) -> None:
    with capture_logs() as log:
        async with hotkey(presses, retry_s=0.5) as it:
            await until_trouble_is(it, None)
            await desktop.take_back()
            await until_trouble_is(it, TAKEN_BACK)
            await until_trouble_is(it, None)
            await desktop.press()
            await presses.reach(1)
    assert levels(log, TAKEN_BACK) == ["warning"]


async def test_a_backend_that_comes_late_is_tried_again(
    session_bus: SessionBus, presses: Presses, tmp_path: Path
) -> None:
    assert session_bus.address
    async with frontend(tmp_path), hotkey(presses, retry_s=0.01) as it:
        await until_trouble_is(it, NOT_GIVEN)
        backend = FakeBackend()
        await backend.start()
        await until_trouble_is(it, None)
        await backend.stop()


async def test_without_a_session_bus_it_is_told_once_and_looked_for(
    presses: Presses, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/bus")
    with capture_logs() as log:
        async with hotkey(presses, retry_s=0.001) as it, asyncio.timeout(10):
            await until_trouble_is(it, NO_BUS)
            while len(told := levels(log, NO_BUS)) < 3:  # noqa: ASYNC110 - nothing tells of a line in the log
                await asyncio.sleep(0.01)
    assert told[:3] == ["warning", "debug", "debug"]
    assert not await portal_available()


async def test_the_bus_of_systemd_needs_no_variable(
    desktop: FakeBackend,
    presses: Presses,
    session_bus: SessionBus,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "bus").symlink_to(session_bus.address.removeprefix("unix:path=").partition(",")[0])
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    async with hotkey(presses) as it:
        await until_trouble_is(it, None)
        assert desktop.session


async def test_a_bus_that_dies_is_told(
    desktop: FakeBackend, presses: Presses, session_bus: SessionBus
) -> None:
    assert desktop
    with capture_logs() as log:
        async with hotkey(presses) as it:
            await until_trouble_is(it, None)
            session_bus.stop()
            await until_trouble_is(it, NO_BUS)
    assert levels(log, NO_BUS) == ["warning"]


# -- other portals


async def test_a_newer_portal_is_told_our_name_before_all_else(
    session_bus: SessionBus, presses: Presses
) -> None:
    assert session_bus.address
    portal = NewerPortal()
    await portal.start()
    async with hotkey(presses) as it:
        await until_trouble_is(it, None)
    await portal.stop()
    assert portal.calls == ["Register bubbled", "Get", "CreateSession", "BindShortcuts"]


async def test_a_portal_that_hangs_holds_up_nobody(session_bus: SessionBus) -> None:
    assert session_bus.address
    portal = NewerPortal(hangs=True)
    await portal.start()
    assert not await portal_available(limit_s=0.05)
    await portal.stop()


async def test_kde_plasma_5_gives_the_key(
    session_bus: SessionBus, x_server: XServer, presses: Presses, tmp_path: Path
) -> None:
    assert session_bus.address
    kde = {"DISPLAY": x_server.name, "HOME": str(tmp_path), "XDG_CURRENT_DESKTOP": "KDE", "LC_ALL": "C.UTF-8"}
    async with (
        running("kglobalaccel5", serves="org.kde.kglobalaccel", **kde),
        running("xdg-desktop-portal-kde", serves="org.freedesktop.impl.portal.desktop.kde", **kde),
        running("xdg-desktop-portal", serves="org.freedesktop.portal.Desktop", **kde),
        hotkey(presses) as it,
    ):
        await until_trouble_is(it, None)
        x_server.press("F7")
        await presses.reach(1)
        x_server.press("F7")
        await presses.reach(2)
        x_server.press("shift+F7")
        x_server.press("F7")
        await presses.reach(3)
