"""The real zenity, with a keyboard that xdotool presses."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bubbled.action.port import ActionError, Trouble
from bubbled.action.question import ask

if TYPE_CHECKING:
    from pathlib import Path

    from tests.dialing.x11_server import XServer

pytestmark = pytest.mark.desktop

TITLE = "Note: <b>Jan</b> &amp; _Zn --help 李"


async def answered(x_server: XServer, key: str, text: str = "") -> str | None:
    asking = asyncio.create_task(ask(TITLE, "What is to be noted of this call?", x_server.environment))
    await asyncio.to_thread(_answer, x_server, key, text)
    return await asyncio.wait_for(asking, 10)


def _answer(x_server: XServer, key: str, text: str) -> None:
    window = x_server.run("xdotool", "search", "--sync", "--onlyvisible", "--name", "^Note: <b>").split()[0]
    assert x_server.run("xdotool", "getwindowname", window).strip() == TITLE
    x_server.run("xdotool", "windowfocus", "--sync", window)
    if text:
        x_server.run("xdotool", "type", text)
    x_server.press(key)


async def test_the_user_is_asked_in_a_window_and_what_is_typed_comes_back(x_server: XServer) -> None:
    assert await answered(x_server, "Return", "call on Monday") == "call on Monday"


async def test_who_thinks_better_of_it_says_nothing(x_server: XServer) -> None:
    assert await answered(x_server, "Escape") is None


async def test_nothing_typed_is_nothing_said(x_server: XServer) -> None:
    assert await answered(x_server, "Return") is None


async def test_a_desktop_that_has_nothing_to_ask_with_is_told(x_server: XServer, tmp_path: Path) -> None:
    with pytest.raises(ActionError) as failed:
        await ask(TITLE, "?", {**x_server.environment, "PATH": str(tmp_path)})
    assert failed.value.trouble is Trouble.NOBODY_ASKS


async def test_no_desktop_is_told() -> None:
    with pytest.raises(ActionError) as failed:
        await ask(TITLE, "?", {"PATH": "/usr/bin"})
    assert failed.value.trouble is Trouble.NO_DESKTOP


async def test_who_gives_up_asking_takes_the_window_away(x_server: XServer) -> None:
    asking = asyncio.create_task(ask(TITLE, "?", x_server.environment))
    search = ("xdotool", "search", "--onlyvisible", "--name", "^Note: <b>")
    await asyncio.to_thread(x_server.run, *search[:2], "--sync", *search[2:])
    asking.cancel()
    await asyncio.wait([asking])
    while await asyncio.to_thread(x_server.begin(*search).wait) == 0:
        assert asking.cancelled()
