from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from bubbled.control.check import Verdict
from bubbled.control.status import HotkeyState
from bubbled.daemon import check
from bubbled.daemon.key_desk import KeyDesk
from bubbled.settings.schema import Settings
from tests.dialing.conftest import x_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.dialing.x11_server import XServer

__all__ = ["x_server"]


def settings(**popup: Any) -> Settings:
    return Settings.model_validate(
        {
            "me": {"extension": "101", "region": "NL"},
            "pbx": {"kind": "ami", "host": "localhost", "username": "bubbled", "secret": {"env": "SECRET"}},
            "popup": popup,
        }
    )


class Office:
    """A desk with keys, and what was done because of them."""

    def __init__(self, **popup: Any) -> None:
        self.done: list[str] = []
        self._news = asyncio.Condition()
        self.is_broken = False
        self.desk = KeyDesk(settings(**popup), toggle_mute=self._mute, focus=self._focus)

    async def _mute(self) -> None:
        if self.is_broken:
            raise RuntimeError("the mute fell off")
        await self._do("mute")

    async def _focus(self) -> bool:
        await self._do("focus")
        return True

    async def _do(self, what: str) -> None:
        async with self._news:
            self.done.append(what)
            self._news.notify_all()

    async def has_done(self, *what: str) -> None:
        async with asyncio.timeout(10), self._news:
            await self._news.wait_for(lambda: self.done == list(what))

    async def has(self, **ways: str) -> None:
        """Wait until the keys are had in these ways."""
        async with asyncio.timeout(10):
            while {name.split()[0]: state.way for name, state in self.desk.states.items()} != ways:  # noqa: ASYNC110 - nothing tells of a key that is had
                await asyncio.sleep(0.005)
            while any(state.trouble for state in self.desk.states.values()):  # noqa: ASYNC110 - the same
                await asyncio.sleep(0.005)


@asynccontextmanager
async def running(office: Office) -> AsyncIterator[Office]:
    task = asyncio.create_task(office.desk.run())
    try:
        yield office
    finally:
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled(), task.exception()


@pytest.fixture
def desktop(x_server: XServer, monkeypatch: pytest.MonkeyPatch) -> XServer:
    for name in ("WAYLAND_DISPLAY", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DISPLAY", x_server.name)
    return x_server


@pytest.mark.desktop
async def test_each_key_does_its_own(desktop: XServer) -> None:
    async with running(Office(mute_key="F9", focus_key="Ctrl+F10")) as office:
        await office.has(Mute="x11", Focus="x11")
        desktop.press("F9")
        await office.has_done("mute")
        desktop.press("ctrl+F10")
        await office.has_done("mute", "focus")
        desktop.press("F9")
        await office.has_done("mute", "focus", "mute")


@pytest.mark.desktop
async def test_other_settings_are_other_keys(desktop: XServer) -> None:
    async with running(Office()) as office:
        assert office.desk.states == {}
        office.desk.settings_changed(settings(mute_key="F10"))
        await office.has(Mute="x11")
        desktop.press("F10")
        await office.has_done("mute")


@pytest.mark.desktop
async def test_what_fails_costs_no_key(desktop: XServer) -> None:
    async with running(Office(mute_key="F9", focus_key="F10")) as office:
        await office.has(Mute="x11", Focus="x11")
        office.is_broken = True
        desktop.press("F9", "F10")
        await office.has_done("focus")
        office.is_broken = False
        desktop.press("F9")
        await office.has_done("focus", "mute")


async def test_on_wayland_the_user_is_told_what_to_bind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    async with running(Office(mute_key="F9")) as office:
        async with asyncio.timeout(10):
            while not (trouble := office.desk.states["Mute key"].trouble):  # noqa: ASYNC110 - nothing tells of it
                await asyncio.sleep(0.005)
        assert "bind the command `bubbled mute --toggle`" in trouble
        (told,) = check.keys(office.desk.states)
        assert (told.name, told.verdict, told.text) == ("Mute key", Verdict.WARNING, trouble)


def test_a_key_that_works_is_well() -> None:
    (told,) = check.keys({"Mute key": HotkeyState("F9", "x11", None)})
    assert (told.verdict, told.text) == (Verdict.OK, "F9")
